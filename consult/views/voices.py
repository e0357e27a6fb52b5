"""A supporter asked about a merging answers in one button; an author proposes one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consult import asking, people, policies, texts
from consult.actions import merging as acts
from consult.choices import MergeState
from consult.errors import RuleBroken
from consult.forms.merging import ProposeForm
from consult.models import MergeVoice, Proposition
from consult.public import Asked
from consult.views import merging_words, proposing_words, proposition_words
from consult.views.opened import section_of
from consult.views.own import author_door


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def voice(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter shows; a button answers (docs/decisions/0002). ``wants``: oui or non."""
    found = get_object_or_404(policies.voices_to_hear(), pk=asking.voice_of(token) or 0)
    refused = ""
    with timezone.override(found.merge.consultation.page.zone):
        if request.method == "POST" and request.POST.get("wants") in ("oui", "non"):
            try:
                acts.answer(found, request.POST["wants"] == "oui")
            except RuleBroken as broken:
                refused = str(broken)
            else:
                return _between_us(redirect(request.path))
        status = 409 if refused else 422 if request.method == "POST" else 200
        return _between_us(_drawn(request, found, refused=refused, status=status))


def _between_us(response: HttpResponse) -> HttpResponse:
    """Whoever has the address answers: it is told to no other site, and kept by no search engine."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _drawn(request: HttpRequest, found: MergeVoice, *, refused: str, status: int) -> HttpResponse:
    merge = found.merge
    sources = list(merge.sources.order_by("number"))
    slug = merge.consultation.page.slug
    is_open = merge.state == MergeState.ASKED or (merge.state == MergeState.DONE and timezone.now() < merge.undo_until)
    context = {
        "page": merge.consultation.page,
        "merge": merge,
        "title": merging_words.title(sources, merge.into),
        "when": merging_words.when(merge),
        "texts": [_text(one, slug) for one in [*sources, *([merge.into] if merge.into else [])] if one.is_shown],
        "new": {"title": merge.title, "body": texts.shown(merge.body)} if merge.title else None,
        "voice": found,
        "is_open": is_open,
        "refused": refused,
        "said": {True: _("yes"), False: _("no")}.get(found.wants, ""),
    }
    return render(request, "consult/merging/voice.html", context, status=status)


def _text(one: Proposition, slug: str) -> dict[str, object]:
    url = f"/consultations/{slug}/propositions/{one.number}/"
    return {"number": one.number, "title": one.title, "body": texts.shown(one.body), "url": url}


@author_door
def propose(request: HttpRequest, asked: Asked, found: Proposition) -> HttpResponse:
    """The author of a proposition would put it into another one: the administration then asks the supporters."""
    form = ProposeForm(request.POST if request.method == "POST" else None, source=found)
    if form.is_valid() and form.into is not None:
        try:
            acts.propose(found, form.into, reason=form.cleaned_data["reason"], by=people.participant_of(request.user))
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Your request is sent. The administration answers you by letter."))
            return redirect(proposing_words.own_url(asked, found))
    section = section_of(asked, found)
    context = {
        "form": form,
        "proposition": found,
        "url": proposing_words.own_url(asked, found),
        "kicker": proposition_words.kicker(section, found.number),
        **proposition_words.crumbs(asked, section, found, here=_("Merge")),
    }
    return render(request, "consult/merging/propose.html", context, status=422 if form.is_bound else 200)
