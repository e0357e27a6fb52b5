"""The Pabulib format (pabulib.org/format): a text of three sections, META, PROJECTS and VOTES, separated by « ; »."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from tally.budgets.election import APPROVAL, GRADES, POINTS, RANKING, Choice, Election, Project
from tally.budgets.errors import BadFile
from tally.budgets.regulation import GREEDY, Regulation

KINDS = {
    "approval": APPROVAL,
    "choose-1": APPROVAL,
    "cumulative": POINTS,
    "scoring": POINTS,
    "ordinal": RANKING,
}
_SECTIONS = ("META", "PROJECTS", "VOTES")
_ON_PAPER = {"paper", "traditional"}
_CENT = Decimal("0.01")

Row = tuple[int, list[str]]  # a line's number, and its cells


@dataclass(frozen=True, eq=False)
class PabulibFile:
    """What a file holds. ``selected``: what it says of each project (1 funded, 2 funded otherwise), when it says it."""

    meta: dict[str, str]
    election: Election
    selected: dict[str, int] = field(default_factory=dict)

    def regulation(self) -> Regulation:
        """The rule that the file declares; greedy when it declares none that is known.

        « greedy-custom » is told in the file's comment: down the list until one does not fit, which is funded all the
        same when 80 % of its cost is left. Equals go by the order of the file.
        """
        declared = self.meta.get("rule", "")
        threshold = self.meta.get("min_project_score_threshold", "")
        return Regulation(
            rule=GREEDY,
            on_overflow={"greedy-no-skip": "stop", "greedy-custom": "tolerance"}.get(declared, "skip"),
            tolerance="80" if declared == "greedy-custom" else "0",
            threshold_kind="absolute" if threshold else "none",
            threshold=threshold or "0",
            ties=("earlier_deposit",),
            ranking_length=int(self.meta.get("max_length", "0") or 0) if self.election.ballots.kind == RANKING else 0,
        )


def read(text: str) -> PabulibFile:
    """BadFile: what is wrong first, with its line."""
    sections = _sections(text)
    meta = _meta(sections["META"])
    kind = _kind(meta)
    projects, selected = _projects(sections["PROJECTS"])
    cast = _ballots(sections["VOTES"], kind, {project.id for project in projects}, _Ceilings.of(meta, projects))
    election = Election.of(projects, cast, budget=meta_amount(meta), kind=kind, currency=_value(meta, "currency"))
    return PabulibFile({name: value for name, (value, _line) in meta.items()}, election, selected)


Meta = Mapping[str, tuple[str, int]]  # a field, its value and its line


def _value(meta: Meta, name: str, default: str = "") -> str:
    return meta[name][0] if name in meta else default


def meta_amount(meta: Meta) -> int:
    if "budget" not in meta:
        raise BadFile(1, "META does not say the budget")
    return _cents(*reversed(meta["budget"]))


def _kind(meta: Meta) -> str:
    value, line = meta.get("vote_type", ("", 1))
    if value not in KINDS:
        raise BadFile(line, f"vote_type is one of {', '.join(KINDS)}, not {value!r}")
    return KINDS[value]


def _sections(text: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    current: list[Row] | None = None
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    while True:
        start = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as wrong:
            raise BadFile(start, str(wrong)) from wrong
        if row is None:
            break
        if len(row) == 1 and row[0].strip() in _SECTIONS:
            current = found.setdefault(row[0].strip(), [])
        elif row and any(row):
            if current is None:
                raise BadFile(start, "a file begins with META")
            current.append((start, row))
    for section in _SECTIONS:
        if not found.get(section):
            raise BadFile(1, f"no section {section}")
    return found


def _meta(rows: list[Row]) -> dict[str, tuple[str, int]]:
    return {row[0].strip(): (";".join(row[1:]).strip(), line) for line, row in rows[1:]}


def _columns(rows: list[Row], *needed: str) -> dict[str, int]:
    line, head = rows[0]
    columns = {name.strip(): at for at, name in enumerate(head)}
    for name in needed:
        if name not in columns:
            raise BadFile(line, f"no column {name}")
    return columns


def _projects(rows: list[Row]) -> tuple[list[Project], dict[str, int]]:
    columns = _columns(rows, "project_id", "cost")
    projects: dict[str, Project] = {}
    selected: dict[str, int] = {}
    for rank, (line, row) in enumerate(rows[1:]):
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
        project = cells["project_id"]
        if not project or project in projects:
            raise BadFile(line, f"project {project} is there twice" if project else "a project without an id")
        territory, theme = cells.get("district", ""), cells.get("category", "")
        cost = _cents(line, cells["cost"])
        projects[project] = Project(project, cost, cells.get("name", ""), rank, territory=territory, theme=theme)
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

    def check(self, line: int, choices: list[Choice]) -> None:
        given = [points for _project, points in choices]
        if self.length is not None and len(choices) > self.length:
            raise BadFile(line, f"a ballot of {len(choices)} projects, at most {self.length}")
        if self.points is not None and sum(given) > self.points:
            raise BadFile(line, f"a ballot of {sum(given)} points, at most {self.points}")
        if self.each is not None and max(given, default=0) > self.each:
            raise BadFile(line, f"{max(given)} points for a project, at most {self.each}")
        if self.cost is not None and sum(self.costs[project] for project, _points in choices) > self.cost:
            raise BadFile(line, "a ballot above the amount it may spend")


def _ballots(
    rows: list[Row], kind: str, known: set[str], ceilings: _Ceilings
) -> Mapping[tuple[str, tuple[Choice, ...]], int]:
    columns = _columns(rows, "vote", *(["points"] if kind == POINTS else []))
    vote_at, points_at, how_at = columns["vote"], columns.get("points"), columns.get("voting_method")
    # Ballots that are written alike are read once: there are far fewer of them than voters.
    written: Counter[tuple[str, str, str]] = Counter()
    lines: dict[tuple[str, str, str], int] = {}
    for line, row in rows[1:]:
        if len(row) <= max(vote_at, points_at or 0):
            raise BadFile(line, f"{len(row)} cells where {len(columns)} are expected")
        how = row[how_at].strip() if how_at is not None and how_at < len(row) else ""
        key = (row[vote_at], row[points_at] if points_at is not None else "", how)
        written[key] += 1
        lines.setdefault(key, line)
    cast: Counter[tuple[str, tuple[Choice, ...]]] = Counter()
    for (vote, points, how), times in written.items():
        line = lines[vote, points, how]
        choices = _choices(line, vote, points if kind == POINTS else None, known)
        ceilings.check(line, choices)
        cast["paper" if how in _ON_PAPER else how, tuple(choices)] += times
    return cast


def _choices(line: int, vote: str, points: str | None, known: set[str]) -> list[Choice]:
    projects = [project for part in vote.split(",") if (project := part.strip())]
    different = set(projects)
    if not different <= known:
        raise BadFile(line, f"a ballot chooses {min(different - known)}, which is not a project")
    if len(different) < len(projects):
        raise BadFile(line, "a ballot chooses a project twice")
    if points is None:
        return [(project, 1) for project in projects]
    given = [_whole(line, part) for part in points.split(",") if part.strip()]
    if len(given) != len(projects):
        raise BadFile(line, f"{len(given)} points for {len(projects)} projects")
    return list(zip(projects, given, strict=True))


def _whole(line: int, text: str) -> int:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise BadFile(line, f"{text!r} is not a number") from None
    if value != value.to_integral_value() or value < 0:
        raise BadFile(line, f"{text!r} is not a whole number from 0 up")
    return int(value)


def _cents(line: int, text: str) -> int:
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise BadFile(line, f"{text!r} is not an amount") from None
    if not amount.is_finite() or amount < 0 or amount != amount.quantize(_CENT):
        raise BadFile(line, f"{text!r} is not an amount from 0 up, in cents at most")
    return int(amount * 100)


def write(election: Election, meta: Mapping[str, str], *, selected: Mapping[str, int] | None = None) -> str:
    """The text of a file. Voters are numbered in the order of what their ballots say, not of who they are or when.

    ValueError: the format has no ballots of grades.
    """
    if election.ballots.kind == GRADES:
        raise ValueError("the format has no grades")
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    rows.writerow(["META"])
    rows.writerow(["key", "value"])
    rows.writerows([*meta.items(), *_counted(election).items()])
    rows.writerow(["PROJECTS"])
    rows.writerow(["project_id", "cost", "name", "category", "district", *([] if selected is None else ["selected"])])
    for project in sorted(election.projects, key=lambda one: (one.deposit, one.id)):
        told = [] if selected is None else [selected.get(project.id, 0)]
        rows.writerow([project.id, euros(project.cost), project.name, project.theme, project.territory, *told])
    rows.writerow(["VOTES"])
    pointed = election.ballots.kind == POINTS
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
        "vote_type": {APPROVAL: "approval", POINTS: "cumulative", RANKING: "ordinal"}[election.ballots.kind],
        "currency": election.currency,
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
