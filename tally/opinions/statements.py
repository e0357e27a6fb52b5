"""What each group says that the others do not, and what all say: two tests on proportions.

The share of a group that gives an answer is (answers + 1) / (seen + 2): few answers stay near one half. A statement
represents a group when that share is above one half, and above the share of everybody else, each by a z test at 90 %;
among those, the most telling first (ratio of shares × its z × share × its z).
"""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from tally.opinions.votes import AGREE, DISAGREE, Votes

SURE = 1.2816  # one-sided, 90 %
SHOWN = 5
SIDES = {AGREE: "agree", DISAGREE: "disagree"}


@dataclass(frozen=True, slots=True)
class Representative:
    """``count`` of the ``seen`` people of the group say ``side``; ``share`` and ``elsewhere`` are the two shares."""

    statement: Hashable
    side: str
    count: int
    seen: int
    share: float
    elsewhere: float
    ratio: float
    score: float


@dataclass(frozen=True, slots=True)
class Consensus:
    """``count`` of ``seen`` people say ``side``; ``in_every_group`` is the product of the groups' shares."""

    statement: Hashable
    side: str
    count: int
    seen: int
    share: float
    in_every_group: float


@dataclass(frozen=True, eq=False)
class Answers:
    """Counts by group and statement; people without a group are in none of them. Shapes (groups, statements)."""

    agree: np.ndarray
    disagree: np.ndarray
    seen: np.ndarray

    def given(self, side: int) -> np.ndarray:
        return self.agree if side == AGREE else self.disagree


def counted(votes: Votes, labels: np.ndarray) -> Answers:
    """``labels`` (people,) from 0; -1 for nobody's group."""
    groups, width = int(labels.max(initial=-1)) + 1, len(votes.statements)
    cell = ((labels[votes.person] + 1) * width + votes.statement) * 3 + votes.answer + 1
    table = np.bincount(cell, minlength=(groups + 1) * width * 3).reshape(groups + 1, width, 3)[1:]
    return Answers(agree=table[:, :, 2], disagree=table[:, :, 0], seen=table.sum(axis=2))


def smoothed(count: np.ndarray, seen: np.ndarray) -> np.ndarray:
    return (count + 1) / (seen + 2)


def above_half(count: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """z of a share against one half, smoothed counts."""
    return (smoothed(count, seen) - 0.5) * 2 * np.sqrt(seen + 2)


def above_others(count: np.ndarray, seen: np.ndarray, others: np.ndarray, others_seen: np.ndarray) -> np.ndarray:
    """z of the difference of two shares, pooled, smoothed counts."""
    pooled = (count + others + 2) / (seen + others_seen + 4)
    error = np.sqrt(pooled * (1 - pooled) * (1 / (seen + 2) + 1 / (others_seen + 2)))
    return (smoothed(count, seen) - smoothed(others, others_seen)) / error


def representative(
    answers: Answers, group: int, names: list[Hashable], allowed: np.ndarray
) -> tuple[Representative, ...]:
    """What this group says and the others do not: at most five, the most telling first, none that is not sure."""
    seen = answers.seen[group]
    others_seen = answers.seen.sum(axis=0) - seen
    found: list[tuple[float, Representative]] = []
    for side, said in SIDES.items():
        count = answers.given(side)[group]
        others = answers.given(side).sum(axis=0) - count
        share, elsewhere = smoothed(count, seen), smoothed(others, others_seen)
        z, z_others = above_half(count, seen), above_others(count, seen, others, others_seen)
        score = np.round((share / elsewhere) * z_others * share * z, 9)
        for at in np.flatnonzero(allowed & (z > SURE) & (z_others > SURE)):
            told = Representative(
                names[at],
                said,
                int(count[at]),
                int(seen[at]),
                round(float(share[at]), 6),
                round(float(elsewhere[at]), 6),
                round(float(share[at] / elsewhere[at]), 6),
                round(float(score[at]), 6),
            )
            found.append((-float(score[at]), told))
    found.sort(key=lambda one: (one[0], -one[1].seen))  # stable: equal scores keep the order of the statements
    return tuple(told for _, told in found[:SHOWN])


def in_every_group(answers: Answers, side: int) -> np.ndarray:
    """(statements,) group-aware consensus: the product over groups of (answers + 1) / (seen + 2)."""
    return smoothed(answers.given(side), answers.seen).prod(axis=0)


def consensus(votes: Votes, answers: Answers, allowed: np.ndarray) -> tuple[Consensus, ...]:
    """What most people say in all and in each group: at most five a side, the widest first.

    Sure by a z test at 90 % over everybody, and above one half in each group that saw it.
    """
    seen = votes.seen
    found: list[Consensus] = []
    for side, said in SIDES.items():
        count, wide = votes.counts(side), np.round(in_every_group(answers, side), 9)
        everywhere = ((smoothed(answers.given(side), answers.seen) > 0.5) | (answers.seen == 0)).all(axis=0)
        sure = np.flatnonzero(allowed & everywhere & (above_half(count, seen) > SURE))
        first = sorted(sure, key=lambda at: (-wide[at], -seen[at], at))[:SHOWN]
        found += [
            Consensus(
                votes.statements[at],
                said,
                int(count[at]),
                int(seen[at]),
                round(float(smoothed(count[at], seen[at])), 6),
                round(float(wide[at]), 6),
            )
            for at in first
        ]
    return tuple(found)
