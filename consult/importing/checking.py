"""Line by line: what will be imported, masked, or why the line is refused. Nothing is written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

import masking
from consult import texts
from consult.choices import ImportedKind, Side
from consult.importing.columns import fields_of
from consult.importing.tables import Row, Table

TITLE, BODY, ARGUMENT, IDENTIFIER = 160, 10_000, 2000, 120
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
MARKUP = re.compile(r"</?(p|br|div|ul|ol|li|strong|em|b|i|a|h\d|span)\b", re.IGNORECASE)
SIDES = {
    **dict.fromkeys(("1", "+1", "1.0", "for", "pour", "favorable", "in_favor", "oui", "yes"), Side.FOR),
    **dict.fromkeys(("-1", "-1.0", "against", "contre", "defavorable", "défavorable", "non", "no"), Side.AGAINST),
}
NEITHER = {"", "0", "0.0", "neutral", "neutre"}
COMMENT_OF_A_COMMENT = "Decidim::Comments::Comment"


class Refused(Exception):
    """A cell that cannot be taken; ``str(error)`` is a sentence."""


@dataclass(frozen=True)
class Line:
    """A contribution to write: the number of its line, and what it says, masked."""

    rank: int
    source_id: str
    text: str
    title: str = ""
    about: str = ""
    side: str = ""
    section: str = ""
    written_at: datetime | None = None
    url: str = ""
    votes: int | None = None


@dataclass(frozen=True)
class Reject:
    rank: int
    column: str
    problem: str


@dataclass
class Checked:
    """``aside``: lines that are nothing of this kind (a comment neither for nor against), neither taken nor wrong."""

    lines: list[Line] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    aside: int = 0


def check(table: Table, columns: Mapping[str, str], *, kind: str) -> Checked:
    """Every line. The same identifier twice in the file is one contribution, the first."""
    checked, seen = Checked(), set()
    missing = [one for one in fields_of(kind) if one.is_required and not columns.get(one.name)]
    if missing:
        return Checked(rejects=[Reject(1, str(one.label), _("Choose its column.")) for one in missing])
    for row in table.rows:
        if _is_aside(row, columns, kind):
            checked.aside += 1
            continue
        line, rejects = _read(row, columns, kind)
        checked.rejects += rejects
        if line and line.source_id in seen:
            checked.aside += 1
        elif line:
            seen.add(line.source_id)
            checked.lines.append(line)
    return checked


def _is_aside(row: Row, columns: Mapping[str, str], kind: str) -> bool:
    said = {name: row.cells.get(column, "") for name, column in columns.items() if column}
    if kind == ImportedKind.PROPOSITIONS:
        return not said.get("source_id") and not said.get("title") and not said.get("text")
    if row.cells.get("commentable_type") == COMMENT_OF_A_COMMENT:
        return True
    return said.get("side", "").casefold() in NEITHER


def _read(row: Row, columns: Mapping[str, str], kind: str) -> tuple[Line | None, list[Reject]]:
    said: dict[str, Any] = {}
    rejects = []
    for one in fields_of(kind):
        column = columns.get(one.name, "")
        cell = row.cells.get(column, "") if column else ""
        try:
            if one.is_required and not cell:
                raise Refused(_("It is empty."))
            said[one.name] = _READ[one.name](cell)
        except Refused as refused:
            rejects.append(Reject(row.rank, column or str(one.label), str(refused)))
    if rejects:
        return None, rejects
    if kind == ImportedKind.ARGUMENTS:
        said["source_id"] = f"{said['about']}/{said['source_id']}"
        if len(said["text"]) > ARGUMENT:
            problem = _("It is too long: %(most)d characters at most.") % {"most": ARGUMENT}
            return None, [Reject(row.rank, columns.get("text", ""), problem)]
    return Line(row.rank, written_at=said.pop("date"), **said), []


def _masked(words: str) -> str:
    """What nobody wrote to be public there is not here: telephone numbers, addresses, names in a text."""
    return masking.mask(words)


def _title(cell: str) -> str:
    return _short(_masked(texts.line(cell)), TITLE)


def _body(cell: str) -> str:
    """Typed as people type here; what was HTML there is brought down to it."""
    return _short(_masked(texts.said(texts.typed_of(texts.cleaned(cell)) if MARKUP.search(cell) else cell)), BODY)


def _identifier(cell: str) -> str:
    return _short(texts.line(cell), IDENTIFIER)


def _short(words: str, most: int) -> str:
    if len(words) > most:
        raise Refused(_("It is too long: %(most)d characters at most.") % {"most": most})
    return words


def _side(cell: str) -> str:
    found = SIDES.get(cell.strip().casefold())
    if found is None:
        raise Refused(_("Neither for nor against."))
    return found.value


def _moment(cell: str) -> datetime | None:
    """The day or the moment, written 2025-12-31, 31/12/2025, with or without the hour; never to come."""
    if not cell:
        return None
    found = _parsed(cell)
    if found is None:
        raise Refused(_("This is not a date. Write it like 31/12/2025 or 2025-12-31."))
    if found > timezone.now():
        raise Refused(_("This date has not come yet."))
    return found


def _parsed(cell: str) -> datetime | None:
    plain = cell.strip().removesuffix(" UTC").replace(" +", "+")
    match = DAY_FIRST.match(plain)
    try:
        moment = parse_datetime(plain) or parse_date(plain[:10])
        if match:
            moment = date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None
    if moment is None or isinstance(moment, datetime):
        return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment
    return timezone.make_aware(datetime.combine(moment, datetime.min.time().replace(hour=12)))


def _url(cell: str) -> str:
    """An address of the web; anything else is left out: it is a convenience, not a contribution."""
    try:
        parts = urlsplit(cell.strip())
    except ValueError:
        return ""
    return cell.strip() if parts.scheme in {"http", "https"} and parts.hostname and len(cell) <= 500 else ""


def _votes(cell: str) -> int | None:
    if not cell:
        return None
    whole = cell.strip().removesuffix(".0").replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if not (whole.isascii() and whole.isdigit() and len(whole) < 10):
        raise Refused(_("This is not a number of votes."))
    return int(whole)


_READ: dict[str, Callable[[str], Any]] = {
    "about": _identifier,
    "side": _side,
    "source_id": _identifier,
    "title": _title,
    "text": _body,
    "section": texts.line,
    "date": _moment,
    "url": _url,
    "votes": _votes,
}
