"""The table as it was saved: names of columns, rows with the number that a spreadsheet shows beside them."""

import re
from collections import Counter
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

import spreadsheets
from feedback.errors import RuleBroken
from spreadsheets import SheetRow, UnreadableTable

MOST_MEGABYTES = 10
MOST_LINES = 20_000
MOST_COLUMNS = 100
HEADING = 80  # characters: a longer first cell is a text, not a heading


class NotATable(RuleBroken):
    """The file cannot be read as a table; ``str(error)`` says why and what to do."""


@dataclass(frozen=True)
class Sheet:
    """``names`` are never empty and never twice the same."""

    names: list[str]
    rows: list[SheetRow]

    def cell(self, row: SheetRow, name: str | None) -> str:
        """What stands in this column, without blanks around; empty when the row is shorter or nothing is chosen."""
        at = self.names.index(name) if name else len(row.cells)
        return spreadsheets.restored(row.cells[at]).strip() if at < len(row.cells) else ""


def text_of(content: bytes) -> str:
    """The file as text, whatever its encoding. Raises ``NotATable``."""
    if len(content) > MOST_MEGABYTES * 1024 * 1024:
        raise NotATable(
            _("This file is too large: %(size)d MB at most. Cut it in several files.") % {"size": MOST_MEGABYTES}
        )
    try:
        return spreadsheets.decoded(content)
    except UnreadableTable as unreadable:
        raise NotATable(str(unreadable)) from unreadable


def read(text: str) -> Sheet:
    """The table. Raises ``NotATable``."""
    try:
        rows = spreadsheets.rows_of(text, most=MOST_LINES + 2)
    except UnreadableTable as unreadable:
        raise NotATable(str(unreadable)) from unreadable
    return _sheet(rows)


def _sheet(rows: list[SheetRow]) -> Sheet:
    if not rows:
        raise NotATable(_("This file is empty."))
    names = [" ".join(cell.split()) for cell in rows[0].cells]
    if any("\x00" in name for name in names) or len(names) > MOST_COLUMNS:
        raise NotATable(_("This is not a table of texts. Save it as CSV, then try again."))
    if not _is_heading(names):
        raise NotATable(_("The first line must give the names of the columns."))
    if len(rows) == 1:
        raise NotATable(_("This file holds the names of the columns, and no line under them."))
    if len(rows) > MOST_LINES + 1:
        limit = number_format(MOST_LINES, force_grouping=True)
        raise NotATable(
            _("This file has too many lines: %(limit)s at most. Cut it in several files.") % {"limit": limit}
        )
    return Sheet(_told_apart(names), rows[1:])


def _is_heading(names: list[str]) -> bool:
    are_short = all(len(name) <= HEADING for name in names)
    return are_short and any(re.search(r"[^\W\d_]", name) for name in names)


def _told_apart(names: list[str]) -> list[str]:
    """Column without a name: its rank. Same name again: followed by how many times it came."""
    told: list[str] = []
    seen: Counter[str] = Counter()
    for rank, name in enumerate(names, start=1):
        shown = name or _("Column %(rank)d") % {"rank": rank}
        seen[shown] += 1
        while shown in told:
            shown = f"{name} ({seen[name]})"
            seen[name] += 1
        told.append(shown)
    return told
