"""What somebody is choosing: kept as one goes, and counted for nothing until it is cast."""

import json
from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from consult.budgets import papers, phases, rolls
from consult.budgets.actions import registering
from consult.budgets.choices import BallotKind, BudgetAct
from consult.budgets.errors import NotRegistered, PaperRefused
from consult.budgets.models import BallotDraft, Budget, Envelope, RollEntry
from consult.budgets.papers import Sheet, Typed
from consult.choices import Level
from consult.errors import NotForYou
from consult.models import Participant
from consult.people import let_in

MOST = 500  # lines of a draft: more than any ballot lists
Pairs = list[tuple[str, str]]


def read(draft: BallotDraft | None) -> Pairs:
    """What was typed, as the form gave it."""
    return [(number, said) for number, said in json.loads(draft.choices)] if draft and draft.choices else []


def at_the_box(budget: Budget, *, by: Participant) -> RollEntry:
    """Let somebody in to vote, and hold their line of the roll until the end of the transaction.

    ``PhaseClosed``, ``BallotNotReady``, ``NotForYou``, ``NotRegistered``. One line is held by one act at a time:
    the same person twice at once is one after the other.
    """
    phase = phases.admit(budget, BudgetAct.VOTE)
    entry = rolls.held_entry_of(budget, by)
    if entry is None and registering.is_free(budget):
        entry = held(registering.register(budget, registering.Declared(), by=by).pk)
    if by.user_id is None:
        raise NotForYou(Level.ACCOUNT)
    if phase.level != Level.LISTED:
        let_in(by, phase)
    if entry is None:
        raise NotRegistered
    if phase.level == Level.LISTED and not entry.listed:
        raise NotForYou(Level.LISTED)
    return entry


def held(entry: UUID) -> RollEntry:
    return RollEntry.objects.select_for_update().get(pk=entry)


@transaction.atomic
def keep_draft(budget: Budget, envelope: Envelope, typed: Typed, *, by: Participant) -> None:
    """What was typed stays as it was typed, right or wrong."""
    _keep(at_the_box(budget, by=by), envelope, list(typed))


@transaction.atomic
def choose(budget: Budget, envelope: Envelope, number: int, *, by: Participant) -> None:
    """One project more. On a shared envelope ``PaperRefused`` when it no longer fits: judged under the lock."""
    _change(budget, envelope, lambda paper, kept: one_more(paper, kept, number), by=by)


@transaction.atomic
def drop(budget: Budget, envelope: Envelope, number: int, *, by: Participant) -> None:
    """One project less; those ranked below it go up."""
    _change(budget, envelope, lambda paper, kept: one_less(paper, kept, number), by=by)


@transaction.atomic
def move(budget: Budget, envelope: Envelope, number: int, *, places: int, by: Participant) -> None:
    """A ranked project goes up (−1) or down (1)."""
    _change(budget, envelope, lambda _paper, kept: moved(kept, number, places), by=by)


# --- what a button does to the lines of a draft, whoever keeps it -------------------------------------------------


def one_more(paper: Sheet, kept: Pairs, number: int) -> Pairs:
    """The same when it is chosen already. ``PaperRefused`` when it does not fit."""
    if str(number) in dict(kept):
        return kept
    said = [*kept, (str(number), _beside(paper, kept))]
    _fits(paper, said)
    return said


def one_less(paper: Sheet, kept: Pairs, number: int) -> Pairs:
    return _in_order(paper, [pair for pair in kept if papers.whole(pair[0]) != number])


def moved(kept: Pairs, number: int, places: int) -> Pairs:
    order = [one for one, _said in ranked(kept)]
    if str(number) in order:
        place = order.index(str(number))
        order.insert(max(0, place + places), order.pop(place))
    return [(one, str(rank)) for rank, one in enumerate(order, start=1)]


def ranked(kept: Pairs) -> Pairs:
    """By the rank typed; what has none comes last."""
    return sorted(kept, key=lambda pair: papers.whole(pair[1]) or MOST + 1)


def _change(budget: Budget, envelope: Envelope, change: Callable[[Sheet, Pairs], Pairs], *, by: Participant) -> None:
    entry = at_the_box(budget, by=by)
    kept = read(BallotDraft.objects.filter(entry=entry, envelope=envelope).first())
    changed = change(papers.sheet(budget, envelope), kept)
    if changed != kept:
        _keep(entry, envelope, changed)


def _beside(paper: Sheet, kept: Pairs) -> str:
    return str(len(kept) + 1) if paper.rules.kind == BallotKind.RANKING else ""


def _in_order(paper: Sheet, kept: Pairs) -> Pairs:
    if paper.rules.kind != BallotKind.RANKING:
        return kept
    return [(one, str(rank)) for rank, (one, _said) in enumerate(ranked(kept), start=1)]


def _fits(paper: Sheet, said: Pairs) -> None:
    """Too few is no fault yet; too many, too dear, unknown or withdrawn is."""
    try:
        papers.canonical(paper, said)
    except PaperRefused:
        if len(said) >= max(paper.rules.at_least, 1):
            raise


def written(typed: Typed) -> str:
    """As a draft keeps it."""
    return json.dumps([[number[:12], said[:12]] for number, said in typed[:MOST]])


def _keep(entry: RollEntry, envelope: Envelope, typed: Pairs) -> None:
    if typed:
        BallotDraft.objects.bulk_create(
            [BallotDraft(entry=entry, envelope=envelope, choices=written(typed))],
            update_conflicts=True,
            unique_fields=["entry", "envelope"],
            update_fields=["choices"],
        )
    else:
        BallotDraft.objects.filter(entry=entry, envelope=envelope).delete()
