"""The map itself: from answers to groups, what they say, what all say, or why there is nothing to show."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from tally.opinions import honesty
from tally.opinions.groups import Grouping, grouped
from tally.opinions.honesty import Refusal
from tally.opinions.space import Space, centred, means, space
from tally.opinions.statements import (
    Answers,
    Consensus,
    Representative,
    consensus,
    counted,
    in_every_group,
    representative,
)
from tally.opinions.votes import AGREE, DISAGREE, PASS, Votes

SEEDS = (0, 1, 2, 3, 4)
METHOD = "opinions-1"  # another number whenever the same answers may give another map


@dataclass(frozen=True, slots=True)
class Group:
    """People who answer alike: A is the largest. The ellipse around (``x``, ``y``) holds two of them in three.

    ``width`` and ``height`` are its half axes, ``angle`` in degrees that of the first. It is all that is said of where
    people stand.
    """

    name: str
    size: int
    x: float
    y: float
    width: float
    height: float
    angle: float
    representative: tuple[Representative, ...]


@dataclass(frozen=True, slots=True)
class StatementFigures:
    """Counts over everybody and by group told (``groups``: name → [agree, disagree, pass]).

    ``x`` and ``y``: how much it tells people apart along each axis. ``in_every_group``: the product over groups of the
    share that agrees. A rejected statement has counts and nothing else.
    """

    id: Hashable
    agree: int
    disagree: int
    passed: int
    rejected: bool
    x: float
    y: float
    in_every_group: float | None
    groups: dict[str, list[int]]


@dataclass(frozen=True, eq=False)
class Placements:
    """Where each person grouped stands, and the name of their group (None when it is not told). Never published."""

    people: list[Hashable]
    points: np.ndarray  # (people, 2)
    groups: list[str | None]


@dataclass(frozen=True)
class OpinionMap:
    """``people`` answered something, ``grouped`` of them enough to be placed. ``refusal``: why there is no map.

    With a refusal there are no groups, no consensus and no placements. ``silhouette`` and ``agreement`` are None when
    not measured.
    """

    people: int
    grouped: int
    answers: int
    refusal: Refusal | None
    silhouette: float | None
    agreement: float | None
    explained: tuple[float, float]
    groups: tuple[Group, ...]
    consensus: tuple[Consensus, ...]
    statements: tuple[StatementFigures, ...]
    placements: Placements = field(repr=False, compare=False)

    def published(self) -> dict[str, Any]:
        """All but where each person stands: what may leave the house, ready for JSON, in a stable order."""
        return {name: value for name, value in asdict(self).items() if name != "placements"}


@threadpool_limits.wrap(limits=1, user_api="blas")  # tables are small: threads would wait more than they work
def opinion_map(votes: Votes, *, rejected: Iterable[Hashable] = (), seeds: Sequence[int] = SEEDS) -> OpinionMap:
    """The map of these answers, the same whatever the order of rows and the names of people and statements.

    ``rejected`` statements are counted and otherwise ignored. Statements come in the order of their ids.
    """
    allowed = votes.without(rejected)
    active = votes.given >= honesty.LEAST_ANSWERS
    if int(active.sum()) < honesty.LEAST_PEOPLE:
        return _without_map(votes, allowed, active, Refusal.FEW_PEOPLE)
    placed = space(votes, allowed)
    if _is_chance(votes, allowed, active, placed, seeds):
        return _without_map(votes, allowed, active, Refusal.CHANCE)
    found = grouped(placed.points[active], seeds=seeds)
    if found is None:
        return _without_map(votes, allowed, active, Refusal.NO_GROUPS)
    weak = honesty.too_weak(silhouette=found.silhouette, agreement=found.agreement, sizes=found.sizes)
    if weak is not None:
        return _without_map(votes, allowed, active, weak, found)
    return _with_map(votes, allowed, active, placed, found)


def _is_chance(votes: Votes, allowed: np.ndarray, active: np.ndarray, placed: Space, seeds: Sequence[int]) -> bool:
    if not placed.explained.any():
        return True
    people = np.flatnonzero(active)
    order = people[np.lexsort((placed.points[people, 1], placed.points[people, 0]))]
    return honesty.is_chance(centred(votes, means(votes), allowed), order, seed=seeds[0])


def _without_map(
    votes: Votes, allowed: np.ndarray, active: np.ndarray, refusal: Refusal, found: Grouping | None = None
) -> OpinionMap:
    width = len(votes.statements)
    return OpinionMap(
        people=len(votes.people),
        grouped=int(active.sum()),
        answers=len(votes),
        refusal=refusal,
        silhouette=None if found is None else round(found.silhouette, 6),
        agreement=None if found is None else round(found.agreement, 6),
        explained=(0.0, 0.0),
        groups=(),
        consensus=(),
        statements=_figures(votes, allowed, np.zeros((width, 2)), None, []),
        placements=Placements([], np.zeros((0, 2)), []),
    )


def _with_map(votes: Votes, allowed: np.ndarray, active: np.ndarray, placed: Space, found: Grouping) -> OpinionMap:
    labels = np.full(len(votes.people), -1)
    labels[active] = found.labels
    answers = counted(votes, labels)
    told = [label for label, size in enumerate(found.sizes) if size >= honesty.LEAST_GROUP]
    names = {label: chr(ord("A") + rank) for rank, label in enumerate(told)}
    return OpinionMap(
        people=len(votes.people),
        grouped=int(active.sum()),
        answers=len(votes),
        refusal=None,
        silhouette=round(found.silhouette, 6),
        agreement=round(found.agreement, 6),
        explained=(_figure(placed.explained[0]), _figure(placed.explained[1])),
        groups=tuple(_group(votes, allowed, answers, label, names, placed.points[labels == label]) for label in told),
        consensus=consensus(votes, answers, allowed),
        statements=_figures(votes, allowed, placed.axes, answers, told),
        placements=Placements(
            [votes.people[at] for at in np.flatnonzero(active)],
            placed.points[active],
            [names.get(int(label)) for label in found.labels],
        ),
    )


def _group(
    votes: Votes, allowed: np.ndarray, answers: Answers, label: int, names: dict[int, str], points: np.ndarray
) -> Group:
    x, y = points.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(points.T, bias=True))
    height, width = np.sqrt(2 * np.log(3) * np.maximum(values, 0))  # two in three of a normal cloud
    angle = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1])) % 180
    said = representative(answers, label, votes.statements, allowed)
    return Group(names[label], len(points), *map(_figure, (x, y, width, height, angle)), said)


def _figures(
    votes: Votes, allowed: np.ndarray, axes: np.ndarray, answers: Answers | None, told: list[int]
) -> tuple[StatementFigures, ...]:
    agree, disagree, passed = (votes.counts(answer) for answer in (AGREE, DISAGREE, PASS))
    wide = None if answers is None else in_every_group(answers, AGREE)
    return tuple(
        StatementFigures(
            id=id,
            agree=int(agree[at]),
            disagree=int(disagree[at]),
            passed=int(passed[at]),
            rejected=not allowed[at],
            x=_figure(axes[at, 0]),
            y=_figure(axes[at, 1]),
            in_every_group=None if wide is None or not allowed[at] else _figure(wide[at]),
            groups={} if answers is None or not allowed[at] else _by_group(answers, told, at),
        )
        for at, id in enumerate(votes.statements)
    )


def _by_group(answers: Answers, told: list[int], at: int) -> dict[str, list[int]]:
    counts = ((answers.agree[label, at], answers.disagree[label, at], answers.seen[label, at]) for label in told)
    return {
        chr(ord("A") + rank): [int(agree), int(disagree), int(seen - agree - disagree)]
        for rank, (agree, disagree, seen) in enumerate(counts)
    }


def _figure(value: float) -> float:
    return round(float(value), 6) + 0.0  # no -0.0
