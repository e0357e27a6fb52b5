"""*Émargement*: who this is, whether they may vote, and the mark. Nothing of it stays in an address or in a session."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consult.budgets import policies, rolls
from consult.budgets.actions import marking as acts
from consult.budgets.choices import BallotChannel, BudgetAct, BudgetPhaseKind, CancelledBecause, EnvelopeKind
from consult.budgets.errors import MayNotVote
from consult.budgets.forms.desk import CancelForm, IdentityForm
from consult.budgets.models import Budget, Envelope
from consult.budgets.phases import clock, closed, current
from consult.budgets.rules import ONE_TERRITORY, Rules
from consult.budgets.views.desk import around, desk_or_404
from consult.budgets.views.doors import clerks_door
from consult.errors import RuleBroken
from pages.dates import long_date


@clerks_door
@require_http_methods(["GET", "HEAD", "POST"])
def marking(request: HttpRequest, slug: str) -> HttpResponse:
    """``act``: look (default), mark, cancel. The last two name an envelope."""
    budget = desk_or_404(slug)
    with timezone.override(budget.page.zone):
        form = IdentityForm(request.POST if request.method == "POST" else None, budget=budget)
        if request.method != "POST":
            return _page(request, budget, form)
        if not rolls.asks_identity(budget) or not form.is_valid():
            return _page(request, budget, form, status=422)
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            return _page(request, budget, form, seen=acts.look(budget, form.declared()))
        try:
            said = act(request, budget, form)
        except RuleBroken as broken:
            seen = acts.look(budget, form.declared())
            told = "" if isinstance(broken, MayNotVote) else str(broken)
            return _page(request, budget, form, seen=seen, refused=told, status=409)
        messages.success(request, said)
        return redirect("budgets:desk_marking", slug=slug)


def _mark(request: HttpRequest, budget: Budget, form: IdentityForm) -> str:
    envelope = _envelope(request, budget)
    acts.mark(budget, envelope, form.declared())
    return _("Marked: has voted on paper for “%(envelope)s”. Next person.") % {"envelope": envelope.title}


def _cancel(request: HttpRequest, budget: Budget, form: IdentityForm) -> str:
    reason = CancelForm(request.POST)
    why = CancelledBecause(reason.cleaned_data["why"] if reason.is_valid() else CancelledBecause.MISTYPED)
    envelope = _envelope(request, budget)
    acts.cancel(budget, envelope, form.declared(), why=why, by=request.user)
    return _("Mark cancelled: this person has not voted any more for “%(envelope)s”.") % {"envelope": envelope.title}


ACTS = {"mark": _mark, "cancel": _cancel}


def _envelope(request: HttpRequest, budget: Budget) -> Envelope:
    said = request.POST.get("envelope", "")
    return get_object_or_404(budget.page.envelopes, pk=said if said.isdigit() and len(said) < 10 else 0)


def _page(
    request: HttpRequest,
    budget: Budget,
    form: IdentityForm,
    *,
    seen: acts.Seen | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    envelopes = policies.envelopes(budget)
    phase = policies.phase_of(budget, BudgetPhaseKind.BALLOT)
    rows = [phase] if phase else []
    is_open = current(rows, BudgetAct.VOTE, at=clock()) is not None
    context = around(request, budget, crumb=_("Mark who votes on paper")) | {
        "form": form,
        "takes_paper": rolls.asks_identity(budget),
        "is_open": is_open,
        "why_closed": "" if is_open else str(closed(rows, BudgetAct.VOTE, at=clock())),
        "refused": refused,
        "seen": _seen(budget, envelopes, form, seen) if seen else None,
        "days": _days(budget, envelopes),
    }
    return render(request, "budgets/desk/marking.html", context, status=status)


def _seen(budget: Budget, envelopes: list[Envelope], form: IdentityForm, seen: acts.Seen) -> dict[str, Any]:
    """The answer, clear at a glance: may vote, has voted, may not."""
    form.leave_the_keys()
    lines = [_line(budget, one, seen) for one in envelopes]
    can = [one for one in lines if one["may_mark"]]
    if can:
        can[0]["is_first"] = True
    born_on = form.cleaned_data.get("born_on")
    return {
        "who": form.told,
        "born_on": long_date(born_on) if born_on else "",
        "typed": form.typed(),
        "lacks": seen.lacks,
        "may": bool(can),
        "lines": lines,
        "reason": CancelForm(auto_id=False)["why"],
    }


def _line(budget: Budget, envelope: Envelope, seen: acts.Seen) -> dict[str, Any]:
    channel = seen.marks.get(envelope.pk, "")
    frozen = policies.frozen_regulation(budget)
    one_territory = frozen is not None and Rules.from_json(frozen.content["rules"]).envelopes == ONE_TERRITORY
    elsewhere = not channel and one_territory and seen.has_territory and envelope.kind == EnvelopeKind.TERRITORY
    words = {
        BallotChannel.WEB: _("Has voted online"),
        BallotChannel.PAPER: _("Has voted on paper"),
        BallotChannel.KIOSK: _("Has voted on a tablet"),
    }
    return {
        "pk": envelope.pk,
        "title": envelope.title,
        "said": words[BallotChannel(channel)] if channel else _("Has voted for another territory") if elsewhere else "",
        "is_paper": channel == BallotChannel.PAPER,
        "may_mark": not seen.lacks and not channel and not elsewhere,
    }


def _days(budget: Budget, envelopes: list[Envelope]) -> list[list[Any]]:
    """Envelope, marked today, marked since the beginning: on paper alone."""
    today = acts.today(budget)
    rows = []
    for one in envelopes:
        day = today.get(one.pk)
        rows.append([one.title, day.marks - day.cancelled if day else 0, acts.on_paper(one)])
    return rows
