"""What the rooms tell about their contributions: they stand above, so they declare it here (``AppConfig.ready``)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from moderation.models import Case, Decision


@dataclass(frozen=True)
class Shown:
    """One contribution, as a moderator and the public basket need it. ``url`` is where it stands, "" when nowhere.

    ``number`` is how people name it (« Proposition #12 »); ``contact`` tells its author whom to write to.
    """

    title: str
    text: str
    author: str
    url: str
    filed_at: datetime
    context: str = ""
    number: str = ""
    contact: str = ""
    files: Sequence[tuple[str, str]] = ()  # title and address of each, for moderators


@dataclass(frozen=True)
class Kind:
    """``show(cases)`` gives one ``Shown`` per case key, in a few queries whatever their number.

    ``judged(case, decision)`` is called once ``case`` and the contribution have changed, in the same transaction: the
    room keeps its counters and promises the letter to the author there (``letters.tell_author``). Not called when a
    text that was shown is kept. The case is locked before the contribution: no room locks a case after its own rows.
    """

    name: str
    label: str | Promise
    show: Callable[[list[Case]], dict[int, Shown]]
    judged: Callable[[Case, Decision], None]


_kinds: dict[str, Kind] = {}


def declare(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind_of(case: Case) -> Kind:
    """Raises ``KeyError`` for a kind that no room declared."""
    return _kinds[case.kind]


def shown(cases: Iterable[Case]) -> dict[int, Shown]:
    """What these cases are about, by key, whatever their kinds. One without its contribution is left out."""
    by_kind: dict[str, list[Case]] = {}
    for case in cases:
        by_kind.setdefault(case.kind, []).append(case)
    return {key: one for kind, theirs in by_kind.items() for key, one in _kinds[kind].show(theirs).items()}
