"""What is counted: projects with their costs, and ballots. Nobody is named."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

APPROVAL, POINTS, RANKING, GRADES = "approval", "points", "ranking", "grades"
KINDS = (APPROVAL, POINTS, RANKING, GRADES)

Choice = tuple[str, int]
"""A project and its points: 1 on an approval ballot, the mention (0 = best) on a ballot of grades.

On a ranking the points are ignored: the order says it, the first is preferred.
"""


@dataclass(frozen=True, slots=True)
class Project:
    """What can be funded. ``cost`` in cents; ``deposit`` ranks it by age, the earliest first.

    ``site``: projects of one site exclude one another. A withdrawn project keeps its ballots and cannot win; a
    mandatory one is paid for first, without being voted.
    """

    id: str
    cost: int
    name: str = ""
    deposit: int = 0
    territory: str = ""
    theme: str = ""
    site: str = ""
    mandatory: bool = False
    withdrawn: bool = False

    def __post_init__(self) -> None:
        if self.cost < 0:
            raise ValueError(f"project {self.id}: a cost below zero")


@dataclass(frozen=True, eq=False)
class Ballots:
    """Ballots, identical ones together: ``count[g]`` ballots of channel ``channel[g]`` chose the same.

    The choices of group ``g`` are ``project[start[g]:start[g + 1]]`` (ranks in the election's projects), each with its
    ``points``: sorted by project, but on a ranking, which keeps its order. ``kind`` is one of ``KINDS``.
    """

    kind: str
    channels: tuple[str, ...]
    start: np.ndarray  # (groups + 1,) int64
    project: np.ndarray  # (choices,) int32
    points: np.ndarray  # (choices,) int64
    count: np.ndarray  # (groups,) int64
    channel: np.ndarray  # (groups,) int16

    def __len__(self) -> int:
        """How many ballots there are, blank ones included."""
        return int(self.count.sum())

    @cached_property
    def group(self) -> np.ndarray:
        """(choices,) the group of each choice."""
        return np.repeat(np.arange(len(self.count)), np.diff(self.start))


@dataclass(frozen=True, eq=False)
class Election:
    """One envelope: ``budget`` in cents, its projects, and the ballots cast on them."""

    budget: int
    projects: tuple[Project, ...]
    ballots: Ballots
    currency: str = ""
    mentions: tuple[str, ...] = field(default=())

    @classmethod
    def of(
        cls,
        projects: Sequence[Project],
        ballots: Iterable[Sequence[Choice]] | Mapping[tuple[str, tuple[Choice, ...]], int],
        *,
        budget: int,
        kind: str = APPROVAL,
        currency: str = "",
        mentions: Sequence[str] = (),
    ) -> "Election":
        """From ballots one by one, or from how many ballots of a channel made each choice.

        ValueError: a project twice (in the list or on one ballot), one that is not in the list, points below zero,
        an unknown kind, a mention that is not declared.
        """
        if kind not in KINDS:
            raise ValueError(f"unknown kind of ballot: {kind}")
        projects = sorted(projects, key=lambda project: project.id)  # so that the order given changes nothing
        ranks = {project.id: rank for rank, project in enumerate(projects)}
        if len(ranks) < len(projects):
            raise ValueError("a project is listed twice")
        given = ballots if isinstance(ballots, Mapping) else Counter(("", tuple(ballot)) for ballot in ballots)
        together: Counter[tuple[str, tuple[tuple[int, int], ...]]] = Counter()
        for (channel, choices), times in given.items():
            together[channel, _coded(choices, ranks, kind, len(mentions))] += times
        return cls(budget, tuple(projects), _packed(together, kind), currency, tuple(mentions))

    @cached_property
    def costs(self) -> np.ndarray:
        """(projects,) int64, cents."""
        return np.array([project.cost for project in self.projects], np.int64)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of ``canonical()``: the order of projects and of ballots changes nothing."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def canonical(self) -> str:
        """What is counted, as text: a JSON line for the envelope, then one a project and one for each distinct ballot.

        Names are left out: a corrected title is not another election.
        """
        ids = [project.id for project in self.projects]
        head = {"budget": self.budget, "kind": self.ballots.kind, "mentions": list(self.mentions)}
        listed = sorted(json.dumps(_identity(project), ensure_ascii=False) for project in self.projects)
        return "\n".join([json.dumps(head, ensure_ascii=False), *listed, *sorted(self._ballot_lines(ids)), ""])

    def _ballot_lines(self, ids: list[str]) -> Iterable[str]:
        votes = self.ballots
        starts, projects, points = votes.start.tolist(), votes.project.tolist(), votes.points.tolist()
        for group, (times, channel) in enumerate(zip(votes.count.tolist(), votes.channel.tolist(), strict=True)):
            chosen = range(starts[group], starts[group + 1])
            said = [[ids[projects[at]], points[at]] for at in chosen]
            if votes.kind != RANKING:
                said.sort()
            yield json.dumps([votes.channels[channel], said, times], ensure_ascii=False)


def _identity(project: Project) -> list[str | int | bool]:
    return [
        project.id,
        project.cost,
        project.deposit,
        project.territory,
        project.theme,
        project.site,
        project.mandatory,
        project.withdrawn,
    ]


def _coded(
    choices: Sequence[Choice], ranks: Mapping[str, int], kind: str, mentions: int
) -> tuple[tuple[int, int], ...]:
    try:
        coded = [ranks[project] for project, _points in choices]
    except KeyError as unknown:
        raise ValueError(f"a ballot chooses {unknown.args[0]}, which is not a project") from None
    if len(set(coded)) < len(coded):
        raise ValueError("a ballot chooses a project twice")
    if kind == RANKING:
        return tuple((rank, 1) for rank in coded)
    given = [points for _project, points in choices]
    if given and min(given) < 0:
        raise ValueError("points below zero")
    if kind == APPROVAL and given and max(given) > 1:
        raise ValueError("an approval is worth one point")
    if kind == GRADES and given and max(given) >= mentions:
        raise ValueError("a mention that is not declared")
    return tuple(sorted(zip(coded, given, strict=True)))


def _packed(together: Mapping[tuple[str, tuple[tuple[int, int], ...]], int], kind: str) -> Ballots:
    channels = tuple(sorted({channel for channel, _choices in together}))
    codes = {channel: code for code, channel in enumerate(channels)}
    # Sorted, so that the order in which ballots came changes nothing, not even a rounding.
    rows = sorted((codes[channel], choices, times) for (channel, choices), times in together.items())
    flat = [choice for _channel, choices, _times in rows for choice in choices]
    lengths = [len(choices) for _channel, choices, _times in rows]
    pairs = np.array(flat, np.int64).reshape(-1, 2)
    return Ballots(
        kind=kind,
        channels=channels,
        start=np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int64),
        project=pairs[:, 0].astype(np.int32),
        points=pairs[:, 1],
        count=np.array([times for _channel, _choices, times in rows], np.int64),
        channel=np.array([channel for channel, _choices, _times in rows], np.int16),
    )
