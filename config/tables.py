"""Files of texts that people hand to a command: read whatever they saved, write what spreadsheets cannot run.

Reading: CSV, TSV, JSONL, a JSON list or plain lines; encoding and separator are recognised. Whatever cannot
be read raises ``UnreadableTable`` with one sentence for the person at the keyboard.
Writing: UTF-8 CSV (RFC 4180) in which no cell begins a formula; reading it again gives the same texts.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import charset_normalizer
from django.utils.translation import gettext as _

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
SEPARATORS = ",;\t|"
# What a French office saves: Windows, old macOS, old DOS. UTF-8 and UTF-16 are tried before.
LEGACY_ENCODINGS = ["cp1252", "iso8859_15", "mac_roman", "cp850"]
# What Excel, LibreOffice and Sheets take for the start of a formula, full-width forms included.
FORMULA = re.compile(r"'*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
SAMPLE = 200  # rows looked at to guess a separator or a column
HEADING = 80  # characters: a longer first cell is a text, not a heading


class UnreadableTable(Exception):
    """The file cannot be read; the message says why, in one sentence a person can act on."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text of the file. ``context`` holds the cells asked for, in the order asked."""

    id: str
    text: str
    context: tuple[str, ...] = ()


def read_texts(
    path: str | Path, *, text: str | None = None, id: str | None = None, context: Sequence[str] = ()
) -> list[Row]:
    """One ``Row`` per record, in the order of the file, empty texts included.

    ``text``, ``id`` and ``context`` name columns. Without ``text``, the column is recognised by its name,
    else the one with the longest cells. Without ``id``, a column named like one and holding no double,
    else the rank of the record, from 1. Raises ``UnreadableTable``.
    """
    path = Path(path)
    content = _decoded(_content(path))
    if not content.strip():
        raise UnreadableTable(_("This file is empty."))
    if path.suffix.lower() in {".json", ".jsonl", ".ndjson"} or content.lstrip()[:2] in {'{"', "[{"}:
        names, records = _json_records(content)
    else:
        names, records = _csv_records(content, plain=path.suffix.lower() == ".txt")
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


def write_table(path: str | Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """UTF-8 CSV whose text cells cannot run as formulas; ``read_texts`` gives the same texts back."""
    with Path(path).open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it when a spreadsheet would run it. ``restored`` undoes it."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """The cell as it was before ``harmless``."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _content(path: Path) -> bytes:
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


def _decoded(content: bytes) -> str:
    """Text in any usual encoding; a damaged character becomes U+FFFD."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if content.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")):
        raise UnreadableTable(_("This is not a text file. Save the table as CSV, then try again."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass  # not UTF-8: an older encoding, guessed below
    guess = charset_normalizer.from_bytes(content[:200_000], cp_isolation=LEGACY_ENCODINGS).best()
    if guess is None:
        raise UnreadableTable(_("This is not a text file. Save the table as CSV, then try again."))
    return content.decode(guess.encoding, errors="replace")


def _json_records(content: str) -> tuple[list[str], list[list[str]]]:
    items = list(_json_items(content))
    names: dict[str, None] = {}
    for line, item in items:
        if not isinstance(item, dict):
            raise UnreadableTable(_("Line %(line)d is not a JSON object.") % {"line": line})
        names.update(dict.fromkeys(item))
    return list(names), [[_json_cell(item.get(name)) for name in names] for _line, item in items]


def _json_items(content: str) -> Iterable[tuple[int, Any]]:
    if content.lstrip().startswith("["):
        yield from enumerate(_json_value(content, 1), start=1)
        return
    for number, line in enumerate(content.split("\n"), start=1):
        if line.strip():
            value = _json_value(line, number)
            yield number, {"text": value} if isinstance(value, str) else value


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


def _csv_records(content: str, *, plain: bool) -> tuple[list[str], list[list[str]]]:
    if plain:
        return ["text"], [[line] for line in re.split(r"\r\n|\n|\r", content) if line.strip()]
    csv.field_size_limit(max(csv.field_size_limit(), len(content)))
    rows = _csv_rows(content, _separator(content))
    names = [cell.strip() for cell in rows[0][1]]
    if _is_heading(names):
        rows = rows[1:]
    else:
        names = [str(rank) for rank in range(1, len(names) + 1)]
    return names, [_aligned(row, line, len(names)) for line, row in rows]


def _separator(content: str) -> str:
    """The separator that cuts the first rows evenly; the sniffer when several could."""
    sample = list(islice(io.StringIO(content[:100_000], newline=""), SAMPLE))
    widths = {separator: _widths(sample, separator) for separator in SEPARATORS}
    heading = {separator: counts[0] for separator, counts in widths.items() if counts}
    steady = {s: n for s, n in heading.items() if n > 1 and sum(w == n for w in widths[s]) > len(widths[s]) / 2}
    if len(steady) > 1:
        try:
            sniffed = csv.Sniffer().sniff(sample[0], delimiters="".join(steady)).delimiter
            return sniffed if sniffed in steady else max(steady, key=steady.__getitem__)
        except csv.Error:
            return max(steady, key=steady.__getitem__)
    return next(iter(steady), ",")


def _widths(sample: list[str], separator: str) -> list[int]:
    return [len(row) for row in csv.reader(sample, delimiter=separator) if row]


def _csv_rows(content: str, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator, strict=True)
    rows = []
    try:
        for row in reader:
            if any(row):
                rows.append((reader.line_num, row))
    except csv.Error:
        raise UnreadableTable(
            _("Line %(line)d is not valid CSV: check its quotation marks.") % {"line": reader.line_num}
        ) from None
    return rows


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
