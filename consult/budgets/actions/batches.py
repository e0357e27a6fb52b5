"""Batches of paper ballots: opened, keyed twice by two people, settled where they differ, closed into the box.

From the opening of the ballot to the signature of the count. A sheet is anonymous, but a stack has an order: batches
are shuffled before they are keyed, ballots go to the box in a drawn order when the batch closes, and its sheets are
destroyed by the same transaction (``docs/decisions/0008``).
"""

from collections.abc import Iterable
from secrets import SystemRandom

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from consult.budgets import boxes, papers, phases, policies, rolls, tasks
from consult.budgets.actions import marking
from consult.budgets.choices import BallotChannel, BatchState, BudgetAct, BudgetPhaseKind, CountKind, SheetKind
from consult.budgets.errors import (
    AnnouncedTooFew,
    BatchNotDone,
    BatchOver,
    CountSigned,
    IdentityNotAsked,
    MoreBallotsThanMarks,
    NoSuchSheet,
    NothingToSettle,
    ReasonMissing,
    SettledByWhoKeyed,
    SheetDone,
)
from consult.budgets.models import Ballot, Budget, BudgetPhase, Count, Envelope, PaperBatch, PaperSheet
from consult.budgets.sheets import Reading
from journal.actions import record


@transaction.atomic
def start(budget: Budget, envelope: Envelope, *, place: str, announced: int, by: User) -> PaperBatch:
    """A stack shuffled and counted by hand. ``PhaseClosed`` before people vote, ``CountSigned`` after the count.

    ``IdentityNotAsked``: this budget takes no paper. ``BallotNotReady``.
    """
    phases.alone(budget)
    _may_key(budget)
    papers.sheet(budget, envelope)
    number = (PaperBatch.objects.filter(budget=budget).aggregate(last=Max("number"))["last"] or 0) + 1
    batch = PaperBatch.objects.create(
        budget=budget, envelope=envelope, number=number, place=place.strip(), announced=announced, opened_by=by
    )
    record("batch.opened", budget, by=by, batch=number, announced=announced)
    return batch


@transaction.atomic
def announce(batch: PaperBatch, announced: int, *, by: User) -> None:
    """The stack was counted again by hand. ``AnnouncedTooFew``: a sheet beyond is already keyed."""
    batch = _held(batch)
    last = batch.sheets.aggregate(last=Max("rank"))["last"] or 0
    if announced < last:
        raise AnnouncedTooFew(last)
    record("batch.announced_again", batch.budget, by=by, batch=batch.number, was=batch.announced, announced=announced)
    PaperBatch.objects.filter(pk=batch.pk).update(announced=announced)


@transaction.atomic
def key(batch: PaperBatch, rank: int, reading: Reading, *, by: User) -> PaperSheet:
    """What this person reads on a sheet: the first reading, the second, or their own corrected before the second.

    ``BatchOver``, ``NoSuchSheet``, ``SheetDone``. Two people at once are one after the other.
    """
    batch = _held(batch)
    if not 1 <= rank <= batch.announced:
        raise NoSuchSheet(batch.announced)
    sheet = PaperSheet.objects.filter(batch=batch, rank=rank).first()
    if sheet is None:
        return PaperSheet.objects.create(batch=batch, rank=rank, first=reading.as_json(), first_by=by)
    if sheet.second is not None:
        raise SheetDone(rank)
    if sheet.first_by_id == by.pk:
        sheet.first = reading.as_json()
    else:
        sheet.second, sheet.second_by = reading.as_json(), by
    sheet.save()
    return sheet


@transaction.atomic
def settle(batch: PaperBatch, rank: int, reading: Reading, *, together: bool = False, by: User) -> None:
    """The third act: somebody who sees both readings and the sheet says what it is.

    By a third person; or by one of the two who keyed, ``together``: both stand before the sheet, and the batch tells
    how many were settled so. ``NothingToSettle``, ``SettledByWhoKeyed``.
    """
    batch = _held(batch)
    sheet = PaperSheet.objects.filter(batch=batch, rank=rank).first()
    if sheet is None or not differs(sheet):
        raise NothingToSettle
    is_theirs = by.pk in (sheet.first_by_id, sheet.second_by_id)
    if is_theirs and not together:
        raise SettledByWhoKeyed
    sheet.settled, sheet.settled_by, sheet.together = reading.as_json(), by, is_theirs
    sheet.save()


@transaction.atomic
def close(batch: PaperBatch, *, by: User, explanation: str = "", signatory: str = "") -> PaperBatch:
    """Its ballots go to the box, in a drawn order, under random keys; its sheets are destroyed.

    ``BatchNotDone``: as many sheets as announced, each keyed twice, each difference settled. ``MoreBallotsThanMarks``:
    the paper ballots of an envelope are not more than the people marked on paper, unless whoever runs the budget
    explains it and signs: everybody reads both beside the result. ``BatchOver``.
    """
    phases.alone(batch.budget)
    batch = _held(batch)
    sheets = list(batch.sheets.all())
    missing = batch.announced - len([one for one in sheets if one.second is not None])
    differing = len([one for one in sheets if differs(one)])
    if missing or differing:
        raise BatchNotDone(missing, differing)
    over = _excess(batch)
    if over and not (explanation.strip() and signatory.strip() and policies.may_run(by)):
        raise over
    final = [Reading.of(one.settled or one.first) for one in sheets]
    settled = [one for one in sheets if one.settled is not None]
    _into_the_box(batch, final)
    batch.sheets.all().delete()
    batch.valid, batch.blank, batch.spoiled = (_many(final, one) for one in SheetKind)
    batch.settled, batch.settled_together = len(settled), len([one for one in settled if one.together])
    if over:
        batch.explanation, batch.signatory = explanation.strip(), signatory.strip()
    batch.state, batch.closed_by = BatchState.CLOSED, by
    batch.save()
    record("batch.closed", batch.budget, by=by, batch=batch.number, announced=batch.announced, settled=batch.settled)
    transaction.on_commit(lambda: tasks.ring(tasks.sweep_boxes))
    return batch


@transaction.atomic
def give_up(batch: PaperBatch, *, reason: str, by: User) -> None:
    """Its sheets are destroyed, nothing of it goes to the box: the stack is keyed again in another batch."""
    batch = _held(batch)
    if not reason.strip():
        raise ReasonMissing
    batch.sheets.all().delete()
    batch.state, batch.reason, batch.closed_by = BatchState.GIVEN_UP, reason.strip(), by
    batch.save()
    record("batch.given_up", batch.budget, by=by, batch=batch.number)


def differs(sheet: PaperSheet) -> bool:
    """Keyed twice, otherwise, and not settled."""
    if sheet.second is None or sheet.settled is not None:
        return False
    return not Reading.of(sheet.first).agrees(Reading.of(sheet.second))


def next_rank(batch: PaperBatch, sheets: Iterable[PaperSheet], *, by: User) -> int | None:
    """The next sheet for this person: the first in the stack that they have not read, and that waits for a reading."""
    done = {one.rank for one in sheets if one.second is not None or one.first_by_id == by.pk}
    return next((rank for rank in range(1, batch.announced + 1) if rank not in done), None)


def _may_key(budget: Budget) -> None:
    if not rolls.asks_identity(budget):
        raise IdentityNotAsked
    rows = list(BudgetPhase.objects.filter(page_id=budget.page_id))
    now = phases.clock()
    if not any(one.kind == BudgetPhaseKind.BALLOT and one.opens_at <= now for one in rows):
        raise phases.closed(rows, BudgetAct.VOTE, at=now)
    if Count.objects.filter(budget=budget, kind=CountKind.OFFICIAL).exists():
        raise CountSigned


def _held(batch: PaperBatch) -> PaperBatch:
    """Its row, until the end of the transaction, while it is open. Nobody counts meanwhile."""
    phases.beside(batch.budget)
    rows = PaperBatch.objects.select_for_update(of=("self",)).select_related("budget", "envelope")
    found = rows.filter(pk=batch.pk, state=BatchState.OPEN).first()
    if found is None:
        raise BatchOver(batch.number)
    return found


def _excess(batch: PaperBatch) -> MoreBallotsThanMarks | None:
    """Blank and spoiled sheets are somebody's too."""
    others = PaperBatch.objects.filter(envelope=batch.envelope, state=BatchState.CLOSED)
    ballots = batch.announced + sum(others.values_list("announced", flat=True))
    marks = marking.on_paper(batch.envelope)
    return MoreBallotsThanMarks(ballots, marks) if ballots > marks else None


def _into_the_box(batch: PaperBatch, final: list[Reading]) -> None:
    """A blank sheet is a ballot where the regulation lets one cast an empty one; the whole box then changes order."""
    rules = papers.sheet(batch.budget, batch.envelope).rules
    counted = {SheetKind.VALID} | ({SheetKind.BLANK} if not rules.at_least else set())
    ballots = [
        Ballot(budget=batch.budget, envelope=batch.envelope, channel=BallotChannel.PAPER, choices=one.choices)
        for one in final
        if one.kind in counted
    ]
    SystemRandom().shuffle(ballots)
    Ballot.objects.bulk_create(ballots)
    boxes.mix(batch.budget)


def _many(final: list[Reading], kind: SheetKind) -> int:
    return len([one for one in final if one.kind == kind])
