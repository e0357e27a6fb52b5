"""Calendars that people add to theirs (RFC 5545): phases and meetings, in the time zone of the consultation.

The same content gives the same bytes: the stamp of an event is when it last changed, never now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar
from icalendar import Event as Component

from consult.models import MeetingPage
from consult.public import MOVED, Asked
from journal.models import Entry

A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Event:
    """``uid`` never changes; ``sequence`` grows each time the event moves, so that calendars put it at its new date.

    Moments are aware, in the time zone in which people read them. ``is_busy``: one is there, a phase only goes on.
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    where: str = ""
    url: str = ""
    text: str = ""
    sequence: int = 0
    is_busy: bool = False


def uid_of(name: str) -> str:
    """``phase-…`` as an identifier that no other site gives."""
    return f"{name}@{urlsplit(settings.BASE_URL).hostname or 'cahier'}"


def written(events: Iterable[Event], *, name: str) -> bytes:
    """The calendar as a file, with the rules of its time zones."""
    events = list(events)
    calendar = Calendar()
    calendar.add("prodid", "-//Cahier//Consultations//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(_component(event))
    if events:
        first, last = min(one.starts_at for one in events), max(one.ends_at for one in events)
        calendar.add_missing_timezones(first_date=(first - A_YEAR).date(), last_date=(last + A_YEAR).date())
    return calendar.to_ical()


def _component(event: Event) -> Component:
    component = Component()
    component.add("uid", event.uid)
    component.add("dtstamp", event.changed_at)
    component.add("dtstart", event.starts_at)
    component.add("dtend", event.ends_at)
    component.add("summary", event.title)
    component.add("sequence", event.sequence)
    component.add("transp", "OPAQUE" if event.is_busy else "TRANSPARENT")
    for name, value in (("location", event.where), ("url", event.url), ("description", event.text)):
        if value:
            component.add(name, value)
    return component


def phases_of(asked: Asked, *, url: str) -> list[Event]:
    """Each phase; ``url`` is the page of the consultation."""
    moves = _moves(asked)
    zone, title = asked.page.zone, asked.page.title
    return [
        Event(
            uid=uid_of(f"phase-{phase.translation_key}"),
            title=f"{title} : {phase}",
            starts_at=phase.opens_at.astimezone(zone),
            ends_at=phase.closes_at.astimezone(zone),
            changed_at=max([asked.consultation.page.first_published_at or phase.opens_at, *moves]),
            url=url,
            text=phase.note,
            sequence=len(moves),
        )
        for phase in asked.phases
    ]


def _moves(asked: Asked) -> list[datetime]:
    """When dates of this consultation moved: each time, every event of it is one version older."""
    subject = {"subject_type": "consult.consultation", "subject_key": str(asked.consultation.pk)}
    return list(Entry.objects.filter(**subject, verb__in=MOVED).order_by("at").values_list("at", flat=True))


def meeting(found: MeetingPage, asked: Asked, *, url: str) -> Event:
    """A meeting, in the time zone of its consultation."""
    zone = asked.page.zone
    return Event(
        uid=uid_of(f"meeting-{found.pk}"),
        title=found.title,
        starts_at=found.starts_at.astimezone(zone),
        ends_at=found.ends_at.astimezone(zone),
        changed_at=found.last_published_at or found.first_published_at or found.starts_at,
        where=", ".join(part for part in (found.place, found.address) if part),
        url=url,
        text=found.intro,
        sequence=found.live_revision_id or 0,  # grows each time it is published anew
        is_busy=True,
    )
