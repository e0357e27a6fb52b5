"""Majority judgment: each project has the median of its mentions. Balinski and Laraki (2007), lower median."""

from fractions import Fraction
from itertools import accumulate

import numpy as np

from tally.budgets.errors import BadRegulation
from tally.budgets.greedy import fund_in_order
from tally.budgets.work import Work


def majority_judgment(work: Work) -> None:
    """Funds in the order of the median mention (0 is the best); see ``merit`` for equals.

    A ballot that leaves a project out gives it ``regulation.unmarked``. BadRegulation when that is not a mention.
    """
    mentions = len(work.election.mentions)
    if not 0 <= work.regulation.unmarked < mentions:
        raise BadRegulation("unmarked is not one of the mentions")
    counted = tallied(work)
    fund_in_order(work, {rank: merit(counted[rank].tolist()) for rank in work.candidates()})


def tallied(work: Work) -> np.ndarray:
    """(projects, mentions) int64: how many ballots gave each mention, in ``found.scale``-ths."""
    votes, width = work.election.ballots, len(work.election.projects)
    counted = np.zeros((width, len(work.election.mentions)), np.int64)
    np.add.at(counted, (votes.project, votes.points), work.found.weight[votes.group])
    counted[:, work.regulation.unmarked] += int(work.found.weight.sum()) - counted.sum(axis=1)
    return counted


def merit(row: list[int]) -> tuple[int, int, Fraction]:
    """A key that grows with merit: the median, then the larger of the two sides of it.

    The lower median is the mention of the voter just past one half, from the best. Among equal medians, a larger share
    above than below speaks for the project, and the more the better; else against it, and the more the worse.
    """
    total = sum(row)
    median = next((mention for mention, given in enumerate(accumulate(row)) if 2 * given > total), 0)
    above, below = sum(row[:median]), sum(row[median + 1 :])
    if above > below:
        return -median, 1, Fraction(above, total)
    return -median, 0, -Fraction(below, total or 1)
