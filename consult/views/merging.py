"""Putting propositions together, for those who decide: asking supporters, deciding, giving up, undoing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consult import policies, texts
from consult.actions import merging as acts
from consult.choices import MergeState
from consult.errors import RuleBroken
from consult.forms.merging import AskForm, DaysForm, EndForm
from consult.models import Merge, Proposition
from consult.public import Asked
from consult.views import merging_words as words
from consult.views.deciding import common
from consult.views.doors import deciders_door
from consult.views.opened import asked_or_404

MOST = 20  # propositions put together at once


@deciders_door
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """``number``, several times: those that were ticked. Nothing changes before somebody decides."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        chosen = _chosen(request, asked)
        form = AskForm(request.POST if request.method == "POST" else None, chosen=chosen)
        if len(chosen) < 2:
            messages.warning(request, _("Tick at least two propositions, then choose to merge them."))
            return redirect(words.address("deciding", asked))
        if form.is_valid():
            try:
                merge = acts.ask(
                    asked.consultation,
                    acts.Plan(**form.plan()),
                    days=int(form.cleaned_data["days"]),
                    by=request.user,
                )
            except RuleBroken as broken:
                form.add_error(None, str(broken))
            else:
                messages.success(request, words.asked(merge))
                return redirect(words.address("merge", asked, merge.pk))
        context = {
            **common(request, asked, here=_("Merge")),
            "form": form,
            "chosen": [{"number": one.number, "title": one.title, "body": texts.shown(one.body)} for one in chosen],
        }
        return render(request, "consult/merging/ask.html", context, status=422 if form.is_bound else 200)


def _chosen(request: HttpRequest, asked: Asked) -> list[Proposition]:
    given = request.POST.getlist("number") or request.GET.getlist("number")
    numbers = [int(one) for one in given if one.isdecimal() and len(one) < 8][:MOST]
    rows = policies.propositions_to_decide(asked.consultation).filter(number__in=numbers)
    return list(rows.select_related("section").order_by("number"))


@deciders_door
@require_safe
def merges(request: HttpRequest, slug: str) -> HttpResponse:
    """Every merging of the consultation, the latest first."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        rows = policies.merges_to_decide(asked.consultation).prefetch_related("sources")[:100]
        context = {
            **common(request, asked, here=_("Mergings")),
            "merges": [words.line(one, asked) for one in rows],
        }
        return render(request, "consult/merging/list.html", context)


@deciders_door
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What was asked, what was answered; then the act that its state allows."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        merge = get_object_or_404(policies.merges_to_decide(asked.consultation).prefetch_related("sources"), pk=pk)
        if request.method != "POST":
            return _drawn(request, asked, merge)
        act = request.POST.get("act", "")
        form = {"ask": DaysForm, "join": None, "drop": EndForm, "undo": EndForm}.get(act, EndForm)
        filled = form(request.POST) if form else None
        if filled is not None and not filled.is_valid():
            return _drawn(request, asked, merge, form=filled, act=act, status=422)
        try:
            done = _act(act, merge, filled.cleaned_data if filled else {}, request)
        except RuleBroken as broken:
            return _drawn(request, asked, merge, form=filled, act=act, refused=str(broken), status=422)
        messages.success(request, words.done(done))
        return redirect(words.address("merge", asked, merge.pk))


def _act(act: str, merge: Merge, said: dict[str, Any], request: HttpRequest) -> Merge:
    if act == "ask":
        return acts.ask_for(merge, days=int(said["days"]), by=request.user)
    if act == "join":
        return acts.join(merge, by=request.user)
    end = acts.undo if act == "undo" else acts.drop
    return end(merge, reason=said["reason"], by=request.user)


def _drawn(
    request: HttpRequest,
    asked: Asked,
    merge: Merge,
    *,
    form: Any = None,
    act: str = "",
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    merge = get_object_or_404(policies.merges_to_decide(asked.consultation).prefetch_related("sources"), pk=merge.pk)
    context = {
        **common(request, asked, here=_("Merging"), above=(_("Mergings"), words.address("merges", asked))),
        "merge": merge,
        "line": words.line(merge, asked),
        "body": texts.shown(merge.body),
        "refused": refused,
        "days_form": form if act == "ask" else DaysForm(),
        "end_form": form if act in ("drop", "undo") and form else EndForm(),
        "is_proposed": merge.state == MergeState.PROPOSED,
        "is_asked": merge.state == MergeState.ASKED,
        "is_done": merge.state == MergeState.DONE,
        "is_over": merge.state in (MergeState.DROPPED, MergeState.UNDONE),
        "voices": words.voices(merge, asked),
    }
    return render(request, "consult/merging/one.html", context, status=status)
