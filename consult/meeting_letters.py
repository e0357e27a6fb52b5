"""Letters to those who come to a meeting: registered, waiting, let in, moved, cancelled; and the day before.

The outbox holds keys only: words are put together when the letter leaves, from what is then true.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import phases, policies, recipients
from consult.choices import SeatState
from consult.models import MeetingPage, Seat
from letters.actions import promise
from letters.models import Letter
from letters.renderers import Message, from_templates
from letters.topics import Topic
from pages.dates import clock, full_date

SEAT, REMINDER = "consult.seat", "consult.meeting_reminder"
TOPIC = Topic(
    "consult.meetings",
    gettext_lazy("Meetings for which you register"),
    gettext_lazy("Always sent: your registration, a change of date or place, a reminder the day before."),
    (SEAT, REMINDER),
)
_SALT = "consult.seat"
AHEAD = timedelta(hours=49)  # seen from midnight, « tomorrow » is over then, even where clocks go back


def token_of(seat: Seat) -> str:
    """What opens one's registration from the letter, without an account."""
    return signing.dumps(seat.pk, salt=_SALT)


def seat_behind(token: str) -> int | None:
    """The key of the registration; None for anything that we did not sign."""
    try:
        return signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None


def tell(seat: Seat, *, about: str = "") -> None:
    """Promise a letter that says where this registration stands; one for each change."""
    _promise(SEAT, seat, campaign=f"{SEAT}:{seat.pk}:{about or seat.changed_at.timestamp()}")


def tell_all(meeting: MeetingPage) -> None:
    """The meeting moved, or is cancelled: everybody who comes or waits hears of it."""
    about = f"{meeting.starts_at.timestamp()}:{bool(meeting.cancelled_reason)}:{meeting.live_revision_id}"
    for seat in Seat.objects.filter(meeting=meeting).exclude(state=SeatState.LEFT).select_related("participant__user"):
        tell(seat, about=about)


def remind() -> int:
    """Promise the letters of the day before, where it is now the day before and past nine; how many. Twice: once."""
    now = phases.clock()
    soon = MeetingPage.objects.live().filter(
        starts_at__gt=Now(), starts_at__lt=now + AHEAD, cancelled_reason="", takes_registrations=True
    )
    due = [one for one in soon if _is_eve(one, now)]
    seats = Seat.objects.filter(meeting__in=due, state=SeatState.SEATED).select_related("participant__user", "meeting")
    for seat in seats:
        _promise(REMINDER, seat, campaign=f"{REMINDER}:{seat.meeting_id}:{seat.meeting.starts_at.date()}")
    return len(seats)


def _is_eve(meeting: MeetingPage, now: object) -> bool:
    local = timezone.localtime(now, meeting.zone)
    begins = timezone.localtime(meeting.starts_at, meeting.zone)
    return begins.date() - local.date() == timedelta(days=1) and local.hour >= 9


def _promise(kind: str, seat: Seat, *, campaign: str) -> None:
    if address := recipients.address_of(seat.participant):
        promise(kind, key=seat.pk, campaign=campaign, recipient=address, address=address, language="fr")


def render_seat(letter: Letter) -> Message:
    """Where this registration stands now."""
    seat = _seat(letter)
    words = {
        SeatState.SEATED: _("You are registered: %(meeting)s"),
        SeatState.WAITING: _("You are on the waiting list: %(meeting)s"),
        SeatState.LEFT: _("Your seat is given back: %(meeting)s"),
    }
    subject = _("Cancelled: %(meeting)s") if seat.meeting.cancelled_reason else words[SeatState(seat.state)]
    return _message("consult_seat", seat, subject % {"meeting": seat.meeting.title})


def render_reminder(letter: Letter) -> Message:
    seat = _seat(letter)
    return _message("consult_meeting_reminder", seat, _("Tomorrow: %(meeting)s") % {"meeting": seat.meeting.title})


def _seat(letter: Letter) -> Seat:
    return Seat.objects.select_related("meeting", "participant").get(pk=letter.key)


def _message(template: str, seat: Seat, subject: str) -> Message:
    meeting, page = seat.meeting, policies.consultation_above(seat.meeting).page
    with timezone.override(page.zone):
        context = {
            "meeting": meeting,
            "page": page,
            "is_seated": seat.state == SeatState.SEATED,
            "is_waiting": seat.state == SeatState.WAITING,
            "day": full_date(meeting.starts_at),
            "hour": clock(meeting.starts_at),
            "url": settings.BASE_URL + meeting.get_absolute_url(),
            "leave_url": settings.BASE_URL + reverse("consult:seat", args=[token_of(seat)]),
        }
        return from_templates(template, subject=subject, context=context)


RENDERERS = {SEAT: render_seat, REMINDER: render_reminder}
