"""The paper ballot, ready to print: an envelope, its projects by number, and how to fill it in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from consult.budgets import papers, policies, rolls
from consult.budgets.choices import BallotKind, BudgetPhaseKind
from consult.budgets.models import BallotOption, Envelope
from consult.budgets.views.desk import around, desk_or_404
from consult.budgets.views.doors import clerks_door
from consult.count_words import amount
from pages.dates import long_moment


@clerks_door
@require_safe
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """``?enveloppe=``: the envelope; the first one otherwise."""
    budget = desk_or_404(slug)
    with timezone.override(budget.page.zone):
        envelopes = policies.envelopes(budget)
        said = request.GET.get("enveloppe", "")
        envelope = next((one for one in envelopes if str(one.pk) == said), envelopes[0])
        sheet = papers.sheet(budget, envelope)
        ballot = policies.phase_of(budget, BudgetPhaseKind.BALLOT)
        context = around(request, budget, crumb=_("Paper ballot to print")) | {
            "envelope": envelope,
            "others": _links(envelopes, envelope),
            "takes_paper": rolls.asks_identity(budget),
            "kind": sheet.rules.kind,
            "money": amount(sheet.money),
            "rows": [_row(one) for one in sorted(sheet.options.values(), key=lambda one: one.number)],
            "mentions": list(enumerate(sheet.rules.mentions, start=1)),
            "how": _how(sheet),
            "closes": long_moment(ballot.closes_at) if ballot else "",
        }
        return render(request, "budgets/desk/paper.html", context)


def _links(envelopes: list[Envelope], current: Envelope) -> list[dict[str, Any]]:
    if len(envelopes) < 2:
        return []
    return [
        {"url": f"?enveloppe={one.pk}", "label": one.title, "is_current": one.pk == current.pk} for one in envelopes
    ]


def _row(option: BallotOption) -> dict[str, Any]:
    return {
        "number": option.number,
        "title": option.title,
        "cost": amount(option.cost),
        "is_gone": option.withdrawn_at is not None,
    }


def _how(sheet: papers.Sheet) -> list[str]:
    """The instructions, a short sentence each."""
    return [*_FILL[BallotKind(sheet.rules.kind)](sheet), *_limits(sheet), *_always()]


def _always() -> list[str]:
    return [
        _("Write nothing else: no name, no signature, no word. A sheet that bears one does not count."),
        _("Mistaken? Ask the desk for another sheet, and give this one back."),
        _("Fold the sheet and put it in the box yourself."),
    ]


def _limits(sheet: papers.Sheet) -> list[str]:
    rules, said = sheet.rules, []
    if rules.at_least > 1:
        words = ngettext("Choose %(n)d project at least.", "Choose %(n)d projects at least.", rules.at_least)
        said.append(words % {"n": rules.at_least})
    if rules.at_most and rules.kind != BallotKind.RANKING:
        words = ngettext("Keep %(n)d project at most.", "Keep %(n)d projects at most.", rules.at_most)
        said.append(words % {"n": rules.at_most})
    return said


def _pointed(sheet: papers.Sheet) -> list[str]:
    said = [
        ngettext(
            "You have %(n)d point to share out. Write points beside the projects that you want.",
            "You have %(n)d points to share out. Write points beside the projects that you want.",
            sheet.rules.points,
        )
        % {"n": sheet.rules.points}
    ]
    if sheet.rules.points_each:
        words = ngettext(
            "Give %(n)d point at most to one project.",
            "Give %(n)d points at most to one project.",
            sheet.rules.points_each,
        )
        said.append(words % {"n": sheet.rules.points_each})
    return said


_FILL = {
    BallotKind.APPROVAL: lambda _sheet: [_("Tick the projects that you want.")],
    BallotKind.KNAPSACK: lambda sheet: [
        _("Tick the projects that you want. Together, they cost %(money)s at most.") % {"money": amount(sheet.money)}
    ],
    BallotKind.POINTS: _pointed,
    BallotKind.RANKING: lambda sheet: [
        ngettext(
            "Write 1 beside the project that you want most. You may rank %(n)d project.",
            "Write 1 beside the project that you want most, then 2, 3… You may rank %(n)d projects.",
            sheet.rules.at_most,
        )
        % {"n": sheet.rules.at_most}
    ],
    BallotKind.JUDGMENT: lambda _sheet: [_("For each project, tick one mention. You may leave projects without one.")],
}
