"""A file as a table: CSV in any usual encoding and separator, or JSON whose objects are laid flat."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

import spreadsheets
from consult.errors import RuleBroken
from spreadsheets import UnreadableTable

MOST_BYTES = 20 * 1024 * 1024
MOST_LINES = 20_000


class NotATable(RuleBroken):
    """The file cannot be read; ``str(error)`` says why and what to do."""


@dataclass(frozen=True)
class Row:
    """``rank`` is what a spreadsheet shows beside the line, or the place of the object in a JSON file."""

    rank: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    names: list[str]
    rows: list[Row]


def text_of(content: bytes) -> str:
    """The file as text, whatever its encoding. Raises ``NotATable``."""
    if len(content) > MOST_BYTES:
        raise NotATable(_("This file is too large: 20 MB at most. Cut it in several files."))
    try:
        return spreadsheets.decoded(content)
    except UnreadableTable as unreadable:
        raise NotATable(str(unreadable)) from unreadable


def read(text: str) -> Table:
    """The table. Raises ``NotATable``."""
    if "\x00" in text:
        raise NotATable(_("This is not a table of texts. Save it as CSV, then try again."))
    table = _objects(text) if text.lstrip()[:1] in {"[", "{"} else _lines(text)
    if not table.rows:
        raise NotATable(_("This file holds no line."))
    if len(table.rows) > MOST_LINES:
        raise NotATable(_("This file has more than 20,000 lines. Cut it in several files."))
    return table


def _lines(text: str) -> Table:
    try:
        rows = spreadsheets.rows_of(text, most=MOST_LINES + 2)
    except UnreadableTable as unreadable:
        raise NotATable(str(unreadable)) from unreadable
    if not rows:
        raise NotATable(_("This file is empty."))
    names = [" ".join(cell.split()) for cell in rows[0].cells]
    found = []
    for row in rows[1:]:
        cells = [spreadsheets.restored(cell).strip() for cell in row.cells]
        found.append(Row(row.rank, {name: cell for name, cell in zip(names, cells, strict=False) if name}))
    return Table([name for name in dict.fromkeys(names) if name], found)


def _objects(text: str) -> Table:
    """``{"title": {"fr": "…"}}`` becomes a column ``title/fr``, as Decidim names it in its CSV."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise NotATable(_("This file is not valid JSON.")) from None
    if isinstance(told, dict):
        told = next((value for value in told.values() if isinstance(value, list)), [])
    if not all(isinstance(one, dict) for one in told):
        raise NotATable(_("This JSON file is not a list of objects."))
    rows = [Row(rank, dict(_flat(one))) for rank, one in enumerate(told, start=1)]
    return Table(list(dict.fromkeys(name for row in rows for name in row.cells)), rows)


def _flat(told: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for name, value in told.items():
        if isinstance(value, dict) and depth < 4:
            yield from _flat(value, f"{prefix}{name}/", depth + 1)
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            yield f"{prefix}{name}", str(value).strip()
