"""The author of a proposition: changing it, amending it, withdrawing it. For anybody else there is nothing here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consult import policies, texts
from consult.actions import propositions as acts
from consult.errors import RuleBroken
from consult.forms.propositions import ChangeForm, WithdrawForm
from consult.models import Proposition
from consult.public import Asked
from consult.revisions import is_talked_about
from consult.views import proposing_words, proposition_words, who
from consult.views.opened import asked_or_404, section_of

View = Callable[[HttpRequest, Asked, Proposition], HttpResponse]


def author_door(view: View) -> Callable[..., HttpResponse]:
    """Visitors are sent to sign in; who did not write it meets a 404."""

    @wraps(view)
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def guarded(request: HttpRequest, slug: str, number: int) -> HttpResponse:
        if not who.is_known(request):
            return redirect_to_login(request.path)
        asked = asked_or_404(slug)
        own = policies.propositions_of(who.reader(request)).select_related("author", "case")
        found = get_object_or_404(own, consultation=asked.consultation, number=number)
        found.consultation = asked.consultation
        with timezone.override(asked.page.zone):
            return view(request, asked, found)

    return guarded


@author_door
def amend(request: HttpRequest, asked: Asked, found: Proposition) -> HttpResponse:
    """Changed freely while nobody answered it; afterwards, with a reason that everybody reads."""
    section, talked_about = section_of(asked, found), is_talked_about(found)
    cited = [f"{one.label}, {one.url}" if one.url else one.label for one in policies.sources_to_read(found)]
    initial = {"title": found.title, "body": texts.typed_of(found.body), "sources": "\n".join(cited)}
    kept = [(one.pk, one.name) for one in policies.attachments_to_read(found)]
    options = {"needs_reason": talked_about, "takes_sources": section.takes_sources, "kept": kept}
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ChangeForm(*given, initial=initial, **options)
    if form.is_valid():
        said = {"reason": form.cleaned_data["reason"], "without": form.thrown()}
        if done := _done(form, lambda by: acts.change(found, form.written(), by=by, **said), request):
            messages.success(request, proposing_words.changed(done))
            return redirect(proposing_words.own_url(asked, found))
    context = {"form": form, "talked_about": talked_about, **_around(asked, found, proposition_words.amend_title())}
    return render(request, "consult/proposition_change.html", context, status=422 if form.is_bound else 200)


@author_door
def withdraw(request: HttpRequest, asked: Asked, found: Proposition) -> HttpResponse:
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if _done(form, lambda by: acts.withdraw(found, reason=reason, by=by), request):
            messages.success(request, proposing_words.withdrawn())
            return redirect(proposing_words.own_url(asked, found))
    context = {"form": form, **_around(asked, found, proposition_words.withdraw_title())}
    return render(request, "consult/proposition_withdraw.html", context, status=422 if form.is_bound else 200)


def _done(form: Any, act: Callable[..., Proposition], request: HttpRequest) -> Proposition | None:
    """What the act gave; None when a rule was broken, which the form then says."""
    try:
        return act(who.participant(request))
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return None


def _around(asked: Asked, found: Proposition, here: str) -> dict[str, Any]:
    section = section_of(asked, found)
    return {
        "proposition": found,
        "url": proposing_words.own_url(asked, found),
        "kicker": proposition_words.kicker(section, found.number),
        **proposition_words.crumbs(asked, section, found, here=here),
    }
