"""From what stands in a cell to what a fiche holds; each raises ``Refused`` with a sentence for the person."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_noop

from directory.models import Office
from feedback import intake_text
from feedback.importing.columns import plain

OLDEST_YEAR = 1950
STEP_LIMIT = 120
QUOTED = 40  # characters of a cell that a sentence quotes, masked
DAY_FIRST = re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})(?:[ T].*)?", re.ASCII)
YEAR_FIRST = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[ T].*)?", re.ASCII)
NOTE = re.compile(r"(?P<note>[1-5])(?:[.,]0+)?(?:\s*/\s*5)?", re.ASCII)
YES = {"oui", "o", "yes", "y", "vrai", "true", "1", "x"}
NO = {"", "non", "n", "no", "faux", "false", "0"}


class Refused(Exception):
    """This cell cannot be taken. ``problem`` is a message to translate for whoever reads it, with its ``values``."""

    def __init__(self, problem: str, **values: Any) -> None:
        super().__init__(problem, values)
        self.problem, self.values = problem, values


def quoted(cell: str) -> str:
    """The beginning of a cell, masked, on one line: people must find it again, nobody must read more."""
    line = " ".join(cell.split())
    return intake_text.masked_line(line if len(line) <= QUOTED else line[: QUOTED - 1] + "…")


def text(cell: str) -> str:
    words = intake_text.tidied(cell)
    if not words:
        raise Refused(gettext_noop("The text is missing."))
    if len(words) > intake_text.TEXT_LIMIT:
        raise Refused(gettext_noop("The text is too long: %(limit)d characters at most."), limit=intake_text.TEXT_LIMIT)
    return words


def day(cell: str) -> date | None:
    """A day that has come, written 31/12/2025 or 2025-12-31, with or without the hour."""
    if not cell:
        return None
    match = DAY_FIRST.fullmatch(cell) or YEAR_FIRST.fullmatch(cell)
    if match is None:
        raise Refused(
            gettext_noop("“%(cell)s” is not a date. Write it like 31/12/2025 or 2025-12-31."), cell=quoted(cell)
        )
    try:
        found = date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        raise Refused(gettext_noop("The date “%(cell)s” does not exist."), cell=quoted(cell)) from None
    if found > timezone.localdate():
        raise Refused(gettext_noop("The date “%(cell)s” has not come yet."), cell=quoted(cell))
    if found.year < OLDEST_YEAR:
        raise Refused(gettext_noop("The date “%(cell)s” is too far back."), cell=quoted(cell))
    return found


def office(cell: str, offices: Mapping[str, Office]) -> Office | None:
    if cell and plain(cell) not in offices:
        raise Refused(gettext_noop("No office of this service is called “%(cell)s”."), cell=quoted(cell))
    return offices[plain(cell)] if cell else None


def satisfaction(cell: str) -> int | None:
    match = NOTE.fullmatch(cell)
    if cell and match is None:
        raise Refused(gettext_noop("Satisfaction goes from 1 to 5: “%(cell)s” cannot be read."), cell=quoted(cell))
    return int(match["note"]) if match else None


def step(cell: str) -> str:
    if len(cell) > STEP_LIMIT:
        raise Refused(gettext_noop("The step is too long: %(limit)d characters at most."), limit=STEP_LIMIT)
    return cell


def email(cell: str) -> str:
    try:
        if cell:
            validate_email(cell)
    except ValidationError:
        raise Refused(gettext_noop("The e-mail address is not complete.")) from None
    return cell


def wish(cell: str) -> bool:
    if cell.lower() not in YES | NO:
        raise Refused(gettext_noop("Write yes or no: “%(cell)s” cannot be read."), cell=quoted(cell))
    return cell.lower() in YES
