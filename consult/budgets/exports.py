"""What anybody may download to count again: the anonymous ballots, the rules, the outcome, the receipts.

The file of ballots has the hash that the official count bears. It is made once, by the worker, and kept beside the
open data; where it is not there, it is made again from the box and is the same.
"""

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from django.conf import settings

from consult.budgets import counting, results
from consult.budgets.models import Ballot, Budget, Count
from spreadsheets import lines
from tally.budgets import pabulib
from tally.budgets.regulation import JUDGMENT

PB = "bulletins.pb"
SCRIPTS = {"recompter.py": "recount.py", "recompter_mentions.py": "recount_mentions.py"}


@dataclass(frozen=True)
class File:
    content: bytes
    content_type: str


def script_of(count: Count) -> str:
    """The program that counts these ballots again."""
    return "recompter_mentions.py" if count.regulation["rule"] == JUDGMENT else "recompter.py"


def script(name: str) -> bytes:
    """A program that counts again, with Python alone. KeyError: no such program."""
    return files("tally").joinpath(SCRIPTS[name]).read_bytes()


def ballots(count: Count) -> bytes:
    """The file of ballots, in the format of Pabulib, as it was counted."""
    place = _place(count)
    if place.exists():
        return place.read_bytes()
    return pabulib.write(counting.election(count.envelope, at=count.asked_at)).encode()


def _place(count: Count) -> Path:
    return Path(settings.OPEN_DATA_ROOT) / f"bulletins-{count.pk}-{count.input_hash[:16]}.pb"


def keep(budget: Budget) -> int:
    """Keep the files of ballots of a signed result; how many. One whose hash is not that of its count is not kept."""
    kept = 0
    for one in results.official(budget):
        place, content = _place(one.count), ballots(one.count)
        if place.exists() or sha256(content).hexdigest() != one.count.input_hash:
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=".pb")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(place)
        kept += 1
    return kept


def _json(values: object) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()


def _rows(content: bytes) -> Iterator[list[str]]:
    """The section VOTES of the file of ballots, its head first."""
    rows = csv.reader(io.StringIO(content.decode()), delimiter=";")
    for row in rows:
        if row == ["VOTES"]:
            yield from rows


def _csv(count: Count) -> bytes:
    """The same ballots for a spreadsheet: one a line, projects by number."""
    rows = _rows(ballots(count))
    return "".join(lines(next(rows), rows, separator=";")).encode()


def _receipts(count: Count) -> bytes:
    """The hashes of all receipts, sorted: neither who nor when."""
    found = Ballot.objects.filter(envelope=count.envelope).exclude(receipt="").values_list("receipt", flat=True)
    return "".join(f"{one}\n" for one in sorted(found)).encode()


FILES: dict[str, tuple[str, Callable[[Count], bytes]]] = {
    PB: ("text/plain; charset=utf-8", ballots),
    "bulletins.csv": ("text/csv; charset=utf-8", _csv),
    "reglement.json": ("application/json", lambda count: _json(count.regulation)),
    "resultat.json": ("application/json", lambda count: _json(count.outcome)),
    "recepisses.txt": ("text/plain; charset=utf-8", _receipts),
}


def file(count: Count, name: str) -> File:
    """KeyError: no such file."""
    content_type, made = FILES[name]
    return File(made(count), content_type)
