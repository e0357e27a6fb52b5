"""A moderator takes a former text of a proposition out, alone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consult import policies, texts
from consult.actions import versions as acts
from consult.errors import RuleBroken
from consult.forms.versions import TakeOutForm
from consult.views import proposition_words
from consult.views.doors import moderators_door
from consult.views.opened import asked_or_404, proposition_or_404, section_of
from moderation.choices import Rule


@moderators_door
@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request: HttpRequest, slug: str, number: int, version: int) -> HttpResponse:
    """Its words once more, the rule; then they are gone for good."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        found = proposition_or_404(asked, number, reader=request.user)
        old = get_object_or_404(policies.old_versions_to_take_out(request.user, found), number=version)
        form = TakeOutForm(request.POST if request.method == "POST" else None)
        back = reverse("consult:versions", args=[asked.consultation.page.slug, number])
        if form.is_valid():
            try:
                acts.take_out(old, rule=Rule(form.cleaned_data["rule"]), by=request.user)
            except RuleBroken as broken:
                form.add_error(None, str(broken))
            else:
                messages.success(request, _("This version is taken out. Its author is told."))
                return redirect(back)
        context = {
            "form": form,
            "old": old,
            "body": texts.shown(old.body),
            "back": back,
            **proposition_words.crumbs(asked, section_of(asked, found), found, here=_("Take a version out")),
        }
        return render(request, "consult/version_take_out.html", context, status=422 if form.is_bound else 200)
