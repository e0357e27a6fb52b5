"""From what somebody typed to the canonical ballot that is counted, judged by what was frozen.

A canonical ballot is ``[[number of the project, points], …]``: 1 point when projects are chosen or ranked, the points
given, or the mention (0 is the best). Sorted by number, but on a ranking, whose order says it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.budgets.choices import BallotKind
from consult.budgets.errors import BallotNotReady, PaperRefused
from consult.budgets.models import BallotOption, Budget, Envelope, FrozenRegulation
from consult.budgets.rules import Rules
from consult.count_words import amount

Choices = list[list[int]]
Typed = Sequence[tuple[str, str]]
"""What a form says: the number of a project and what stands beside it (points, rank, mention; "" when chosen)."""


@dataclass(frozen=True)
class Sheet:
    """What one votes on: an envelope as it was frozen, its projects by number, withdrawn ones included."""

    rules: Rules
    envelope: Envelope
    money: int
    options: Mapping[int, BallotOption]

    def cost(self, choices: Choices) -> int:
        """Cents."""
        return sum(self.options[number].cost for number, _points in choices)


def sheet(budget: Budget, envelope: Envelope) -> Sheet:
    """Raises ``BallotNotReady`` before the regulation is frozen."""
    frozen = FrozenRegulation.objects.filter(budget=budget).first()
    if frozen is None:
        raise BallotNotReady
    money = {pk: cents for pk, _title, _kind, cents in frozen.content["envelopes"]}
    options = {one.number: one for one in BallotOption.objects.filter(envelope=envelope)}
    return Sheet(Rules.from_json(frozen.content["rules"]), envelope, money[envelope.pk], options)


def illustrate(paper: Sheet) -> None:
    """The projects themselves, for pages that show their pictures: a ballot is read and counted without them."""
    prefetch_related_objects(list(paper.options.values()), "project")


def written(choices: Choices) -> str:
    """The text of a canonical ballot, of which receipts are made: what PostgreSQL and Python both write."""
    return json.dumps(choices)


def canonical(paper: Sheet, typed: Typed) -> Choices:
    """The ballot that this says. ``PaperRefused``: every reason at once, a sentence each."""
    numbers, refused = _numbers(paper, typed)
    if not refused:
        choices, refused = _READ[BallotKind(paper.rules.kind)](paper, [(n, said) for n, said in numbers])
        refused = refused or _too_many(paper, choices)
    if refused:
        raise PaperRefused(refused)
    return choices


def as_typed(paper: Sheet, choices: Choices) -> list[tuple[str, str]]:
    """What a form shows of a canonical ballot; withdrawn projects are left out."""
    live = [(n, p) for n, p in choices if n in paper.options and paper.options[n].withdrawn_at is None]
    if paper.rules.kind == BallotKind.RANKING:
        return [(str(number), str(rank)) for rank, (number, _points) in enumerate(live, start=1)]
    is_chosen = paper.rules.kind in (BallotKind.APPROVAL, BallotKind.KNAPSACK)
    return [(str(number), "" if is_chosen else str(points)) for number, points in live]


Numbered = list[tuple[int, str]]
Judged = tuple[Choices, list[str]]


def _numbers(paper: Sheet, typed: Typed) -> tuple[Numbered, list[str]]:
    """Each on this ballot, there once, and not withdrawn."""
    found: Numbered = []
    refused = []
    for said, beside in typed:
        number = whole(said)
        option = paper.options.get(number) if number is not None else None
        if option is None:
            refused.append(_("Project No. %(number)s is not on this ballot.") % {"number": said.strip()[:12]})
        elif option.withdrawn_at is not None:
            words = {"number": number, "reason": option.withdrawn_reason}
            refused.append(_("Project No. %(number)d was withdrawn: take it off. %(reason)s") % words)
        elif number in dict(found):
            refused.append(_("Project No. %(number)d is there twice.") % {"number": number})
        else:
            found.append((option.number, beside))
    return found, refused


def whole(said: str) -> int | None:
    """A whole number from 0, as people type it; None for anything else."""
    plain = said.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else None


def _chosen(_paper: Sheet, numbers: Numbered) -> Judged:
    return sorted([number, 1] for number, _said in numbers), []


def _shared_out(paper: Sheet, numbers: Numbered) -> Judged:
    """The server decides: the cost of all of them is within the envelope."""
    choices, refused = _chosen(paper, numbers)
    if (over := paper.cost(choices) - paper.money) > 0:
        said = _("Your projects cost %(cost)s: that is %(over)s more than the envelope. Take one off.")
        refused.append(said % {"cost": amount(paper.cost(choices)), "over": amount(over)})
    return choices, refused


def _pointed(paper: Sheet, numbers: Numbered) -> Judged:
    """Zero points are no support, and are not written."""
    choices, refused = [], []
    for number, said in numbers:
        given = whole(said or "0")
        if given is None:
            told = _("Project No. %(number)d: write a whole number of points, from 0.")
            refused.append(told % {"number": number})
        elif paper.rules.points_each and given > paper.rules.points_each:
            told = _("Project No. %(number)d: %(points)d points at most.")
            refused.append(told % {"number": number, "points": paper.rules.points_each})
        elif given:
            choices.append([number, given])
    total = sum(points for _number, points in choices)
    if total > paper.rules.points:
        told = _("You give %(given)d points and have %(points)d: take %(over)d off.")
        refused.append(told % {"given": total, "points": paper.rules.points, "over": total - paper.rules.points})
    return sorted(choices), refused


def _ranked(_paper: Sheet, numbers: Numbered) -> Judged:
    """By rank; a rank left empty is no rank. Ranks that skip one say the same order."""
    ranks: dict[int, int] = {}
    refused = []
    for number, said in numbers:
        rank = whole(said) if said.strip() else 0
        if rank is None:
            refused.append(_("Project No. %(number)d: write its rank, from 1.") % {"number": number})
        elif rank in ranks:
            refused.append(_("Two projects have rank %(rank)d: give each its own.") % {"rank": rank})
        elif rank:
            ranks[rank] = number
    return [[ranks[rank], 1] for rank in sorted(ranks)], refused


def _graded(paper: Sheet, numbers: Numbered) -> Judged:
    choices, refused = [], []
    for number, said in numbers:
        mention = whole(said) if said.strip() else -1
        if mention is None or mention >= len(paper.rules.mentions):
            refused.append(_("Project No. %(number)d: choose one of the mentions.") % {"number": number})
        elif mention >= 0:
            choices.append([number, mention])
    return sorted(choices), refused


_READ: dict[BallotKind, Callable[[Sheet, Numbered], Judged]] = {
    BallotKind.APPROVAL: _chosen,
    BallotKind.KNAPSACK: _shared_out,
    BallotKind.POINTS: _pointed,
    BallotKind.RANKING: _ranked,
    BallotKind.JUDGMENT: _graded,
}


def _too_many(paper: Sheet, choices: Choices) -> list[str]:
    least, most = paper.rules.at_least, paper.rules.at_most
    if most and len(choices) > most:
        told = ngettext("Keep %(n)d project at most.", "Keep %(n)d projects at most.", most) % {"n": most}
        return [told + " " + _("You have %(n)d.") % {"n": len(choices)}]
    if len(choices) < least:
        told = ngettext("Choose %(n)d project at least.", "Choose %(n)d projects at least.", least) % {"n": least}
        return [told]
    return []
