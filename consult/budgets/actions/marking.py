"""*Émargement* at a polling desk: a clerk reads identity papers, marks who takes a paper ballot, cancels a mistake.

Nothing of the identity is kept but its keyed hash on the roll. A mark is neither dated nor journalled: only the sum of
a day is. A cancelled mark is journalled without the person.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from accounts.models import User
from consult.budgets import eligibility, phases, rolls
from consult.budgets.actions import drafting, voting
from consult.budgets.actions.registering import Declared
from consult.budgets.choices import BallotChannel, BatchState, BudgetAct, CancelledBecause
from consult.budgets.errors import IdentityNotAsked, MarkStays, MayNotVote, NotMarkedHere
from consult.budgets.models import Budget, DeskDay, Envelope, Mark, PaperBatch, RollEntry
from journal.actions import record


@dataclass(frozen=True)
class Seen:
    """What a clerk reads of somebody. ``lacks``: why they may not vote, a sentence each; empty: they may.

    ``marks``: envelope → how they voted there. ``has_territory``: they took the only territory they may vote for.
    """

    lacks: list[str] = field(default_factory=list)
    marks: dict[int, str] = field(default_factory=dict)
    has_territory: bool = False


def look(budget: Budget, said: Declared) -> Seen:
    """Whether this person may vote here, and where they did. Writes nothing. ``IdentityNotAsked``."""
    civil = _civil(budget, said)
    known = RollEntry.objects.filter(budget=budget, person_key=rolls.key_of(budget, civil)).first()
    marks = rolls.marks_of(known)
    return Seen(
        _lacking(budget, said, is_listed=known is not None and known.listed),
        {envelope: mark.channel for envelope, mark in marks.items()},
        any(mark.is_territory for mark in marks.values()),
    )


@transaction.atomic
def mark(budget: Budget, envelope: Envelope, said: Declared) -> None:
    """This person votes on paper here, and no longer online. The sum of the day goes up by one.

    ``PhaseClosed``, ``IdentityNotAsked``, ``MayNotVote``, ``AlreadyVoted``, ``TerritoryTaken``.
    """
    phases.admit(budget, BudgetAct.VOTE)
    civil = _civil(budget, said)
    line = rolls.listed(budget, civil)
    if lacks := _lacking(budget, said, is_listed=line is not None):
        raise MayNotVote(lacks)
    voting.mark_on_paper(budget, envelope, line or rolls.entry_by_civil(budget, civil))
    _count(budget, envelope, "marks")


@transaction.atomic
def cancel(budget: Budget, envelope: Envelope, said: Declared, *, why: CancelledBecause, by: User) -> None:
    """Take back a mark made by mistake, while people vote: this person has not voted any more.

    Never when the batches of the envelope already hold as many ballots as people are marked (``MarkStays``): the paper
    of somebody marked is then among them, and nobody can tell which. ``PhaseClosed``, ``NotMarkedHere``.
    """
    phases.alone(budget)
    phases.admit(budget, BudgetAct.VOTE)
    key = rolls.key_of(budget, _civil(budget, said))
    line = RollEntry.objects.filter(budget=budget, person_key=key).first()
    theirs = Mark.objects.filter(entry=line, envelope=envelope, channel=BallotChannel.PAPER)
    if line is None or not theirs.filter(entry=drafting.held(line.pk)).exists():
        raise NotMarkedHere
    if on_paper(envelope) <= in_batches(envelope):
        raise MarkStays
    theirs.delete()
    _count(budget, envelope, "cancelled")
    record("budget.mark_cancelled", budget, by=by, envelope=envelope.pk, why=str(why))


def on_paper(envelope: Envelope) -> int:
    """People marked on paper."""
    return Mark.objects.filter(envelope=envelope, channel=BallotChannel.PAPER).count()


def in_batches(envelope: Envelope) -> int:
    """Sheets announced by the batches that are open or closed."""
    rows = PaperBatch.objects.filter(envelope=envelope).exclude(state=BatchState.GIVEN_UP)
    return rows.aggregate(sheets=Sum("announced"))["sheets"] or 0


def today(budget: Budget) -> dict[int, DeskDay]:
    """What the desks did today on paper, by envelope."""
    rows = DeskDay.objects.filter(budget=budget, channel=BallotChannel.PAPER, day=timezone.localdate())
    return {one.envelope_id: one for one in rows}


def _civil(budget: Budget, said: Declared) -> rolls.Civil:
    if said.civil is None or not rolls.asks_identity(budget):
        raise IdentityNotAsked
    return said.civil


def _lacking(budget: Budget, said: Declared, *, is_listed: bool) -> list[str]:
    return eligibility.lacking(
        budget, born_on=said.born_on, lives_here=said.lives_here, participant=None, listed=is_listed
    )


def _count(budget: Budget, envelope: Envelope, what: str) -> None:
    """One more today. Last in the transaction: every desk waits here."""
    known = {"budget": budget, "envelope": envelope, "channel": BallotChannel.PAPER, "day": timezone.localdate()}
    DeskDay.objects.bulk_create([DeskDay(**known)], ignore_conflicts=True)
    DeskDay.objects.filter(**known).update(**{what: F(what) + 1})
