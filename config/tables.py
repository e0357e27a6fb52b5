"""Files of texts that people hand to a command: read whatever they saved, write what spreadsheets cannot run.

Reading: CSV, TSV, JSONL, a JSON list, plain lines, Excel or LibreOffice workbooks; encoding and separator are
recognised. Whatever cannot be read raises ``UnreadableTable`` with one sentence for the person at the keyboard.
Writing: UTF-8 CSV (RFC 4180) in which no cell begins a formula; reading it again gives the same texts.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

import spreadsheets
from spreadsheets import SheetRow, UnreadableTable, harmless, restored
from spreadsheets.workbooks import is_workbook, rows_of_workbook

__all__ = [
    "Broken",
    "Row",
    "UnreadableTable",
    "column_names",
    "content_of",
    "harmless",
    "read_texts",
    "restored",
    "write_table",
]

TEXT_NAMES = (
    *(
        "text",
        "texte",
        "masked_text",
        "message",
        "verbatim",
        "commentaire",
        "commentaires",
        "comment",
        "avis",
    ),
    *("contenu", "content", "body", "description", "expression", "fiche", "reponse", "réponse", "argument"),
)
ID_NAMES = ("id", "identifiant", "reference", "référence", "ref", "uuid", "numero", "numéro", "number", "n°")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
SAMPLE = 200  # rows looked at to guess a column
BROKEN = 0.05  # share of a file's lines that may be left aside; more is another kind of file
HEADING = 80  # characters: a longer first cell is a text, not a heading


@dataclass(frozen=True, slots=True)
class Row:
    """One text of the file. ``context`` holds the cells asked for, in the order asked."""

    id: str
    text: str
    context: tuple[str, ...] = ()


class Broken(list[int]):
    """Numbers of the lines that could not be read and were left aside, for whoever asked to go on without them."""


Records = tuple[list[str], list[list[str]]]


def read_texts(
    path: str | Path,
    *,
    text: str | None = None,
    id: str | None = None,
    context: Sequence[str] = (),
    broken: Broken | None = None,
) -> list[Row]:
    """One ``Row`` per record, in the order of the file, empty texts included.

    ``text``, ``id`` and ``context`` name columns. Without ``text``, the column is recognised by its name,
    else the one with the longest cells. Without ``id``, a column named like one and holding no double,
    else the rank of the record, from 1. A line that cannot be read refuses the file; with ``broken``, up to 5 %
    of them are left aside and their numbers put there. Raises ``UnreadableTable``.
    """
    path = Path(path)
    names, records = _records(path, Broken() if broken is None else broken, most=0 if broken is None else BROKEN)
    if not records:
        raise UnreadableTable(_("This file holds no text."))
    at_text = _index(names, text) if text else _text_column(names, records)
    at_id = _index(names, id) if id else _id_column(names, records)
    at_context = [_index(names, name) for name in context]
    return [
        Row(
            id=str(rank) if at_id is None else record[at_id],
            text=record[at_text],
            context=tuple(record[at] for at in at_context),
        )
        for rank, record in enumerate(records, start=1)
    ]


def column_names(path: str | Path) -> list[str]:
    """What the columns of a file are called; lines that cannot be read are not complained about here."""
    return _records(Path(path), Broken(), most=1.0)[0]


def _records(path: Path, broken: Broken, *, most: float) -> Records:
    """Names of the columns and cells of each record; ``most`` is the share of broken lines that is bearable."""
    raw = content_of(path)
    if is_workbook(raw):
        return _table(rows_of_workbook(raw), broken, most)
    content = spreadsheets.decoded(raw)
    if not content.strip():
        raise UnreadableTable(_("This file is empty."))
    if path.suffix.lower() in {".json", ".jsonl", ".ndjson"} or content.lstrip()[:2] in {'{"', "[{"}:
        return _json_records(content, broken, most)
    if path.suffix.lower() == ".txt":
        return ["text"], [[line] for line in re.split(r"\r\n|\n|\r", content) if line.strip()]
    return _table(spreadsheets.rows_of(content), broken, most)


def write_table(path: str | Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """UTF-8 CSV whose text cells cannot run as formulas; ``read_texts`` gives the same texts back."""
    with Path(path).open("w", encoding="utf-8", errors="replace", newline="") as file:
        spreadsheets.write(file, header, rows)


def content_of(path: Path) -> bytes:
    """The bytes of a file that holds something; ``UnreadableTable`` otherwise."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableTable(_("There is no file named “%(name)s”.") % {"name": path}) from None
    except IsADirectoryError:
        raise UnreadableTable(_("“%(name)s” is a folder, not a file.") % {"name": path}) from None
    except OSError as error:
        raise UnreadableTable(
            _("“%(name)s” cannot be opened: %(reason)s.") % {"name": path, "reason": error.strerror}
        ) from None
    if not content.strip():
        raise UnreadableTable(_("This file is empty."))
    return content


def _json_records(content: str, broken: Broken, most: float) -> Records:
    names: dict[str, None] = {}
    items: list[dict[str, Any]] = []
    faults: list[UnreadableTable] = []
    for line, value in _json_values(content):
        try:
            items.append(_json_object(value(), line))
        except UnreadableTable as fault:
            broken.append(line)
            faults.append(fault)
            continue
        names.update(dict.fromkeys(items[-1]))
    _bear(faults, len(items) + len(faults), most)
    return list(names), [[_json_cell(item.get(name)) for name in names] for item in items]


def _bear(faults: list[UnreadableTable], lines: int, most: float) -> None:
    """Nothing when few enough lines are broken, else the first complaint."""
    if faults and len(faults) > most * lines:
        raise faults[0]


def _json_values(content: str) -> Iterable[tuple[int, Callable[[], Any]]]:
    """Each record with its number, not parsed yet when it is a line; the items of a list come together."""
    if content.lstrip().startswith("["):
        for rank, item in enumerate(_json_value(content, 1), start=1):
            yield rank, partial(_as_is, item)
        return
    for number, line in enumerate(content.split("\n"), start=1):
        if line.strip():
            yield number, partial(_json_value, line, number)


def _as_is(item: Any) -> Any:
    return item


def _json_object(value: Any, line: int) -> dict[str, Any]:
    if isinstance(value, str):
        return {"text": value}
    if not isinstance(value, dict):
        raise UnreadableTable(_("Line %(line)d is not a JSON object.") % {"line": line})
    return value


def _json_value(source: str, line: int) -> Any:
    try:
        return json.loads(source)
    except (ValueError, RecursionError):
        raise UnreadableTable(_("Line %(line)d is not valid JSON.") % {"line": line}) from None


def _json_cell(value: Any) -> str:
    if value is None:
        return ""
    cell = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return LONE_SURROGATE.sub("\ufffd", cell)


def _table(rows: list[SheetRow], broken: Broken, most: float) -> Records:
    names = [cell.strip() for cell in rows[0].cells] if rows else []
    if _is_heading(names):
        rows = rows[1:]
    else:
        names = [str(rank) for rank in range(1, len(names) + 1)]
    records: list[list[str]] = []
    faults: list[UnreadableTable] = []
    for row in rows:
        try:
            records.append(_aligned(row.cells, row.line, len(names)))
        except UnreadableTable as fault:
            broken.append(row.line)
            faults.append(fault)
    _bear(faults, len(rows), most)
    return names, records


def _is_heading(cells: list[str]) -> bool:
    return all(len(cell) <= HEADING for cell in cells) and any(re.search(r"[^\W\d_]", cell) for cell in cells)


def _aligned(row: list[str], line: int, width: int) -> list[str]:
    if any(row[width:]):
        raise UnreadableTable(
            _("Line %(line)d has %(found)d cells where the heading has %(expected)d.")
            % {"line": line, "found": len(row), "expected": width}
        )
    return [restored(cell) for cell in row[:width]] + [""] * (width - len(row))


def _index(names: list[str], name: str) -> int:
    try:
        return names.index(name)
    except ValueError:
        raise UnreadableTable(
            _("There is no column “%(name)s”. The columns are: %(columns)s.")
            % {"name": name, "columns": ", ".join(names)}
        ) from None


def _text_column(names: list[str], records: list[list[str]]) -> int:
    lowered = [name.lower() for name in names]
    for name in TEXT_NAMES:
        if name in lowered:
            return lowered.index(name)
    sample = records[:SAMPLE]
    return max(range(len(names)), key=lambda at: sum(len(record[at]) for record in sample))


def _id_column(names: list[str], records: list[list[str]]) -> int | None:
    lowered = [name.lower() for name in names]
    for name in ID_NAMES:
        if name in lowered:
            at = lowered.index(name)
            values = {record[at] for record in records}
            if len(values) == len(records) and "" not in values:
                return at
    return None
