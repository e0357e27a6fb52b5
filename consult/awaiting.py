"""What waits for an address to be confirmed, whatever the room; packages above this one declare their acts here.

``actions.visiting`` keeps these acts and does them; the letter and the pages say what they are about.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from consult.choices import Awaited
from consult.models import Participant, VisitorAct

Typed = dict[str, Any]


@dataclass(frozen=True)
class Door:
    """An act of a package above: each callable reads what was typed.

    ``admit`` gives the phase that allows it now, in the caller's transaction, or raises ``PhaseClosed``. ``perform``
    does the very act that accounts do and gives the address where it stands. ``page`` is None once it is gone.
    """

    page: Callable[[Typed], Page | None]
    admit: Callable[[Typed], Any]
    perform: Callable[[Typed, Participant], str]
    said: Callable[[Typed], str]


_doors: dict[Awaited, Door] = {}
_lists: list[Callable[[Participant], list[dict[str, Any]]]] = []


def declare(kind: Awaited, door: Door) -> None:
    """Called when the apps are ready."""
    _doors[kind] = door


def declare_list(listing: Callable[[Participant], list[dict[str, Any]]]) -> None:
    """``listing(person)``: what they read again of theirs, as ``{"title", "rows": [{"label", "url", "where"}]}``."""
    _lists.append(listing)


def lists_of(person: Participant) -> list[dict[str, Any]]:
    return [one for listing in _lists for one in listing(person)]


def door_of(kind: str) -> Door | None:
    return _doors.get(Awaited(kind))


def typed_of(act: VisitorAct) -> Typed:
    return json.loads(act.typed) if act.typed else {}


def page_of(act: VisitorAct) -> Page | None:
    """The page of what was written to; None for a device, for what is confirmed above, and once it is gone."""
    if act.consultation:
        return act.consultation.page
    door, typed = door_of(act.kind), typed_of(act)
    return door.page(typed) if door and typed else None
