"""Workbooks that offices save: Excel (.xlsx, .xlsb, .xls) and LibreOffice (.ods), read as rows of text."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, PasswordError, load_workbook

from spreadsheets import SheetRow, UnreadableTable

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def is_workbook(content: bytes) -> bool:
    """Whether these bytes are those of a workbook, or of another file in the same wrapping."""
    return content.startswith((ZIP, OLE))


def rows_of_workbook(content: bytes) -> list[SheetRow]:
    """The rows of the first sheet that holds something; blank rows are left out.

    Days are written 2026-01-31, whole numbers without a point. Raises ``UnreadableTable``.
    """
    try:
        workbook = load_workbook(io.BytesIO(content))
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if found := _told(rows):
                return found
    except PasswordError:
        raise UnreadableTable(_("This workbook is locked by a password. Remove it, then try again.")) from None
    except CalamineError:
        raise UnreadableTable(_("This workbook cannot be read. Save the table as CSV, then try again.")) from None
    raise UnreadableTable(_("This file is empty."))


def _told(rows: list[list[Any]]) -> list[SheetRow]:
    written = ([_cell(value) for value in row] for row in rows)
    return [SheetRow(rank, rank, cells) for rank, cells in enumerate(written, start=1) if any(cells)]


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value).strip()
