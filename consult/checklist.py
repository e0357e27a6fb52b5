"""What must be there before a consultation opens: article L131-1 of the CRPA, and what people need to take part.

L131-1: the administration makes public the procedure, gives the information that serves, leaves a reasonable time,
and sees that the results, or the follow-up planned, are published in time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from consult.choices import TAKING_PART, Level
from consult.maps import seeds
from consult.models import ListPlace

REASONABLE_TIME = timedelta(days=15)


class Asked(Protocol):
    """A ``ConsultationPage``, or the draft of one."""

    pk: Any
    lead: str
    body: Any
    procedure: str
    moderation: str
    contact_name: str
    contact_email: str
    contact_phone: str
    contact_address: str
    administration_id: int | None
    charter_id: int | None
    follow_up_due: date | None
    has_map: bool
    map_seeds: str
    zone: ZoneInfo
    phases: Any
    sections: Any


@dataclass(frozen=True)
class Point:
    """One line of the list: what must be there, where it is typed, and whether it is there."""

    field: str
    words: str | Promise
    is_there: bool


def points(page: Asked) -> list[Point]:
    """The whole list, in the order of the form."""
    return [Point(field, words, bool(there(page))) for field, words, there in _POINTS]


def missing(page: Asked) -> list[Point]:
    """What keeps the consultation from opening."""
    return [point for point in points(page) if not point.is_there]


def time_to_take_part(phases: Iterable[Any], *, kinds: Sequence[str] = TAKING_PART) -> timedelta:
    """How long at least one phase lets people write, gaps left out, days counted once where phases overlap."""
    spans = sorted((one.opens_at, one.closes_at) for one in phases if one.kind in kinds and _is_dated(one))
    total, reached = timedelta(), None
    for opens_at, closes_at in spans:
        begins = opens_at if reached is None else max(opens_at, reached)
        if closes_at > begins:
            total += closes_at - begins
            reached = closes_at
    return total


def _is_dated(phase: Any) -> bool:
    return bool(phase.opens_at and phase.closes_at)


def _has_time(page: Asked) -> bool:
    return time_to_take_part(page.phases.all()) >= REASONABLE_TIME


def _follows_up(page: Asked) -> bool:
    closings = [one.closes_at for one in page.phases.all() if one.kind in TAKING_PART and one.closes_at]
    if page.follow_up_due is None or not closings:
        return page.follow_up_due is not None
    return page.follow_up_due >= max(closings).astimezone(page.zone).date()


def _has_enough_seeds(page: Asked) -> bool:
    return not page.has_map or len(seeds.lines(page.map_seeds)) >= seeds.LEAST


def _names_people(page: Asked) -> bool:
    """A phase open to a list wants one: nobody could take part."""
    if all(one.level != Level.LISTED for one in page.phases.all()):
        return True
    return ListPlace.objects.filter(consultation__page=page.pk).exists()


def _can_be_asked(page: Asked) -> bool:
    return bool(page.contact_name and (page.contact_email or page.contact_phone or page.contact_address))


_POINTS: tuple[tuple[str, Promise, Callable[[Any], Any]], ...] = (
    ("administration", _("the administration that consults"), lambda page: page.administration_id),
    ("lead", _("what is at stake, in two sentences"), lambda page: page.lead.strip()),
    ("body", _("the file: at least one text or document"), lambda page: len(page.body)),
    ("sections", _("at least one section"), lambda page: len(page.sections.all())),
    ("map_seeds", _("seven statements at least, for an opinion map"), _has_enough_seeds),
    ("phases", _("15 days at least to take part"), _has_time),
    ("level", _("the people of the list, where a phase is open to a list"), _names_people),
    ("procedure", _("the procedure followed, and the rules"), lambda page: strip_tags(page.procedure).strip()),
    ("charter", _("the charter of participation"), lambda page: page.charter_id),
    ("moderation", _("how contributions are moderated"), lambda page: page.moderation),
    ("contact_name", _("who answers questions, and how to reach them"), _can_be_asked),
    ("follow_up_due", _("the date of the follow-up, after the end of participation"), _follows_up),
)
