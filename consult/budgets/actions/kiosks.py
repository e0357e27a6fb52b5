"""Voting on a shared tablet: opened by a clerk, one code a person, a session that ends by itself.

Nothing of who used a code is journalled. Locks, in this order: the phase, the line of the roll, the pass.
"""

import secrets
from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts.models import User
from consult.budgets import eligibility, kiosks, papers, phases, rolls
from consult.budgets.actions import drafting, voting
from consult.budgets.actions.drafting import Pairs
from consult.budgets.actions.registering import Declared
from consult.budgets.choices import BallotChannel, BudgetAct
from consult.budgets.errors import (
    CodeWrong,
    IdentityNotAsked,
    MayNotVote,
    NothingLeft,
    SessionOver,
    TabletClosed,
    VotedMeanwhile,
)
from consult.budgets.models import Budget, Envelope, Kiosk, KioskDraft, KioskPass, Mark, RollEntry
from consult.budgets.papers import Sheet, Typed
from consult.choices import Level
from consult.errors import NotForYou
from journal.actions import record

TRIES = 20  # codes drawn before giving up: of a million, a few are in use


# --- the tablet ---------------------------------------------------------------------------------------------------


@transaction.atomic
def open_tablet(budget: Budget, *, place: str, by: User) -> tuple[Kiosk, str]:
    """The tablet, and the secret that its browser keeps: shown nowhere, kept as a hash. While people vote."""
    phases.admit(budget, BudgetAct.VOTE)
    if not rolls.asks_identity(budget):
        raise IdentityNotAsked
    secret = secrets.token_urlsafe(32)
    kiosk = Kiosk.objects.create(budget=budget, place=place, secret=kiosks.secret_hash(secret), opened_by=by)
    record("budget.kiosk_opened", budget, by=by, place=place)
    return kiosk, secret


@transaction.atomic
def close_tablet(kiosk: Kiosk, *, by: User) -> None:
    """Whoever stands before it is asked for another code. Closing twice closes once."""
    if Kiosk.objects.filter(pk=kiosk.pk, closed_at=None).update(closed_at=Now()):
        KioskPass.objects.filter(kiosk=kiosk).delete()
        record("budget.kiosk_closed", kiosk.budget, by=by, place=kiosk.place)


# --- letting somebody in ------------------------------------------------------------------------------------------


@transaction.atomic
def let_in(budget: Budget, said: Declared) -> str:
    """A code for somebody whose papers a clerk read. A former code, or a session begun, is over.

    ``IdentityNotAsked``, ``MayNotVote`` (a sentence for each condition not met), ``NotForYou``, ``NothingLeft``.
    """
    phase = phases.admit(budget, BudgetAct.VOTE)
    if said.civil is None or not rolls.asks_identity(budget):
        raise IdentityNotAsked
    line = rolls.listed(budget, said.civil)
    reasons = eligibility.lacking(
        budget, born_on=said.born_on, lives_here=said.lives_here, participant=None, listed=line is not None
    )
    if reasons:
        raise MayNotVote(reasons)
    if phase.level == Level.LISTED and line is None:
        raise NotForYou(Level.LISTED)
    entry = drafting.held((line or rolls.entry_by_civil(budget, said.civil)).pk)
    if not kiosks.left_for(budget, entry):
        raise NothingLeft(_channels(entry))
    KioskPass.objects.filter(entry=entry).delete()
    return _code(budget, entry)


def _code(budget: Budget, entry: RollEntry) -> str:
    """One that nobody else holds."""
    until = Now() + kiosks.CODE
    for _try in range(TRIES):
        code = kiosks.draw()
        try:
            with transaction.atomic():
                KioskPass.objects.create(entry=entry, code=kiosks.code_hash(budget, code), until=until)
        except IntegrityError:
            continue
        return code
    raise RuntimeError("no code is free")


def _channels(entry: RollEntry) -> list[str]:
    ways = set(Mark.objects.filter(entry=entry).values_list("channel", flat=True))
    return [str(way.label) for way in BallotChannel if way in ways]


@transaction.atomic
def sit_down(kiosk: Kiosk, typed: str) -> KioskPass:
    """The code opens the session, once. ``CodeWrong``, ``VotedMeanwhile``, ``TabletClosed``."""
    phases.admit(kiosk.budget, BudgetAct.VOTE)
    code = kiosks.code_hash(kiosk.budget, kiosks.read(typed))
    waiting = KioskPass.objects.filter(code=code, until__gt=Now(), entry__budget=kiosk.budget)
    found = waiting.first()
    if found is None:
        raise CodeWrong
    entry = drafting.held(found.entry_id)
    if not kiosks.left_for(kiosk.budget, entry):
        raise VotedMeanwhile(_channels(entry))
    KioskPass.objects.filter(kiosk=kiosk).delete()
    if not kiosks.open_ones(kiosk.budget).filter(pk=kiosk.pk).exists():
        raise TabletClosed
    if not waiting.filter(pk=found.pk).update(code="", kiosk=kiosk, until=Now() + kiosks.IDLE):
        raise CodeWrong  # typed on another tablet at the same moment
    return KioskPass.objects.get(pk=found.pk)


def stay(kiosk: Kiosk) -> KioskPass | None:
    """A gesture: two more minutes. None when the session is over."""
    if not KioskPass.objects.filter(kiosk=kiosk, until__gt=Now()).update(until=Now() + kiosks.IDLE):
        return None
    return kiosks.seat_of(kiosk)


def get_up(kiosk: Kiosk) -> None:
    """The session is over: nothing of it is left."""
    with transaction.atomic():
        KioskPass.objects.filter(kiosk=kiosk).delete()


def forget_late() -> None:
    """By the clock: codes that nobody typed, sessions that nobody ended."""
    with transaction.atomic():
        KioskPass.objects.filter(until__lte=Now()).delete()


def standing(seat: KioskPass, envelope: Envelope) -> voting.Standing:
    """Where this person stands before one envelope: only read. What they began or cast online is not shown here."""
    marks = rolls.marks_of(seat.entry)
    mark = marks.get(envelope.pk)
    elsewhere = mark is None and envelope.pk not in {one.pk for one in kiosks.left_for(seat.entry.budget, seat.entry)}
    return voting.Standing(seat.entry, mark, None, kiosks.draft_of(seat, envelope), elsewhere)


# --- choosing and casting -----------------------------------------------------------------------------------------


def _seated(kiosk: Kiosk, seat: KioskPass) -> KioskPass:
    """Hold the line of whoever stands here, and their pass, until the end of the transaction. ``SessionOver``."""
    phases.admit(kiosk.budget, BudgetAct.VOTE)
    drafting.held(seat.entry_id)
    here = KioskPass.objects.select_for_update(of=("self",)).select_related("entry")
    found = here.filter(pk=seat.pk, kiosk=kiosk, kiosk__closed_at=None, until__gt=Now()).first()
    if found is None:
        raise SessionOver
    return found


@transaction.atomic
def change_draft(kiosk: Kiosk, seat: KioskPass, envelope: Envelope, change: Callable[[Sheet, Pairs], Pairs]) -> None:
    """``change``: of ``drafting`` (``one_more``…). What it refuses, ``PaperRefused``, leaves the draft as it was."""
    seat = _seated(kiosk, seat)
    kept = kiosks.draft_of(seat, envelope)
    changed = change(papers.sheet(kiosk.budget, envelope), kept)
    if changed == kept:
        return
    KioskDraft.objects.filter(seat=seat, envelope=envelope).delete()
    if changed:
        KioskDraft.objects.create(seat=seat, envelope=envelope, choices=drafting.written(changed))


@transaction.atomic
def cast(kiosk: Kiosk, seat: KioskPass, envelope: Envelope, typed: Typed, *, key: UUID) -> voting.Done:
    """Into the box, for good. ``SessionOver``, ``PaperRefused``, ``AlreadyVoted``, ``TerritoryTaken``."""
    seat = _seated(kiosk, seat)
    done = voting.cast_at_kiosk(kiosk.budget, envelope, typed, entry=seat.entry, key=key)
    KioskDraft.objects.filter(seat=seat, envelope=envelope).delete()
    return done
