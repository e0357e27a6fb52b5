"""What each project received, in whole numbers: votes times weights, nothing rounded."""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from tally.budgets.ballots import GRADES, RANKING
from tally.budgets.election import Election
from tally.budgets.regulation import Regulation


@dataclass(frozen=True, eq=False)
class Scores:
    """By rank of project. ``score`` is in ``scale``-ths of a point (channel weights are fractions).

    ``supporters``: ballots that gave it more than zero, each counted once whatever its weight. ``weight`` is that of a
    group of ballots, all its ballots together, in ``scale``-ths of a ballot.
    """

    score: np.ndarray  # (projects,) int64
    supporters: np.ndarray  # (projects,) int64
    weight: np.ndarray  # (groups,) int64
    points: np.ndarray  # (choices,) int64
    scale: int

    def exact(self, rank: int) -> Fraction:
        """The score as it is told."""
        return Fraction(int(self.score[rank]), self.scale)

    @property
    def ballots(self) -> Fraction:
        """All ballots, blank ones included, with their weights."""
        return Fraction(int(self.weight.sum()), self.scale)


def scores(election: Election, regulation: Regulation) -> Scores:
    """Points of a ranking: ``ranking_length`` for the first (when it is 0, the longest ballot's length), down to 1."""
    votes, width = election.ballots, len(election.projects)
    weights = [regulation.weight(channel) for channel in votes.channels]
    scale = lcm(*(weight.denominator for weight in weights)) if weights else 1
    by_channel = np.array([int(weight * scale) for weight in weights], np.int64)
    weight = votes.count * by_channel[votes.channel] if len(by_channel) else votes.count
    points = _points(election, regulation)
    supports = points > 0
    return Scores(
        score=_summed(votes.project, weight[votes.group] * points, width),
        supporters=_summed(votes.project[supports], votes.count[votes.group][supports], width),
        weight=weight,
        points=points,
        scale=scale,
    )


def _points(election: Election, regulation: Regulation) -> np.ndarray:
    votes = election.ballots
    if votes.kind == GRADES:  # a mention better than silence is support
        return (votes.points < regulation.unmarked).astype(np.int64)
    return _ranked(election, regulation) if votes.kind == RANKING else votes.points


def _ranked(election: Election, regulation: Regulation) -> np.ndarray:
    votes = election.ballots
    lengths = np.diff(votes.start)
    top = regulation.ranking_length or int(lengths.max(initial=0))
    places = np.arange(len(votes.project)) - np.repeat(votes.start[:-1], lengths)
    return np.maximum(top - places, 0)


def _summed(at: np.ndarray, values: np.ndarray, width: int) -> np.ndarray:
    summed = np.zeros(width, np.int64)
    np.add.at(summed, at, values)
    return summed
