"""What spreadsheets save and what they may run: bytes in, rows out; cells that no spreadsheet takes for a formula.

Below every room and every command, because all of them receive tables and hand some out. Whatever cannot be read
raises ``UnreadableTable`` with one sentence for the person who brought the file.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import IO, Any, NamedTuple

import charset_normalizer
from django.utils.translation import gettext as _

SEPARATORS = ",;\t|"
NO_SEPARATOR = "\x1f"  # what no text holds: a table of one column, whose sentences keep their commas
# What a French office saves: Windows, old macOS, old DOS. UTF-8 and UTF-16 are tried before.
LEGACY_ENCODINGS = ["cp1252", "iso8859_15", "mac_roman", "cp850"]
BINARY = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")
# What Excel, LibreOffice and Sheets take for the start of a formula, full-width forms included.
FORMULA = re.compile(r"'*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]")
SAMPLE = 200  # rows looked at to guess a separator


class UnreadableTable(Exception):
    """The file cannot be read; the message says why, in one sentence a person can act on."""


def decoded(content: bytes) -> str:
    """Text in any usual encoding; a damaged character becomes U+FFFD. Raises ``UnreadableTable`` on other files."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if content.startswith(BINARY):
        raise UnreadableTable(_("This is not a text file. Save the table as CSV, then try again."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass  # a few damaged bytes, or an older encoding
    if _is_damaged_utf8(content):
        return content.decode("utf-8-sig", errors="replace")
    guess = charset_normalizer.from_bytes(content[:200_000], cp_isolation=LEGACY_ENCODINGS).best()
    if guess is None:
        raise UnreadableTable(_("This is not a text file. Save the table as CSV, then try again."))
    return content.decode(guess.encoding, errors="replace")


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether the accents are those of UTF-8 but for a few bytes: no older encoding writes one in these pairs."""
    if b"\0" in content:
        return False
    text = content.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    return 4 * damaged < sum(character > "\x7f" for character in text) - damaged


class SheetRow(NamedTuple):
    """``rank`` is the number a spreadsheet shows beside it, ``line`` where it ends in the file read as text."""

    rank: int
    line: int
    cells: list[str]


def rows_of(content: str, *, most: int | None = None) -> list[SheetRow]:
    """The rows of a CSV text that hold something, the first ``most`` of them; the separator is recognised.

    Raises ``UnreadableTable`` when quotation marks do not close.
    """
    csv.field_size_limit(max(csv.field_size_limit(), len(content)))
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator_of(content), strict=True)
    rows = (SheetRow(rank, reader.line_num, cells) for rank, cells in enumerate(reader, start=1) if any(cells))
    try:
        return list(islice(rows, most))
    except csv.Error:
        raise UnreadableTable(
            _("Line %(line)d is not valid CSV: check its quotation marks.") % {"line": reader.line_num}
        ) from None


def separator_of(content: str) -> str:
    """The separator that cuts the first rows evenly; the sniffer when several could. One column has none."""
    sample = list(islice(io.StringIO(content[:100_000], newline=""), SAMPLE))
    first = next((line for line in sample if line.strip()), "")
    if not any(separator in first for separator in SEPARATORS):
        return NO_SEPARATOR
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


def write(file: IO[str], header: Sequence[str], rows: Iterable[Sequence[Any]], *, separator: str = ",") -> None:
    """CSV (RFC 4180) whose text cells cannot run as formulas; ``restored`` gives the same texts back."""
    file.writelines(lines(header, rows, separator=separator))


def lines(header: Sequence[str], rows: Iterable[Sequence[Any]], *, separator: str = ",") -> Iterator[str]:
    """The same table one row at a time, for a page that sends it while it is read."""
    pen = csv.writer(_Passing(), delimiter=separator)
    for row in chain([header], rows):
        yield pen.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])


class _Passing:
    """A file that keeps nothing: ``csv`` gives back what it wrote."""

    def write(self, line: str) -> str:
        return line


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it when a spreadsheet would run it. ``restored`` undoes it."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """The cell as it was before ``harmless``."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
