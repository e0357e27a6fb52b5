"""Counting: asked for by whoever runs the budget, done by the worker, signed in the name of the town.

Nothing of it is public before it is signed, for every envelope at once.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from accounts.models import User
from consult.budgets import counting, phases, result_letters, tasks
from consult.budgets.actions.closing import close
from consult.budgets.actions.moving import move
from consult.budgets.choices import BatchState, BudgetPhaseKind, CountKind, CountState, ProjectState
from consult.budgets.errors import (
    BallotsMoved,
    BatchesOpen,
    CountChanged,
    CountSigned,
    NothingFrozen,
    NoTie,
    StillVoting,
    UnsignedAct,
)
from consult.budgets.models import (
    BallotOption,
    Budget,
    BudgetPhase,
    Count,
    Drawing,
    Envelope,
    FrozenRegulation,
    PaperBatch,
)
from journal.actions import record


@transaction.atomic
def ask(budget: Budget, *, by: User | None) -> int:
    """Have every envelope counted; the number of the count. Asked twice at once, it is the same one.

    Closes the ballot first, if the clock did not. Raises ``StillVoting``, ``NothingFrozen``, ``CountSigned``,
    ``BatchesOpen`` while paper ballots are keyed.
    """
    phases.alone(budget)
    frozen = FrozenRegulation.objects.filter(budget=budget).first()
    if frozen is None:
        raise NothingFrozen
    if not close(budget):
        ballot = BudgetPhase.objects.filter(page_id=budget.page_id, kind=BudgetPhaseKind.BALLOT).first()
        raise StillVoting(ballot.closes_at if ballot else None)
    if Count.objects.filter(budget=budget, kind=CountKind.OFFICIAL).exists():
        raise CountSigned
    _no_open_batch(budget)
    under_way = Count.objects.unfinished().filter(budget=budget).first()
    if under_way is not None:
        return under_way.number
    number = (Count.objects.filter(budget=budget).aggregate(last=Max("number"))["last"] or 0) + 1
    for envelope in Envelope.objects.filter(pk__in=[one[0] for one in frozen.content["envelopes"]]).order_by("pk"):
        _asked(budget, envelope, number=number, by=by)
    record("count.asked", budget, by=by, number=number)
    return number


def _asked(budget: Budget, envelope: Envelope, *, number: int, by: User | None) -> None:
    rules = counting.rules_of(envelope)
    count = Count.objects.create(
        budget=budget,
        envelope=envelope,
        number=number,
        regulation=rules.as_json(),
        regulation_hash=rules.hash,
        asked_by=by,
    )
    transaction.on_commit(lambda: tasks.ring(tasks.count_ballots, count.pk))


def seen(counts: Sequence[Count]) -> str:
    """What somebody read before they signed: it changes when any of these counts does."""
    return sha256("|".join(f"{one.pk}:{one.outcome_hash}" for one in counts).encode()).hexdigest()[:32]


@transaction.atomic
def sign(budget: Budget, *, number: int, read: str, signatory: str, by: User, on: datetime | None = None) -> None:
    """Make a count official: projects are funded or not, people are told, everybody reads it.

    ``read``: ``seen`` of what was confirmed. The ballots are read again first: what is signed is what is in the box.
    ``on``: when it was signed, if not now (a past told again).
    Raises ``CountSigned``, ``CountChanged``, ``BallotsMoved``, ``BatchesOpen``, ``UnsignedAct``.
    """
    phases.alone(budget)
    if not signatory.strip():
        raise UnsignedAct
    if Count.objects.filter(budget=budget, kind=CountKind.OFFICIAL).exists():
        raise CountSigned
    _no_open_batch(budget)
    rows = Count.objects.select_for_update().select_related("envelope").of_ballots()
    counts = list(rows.filter(budget=budget, number=number).order_by("pk"))
    if not counts or any(one.state != CountState.DONE for one in counts) or seen(counts) != read:
        raise CountChanged
    if any(_moved(one) for one in counts):
        raise BallotsMoved
    Count.objects.filter(pk__in=[one.pk for one in counts]).update(
        kind=CountKind.OFFICIAL, signed_by=by, signed_at=on or Now(), signatory=signatory.strip()
    )
    for one in counts:
        _fund(one, by=by, on=on)
    record("count.signed", budget, by=by, number=number, hashes=[one.outcome_hash for one in counts])
    result_letters.tell_of_result(budget)
    transaction.on_commit(lambda: tasks.ring(tasks.tell_result, budget.pk))


def _moved(count: Count) -> bool:
    """Whether the box, the projects or the rules are no longer those that were counted."""
    now = counting.election(count.envelope, at=phases.clock())
    rules = counting.rules_of(count.envelope)
    if counting.paper(count.envelope) != count.figures.get("paper", {}):
        return True
    return counting.fingerprint(now) != count.input_hash or rules.hash != count.regulation_hash


def _no_open_batch(budget: Budget) -> None:
    rows = PaperBatch.objects.filter(budget=budget, state=BatchState.OPEN).order_by("number")
    if numbers := list(rows.values_list("number", flat=True)):
        raise BatchesOpen(numbers)


def _fund(count: Count, *, by: User, on: datetime | None) -> None:
    won = set(count.outcome["winners"])
    for option in BallotOption.objects.filter(envelope=count.envelope).select_related("project").order_by("number"):
        if option.project.state == ProjectState.RETAINED:
            funded = str(option.number) in won
            move(option.project, ProjectState.FUNDED if funded else ProjectState.NOT_FUNDED, by=by, on=on)


@transaction.atomic
def draw_lots(envelope: Envelope, *, seed: str, story: str, signatory: str, by: User) -> Drawing:
    """Record lots drawn in public, when the last count stopped on equals; the next count uses them.

    Raises ``NoTie`` when it did not, or when lots are recorded already; ``UnsignedAct``.
    """
    budget = Budget.objects.get(page_id=envelope.page_id)
    phases.alone(budget)
    if not (seed.strip() and story.strip() and signatory.strip()):
        raise UnsignedAct
    last = Count.objects.of_ballots().filter(envelope=envelope).order_by("-number").first()
    tied = (last.figures.get("tied") if last is not None and last.state == CountState.FAILED else None) or []
    if not tied or Drawing.objects.filter(envelope=envelope).exists():
        raise NoTie
    drawing = Drawing.objects.create(
        envelope=envelope,
        numbers=tied,
        seed=seed.strip(),
        story=story.strip(),
        signatory=signatory.strip(),
        signed_by=by,
    )
    record("count.lots_drawn", budget, by=by, envelope=envelope.pk, seed=drawing.seed)
    return drawing
