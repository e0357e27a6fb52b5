"""Meetings: published, moved in front of everybody, registered for, remembered the day before, told afterwards.

Registrations of one meeting happen one at a time (its row is held), and the database counts the seats once more.
Journal lines name no participant.
"""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from consult import meeting_letters, phases, policies, texts
from consult.actions import arguments, propositions
from consult.choices import Channel, SeatState, Side
from consult.errors import MeetingOver, NoRegistration
from consult.models import Argument, Consultation, MeetingPage, Participant, Proposition, Said, Seat, Section
from journal.actions import record


@transaction.atomic
def publish(page: MeetingPage, *, then: Callable[[], None]) -> None:
    """Make a draft public by Wagtail's own save (``then``); people registered hear of a new date or a cancellation."""
    before = MeetingPage.objects.select_for_update(of=("self",)).filter(pk=page.pk, live_revision__isnull=False).first()
    then()
    by = page.live_revision.user
    if before is None:
        record("meeting.published", page, by=by, starts_at=page.starts_at.isoformat())
        return
    _seat_those_who_wait(page)
    if page.cancelled_reason and not before.cancelled_reason:
        record("meeting.cancelled", page, by=by, reason=page.cancelled_reason)
        meeting_letters.tell_all(page)
    elif (before.starts_at, before.place, before.address) != (page.starts_at, page.place, page.address):
        moved = {"before": before.starts_at.isoformat(), "after": page.starts_at.isoformat()}
        record("meeting.moved", page, by=by, **moved)
        meeting_letters.tell_all(page)


@transaction.atomic
def register(meeting: MeetingPage, *, by: Participant) -> Seat:
    """A seat, or a place in the queue when all are taken. Twice, or from two tabs at once: one seat.

    Raises ``MeetingOver``, ``NoRegistration``.
    """
    held = _held(meeting)
    known = Seat.objects.filter(meeting=held, participant=by).first()
    if known and known.state != SeatState.LEFT:
        return known
    state = SeatState.SEATED if has_room(held) else SeatState.WAITING
    Seat.objects.bulk_create(
        [Seat(meeting=held, participant=by, state=state, asked_at=Now(), changed_at=Now())],
        update_conflicts=True,
        unique_fields=["meeting", "participant"],
        update_fields=["state", "asked_at", "changed_at"],
    )
    seat = Seat.objects.get(meeting=held, participant=by)
    record("meeting.registered", held, by=None, seat=seat.pk, state=str(state))
    meeting_letters.tell(seat)
    return seat


@transaction.atomic
def leave(seat: Seat) -> Seat:
    """Give a seat back; whoever waited longest has it. Twice changes nothing. Raises ``MeetingOver``."""
    held = _held(seat.meeting)
    mine = Seat.objects.get(pk=seat.pk)
    if mine.state == SeatState.LEFT:
        return mine
    Seat.objects.filter(pk=mine.pk).update(state=SeatState.LEFT, changed_at=Now())
    record("meeting.left", held, by=None, seat=mine.pk)
    _seat_those_who_wait(held)
    mine.refresh_from_db()
    return mine


def fill_seats() -> None:
    """Seats left free otherwise (an account closed) go to those who wait. Twice is harmless."""
    waiting = Seat.objects.filter(state=SeatState.WAITING, meeting__starts_at__gt=Now(), meeting__live=True)
    for key in waiting.values_list("meeting", flat=True).distinct():
        with transaction.atomic():
            _seat_those_who_wait(MeetingPage.objects.select_for_update(of=("self",)).get(pk=key))


def has_room(meeting: MeetingPage) -> bool:
    """Whether a seat is free, and nobody waits for it. Sure only while the meeting is held."""
    if meeting.capacity is None:
        return True
    taken = Seat.objects.filter(meeting=meeting, state__in=(SeatState.SEATED, SeatState.WAITING)).count()
    return taken < meeting.capacity


def _held(meeting: MeetingPage) -> MeetingPage:
    """Its row, locked; registrations end when it begins, by the database's clock."""
    held = MeetingPage.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if not held.live or not held.takes_registrations or held.cancelled_reason:
        raise NoRegistration
    if held.starts_at <= phases.clock():
        raise MeetingOver(held.starts_at)
    return held


def _seat_those_who_wait(meeting: MeetingPage) -> None:
    """Seats are free, or there are more of them: the first who came are let in, and told."""
    seated = Seat.objects.filter(meeting=meeting, state=SeatState.SEATED).count()
    waiting = Seat.objects.filter(meeting=meeting, state=SeatState.WAITING).order_by("asked_at", "pk")
    free = None if meeting.capacity is None else max(0, meeting.capacity - seated)
    for seat in waiting.select_for_update()[:free]:
        Seat.objects.filter(pk=seat.pk).update(state=SeatState.SEATED, changed_at=Now())
        seat.refresh_from_db()
        meeting_letters.tell(seat)


@transaction.atomic
def key_in_proposition(
    meeting: MeetingPage, section: Section, written: propositions.Written, *, speaker: str, key: UUID, by: User
) -> Proposition:
    """Write what somebody proposed in the room: numbered, judged and closed as every proposition.

    ``speaker``: the name they gave; empty, the meeting speaks. Raises as ``propositions.file``.
    """
    consultation = policies.consultation_above(meeting)
    author = _speaker(meeting, speaker)
    filed = propositions.file(consultation, section, written, by=author, key=key, channel=Channel.MEETING, keyed_by=by)
    _came_from(meeting, by=by, proposition=filed)
    return filed


@transaction.atomic
def key_in_argument(
    meeting: MeetingPage, number: int, side: Side, text: str, *, speaker: str, key: UUID, by: User
) -> Argument:
    """Write what somebody argued in the room, under the proposition of this number. Raises as ``arguments.argue``."""
    consultation: Consultation = policies.consultation_above(meeting)
    author = _speaker(meeting, speaker)
    said = arguments.argue(consultation, number, side, text, by=author, key=key, channel=Channel.MEETING, keyed_by=by)
    _came_from(meeting, by=by, argument=said)
    return said


def _speaker(meeting: MeetingPage, name: str) -> Participant:
    """One row a name and meeting: nobody is known by a name said aloud."""
    shown = texts.line(name)[:80] or texts.line(meeting.title)[:80]
    spoke = Q(propositions__said_in__meeting=meeting) | Q(arguments__said_in__meeting=meeting)
    nobody = Participant.objects.filter(spoke, user=None, email_key=None, erased_at=None)
    known = nobody.filter(name=shown).first()
    return known or Participant.objects.create(name=shown)


def _came_from(meeting: MeetingPage, *, by: User, **what: Proposition | Argument) -> None:
    Said.objects.get_or_create(**what, defaults={"meeting": meeting})
    number = next(iter(what.values())).number
    record("meeting.keyed", meeting, by=by, number=number, kind=next(iter(what)))
