"""Line by line: what a fiche will hold, or why the line is refused."""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from directory.models import Office, Service
from feedback.importing import cells
from feedback.importing import columns as our
from feedback.importing.sheet import Sheet
from spreadsheets import SheetRow

# The same line of the same service gives the same key, in this file or in a corrected one.
_NAMESPACE = uuid.UUID("0b3f0f5c-4f0e-4d3e-9f3c-8a7a3ad1c9be")

TOO_WIDE = gettext_noop("This line has %(found)d cells, the heading has %(expected)d. Check its separators.")


@dataclass(frozen=True)
class Line:
    """A line that can be imported: its number in a spreadsheet, and what ``submit_fiche`` receives."""

    number: int
    details: dict[str, Any]


@dataclass(frozen=True)
class Reject:
    """Why a line is refused; ``column`` is empty when the whole line is, ``line`` is 0 when the whole file is.

    ``problem`` is kept untranslated, with its ``values``: who reads it may speak another language.
    """

    line: int
    column: str
    problem: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return _(self.problem) % self.values if self.values else _(self.problem)

    def stored(self) -> dict[str, Any]:
        """As JSON, for ``Import.rejects``; ``Reject(**stored)`` gives it back."""
        return asdict(self)


@dataclass(frozen=True)
class Checked:
    lines: list[Line] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    @property
    def refused_lines(self) -> int:
        return len({reject.line for reject in self.rejects})


def check(sheet: Sheet, mapping: our.Mapping, *, service: Service) -> Checked:
    """Every line of the table, taken or refused; nothing is written."""
    offices = {our.plain(office.name): office for office in service.offices.all()}
    checked = Checked()
    seen: Counter[str] = Counter()
    for row in sheet.rows:
        details, rejects = _read(row, sheet, mapping, offices)
        checked.rejects.extend(rejects)
        if not rejects:
            details["idempotency_key"] = _key(details, service, seen)
            checked.lines.append(Line(row.rank, details))
    return checked


def _read(
    row: SheetRow, sheet: Sheet, mapping: our.Mapping, offices: Mapping[str, Office]
) -> tuple[dict[str, Any], list[Reject]]:
    if any(cell.strip() for cell in row.cells[len(sheet.names) :]):
        found = {"found": len(row.cells), "expected": len(sheet.names)}
        return {}, [Reject(row.rank, "", TOO_WIDE, found)]
    details: dict[str, Any] = {}
    rejects: list[Reject] = []
    for name, reading in _readings(offices).items():
        column = mapping.columns.get(name)
        try:
            details[name] = reading(_clean(sheet.cell(row, column)))
        except cells.Refused as refused:
            rejects.append(Reject(row.rank, column or "", refused.problem, refused.values))
    return details, rejects or _as_a_whole(row, details, mapping)


def _readings(offices: Mapping[str, Office]) -> dict[str, Callable[[str], Any]]:
    return {
        "text": cells.text,
        "received_on": cells.day,
        "occurred_on": cells.day,
        "office": partial(cells.office, offices=offices),
        "satisfaction": cells.satisfaction,
        "step": cells.step,
        "email": cells.email,
        "wants_answer": cells.wish,
    }


def _clean(cell: str) -> str:
    if "\x00" in cell:
        raise cells.Refused(gettext_noop("Some characters cannot be read."))
    return cell


def _as_a_whole(row: SheetRow, details: dict[str, Any], mapping: our.Mapping) -> list[Reject]:
    """What no cell says alone. Completes ``details`` with the day given for all."""
    columns = mapping.columns
    details["received_on"] = details["received_on"] or mapping.received_on
    if details["received_on"] is None:
        return [Reject(row.rank, columns.get("received_on", ""), gettext_noop("The day it was received is missing."))]
    if details["occurred_on"] and details["occurred_on"] > details["received_on"]:
        return [Reject(row.rank, columns["occurred_on"], gettext_noop("It happened after the day it was received."))]
    if details["wants_answer"] and not details["email"]:
        return [
            Reject(
                row.rank, columns["wants_answer"], gettext_noop("An answer is wished, and there is no e-mail address.")
            )
        ]
    if not details["wants_answer"]:
        details["email"] = ""  # nobody is written to, and no address is kept, without their wish
    return []


def _key(details: dict[str, Any], service: Service, seen: Counter[str]) -> uuid.UUID:
    """The same for the same line, so that a corrected file adds nothing twice; two equal lines of a file differ."""
    office = details["office"].pk if details["office"] else ""
    values = [str(details[name] or "") for name in sorted(details) if name != "office"]
    line = "\x1f".join([str(service.pk), str(office), *values])
    seen[line] += 1
    return uuid.uuid5(_NAMESPACE, f"{line}\x1f{seen[line]}")
