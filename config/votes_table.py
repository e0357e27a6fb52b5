"""A file of votes that somebody hands to a command: one answer a line, ``participant,statement,vote``.

Read by lots, because such files have millions of lines. Whatever cannot be read raises
``UnreadableTable`` with one sentence that names the line.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _

import spreadsheets
from config.tables import UnreadableTable, content_of
from spreadsheets import restored
from tally import Votes

PERSON = ("participant", "participant_id", "participant-id", "voter-id", "voter_id", "voter", "personne", "votant")
STATEMENT = ("statement", "statement_id", "statement-id", "comment-id", "comment_id", "énoncé", "enonce", "proposition")
ANSWER = ("vote", "votes", "answer", "réponse", "reponse")
CHARACTERS, LINES = 1_000_000, 5_000  # at once
KINDS = (np.int32, np.int32, np.int8)
HEAD = 100_000  # characters in which a heading ends
SHOWN = 200  # characters of what somebody wrote, in a complaint

Columns = tuple[int, int, int]
Lot = Sequence[Sequence[str]]  # people, statements and answers as they are written


class _Codes(dict[str, int]):
    """Cells as they are written, each with the rank of the id it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: dict[str, int] = {}

    def __missing__(self, cell: str) -> int:
        id = restored(cell.strip())
        if not id:
            raise ValueError(cell)
        self[cell] = self.ids.setdefault(id, len(self.ids))
        return self[cell]


class _Answers(dict[str, int]):
    """Cells as they are written, each with the answer it holds."""

    def __missing__(self, cell: str) -> int:
        answer = float(restored(cell.strip()).replace("\u2212", "-").replace(",", "."))
        if answer not in (-1, 0, 1):
            raise ValueError(cell)
        self[cell] = int(answer)
        return self[cell]


def read_votes(path: str | Path) -> Votes:
    """The votes of a file. A heading names the columns (``participant``, ``statement``, ``vote``, or those of an export
    of Polis); without one they come in that order. A person who answers a statement twice is counted once: the last
    line counts. Raises ``UnreadableTable``.
    """
    content = spreadsheets.decoded(content_of(Path(path))).replace("\r\n", "\n").replace("\r", "\n")
    people, statements, answers = _Codes(), _Codes(), _Answers()
    found: tuple[list[np.ndarray], ...] = ([], [], [])
    try:
        for lot in _lots(content):
            for known, codes, cells, kind in zip((people, statements, answers), found, lot, KINDS, strict=True):
                codes.append(np.fromiter(map(known.__getitem__, cells), kind, len(cells)))
    except (ValueError, csv.Error):
        raise UnreadableTable(_complaint(content)) from None
    if not found[0]:
        raise UnreadableTable(_("This file holds no vote."))
    del content  # large, and no longer needed; so are the lots, once joined
    return Votes.from_codes(list(people.ids), list(statements.ids), *map(_joined, found))


def _joined(lots: list[np.ndarray]) -> np.ndarray:
    whole = np.concatenate(lots)
    lots.clear()
    return whole


def _reader(content: str) -> Iterator[list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), len(content)))
    return csv.reader(io.StringIO(content, newline=""), delimiter=spreadsheets.separator_of(content), strict=True)


def _lots(content: str) -> Iterator[Lot]:
    """The cells of the three columns, a lot of lines at a time; ValueError when a line has too many or too few."""
    end = len(content.rstrip("\n"))
    is_plain = '"' not in content and content[0] != "\n" and content.find("\n\n", 0, end) < 0
    reader = _reader(content[:HEAD] if is_plain else content)
    heading = next((row for row in reader if row), [])
    at, is_vote = _columns(heading)
    if is_plain:
        start = 0 if is_vote else content.find("\n") + 1 or end
        return _plain(content, start, end, len(heading), at)
    return _quoted(chain([heading] if is_vote else [], reader), len(heading), at)


def _plain(content: str, start: int, end: int, width: int, at: Columns) -> Iterator[Lot]:
    """Lines without quotation marks are cut all at once: five times quicker than one by one."""
    separator = spreadsheets.separator_of(content)
    while start < end:
        after = content.find("\n", start + CHARACTERS, end)
        after = end if after < 0 else after
        cells = content[start:after].replace("\n", f"{separator}\n{separator}").split(separator)
        ends = cells[width :: width + 1]
        if (len(cells) + 1) % (width + 1) or ends.count("\n") != len(ends):
            raise ValueError("lines of several widths")
        yield cells[at[0] :: width + 1], cells[at[1] :: width + 1], cells[at[2] :: width + 1]
        start = after + 1


def _quoted(reader: Iterator[list[str]], width: int, at: Columns) -> Iterator[Lot]:
    while rows := [row for row in islice(reader, LINES) if row]:
        if set(map(len, rows)) != {width}:
            raise ValueError("lines of several widths")
        yield tuple([row[column] for row in rows] for column in at)


def _columns(heading: list[str]) -> tuple[Columns, bool]:
    """Where the three columns are, and whether the first row is a vote rather than a heading."""
    if len(heading) == 3 and _is_answer(heading[2]):
        return (0, 1, 2), True
    names = [cell.strip().lower() for cell in heading]
    person, statement, answer = (_index(names, known) for known in (PERSON, STATEMENT, ANSWER))
    return (person, statement, answer), False


def _index(names: Sequence[str], known: Sequence[str]) -> int:
    found = next((name for name in known if name in names), None)
    if found is None:
        raise UnreadableTable(
            _("There is no column “%(name)s”. The columns are: %(columns)s.")
            % {"name": known[0], "columns": _shortened(", ".join(names))}
        )
    return names.index(found)


def _is_answer(cell: str) -> bool:
    try:
        return _Answers()[cell] in (-1, 0, 1)
    except ValueError:
        return False


def _complaint(content: str) -> str:
    """What is wrong on the first line that cannot be read: the file is gone through again, a line at a time."""
    reader = _reader(content)
    try:
        heading = next(row for row in reader if row)
        at, is_vote = _columns(heading)
        for row in chain([heading] if is_vote else [], reader):
            if row and (fault := _fault(row, at, len(heading))):
                return _("Line %(line)d: %(fault)s") % {"line": reader.line_num, "fault": fault}
    except csv.Error:
        pass  # said below, with the line the reader stopped at
    return _("Line %(line)d is not valid CSV: check its quotation marks.") % {"line": reader.line_num}


def _fault(row: list[str], at: Columns, width: int) -> str:
    """What is wrong with a row; nothing when it is a vote."""
    if len(row) != width:
        return _("%(found)d cells where the heading has %(expected)d.") % {"found": len(row), "expected": width}
    person, statement, answer = (row[column] for column in at)
    if not restored(person.strip()):
        return _("the participant is missing.")
    if not restored(statement.strip()):
        return _("the statement is missing.")
    if not _is_answer(answer):
        return _("the vote is “%(vote)s”; it must be 1, 0 or -1.") % {"vote": _shortened(answer)}
    return ""


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[:SHOWN] + "…"
