"""A meeting in words: when, where, how many seats are left, where one's registration stands."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.choices import SeatState
from consult.models import MeetingPage, Seat
from consult.public import Asked
from consult.views import page_words
from pages.dates import clock, full_date, short_date


def address(name: str, asked: Asked, meeting: MeetingPage, /) -> str:
    return reverse(f"consult:{name}", args=[asked.consultation.page.slug, meeting.slug])


def crumbs(asked: Asked, meeting: MeetingPage, here: str = "") -> list[dict[str, str]]:
    above = [{"label": asked.page.title, "url": page_words.address("consultation", asked)}]
    if here:
        return [*above, {"label": meeting.title, "url": address("meeting", asked, meeting)}, {"label": here}]
    return [*above, {"label": meeting.title}]


def when(meeting: MeetingPage) -> str:
    """« samedi 14 mars 2026, de 9 h à 12 h 30 »; the second day is told when there is one."""
    begins, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    told = {"day": full_date(begins), "from": clock(begins), "to": clock(ends)}
    if begins.date() == ends.date():
        return _("%(day)s, from %(from)s to %(to)s") % told
    return _("%(first)s to %(last)s") % {
        "first": page_words.moment(begins),
        "last": page_words.moment(ends),
    }


def short(meeting: MeetingPage) -> str:
    """« 14 mars, 9 h, salle des fêtes »."""
    begins = timezone.localtime(meeting.starts_at)
    told = _("%(day)s, %(hour)s") % {"day": short_date(begins), "hour": clock(begins)}
    return f"{told}, {meeting.place}" if meeting.place else told


def state(meeting: MeetingPage, at: datetime) -> dict[str, str]:
    """The pill: to come, now, over, cancelled."""
    if meeting.cancelled_reason:
        return {"state": "refused", "label": _("Cancelled")}
    if at < meeting.starts_at:
        return {"state": "coming", "label": _("To come")}
    if at < meeting.ends_at:
        return {"state": "open", "label": _("Going on now")}
    return {"state": "closed", "label": _("Over")}


def seats(meeting: MeetingPage, taken: int) -> str:
    """How many seats are left, out of how many."""
    if meeting.capacity is None:
        return ngettext("%(n)d person registered", "%(n)d people registered", taken) % {"n": taken}
    left = max(0, meeting.capacity - taken)
    told = {"n": left, "all": meeting.capacity}
    if not left:
        return _("All %(all)d seats are taken. You may register on the waiting list.") % told
    return ngettext("%(n)d seat left out of %(all)d", "%(n)d seats left out of %(all)d", left) % told


def mine(seat: Seat | None) -> dict[str, Any] | None:
    """Where this registration stands, for its owner alone."""
    if seat is None or seat.state == SeatState.LEFT:
        return None
    if seat.state == SeatState.SEATED:
        return {"kind": "success", "title": _("You are registered."), "is_seated": True}
    text = _("You will have the first seat given back, and a letter.")
    return {"kind": "warning", "title": _("You are on the waiting list."), "text": text, "is_seated": False}
