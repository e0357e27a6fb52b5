"""People who vote, for tests: through the same acts as the pages."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from consult.budgets import phases, receipts, rolls
from consult.budgets.actions import voting
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.models import Ballot, Budget, BudgetPhase, Envelope, Mark
from consult.models import Participant
from consult.people import participant_of
from tests.budgets.world import envelope_of
from tests.factories import UserFactory


def person() -> Participant:
    return participant_of(UserFactory())


def chosen(*numbers: int) -> list[tuple[str, str]]:
    return [(str(number), "") for number in numbers]


def cast(asked: Budget, by: Participant, *numbers: int, envelope: Envelope | None = None, **given: Any) -> voting.Done:
    """On the first envelope unless told; in the place of the ballot that is there, if any."""
    envelope = envelope or envelope_of(asked)
    entry = rolls.entry_of(asked, by)
    mark = rolls.marks_of(entry).get(envelope.pk)
    values: dict[str, Any] = {"key": uuid4(), "was": receipts.stamp(mark)}
    return voting.cast(asked, envelope, chosen(*numbers), by=by, **values | given)


def close(asked: Budget) -> None:
    """The ballot is over since a moment ago."""
    now = phases.clock()
    BudgetPhase.objects.filter(page=asked.page, kind=BudgetPhaseKind.BALLOT).update(closes_at=now)


def closes_in(asked: Budget, wait: timedelta) -> None:
    closing = phases.clock() + wait
    BudgetPhase.objects.filter(page=asked.page, kind=BudgetPhaseKind.BALLOT).update(closes_at=closing)


def counts(asked: Budget) -> tuple[int, int]:
    """Marks and ballots."""
    marks = Mark.objects.filter(entry__budget=asked).count()
    return marks, Ballot.objects.filter(budget=asked).count()


KEY = UUID("5d3cbe4c-0e3f-4f0c-9f0e-2d1f7e2b6a11")
