"""The acts of a service owner. Each has its address and its small page, so that none of them needs a script.

A button elsewhere may post here directly: an act with nothing to type is done at once, another one asks first.
What a person typed comes back with the rule that was broken.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from feedback import policies
from feedback.actions import triage
from feedback.board.passages import Passage, chosen_among
from feedback.errors import RuleBroken, WrongPassages
from feedback.forms import owner as forms
from feedback.models import PainPoint, Segment
from feedback.views.doors import staff_door
from feedback.views.owner import show_fiche
from feedback.views.owner_act_tables import ACTS, BULK_ACTS, FICHE_ACTS, SORTING_ACTS, Act
from feedback.views.owner_buttons import answer_url
from feedback.views.steering import show

AT_MOST = 200  # rows chosen at once


@staff_door
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """One act on one pain point."""
    one, chosen = _pain_point_to_triage(request, number), ACTS[act]
    passages = _passages(request, policies.passages_of(one), keyphrases=one.keyphrases) if chosen.on_passages else []
    if chosen.on_passages and not passages:
        messages.error(request, _("Choose at least one passage first."))
        return redirect(one)
    segments = _with_copies(request, chosen, one, [passage.segment for passage in passages])
    form = chosen.form(
        _typed(request, chosen), user=request.user, pain_point=one, passages=passages, words=_words(request)
    )
    if _is_sent(request, chosen) and form.is_valid():
        try:
            _all_found(request, segments, chosen)
            there = chosen.perform(one, segments, request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, chosen.done)
            return redirect("feedback:board" if "from_board" in request.POST else there or one)
    copies = len(segments) - len(passages)
    context = {"pain_point": one, "passages": passages, "copies": copies, "back_url": one.get_absolute_url()}
    return _page(request, chosen, form, context, section=one.service)


@staff_door
@require_http_methods(["GET", "HEAD", "POST"])
def sort(request: HttpRequest, act: str) -> HttpResponse:
    """One act on passages that no pain point took, or on their fiches."""
    chosen = SORTING_ACTS[act]
    passages = _passages(request, policies.segments_to_sort(request.user))
    if not passages:
        messages.error(request, _("Choose at least one passage first."))
        return redirect("feedback:sorting")
    segments = [passage.segment for passage in passages]
    form = chosen.form(_typed(request, chosen), user=request.user, passages=passages, words=_words(request))
    if _is_sent(request, chosen) and form.is_valid():
        try:
            there = chosen.perform(segments, request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, chosen.done)
            return redirect(there or "feedback:sorting")
    return _page(request, chosen, form, {"passages": passages, "back_url": reverse("feedback:sorting")})


@staff_door
@require_http_methods(["GET", "HEAD", "POST"])
def fiche_act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """Set a fiche aside, take it up again, or send it to another service."""
    fiche = get_object_or_404(policies.fiches_to_settle(request.user), reference=reference)
    chosen = FICHE_ACTS[act]
    form = chosen.form(_typed(request, chosen), user=request.user)
    if _is_sent(request, chosen) and form.is_valid():
        try:
            chosen.perform(fiche, request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, chosen.done)
            return redirect("feedback:sorting")
    back = reverse("feedback:fiche", args=[fiche.reference])
    return _page(request, chosen, form, {"fiche": fiche, "back_url": back}, section=fiche.service or "")


@staff_door
@require_http_methods(["POST"])
def read_original(request: HttpRequest, reference: str) -> HttpResponse:
    """The text as typed, once a reason is written; the journal has the line before the page leaves."""
    fiche = get_object_or_404(
        policies.fiches_to_unmask(request.user).masked().select_related("service", "office", "keyed_by"),
        reference=reference,
    )
    form = forms.OriginalForm(request.POST, user=request.user)
    original = None
    if form.is_valid():
        try:
            original = triage.read_original(fiche, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
    return show_fiche(request, fiche, form=form, original=original)


@staff_door
@require_http_methods(["POST"])
def selection(request: HttpRequest, act: str) -> HttpResponse:
    """One act on the pain points chosen on the board; each is done, or says why not."""
    keys = _keys(request, "chosen")
    mine = policies.pain_points_to_triage(request.user).select_related("service").filter(pk__in=keys)
    chosen, picked = BULK_ACTS[act], list(mine.order_by("-fiche_count", "-number"))
    if not picked:
        messages.error(request, _("Choose at least one pain point of your services first."))
        return redirect("feedback:board")
    if act == "repondre":
        return _to_answer(picked)
    form = chosen.form(_typed(request, chosen), user=request.user, pain_points=picked)
    if _is_sent(request, chosen) and form.is_valid():
        _perform_all(request, chosen, picked, form.cleaned_data)
        return redirect("feedback:board")
    return _page(request, chosen, form, {"pain_points": picked, "back_url": reverse("feedback:board")})


def _to_answer(picked: Sequence[PainPoint]) -> HttpResponse:
    """To the page where the answer is written: one for each number, or the same words for all."""
    if len(picked) == 1:
        return redirect(answer_url(picked[0]))
    numbers = ",".join(str(one.number) for one in picked)
    return redirect(f"{reverse('feedback:answer_many')}?irritants={numbers}")


def _perform_all(request: HttpRequest, chosen: Act, picked: Sequence[PainPoint], typed: dict[str, Any]) -> None:
    done = 0
    for one in picked:
        try:
            chosen.perform(one, request.user, **typed)
            done += 1
        except RuleBroken as broken:
            messages.error(request, _("No. %(number)d: %(why)s") % {"number": one.number, "why": broken})
    if done:
        counted = ngettext("%(count)d pain point.", "%(count)d pain points.", done) % {"count": done}
        messages.success(request, f"{chosen.done} {counted}")


def _pain_point_to_triage(request: HttpRequest, number: int) -> PainPoint:
    mine = policies.pain_points_to_triage(request.user).select_related("service")
    return get_object_or_404(mine, number=number)


def _is_sent(request: HttpRequest, chosen: Act) -> bool:
    """Whether the act is to be done now: its own page was sent, or it asks nothing."""
    return request.method == "POST" and ("sent" in request.POST or not chosen.asks)


def _typed(request: HttpRequest, chosen: Act) -> Any:
    return request.POST if _is_sent(request, chosen) else None


def _words(request: HttpRequest) -> str:
    return request.POST.get("words", "")[:100].replace("\0", "")


def _keys(request: HttpRequest, name: str) -> list[int]:
    """The rows chosen; whatever is no key is left out."""
    asked = request.POST.getlist(name)[:AT_MOST]
    return [int(key) for key in asked if key.isascii() and key.isdigit() and len(key) < 19]


def _passages(request: HttpRequest, among: QuerySet[Segment], *, keyphrases: Sequence[str] = ()) -> list[Passage]:
    chosen = among.filter(pk__in=_keys(request, "passage")).order_by("pk")
    return chosen_among(chosen, request.user, keyphrases=list(keyphrases))


def _with_copies(request: HttpRequest, chosen: Act, one: PainPoint, segments: list[Segment]) -> list[Segment]:
    """These passages, and those folded behind them when they were chosen in a folded list."""
    if not chosen.with_copies or "folded" not in request.POST:
        return segments
    behind = policies.passages_of(one).filter(fold__in=[segment.fold_id for segment in segments if segment.fold_id])
    return [*segments, *behind.exclude(pk__in=[segment.pk for segment in segments]).order_by("pk")]


def _all_found(request: HttpRequest, segments: Sequence[Segment], chosen: Act) -> None:
    if chosen.on_passages and not set(_keys(request, "passage")) <= {segment.pk for segment in segments}:
        raise WrongPassages


def _page(
    request: HttpRequest, chosen: Act, form: Any, context: dict[str, Any], *, section: object = ""
) -> HttpResponse:
    """The small page of an act: 409 when a rule was broken, with what was typed."""
    broken = form.is_bound and form.non_field_errors()
    context = {"act": chosen, "form": form, **context}
    return show(request, "feedback/owner/act.html", context, section=section, status=409 if broken else 200)
