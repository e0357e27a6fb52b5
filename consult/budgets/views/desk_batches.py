"""Batches of paper ballots: the list, and one batch from its opening to the box."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from consult.budgets import policies, rolls
from consult.budgets.actions import batches as acts
from consult.budgets.actions import marking
from consult.budgets.choices import BatchState
from consult.budgets.errors import MoreBallotsThanMarks
from consult.budgets.forms.desk import AnnounceForm, BatchForm, ExplainForm, GiveUpForm
from consult.budgets.models import Budget, Envelope, PaperBatch
from consult.budgets.views.desk import around, desk_or_404
from consult.budgets.views.doors import clerks_door
from consult.errors import RuleBroken

TONES = {BatchState.OPEN: "underway", BatchState.CLOSED: "done", BatchState.GIVEN_UP: "refused"}


def batch_or_404(budget: Budget, number: int) -> PaperBatch:
    found = get_object_or_404(policies.batches(budget), number=min(number, 2**31 - 1))
    found.budget = budget
    return found


@clerks_door
@require_http_methods(["GET", "HEAD", "POST"])
def batches(request: HttpRequest, slug: str) -> HttpResponse:
    """Every batch, and a new one."""
    budget = desk_or_404(slug)
    with timezone.override(budget.page.zone):
        envelopes = policies.envelopes(budget)
        form = BatchForm(request.POST if request.method == "POST" else None, envelopes=envelopes)
        refused = ""
        if request.method == "POST" and form.is_valid():
            try:
                made = _start(budget, envelopes, form, by=request.user)
            except RuleBroken as broken:
                refused = str(broken)
            else:
                messages.success(request, _("Batch No. %(number)d is open.") % {"number": made.number})
                return redirect("budgets:desk_batch", slug=slug, number=made.number)
        context = around(request, budget, crumb=_("Paper ballots")) | {
            "form": form,
            "refused": refused,
            "takes_paper": rolls.asks_identity(budget),
            "rows": [_row(one) for one in policies.batches_with_figures(budget)],
            "sums": [_sum(one) for one in envelopes],
        }
        return render(request, "budgets/desk/batches.html", context, status=422 if request.method == "POST" else 200)


def _start(budget: Budget, envelopes: list[Envelope], form: BatchForm, *, by: Any) -> PaperBatch:
    said = form.cleaned_data
    envelope = next(one for one in envelopes if one.pk == said.get("envelope", envelopes[0].pk))
    return acts.start(budget, envelope, place=said["place"], announced=said["announced"], by=by)


def _row(batch: PaperBatch) -> dict[str, Any]:
    keyed = _("%(once)d keyed once, %(twice)d twice") % {"once": batch.once, "twice": batch.twice}
    return {
        "number": batch.number,
        "place": batch.place,
        "envelope": batch.envelope.title,
        "announced": batch.announced,
        "tone": TONES[BatchState(batch.state)],
        "state": batch.get_state_display(),
        "keyed": keyed if batch.state == BatchState.OPEN else batch.reason or _came_to(batch),
    }


def _came_to(batch: PaperBatch) -> str:
    said = _("%(valid)d valid, %(blank)d blank, %(spoiled)d spoiled")
    return said % {"valid": batch.valid, "blank": batch.blank, "spoiled": batch.spoiled}


def _sum(envelope: Envelope) -> dict[str, Any]:
    """Paper ballots beside people marked on paper."""
    marks, ballots = marking.on_paper(envelope), marking.in_batches(envelope)
    return {"title": envelope.title, "marks": marks, "ballots": ballots, "said": _beside(marks, ballots)}


def _beside(marks: int, ballots: int) -> str:
    if ballots > marks:
        words = ngettext("%(n)d ballot too many", "%(n)d ballots too many", ballots - marks)
        return words % {"n": ballots - marks}
    if ballots < marks:
        words = ngettext("%(n)d ballot still to come", "%(n)d ballots still to come", marks - ballots)
        return words % {"n": marks - ballots}
    return _("As many")


# --- one batch ----------------------------------------------------------------------------------------------------


@clerks_door
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """``act``: close, announce, give_up."""
    budget = desk_or_404(slug)
    with timezone.override(budget.page.zone):
        found = batch_or_404(budget, number)
        if request.method != "POST":
            return _page(request, found)
        form_class, act = ACTS.get(request.POST.get("act", ""), (None, None))
        if act is None:
            return _page(request, found, status=422)
        form = form_class(request.POST) if form_class else None
        if form is not None and not form.is_valid():
            return _page(request, found, forms={request.POST["act"]: form}, status=422)
        try:
            said = act(found, form, request.user)
        except RuleBroken as broken:
            return _page(request, found, refused=broken, status=409)
        messages.success(request, said)
        return redirect("budgets:desk_batch", slug=slug, number=number)


Act = Callable[[PaperBatch, Any, Any], str]


def _close(batch: PaperBatch, _form: None, by: Any) -> str:
    acts.close(batch, by=by)
    return _("The batch is closed: its ballots are in the box, with the others.")


def _explain(batch: PaperBatch, form: ExplainForm, by: Any) -> str:
    acts.close(batch, by=by, **form.cleaned_data)
    return _("The batch is closed, with its explanation.")


def _announce(batch: PaperBatch, form: AnnounceForm, by: Any) -> str:
    acts.announce(batch, form.cleaned_data["announced"], by=by)
    return _("The number of sheets is changed.")


def _give_up(batch: PaperBatch, form: GiveUpForm, by: Any) -> str:
    acts.give_up(batch, reason=form.cleaned_data["reason"], by=by)
    return _("The batch is given up. Its paper is still to be keyed.")


ACTS: dict[str, tuple[type[forms.Form] | None, Act]] = {
    "close": (None, _close),
    "explain": (ExplainForm, _explain),
    "announce": (AnnounceForm, _announce),
    "give_up": (GiveUpForm, _give_up),
}


def _page(
    request: HttpRequest,
    batch: PaperBatch,
    *,
    forms: dict[str, Any] | None = None,
    refused: RuleBroken | None = None,
    status: int = 200,
) -> HttpResponse:
    forms = forms or {}
    crumb = _("Batch No. %(number)d") % {"number": batch.number}
    rows = list(policies.sheets(batch))
    explain = forms.get("explain")
    if isinstance(refused, MoreBallotsThanMarks) and policies.may_run(request.user):
        explain = ExplainForm()
    context = around(request, batch.budget, crumb=crumb) | {
        "batch": batch,
        "is_open": batch.state == BatchState.OPEN,
        "tone": TONES[BatchState(batch.state)],
        "came_to": _came_to(batch) if batch.state == BatchState.CLOSED else "",
        "figures": _figures(batch, rows),
        "done": len(rows) + len([one for one in rows if one.second is not None]),
        "next": acts.next_rank(batch, rows, by=request.user),
        "differing": len([one for one in rows if acts.differs(one)]),
        "sum": _sum(batch.envelope),
        "is_over": isinstance(refused, MoreBallotsThanMarks),
        "refused": str(refused) if refused else "",
        "explain": explain,
        "announce": forms.get("announce") or AnnounceForm(initial={"announced": batch.announced}),
        "give_up": forms.get("give_up") or GiveUpForm(),
        "key_url": reverse("budgets:desk_keying", args=[batch.budget.page.slug, batch.number]),
        "settle_url": reverse("budgets:desk_settling", args=[batch.budget.page.slug, batch.number]),
    }
    return render(request, "budgets/desk/batch.html", context, status=status)


def _figures(batch: PaperBatch, rows: list[Any]) -> list[dict[str, Any]]:
    twice = [one for one in rows if one.second is not None]
    settled = [one for one in twice if one.settled is not None]
    return [
        {"label": _("Sheets announced"), "value": batch.announced, "note": ""},
        {"label": _("Keyed once"), "value": len(rows), "note": ""},
        {"label": _("Keyed twice"), "value": len(twice), "note": ""},
        {
            "label": _("Read differently"),
            "value": len([one for one in twice if acts.differs(one)]) + len(settled),
            "note": ngettext("of which %(n)d settled", "of which %(n)d settled", len(settled)) % {"n": len(settled)},
        },
    ]
