"""The result of a budget, for everybody, in views that have each their address. Before it is signed: one sentence."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from consult.budgets import results
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.public import Shared
from consult.budgets.results import Result
from consult.budgets.views import result_words, turnout_words
from consult.budgets.views.opened import shared_or_404
from consult.budgets.views.result_words import Told
from consult.count_words import amount, listed
from consult.views.page_words import figure
from pages.dates import long_date, long_moment

Drawn = Callable[[Told], dict[str, Any]]


@require_safe
def projects(request: HttpRequest, slug: str) -> HttpResponse:
    """What is funded and why, what is not and what it lacked."""
    return _drawn(request, slug, "projects", _projects)


@require_safe
def rounds(request: HttpRequest, slug: str) -> HttpResponse:
    return _drawn(request, slug, "rounds", lambda told: {"rounds": told.rounds})


@require_safe
def turnout(request: HttpRequest, slug: str) -> HttpResponse:
    return _drawn(request, slug, "turnout", turnout_words.of)


@require_safe
def what_if(request: HttpRequest, slug: str) -> HttpResponse:
    return _drawn(request, slug, "what_if", lambda told: {"compared": result_words.compared(told.result)})


def _projects(told: Told) -> dict[str, Any]:
    return {
        "funded": told.funded,
        "lost": told.lost,
        "drawing": told.result.drawing,
        "drawn": listed(told.result.drawing.numbers) if told.result.drawing else "",
        "plan": told.plan,
        "plan_id": f"plan-{told.envelope.pk}" if told.plan else "",
    }


def _drawn(request: HttpRequest, slug: str, view: str, drawn: Drawn) -> HttpResponse:
    shared = shared_or_404(slug)
    with timezone.override(shared.page.zone):
        found = results.official(shared.budget)
        context = around(shared) | {"crumbs": _crumbs(shared)}
        if not found:
            return render(request, "budgets/results/not_yet.html", context | {"closes": _closes(shared)})
        told = [Told(one, slug=shared.slug) for one in found]
        context |= _headed(shared, told, view) | {"envelopes": [_envelope(one) | drawn(one) for one in told]}
        return render(request, f"budgets/results/{view}.html", context)


def around(shared: Shared) -> dict[str, Any]:
    return {"page": shared.page, "shared": shared, "url": shared.page.get_absolute_url()}


def _crumbs(shared: Shared) -> list[dict[str, str]]:
    return [{"label": shared.page.title, "url": shared.page.get_absolute_url()}, {"label": _("Results")}]


def _closes(shared: Shared) -> str:
    """Until when people vote; "" once it is over, or without a date."""
    ballot = shared.phase(BudgetPhaseKind.BALLOT)
    return long_moment(ballot.closes_at) if ballot and ballot.closes_at > shared.at else ""


def _envelope(told: Told) -> dict[str, Any]:
    return {
        "title": told.envelope.title,
        "amount": amount(told.envelope.amount),
        "heading": told.heading,
        "money": told.money_left,
        "channels": told.channels,
        "hash": result_words.short_hash(told.result.count.outcome_hash),
        "ballots": told.ballots,
        "spent": amount(told.result.spent),
        "unspent": amount(told.done["unspent"]),
    }


def _headed(shared: Shared, told: list[Told], view: str) -> dict[str, Any]:
    counts = [one.result.count for one in told]
    signed = max(count.signed_at for count in counts)
    funded = sum(len(one.funded) for one in told)
    return {
        "headline": result_words.headline(funded),
        "lead": _lead(shared, told),
        "published": _("Count published on %(day)s") % {"day": long_date(signed)},
        "signatory": counts[0].signatory,
        "facts": _facts(shared, told),
        "tabs": tabs(shared, view),
        "decided": [decision for one in told for decision in one.result.decisions.values()],
        "is_alone": len(told) == 1,
        "recount_url": reverse("budgets:recount", args=[shared.slug]),
        "rule": result_words.rule_name(told[0].result.regulation),
    }


def people(told: list[Told]) -> int:
    """Who voted, on one envelope at least."""
    return max(one.figures.get("people", one.ballots) for one in told)


def _lead(shared: Shared, told: list[Told]) -> str:
    count = people(told)
    said = ngettext("%(count)s person shared out %(amount)s.", "%(count)s people shared out %(amount)s.", count) % {
        "count": figure(count),
        "amount": amount(sum(one.envelope.amount for one in told)),
    }
    return f"{said} {told[0].heading}".rstrip() if len(told) == 1 else said


def _facts(shared: Shared, told: list[Told]) -> list[dict[str, str]]:
    page, ballots = shared.budget.page, sum(one.ballots for one in told)
    spent, left = sum(one.result.spent for one in told), sum(one.done["unspent"] for one in told)
    note = ""
    if page.population:
        words = {
            "share": round(100 * people(told) / page.population),
            "all": figure(page.population),
            "who": page.population_word or _("inhabitants"),
        }
        note = _("%(share)s%% of the %(all)s %(who)s voted") % words
    return [
        {"label": _("Ballots"), "value": figure(ballots), "note": note},
        {
            "label": _("Given to projects"),
            "value": amount(spent),
            "note": _out_of(spent + left, decided=sum(one.result.decided for one in told)),
        },
        {"label": _("Not spent"), "value": amount(left), "note": ""},
    ]


def _out_of(money: int, *, decided: int) -> str:
    """``decided``: what decisions beside the count add to it, or take away."""
    words = {"amount": amount(money), "decided": amount(abs(decided))}
    if not decided:
        return _("out of %(amount)s") % words
    if decided > 0:
        return _("by the count, out of %(amount)s; %(decided)s more by decision") % words
    return _("by the count, out of %(amount)s; %(decided)s less by decision") % words


def tabs(shared: Shared, current: str) -> list[dict[str, Any]]:
    names = {
        "projects": ("results", _("The projects")),
        "rounds": ("results_rounds", _("Round by round")),
        "turnout": ("results_turnout", _("Who voted")),
        "what_if": ("results_what_if", _("And with another rule?")),
        "recount": ("recount", _("Check")),
    }
    return [
        {"url": reverse(f"budgets:{route}", args=[shared.slug]), "label": label, "is_current": name == current}
        for name, (route, label) in names.items()
    ]


def result_of(found: list[Result], pk: int) -> Result | None:
    return next((one for one in found if one.envelope.pk == pk), None)
