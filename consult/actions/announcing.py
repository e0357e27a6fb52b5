"""Dates made public, and moved in front of everybody: of a consultation, or of a budget.

What is ``asked`` here keeps ``announced``, the dates as they were last made public, by translation key of the phase.
Its page has ``phases``, ``zone`` and ``dates_reason``.
"""

from collections.abc import Iterable
from datetime import UTC, timedelta
from math import ceil
from typing import Any

from django.utils import timezone

from accounts.models import User
from consult.errors import ReasonMissing
from journal.actions import record

WEEK = timedelta(weeks=1)
BEFORE_A_COPY_OPENS = timedelta(weeks=2)


def announce(asked: Any, phases: Iterable[Any], *, reason: str, by: User | None, first: str, moved: str) -> None:
    """Write what moved in the journal, and keep the dates as they are now public. Raises ``ReasonMissing``.

    ``first``: the verb of the first time; ``moved``: how the verbs begin that end with moved, added and removed.
    """
    before = asked.announced
    after = {str(phase.translation_key): as_announced(phase) for phase in phases}
    if not before:
        record(first, asked, by=by, phases=list(after.values()))
    else:
        said = moves(before, after)
        if said and not reason.strip():
            raise ReasonMissing
        for verb, was, now in said:
            record(moved + verb.partition(".")[2], asked, by=by, before=was, after=now, reason=reason)
    if before != after:
        asked.announced = after
        asked.save(update_fields=["announced"])


def as_announced(phase: Any) -> dict[str, str]:
    """A phase as it was made public: its kind, and its two moments in UTC."""
    return {"kind": phase.kind, "title": phase.title, **dates_of(phase)}


def dates_of(phase: Any) -> dict[str, str]:
    return {name: getattr(phase, name).astimezone(UTC).isoformat() for name in ("opens_at", "closes_at")}


def moves(before: dict[str, dict], after: dict[str, dict]) -> list[tuple[str, dict | None, dict | None]]:
    """What changed between two sets of announced phases: verb, before, after. A new title moves nothing."""
    moved = [
        ("phase.moved", before[key], now)
        for key, now in after.items()
        if key in before and _moments(before[key]) != _moments(now)
    ]
    added = [("phase.added", None, now) for key, now in after.items() if key not in before]
    removed = [("phase.removed", was, None) for key, was in before.items() if key not in after]
    return moved + added + removed


def _moments(announced: dict) -> tuple[str, str, str]:
    return announced["kind"], announced["opens_at"], announced["closes_at"]


def put_off(draft: Any) -> int:
    """Make the dates of a draft later, so that it opens in two weeks at least. How many whole weeks.

    Days of the week and hours on the wall stay what they were.
    """
    later = list(draft.phases.all())
    weeks = _weeks_to_come(later)
    for phase in later:
        for name in ("opens_at", "closes_at"):
            setattr(phase, name, getattr(phase, name).astimezone(draft.zone) + weeks * WEEK)
    draft.phases.set(later)
    return weeks


def _weeks_to_come(phases: list[Any]) -> int:
    opening = [phase.opens_at for phase in phases]
    if not opening:
        return 0
    return max(0, ceil((timezone.now() + BEFORE_A_COPY_OPENS - min(opening)) / WEEK))


def keep_as_draft(page: Any, draft: Any, *, by: User) -> None:
    """Keep what was made of a copied page: a draft, which nothing publishes by itself."""
    draft.dates_reason = ""
    draft.go_live_at = draft.expire_at = None
    if page.live:
        page.unpublish(user=by)
        draft.live = False
    draft.save()
    draft.save_revision(user=by, changed=False)
