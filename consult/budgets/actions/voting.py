"""Casting a ballot, changing it, taking it back: counted at once, until the last one at closing.

Who voted (``Mark``) and what was voted (``Ballot``) are written without a common key, hour or order. Nothing of an act
here is journalled, logged or sent: only that a ballot was cast is told to whoever cast it, after the transaction.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from consult.budgets import letters, papers, phases, receipts
from consult.budgets.actions import drafting
from consult.budgets.choices import BallotChannel, BudgetAct, EnvelopeKind
from consult.budgets.errors import AlreadyVoted, BallotMoved, NothingCast, TerritoryTaken
from consult.budgets.models import Ballot, BallotDraft, Budget, Envelope, Mark, RollEntry
from consult.budgets.papers import Choices, Sheet, Typed
from consult.budgets.rules import ONE_TERRITORY
from consult.models import Participant


@dataclass(frozen=True)
class Done:
    """``code``: the receipt, shown once. ``again``: the same form came twice, nothing was written this time.

    ``entry`` and ``paper``: whose ballot, and what it was judged by, as they were read under the lock.
    """

    choices: Choices
    code: str
    entry: RollEntry
    paper: Sheet
    is_change: bool = False
    again: bool = False


@transaction.atomic
def cast(budget: Budget, envelope: Envelope, typed: Typed, *, by: Participant, key: UUID, was: str = "") -> Done:
    """Put a ballot in the box, or put it in the place of the one that is there.

    ``key``: of the form; the same form again changes nothing and gives the same receipt. ``was``: the ballot that the
    page was made from (``receipts.stamp``). Raises what ``drafting.at_the_box`` does, ``PaperRefused``,
    ``AlreadyVoted``, ``TerritoryTaken``, ``BallotMoved``.
    """
    entry = drafting.at_the_box(budget, by=by)
    paper = papers.sheet(budget, envelope)
    choices = papers.canonical(paper, typed)
    code = receipts.code_of(entry, envelope, choices, key=key)
    ballot = Ballot(
        budget=budget,
        envelope=envelope,
        channel=BallotChannel.WEB,
        choices=choices,
        receipt=receipts.hashed(code, choices),
    )
    mark, is_first = _mark(entry, paper, channel=BallotChannel.WEB, pointer=str(ballot.pk))
    if not is_first and _is_in_the_box(mark, ballot.receipt):
        return Done(choices, code, entry, paper, again=True)
    if not is_first:
        _replace(mark, ballot, was=was)
    ballot.save(force_insert=True)
    BallotDraft.objects.filter(entry=entry, envelope=envelope).delete()
    letters.acknowledge(letters.CHANGED if not is_first else letters.CAST, envelope, to=by)
    return Done(choices, code, entry, paper, is_change=not is_first)


@transaction.atomic
def begin_change(budget: Budget, envelope: Envelope, *, by: Participant) -> None:
    """What is in the box comes back to be changed; it counts until another is cast. A draft begun stays as it is."""
    entry = drafting.at_the_box(budget, by=by)
    mark = _found(entry, envelope)
    paper = papers.sheet(budget, envelope)
    if not BallotDraft.objects.filter(entry=entry, envelope=envelope).exists():
        choices = Ballot.objects.get(pk=mark.pointer).choices
        drafting.keep_draft(budget, envelope, papers.as_typed(paper, choices), by=by)


@transaction.atomic
def give_up_change(budget: Budget, envelope: Envelope, *, by: Participant) -> None:
    """The draft goes; the ballot in the box stays."""
    entry = drafting.at_the_box(budget, by=by)
    BallotDraft.objects.filter(entry=entry, envelope=envelope).delete()


@transaction.atomic
def withdraw(budget: Budget, envelope: Envelope, *, by: Participant) -> None:
    """Take the ballot out of the box: this person has not voted any more, and may vote again. ``NothingCast``."""
    entry = drafting.at_the_box(budget, by=by)
    mark = _found(entry, envelope)
    Ballot.objects.filter(pk=mark.pointer).delete()
    Mark.objects.filter(pk=mark.pk).delete()
    BallotDraft.objects.filter(entry=entry, envelope=envelope).delete()
    letters.acknowledge(letters.WITHDRAWN, envelope, to=by)


@transaction.atomic
def mark_on_paper(
    budget: Budget, envelope: Envelope, entry: RollEntry, *, channel: BallotChannel = BallotChannel.PAPER
) -> Mark:
    """*Émargement* at a counter: this person votes here, and no longer online. ``AlreadyVoted``, ``TerritoryTaken``.

    The ballot itself is written apart. While people vote: ``PhaseClosed`` otherwise.
    """
    phases.admit(budget, BudgetAct.VOTE)
    entry = drafting.held(entry.pk)
    mark, is_first = _mark(entry, papers.sheet(budget, envelope), channel=channel, pointer="")
    if not is_first:
        raise AlreadyVoted(mark.channel)
    BallotDraft.objects.filter(entry=entry, envelope=envelope).delete()
    return mark


@transaction.atomic
def cast_at_kiosk(budget: Budget, envelope: Envelope, typed: Typed, *, entry: RollEntry, key: UUID) -> Done:
    """A ballot cast on a shared tablet: nobody finds it again, so it stays as it is. The caller holds ``entry``.

    The same form again gives the same receipt. ``PaperRefused``, ``AlreadyVoted``, ``TerritoryTaken``.
    """
    paper = papers.sheet(budget, envelope)
    choices = papers.canonical(paper, typed)
    code = receipts.code_of(entry, envelope, choices, key=key)
    receipt = receipts.hashed(code, choices)
    mark, is_first = _mark(entry, paper, channel=BallotChannel.KIOSK, pointer="")
    if not is_first:
        cast_here = Ballot.objects.filter(envelope=envelope, channel=BallotChannel.KIOSK, receipt=receipt)
        if mark.channel == BallotChannel.KIOSK and cast_here.exists():
            return Done(choices, code, entry, paper, again=True)
        raise AlreadyVoted(mark.channel)
    Ballot.objects.create(
        budget=budget, envelope=envelope, channel=BallotChannel.KIOSK, choices=choices, receipt=receipt
    )
    BallotDraft.objects.filter(entry=entry, envelope=envelope).delete()
    return Done(choices, code, entry, paper)


@dataclass(frozen=True)
class Standing:
    """Where somebody stands before one envelope: only read, never to decide upon.

    ``in_box``: what they have in the box, while it can be found. ``draft``: what they typed since, not cast.
    ``elsewhere``: they voted for another territory, and may vote for one.
    """

    entry: RollEntry | None
    mark: Mark | None = None
    in_box: Choices | None = None
    draft: Typed = ()
    elsewhere: bool = False


def standing(entry: RollEntry | None, envelope: Envelope) -> Standing:
    """Of nobody yet registered: nothing."""
    if entry is None:
        return Standing(None)
    marks = {mark.envelope_id: mark for mark in Mark.objects.filter(entry=entry)}
    mark = marks.get(envelope.pk)
    ballot = Ballot.objects.filter(pk=mark.pointer).first() if mark and mark.pointer else None
    draft = BallotDraft.objects.filter(entry=entry, envelope=envelope).first()
    return Standing(
        entry,
        mark,
        ballot.choices if ballot else None,
        drafting.read(draft),
        mark is None and envelope.kind == EnvelopeKind.TERRITORY and any(one.is_territory for one in marks.values()),
    )


def _mark(entry: RollEntry, paper: Sheet, *, channel: BallotChannel, pointer: str) -> tuple[Mark, bool]:
    """Theirs, and whether it is new: one insertion decides, never a question asked before."""
    takes = paper.rules.envelopes == ONE_TERRITORY and paper.envelope.kind == EnvelopeKind.TERRITORY
    new = Mark(entry=entry, envelope=paper.envelope, channel=channel, pointer=pointer, is_territory=takes)
    Mark.objects.bulk_create([new], ignore_conflicts=True)
    mark = Mark.objects.select_for_update().filter(entry=entry, envelope=paper.envelope).first()
    if mark is None:
        raise TerritoryTaken
    return mark, mark.pk == new.pk


def _is_in_the_box(mark: Mark, receipt: str) -> bool:
    return bool(mark.pointer) and Ballot.objects.filter(pk=mark.pointer, receipt=receipt).exists()


def _replace(mark: Mark, ballot: Ballot, *, was: str) -> None:
    """The old ballot goes; the new one has another key, and another receipt."""
    if not mark.pointer:
        raise AlreadyVoted(mark.channel)
    if receipts.stamp(mark) != was:
        raise BallotMoved
    Ballot.objects.filter(pk=mark.pointer).delete()
    Mark.objects.filter(pk=mark.pk).update(pointer=str(ballot.pk))


def _found(entry: RollEntry, envelope: Envelope) -> Mark:
    mark = Mark.objects.select_for_update().filter(entry=entry, envelope=envelope).first()
    if mark is None:
        raise NothingCast
    if not mark.pointer:
        raise AlreadyVoted(mark.channel)
    return mark
