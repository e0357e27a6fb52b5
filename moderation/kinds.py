"""What the rooms tell about their contributions: they stand above, so they declare it here (``AppConfig.ready``)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from moderation.models import Case


@dataclass(frozen=True)
class Shown:
    """One contribution, as a moderator and the public basket need it. ``url`` is where it stands, "" when nowhere."""

    title: str
    text: str
    author: str
    url: str
    filed_at: datetime
    context: str = ""


@dataclass(frozen=True)
class Kind:
    """``show(cases)`` gives one ``Shown`` per case key, in a few queries whatever their number.

    ``judged(case, decision)`` is called in the transaction that changed ``case.is_shown`` or took a decision: the room
    keeps its counters and promises the letter to the author there.
    """

    name: str
    label: str | Promise
    show: Callable[[list[Case]], dict[int, Shown]]
    judged: Callable[..., None]


_kinds: dict[str, Kind] = {}


def declare(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind_of(case: Case) -> Kind:
    """Raises ``KeyError`` for a kind that no room declared."""
    return _kinds[case.kind]
