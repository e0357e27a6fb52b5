"""What must be there before a budget is made public, as an editor reads it. The ballot asks for more: ``readiness``."""

from collections.abc import Callable
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from consult.budgets.choices import BudgetPhaseKind
from consult.checklist import REASONABLE_TIME, Point, time_to_take_part

WRITING = (BudgetPhaseKind.IDEAS, BudgetPhaseKind.BALLOT)


class Asked(Protocol):
    """A ``BudgetPage``, or the draft of one."""

    lead: str
    procedure: str
    moderation: str
    contact_name: str
    contact_email: str
    contact_phone: str
    contact_address: str
    administration_id: int | None
    charter_id: int | None
    zone: ZoneInfo
    phases: Any
    envelopes: Any


def points(page: Asked) -> list[Point]:
    """The whole list, in the order of the form."""
    return [Point(field, words, bool(there(page))) for field, words, there in _POINTS]


def missing(page: Asked) -> list[Point]:
    """What keeps the budget from being made public."""
    return [point for point in points(page) if not point.is_there]


def _has_a_ballot(page: Asked) -> bool:
    return any(one.kind == BudgetPhaseKind.BALLOT and one.closes_at for one in page.phases.all())


def _has_time(page: Asked) -> bool:
    return time_to_take_part(page.phases.all(), kinds=WRITING) >= REASONABLE_TIME


def _can_be_asked(page: Asked) -> bool:
    return bool(page.contact_name and (page.contact_email or page.contact_phone or page.contact_address))


_POINTS: tuple[tuple[str, Promise, Callable[[Any], Any]], ...] = (
    ("administration", _("the administration that opens it"), lambda page: page.administration_id),
    ("lead", _("what is shared out, in two sentences"), lambda page: page.lead.strip()),
    ("envelopes", _("at least one envelope"), lambda page: [one for one in page.envelopes.all() if one.amount]),
    ("phases", _("a ballot phase, with its dates"), _has_a_ballot),
    ("phases", _("15 days at least to file ideas or to vote"), _has_time),
    ("procedure", _("the rules, in full sentences"), lambda page: strip_tags(page.procedure).strip()),
    ("charter", _("the charter of participation"), lambda page: page.charter_id),
    ("moderation", _("how ideas are moderated"), lambda page: page.moderation),
    ("contact_name", _("who answers questions, and how to reach them"), _can_be_asked),
)
