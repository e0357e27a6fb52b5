"""The Pabulib format (pabulib.org/format): a text of three sections, META, PROJECTS and VOTES, separated by « ; »."""

import csv
import hashlib
import io
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import numpy as np

from tally.budgets.ballots import APPROVAL, GRADES, POINTS, RANKING, Cast, repeated
from tally.budgets.election import Choice, Election, Project
from tally.budgets.errors import BadFile
from tally.budgets.regulation import GREEDY, JUDGMENT, Regulation

KINDS = {
    "approval": APPROVAL,
    "choose-1": APPROVAL,
    "cumulative": POINTS,
    "scoring": POINTS,
    "ordinal": RANKING,
    "grades": GRADES,  # ours: the format has none; points are then ranks in the mentions that META declares
}
POINTED = (POINTS, GRADES)
_SECTIONS = ("META", "PROJECTS", "VOTES")
_ON_PAPER = {"paper", "traditional"}
_CENT = Decimal("0.01")
_MOST, _DEAREST = 10**9, 10**13  # so that no sum of points or of cents leaves 64 bits

_OURS = ("deposit", "site", "mandatory", "withdrawn")

Row = tuple[int, list[str]]  # a line's number, and its cells


@dataclass(frozen=True, eq=False)
class PabulibFile:
    """What a file holds. ``selected``: what it says of each project (1 funded, 2 funded otherwise), when it says it."""

    election: Election
    selected: dict[str, int] = field(default_factory=dict)

    def regulation(self) -> Regulation:
        """The rule that the file declares; greedy when it declares none that is known. Mentions are judged.

        A mention that a ballot does not give is the worst, the last.
        « greedy-custom » is told in the file's comment: down the list until one does not fit, which is funded all the
        same when 80 % of its cost is left. Equals go by the order of the file.
        """
        told = self.election.told
        declared = told.get("rule", "")
        threshold = told.get("min_project_score_threshold", "")
        return Regulation(
            rule=JUDGMENT if self.election.ballots.kind == GRADES else GREEDY,
            unmarked=len(self.election.mentions) - 1,
            on_overflow={"greedy-no-skip": "stop", "greedy-custom": "tolerance"}.get(declared, "skip"),
            tolerance="80" if declared == "greedy-custom" else "0",
            threshold_kind="absolute" if threshold else "none",
            threshold=threshold or "0",
            ties=("earlier_deposit",),
            ranking_length=int(Decimal(told.get("max_length") or 0)) if self.election.ballots.kind == RANKING else 0,
        )


def read(lines: Iterable[str]) -> PabulibFile:
    """From an open file, or any lines with their ends (``text.splitlines(keepends=True)``); read once, as they come.

    BadFile: what is wrong first, with its line.
    """
    rows = _Rows(lines)
    meta = _meta(rows.section("META"))
    kind = _kind(meta)
    projects, selected = _projects(list(rows.section("PROJECTS")))
    ceilings = _Ceilings.of(meta, projects)
    cast = _ballots(rows.section("VOTES"), kind, sorted(project.id for project in projects), ceilings)
    if _value(meta, "min_project_score_threshold"):
        _number(*reversed(meta["min_project_score_threshold"]))
    mentions = tuple(filter(None, _value(meta, "mentions").split("|")))
    if kind == GRADES and cast.points.max(initial=-1) >= len(mentions):
        raise BadFile(meta["vote_type"][1], "a mention that META does not declare")
    election = Election.from_cast(
        projects,
        cast,
        budget=_budget(meta),
        kind=kind,
        currency=_value(meta, "currency"),
        mentions=mentions,
        told={name: value for name, (value, _line) in meta.items()},
    )
    return PabulibFile(election, selected)


Meta = Mapping[str, tuple[str, int]]  # a field, its value and its line


def _value(meta: Meta, name: str, default: str = "") -> str:
    return meta[name][0] if name in meta else default


def _budget(meta: Meta) -> int:
    if "budget" not in meta:
        raise BadFile(1, "META does not say the budget")
    return _cents(*reversed(meta["budget"]))


def _kind(meta: Meta) -> str:
    value, line = meta.get("vote_type", ("", 1))
    if value not in KINDS:
        raise BadFile(line, "vote_type is one of %(known)s, not “%(text)s”", known=", ".join(KINDS), text=value)
    return KINDS[value]


class _Rows:
    """The rows of a file, section after section, in the order META, PROJECTS, VOTES."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._reader = csv.reader(lines, delimiter=";")
        self._next = self._read()

    def section(self, name: str) -> Iterator[Row]:
        """Its rows, the head first. BadFile: it is not there, or empty."""
        if self._next is None or _title(self._next[1]) != name:
            raise BadFile(self._next[0] if self._next else 1, "no section %(name)s here", name=name)
        started, found = self._next[0], False
        while (row := self._read()) is not None and _title(row[1]) is None:
            found = True
            yield row
        if not found:
            raise BadFile(started, "nothing in section %(name)s", name=name)
        self._next = row

    def _read(self) -> Row | None:
        while True:
            start = self._reader.line_num + 1
            try:
                row = next(self._reader, None)
            except csv.Error as wrong:
                raise BadFile(start, "this line cannot be read") from wrong
            if row is None or any(row):
                return None if row is None else (start, row)


def _title(row: list[str]) -> str | None:
    name = row[0].strip().removeprefix("\ufeff")
    return name if len(row) == 1 and name in _SECTIONS else None


def _meta(rows: Iterator[Row]) -> dict[str, tuple[str, int]]:
    next(rows)  # key;value
    return {row[0].strip(): (";".join(row[1:]).strip(), line) for line, row in rows}


def _columns(row: Row, *needed: str) -> dict[str, int]:
    line, head = row
    columns = {name.strip(): at for at, name in enumerate(head)}
    for name in needed:
        if name not in columns:
            raise BadFile(line, "no column %(name)s", name=name)
    return columns


def _projects(rows: list[Row]) -> tuple[list[Project], dict[str, int]]:
    columns = _columns(rows[0], "project_id", "cost")
    projects: dict[str, Project] = {}
    selected: dict[str, int] = {}
    for rank, (line, row) in enumerate(rows[1:]):
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
        project = cells["project_id"]
        if not project:
            raise BadFile(line, "a project without an id")
        if project in projects:
            raise BadFile(line, "project %(id)s is there twice", id=project)
        territory, theme = cells.get("district", ""), cells.get("category", "")
        cost = _cents(line, cells["cost"])
        projects[project] = Project(
            id=project,
            cost=cost,
            name=cells.get("name", ""),
            deposit=_whole(line, cells["deposit"]) if cells.get("deposit") else rank,
            territory=territory,
            theme=theme,
            site=cells.get("site", ""),
            mandatory=cells.get("mandatory", "") == "1",
            withdrawn=cells.get("withdrawn", "") == "1",
        )
        if cells.get("selected"):
            selected[project] = _whole(line, cells["selected"])
    return list(projects.values()), selected


@dataclass(frozen=True, slots=True)
class _Ceilings:
    """What a ballot may hold; None when the file does not say."""

    length: int | None
    points: int | None
    each: int | None
    cost: int | None
    costs: Mapping[str, int]

    @classmethod
    def of(cls, meta: Meta, projects: Iterable[Project]) -> "_Ceilings":
        numbers = [
            _whole(meta[name][1], meta[name][0]) if _value(meta, name) else None
            for name in ("max_length", "max_sum_points", "max_points")
        ]
        cost = _cents(*reversed(meta["max_sum_cost"])) if _value(meta, "max_sum_cost") else None
        return cls(*numbers, cost, {project.id: project.cost for project in projects})

    def check(self, cast: Cast, lines: Sequence[int], ids: Sequence[str]) -> None:
        """BadFile: the first ballot over one of them."""
        cost = np.array([self.costs[project] for project in ids], np.int64)[cast.project]
        checks = (
            (self.length, cast.length, "a ballot of %(held)s projects, at most %(most)s"),
            (self.points, _by_row(cast, cast.points), "a ballot of %(held)s points, at most %(most)s"),
            (self.cost, _by_row(cast, cost), "a ballot that spends %(held)s cents, at most %(most)s"),
        )
        for most, held, said in checks:
            over = [] if most is None else np.flatnonzero(held > most)
            if len(over):
                raise BadFile(lines[over[0]], said, held=int(held[over[0]]), most=most)
        over = [] if self.each is None else np.flatnonzero(cast.points > self.each)
        if len(over):
            row = int(np.searchsorted(np.cumsum(cast.length), over[0], side="right"))
            told = {"held": int(cast.points[over[0]]), "most": self.each}
            raise BadFile(lines[row], "%(held)s points for a project, at most %(most)s", **told)


def _by_row(cast: Cast, values: np.ndarray) -> np.ndarray:
    total = np.concatenate(([0], np.cumsum(values)))
    ends = np.cumsum(cast.length)
    return total[ends] - total[ends - cast.length]


def _ballots(rows: Iterator[Row], kind: str, ids: list[str], ceilings: _Ceilings) -> Cast:
    """Cells are gathered in columns and read together: a file may hold a million ballots."""
    columns = _columns(next(rows), "vote", *(["points"] if kind in POINTED else []))
    vote_at, points_at, how_at = (
        columns["vote"],
        columns["points"] if kind in POINTED else 0,
        columns.get("voting_method"),
    )
    lines, votes, given, hows = array("q"), [], [], []
    for line, row in rows:
        if len(row) <= max(vote_at, points_at):
            raise BadFile(line, "%(held)s cells where %(asked)s are expected", held=len(row), asked=len(columns))
        lines.append(line)
        votes.append(row[vote_at])
        if kind in POINTED:
            given.append(row[points_at])
        hows.append(_channel(row[how_at]) if how_at is not None and how_at < len(row) else "")
    length, project = _split(votes)
    cast = Cast(
        channel=hows,
        times=np.ones(len(votes), np.int64),
        length=length,
        project=_ranked(project, length, lines, ids),
        points=_points(given, length, lines) if kind in POINTED else np.ones(len(project), np.int64),
    )
    if (row := repeated(cast)) is not None:
        raise BadFile(lines[row], "a ballot chooses a project twice")
    ceilings.check(cast, lines, ids)
    return cast


def _channel(how: str) -> str:
    how = sys.intern(how.strip())
    return "paper" if how in _ON_PAPER else how


def _split(cells: list[str]) -> tuple[np.ndarray, list[str]]:
    """How many parts each cell has, and all parts: « 3,7 » has two, an empty cell none."""
    length = np.array([cell.count(",") + 1 if cell else 0 for cell in cells], np.int64)
    return length, ",".join(cell for cell in cells if cell).split(",") if length.any() else []


def _ranked(parts: list[str], length: np.ndarray, lines: Sequence[int], ids: list[str]) -> np.ndarray:
    ranks = {project: rank for rank, project in enumerate(ids)}
    try:
        return np.fromiter(map(ranks.__getitem__, parts), np.int32, len(parts))
    except KeyError:
        spaced = [part.strip() for part in parts]
    unknown = next((at for at, part in enumerate(spaced) if part not in ranks), None)
    if unknown is not None:
        row = int(np.searchsorted(np.cumsum(length), unknown, side="right"))
        raise BadFile(lines[row], "a ballot chooses %(id)s, which is not a project", id=spaced[unknown])
    return np.fromiter(map(ranks.__getitem__, spaced), np.int32, len(spaced))


def _points(cells: list[str], length: np.ndarray, lines: Sequence[int]) -> np.ndarray:
    found, parts = _split(cells)
    wrong = np.flatnonzero(found != length)
    if len(wrong):
        told = {"held": int(found[wrong[0]]), "asked": int(length[wrong[0]])}
        raise BadFile(lines[wrong[0]], "%(held)s points for %(asked)s projects", **told)
    known: dict[str, int] = {}
    for at, part in enumerate(parts):
        if part not in known:
            known[part] = _whole(lines[int(np.searchsorted(np.cumsum(length), at, side="right"))], part)
    return np.fromiter(map(known.__getitem__, parts), np.int64, len(parts))


def _number(line: int, text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise BadFile(line, "“%(text)s” is not a number", text=text) from None
    if not value.is_finite() or not 0 <= value <= _MOST:
        raise BadFile(line, "“%(text)s” is not a number from 0 to one billion", text=text)
    return value


def _whole(line: int, text: str) -> int:
    value = _number(line, text)
    if value != value.to_integral_value():
        raise BadFile(line, "“%(text)s” is not a whole number", text=text)
    return int(value)


def _cents(line: int, text: str) -> int:
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise BadFile(line, "“%(text)s” is not an amount", text=text) from None
    if not amount.is_finite() or not 0 <= amount <= _DEAREST or amount != amount.quantize(_CENT):
        raise BadFile(line, "“%(text)s” is not an amount from 0 to ten trillion, in whole cents", text=text)
    return int(amount * 100)


def fingerprint(election: Election) -> str:
    """SHA-256 of ``write(election)``, in UTF-8: the file published is what was counted."""
    return hashlib.sha256(write(election).encode()).hexdigest()


def write(election: Election) -> str:
    """The text of a file. Voters are numbered in the order of what their ballots say, not of who they are or when.

    The same for elections that differ by the order of projects and ballots only. Columns of ours that the format does
    not know: deposit, site, mandatory, withdrawn.
    """
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    rows.writerow(["META"])
    rows.writerow(["key", "value"])
    rows.writerows((election.told | _counted(election)).items())
    rows.writerow(["PROJECTS"])
    rows.writerow(["project_id", "cost", "name", "category", "district", *_OURS])
    for project in sorted(election.projects, key=lambda one: (one.deposit, one.id)):
        ours = [project.deposit, project.site, int(project.mandatory), int(project.withdrawn)]
        rows.writerow([project.id, euros(project.cost), project.name, project.theme, project.territory, *ours])
    rows.writerow(["VOTES"])
    pointed = election.ballots.kind in POINTED
    rows.writerow(["voter_id", "vote", *(["points"] if pointed else []), "voting_method"])
    for voter, (channel, choices) in enumerate(_one_by_one(election), 1):
        points = [",".join(str(given) for _project, given in choices)] if pointed else []
        rows.writerow([voter, ",".join(project for project, _given in choices), *points, channel])
    return out.getvalue()


def euros(cents: int) -> str:
    """« 1250 » or « 1250.50 »."""
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)


def _counted(election: Election) -> dict[str, str]:
    return {
        "num_projects": str(len(election.projects)),
        "num_votes": str(len(election.ballots)),
        "budget": euros(election.budget),
        "vote_type": {POINTS: "cumulative", RANKING: "ordinal"}.get(election.ballots.kind, election.ballots.kind),
        "currency": election.currency,
        **({"mentions": "|".join(election.mentions)} if election.mentions else {}),
    }


def _one_by_one(election: Election) -> Iterator[tuple[str, list[Choice]]]:
    votes, ids = election.ballots, [project.id for project in election.projects]
    for group, (times, channel) in enumerate(zip(votes.count.tolist(), votes.channel.tolist(), strict=True)):
        at = slice(votes.start[group], votes.start[group + 1])
        choices = [
            (ids[p], points) for p, points in zip(votes.project[at].tolist(), votes.points[at].tolist(), strict=True)
        ]
        for _time in range(times):
            yield votes.channels[channel], choices
