"""The files of ``demo/``, with their dates brought near today."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

FOLDER = settings.ROOT / "demo"
_WRITTEN_ON = date(2026, 11, 21)
_FRESH = timedelta(days=30)  # so long, the dates told in the texts and those of the rows still agree


def read(name: str) -> Any:
    """The content of ``demo/NAME.json``."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def read_lines(name: str) -> list[dict[str, Any]]:
    """The objects of ``demo/NAME.jsonl``, in order."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


def day(written: str | None) -> date | None:
    """A date of the files; once they are old, as if the texts had been written today."""
    if not written:
        return None
    since = timezone.localdate() - _WRITTEN_ON
    return date.fromisoformat(written) + (since if since > _FRESH else timedelta())


def last_day() -> date:
    """The last day of the story: today, while what happened in its last week is of the last days."""
    return min(timezone.localdate(), day(_WRITTEN_ON.isoformat()) + timedelta(days=2))


def moment(written: str) -> datetime:
    """The same, at ten o'clock."""
    return timezone.make_aware(datetime.combine(day(written), time(10)))


def days_later(start: date, days: int) -> date:
    return start + timedelta(days=days)
