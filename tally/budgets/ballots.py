"""Ballots in arrays, those that say the same together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

APPROVAL, POINTS, RANKING, GRADES = "approval", "points", "ranking", "grades"
KINDS = (APPROVAL, POINTS, RANKING, GRADES)


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
        """(choices,) int32, the group of each choice."""
        return np.repeat(np.arange(len(self.count), dtype=np.int32), np.diff(self.start))


@dataclass(frozen=True, eq=False)
class Cast:
    """Ballots as they come: row ``r``, cast ``times[r]`` times through ``channel[r]``, holds ``length[r]`` choices.

    ``project`` and ``points`` hold the choices of all rows, one after the other.
    """

    channel: Sequence[str]
    times: np.ndarray  # (rows,) int64
    length: np.ndarray  # (rows,) int64
    project: np.ndarray  # (choices,) int32
    points: np.ndarray  # (choices,) int64


def repeated(cast: Cast) -> int | None:
    """The first row that chooses a project twice."""
    key = np.sort(_row(cast) * (int(cast.project.max(initial=0)) + 1) + cast.project)
    twice = np.flatnonzero(key[1:] == key[:-1])
    return int(key[twice[0]] // (int(cast.project.max(initial=0)) + 1)) if len(twice) else None


def packed(cast: Cast, kind: str) -> Ballots:
    """Identical ballots together, in an order that depends on nothing but what they say.

    Each ballot is a line of a table of small integers (channel, then choices), and lines are sorted as bytes.
    """
    channels = tuple(sorted(set(cast.channel)))
    codes = {channel: code for code, channel in enumerate(channels)}
    row, project, points = _row(cast), cast.project, cast.points
    if kind == RANKING:
        points = np.ones(len(project), np.int64)
    else:
        order = np.argsort(row * (int(project.max(initial=0)) + 1) + project)
        project, points = project[order], points[order]
    place = np.arange(len(project)) - np.repeat(np.cumsum(cast.length) - cast.length, cast.length)
    pointed = bool((points != 1).any())
    width, size = int(cast.length.max(initial=0)), 2 if pointed else 1
    small = np.min_scalar_type(-max(int(project.max(initial=0)), int(points.max(initial=0)), len(channels)) - 2)
    table = np.full((len(cast.length), 1 + width * size), -1, small)
    table[:, 0] = [codes[channel] for channel in cast.channel]
    table[row, 1 + place * size] = project
    if pointed:
        table[row, 2 + place * size] = points
    lines = table.view(np.dtype((np.void, table.itemsize * table.shape[1]))).ravel()
    _kinds, first, which = np.unique(lines, return_index=True, return_inverse=True)
    count = np.zeros(len(first), np.int64)
    np.add.at(count, which, cast.times)
    return _unfolded(table[first], count, kind=kind, channels=channels, size=size)


def _unfolded(table: np.ndarray, count: np.ndarray, *, kind: str, channels: tuple[str, ...], size: int) -> Ballots:
    chosen = table[:, 1::size]
    there = chosen >= 0
    given = table[:, 2::size][there] if size == 2 else np.ones(int(there.sum()))
    return Ballots(
        kind=kind,
        channels=channels,
        start=np.concatenate(([0], np.cumsum(there.sum(axis=1)))).astype(np.int64),
        project=chosen[there].astype(np.int32),
        points=given.astype(np.int64),
        count=count,
        channel=table[:, 0].astype(np.int16),
    )


def _row(cast: Cast) -> np.ndarray:
    return np.repeat(np.arange(len(cast.length)), cast.length)
