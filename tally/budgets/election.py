"""What is counted: projects with their costs, and ballots. Nobody is named."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tally.budgets.ballots import APPROVAL, GRADES, KINDS, RANKING, Ballots, Cast, packed, repeated

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
class Election:
    """One envelope: ``budget`` in cents, its projects sorted by id, and the ballots cast on them.

    ``told``: what else its file says of itself (country, unit, instance…), which no rule reads.
    """

    budget: int
    projects: tuple[Project, ...]
    ballots: Ballots
    currency: str = ""
    mentions: tuple[str, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)

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
        given = ballots if isinstance(ballots, Mapping) else Counter(("", tuple(ballot)) for ballot in ballots)
        ranks = {project: rank for rank, project in enumerate(sorted(project.id for project in projects))}
        cast = _cast(given, ranks)
        return cls.from_cast(projects, cast, budget=budget, kind=kind, currency=currency, mentions=mentions)

    @classmethod
    def from_cast(
        cls,
        projects: Sequence[Project],
        cast: Cast,
        *,
        budget: int,
        kind: str,
        currency: str = "",
        mentions: Sequence[str] = (),
        told: Mapping[str, str] | None = None,
    ) -> "Election":
        """The same from ballots in arrays; ``cast.project`` ranks projects by id."""
        if kind not in KINDS:
            raise ValueError(f"unknown kind of ballot: {kind}")
        ordered = tuple(sorted(projects, key=lambda project: project.id))  # the order given changes nothing
        if len({project.id for project in ordered}) < len(ordered):
            raise ValueError("a project is listed twice")
        _check(cast, kind, len(mentions))
        return cls(budget, ordered, packed(cast, kind), currency, tuple(mentions), dict(told or {}))

    @cached_property
    def costs(self) -> np.ndarray:
        """(projects,) int64, cents."""
        return np.array([project.cost for project in self.projects], np.int64)


def _cast(given: Mapping[tuple[str, Sequence[Choice]], int], ranks: Mapping[str, int]) -> Cast:
    try:
        project = [ranks[chosen] for _channel, choices in given for chosen, _points in choices]
    except KeyError as unknown:
        raise ValueError(f"a ballot chooses {unknown.args[0]}, which is not a project") from None
    return Cast(
        channel=[channel for channel, _choices in given],
        times=np.array(list(given.values()), np.int64),
        length=np.array([len(choices) for _channel, choices in given], np.int64),
        project=np.array(project, np.int32),
        points=np.array([points for _channel, choices in given for _project, points in choices], np.int64),
    )


def _check(cast: Cast, kind: str, mentions: int) -> None:
    if repeated(cast) is not None:
        raise ValueError("a ballot chooses a project twice")
    if kind != RANKING and cast.points.min(initial=0) < 0:
        raise ValueError("points below zero")
    if kind == APPROVAL and cast.points.max(initial=0) > 1:
        raise ValueError("an approval is worth one point")
    if kind == GRADES and cast.points.max(initial=-1) >= mentions:
        raise ValueError("a mention that is not declared")
