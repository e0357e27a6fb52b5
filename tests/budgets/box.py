"""A box of ballots, as people would have filled it, and the ballot closed."""

from collections.abc import Sequence
from uuid import uuid4

from django.contrib.auth import get_user_model

from consult.budgets import counting
from consult.budgets.actions import counting as acts
from consult.budgets.choices import BallotChannel, BudgetPhaseKind
from consult.budgets.models import Ballot, Budget, BudgetPhase, Count, Envelope, Mark, RollEntry
from tests.budgets import world

# What 22 people chose, by number of project: six projects of ``world.ballot()``.
CHOSEN = ("12", "125", "1", "14", "2", "24", "236", "6", "61", "3", "13", "45", "5", "5", "4", "12", "12", "126", "36")


def filled(
    *costs: int, chosen: Sequence[str] = CHOSEN, paper: Sequence[str] = (), kiosk: Sequence[str] = (), **options
) -> Budget:
    """Closed yesterday, with these ballots: « 12 » chose the projects 1 and 2."""
    asked = world.ballot(*costs, **options)
    for channel, ballots in ((BallotChannel.WEB, chosen), (BallotChannel.PAPER, paper), (BallotChannel.KIOSK, kiosk)):
        cast(asked, world.envelope_of(asked), [[[int(number), 1] for number in said] for said in ballots], channel)
    close(asked)
    return asked


def cast(asked: Budget, envelope: Envelope, ballots: Sequence[list], channel: str = BallotChannel.WEB) -> None:
    """Ballots, each with its mark on the roll."""
    entries = RollEntry.objects.bulk_create(RollEntry(budget=asked, person_key=uuid4().hex) for _ballot in ballots)
    Mark.objects.bulk_create(Mark(entry=entry, envelope=envelope, channel=channel) for entry in entries)
    Ballot.objects.bulk_create(
        Ballot(budget=asked, envelope=envelope, channel=channel, choices=choices, receipt=uuid4().hex * 2)
        for choices in ballots
    )


def close(asked: Budget) -> None:
    """The ballot phase ended yesterday: ten days pass."""
    for phase in BudgetPhase.objects.filter(page=asked.page).order_by("opens_at"):
        phase.opens_at, phase.closes_at = phase.opens_at - 10 * world.DAY, phase.closes_at - 10 * world.DAY
        phase.save()
    assert BudgetPhase.objects.get(page=asked.page, kind=BudgetPhaseKind.COUNT).opens_at < phase.closes_at


def counted(asked: Budget, *, by=None) -> list[Count]:
    """Asked for, and done by the worker."""
    number = acts.ask(asked, by=by)
    for count in Count.objects.filter(budget=asked, number=number).of_ballots():
        counting.run(count.pk)
    return list(Count.objects.filter(budget=asked, number=number).of_ballots().order_by("pk"))


def signed(asked: Budget, *, by=None) -> list[Count]:
    """The official result, as everybody reads it."""
    by = by or get_user_model().objects.create(email=f"{uuid4().hex}@demo.example", name="Rose Daumier")
    done = counted(asked, by=by)
    acts.sign(asked, number=done[0].number, read=acts.seen(done), signatory="Rose Daumier, première adjointe", by=by)
    return list(Count.objects.filter(budget=asked, kind="official").order_by("pk"))
