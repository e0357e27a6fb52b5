"""The refused lines as a file to correct and import again; no cell runs as a formula."""

import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

import spreadsheets
from feedback.importing.checking import Reject
from feedback.importing.sheet import Sheet


def refused_csv(rejects: Iterable[Reject], sheet: Sheet | None) -> str:
    """One row per refused line: its number, what is wrong, and its cells as they were when ``sheet`` is given."""
    problems: dict[int, list[str]] = {}
    for reject in rejects:
        problems.setdefault(reject.line, []).append(said(reject))
    cells = {row.rank: row.cells for row in sheet.rows} if sheet else {}
    file = io.StringIO()
    names = [_("Line"), _("What to correct"), *(sheet.names if sheet else [])]
    rows = (
        [line, " ".join(sentences), *_as_they_were(cells.get(line, []))] for line, sentences in sorted(problems.items())
    )
    spreadsheets.write(file, names, rows, separator=";")  # what a French spreadsheet opens without asking
    return file.getvalue()


def said(reject: Reject) -> str:
    """The column and the sentence, on one line."""
    if not reject.column:
        return reject.sentence
    return _("%(column)s: %(problem)s") % {"column": reject.column, "problem": reject.sentence}


def _as_they_were(cells: list[str]) -> list[str]:
    return [spreadsheets.restored(cell) for cell in cells]
