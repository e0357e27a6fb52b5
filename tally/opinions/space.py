"""Where people stand: the two directions along which answers differ most.

An unseen statement counts as its mean answer, that is nothing once means are taken away; a rejected one counts for
nothing at all. People who answered little would all stand near the centre: each is pushed away from it by
sqrt(statements / answers given).
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator, eigsh

from tally.opinions.votes import AGREE, DISAGREE, Votes

BLOCK = 4_000_000  # cells filled at once
MANY = 3_000  # statements: beyond, their table of products is not made
DIGITS = 9  # beyond, the order of additions shows


@dataclass(frozen=True, eq=False)
class Space:
    """``points`` (people, 2) and ``axes`` (statements, 2; unit columns); ``explained`` (2,) shares of the variance.

    The same whatever the order of rows and the names of ids, to nine digits; all zeros when everybody agrees.
    """

    points: np.ndarray
    axes: np.ndarray
    explained: np.ndarray


def space(votes: Votes, allowed: np.ndarray) -> Space:
    """``allowed`` (statements,) is False for rejected statements."""
    width = len(votes.statements)
    mean = means(votes)
    values, axes, total = _axes(votes, mean, allowed)
    points = centred(votes, mean, allowed) @ axes
    points *= np.sqrt(width / np.maximum(votes.given, 1))[:, None]
    largest = np.abs(points).max(initial=0)
    if largest > 0:
        points = np.round(points / largest, DIGITS) * largest
    return Space(points, axes, values / total if total > 0 else np.zeros(2))


def means(votes: Votes) -> np.ndarray:
    """(statements,) the mean answer of those who gave one."""
    return (votes.counts(AGREE) - votes.counts(DISAGREE)) / np.maximum(votes.seen, 1)


def centred(votes: Votes, mean: np.ndarray, allowed: np.ndarray) -> csr_array:
    """(people, statements) answers minus the mean answer; nothing where unseen or rejected."""
    values = votes.answer - np.where(allowed, mean, 0.0)[votes.statement]
    if not allowed.all():
        values *= allowed[votes.statement]
    return csr_array((values, votes.statement, votes.starts), shape=(len(votes.people), len(votes.statements)))


def _axes(votes: Votes, mean: np.ndarray, allowed: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """The two largest eigenvalues, their unit vectors as columns, and the sum of all eigenvalues."""
    width = len(votes.statements)
    if int(allowed.sum()) < 3:
        return np.zeros(2), np.zeros((width, 2)), 0.0
    if width > MANY:
        values, vectors, total = _largest_of_many(centred(votes, mean, allowed))
    else:
        values, vectors, total = _largest(products(votes, mean), votes, allowed)
    if total <= 1e-9:
        return np.zeros(2), np.zeros((width, 2)), 0.0
    vectors[:, values <= 1e-9 * total] = 0
    return np.maximum(values, 0), _oriented(vectors), total


def products(votes: Votes, mean: np.ndarray) -> np.ndarray:
    """(statements, statements) sums over people of the products of centred answers.

    Built from whole numbers, so that the order of people changes nothing, not even the last bit.
    """
    width = len(votes.statements)
    sums = np.zeros((2 * width, 2 * width))
    step = max(1, BLOCK // max(width, 1))
    for first in range(0, len(votes.people), step):
        after = min(first + step, len(votes.people))
        rows = slice(votes.starts[first], votes.starts[after])
        block = np.zeros((after - first, 2 * width), np.float32)  # sums of less than 2^24 ones are exact
        block[votes.person[rows] - first, votes.statement[rows]] = votes.answer[rows]
        block[votes.person[rows] - first, votes.statement[rows] + width] = 1
        sums += block.T @ block
    answers, crossed, seen = sums[:width, :width], sums[:width, width:], sums[width:, width:]
    return answers - crossed * mean[None, :] - crossed.T * mean[:, None] + seen * np.outer(mean, mean)


def _largest(table: np.ndarray, votes: Votes, allowed: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Statements are taken in an order that their names do not decide, so that names decide nothing after."""
    order = _order(table, votes)
    order = order[allowed[order]]
    table = table[np.ix_(order, order)]
    values, found = eigh(table, subset_by_index=[len(order) - 2, len(order) - 1])
    vectors = np.zeros((len(votes.statements), 2))
    vectors[order] = found[:, ::-1]
    return values[::-1], vectors, float(np.trace(table))


def _order(table: np.ndarray, votes: Votes) -> np.ndarray:
    weight = np.round(np.sort(np.abs(table), axis=1)[:, ::-1].sum(axis=1), 6)
    return np.lexsort((weight, votes.counts(DISAGREE), votes.counts(AGREE)))


def _largest_of_many(table: csr_array) -> tuple[np.ndarray, np.ndarray, float]:
    width = table.shape[1]
    product = LinearOperator((width, width), matvec=lambda vector: table.T @ (table @ vector), dtype=np.float64)
    start = np.random.default_rng(0).normal(size=width)  # crooked: it meets every direction
    values, vectors = eigsh(product, k=2, v0=start, which="LA")
    return values[::-1], vectors[:, ::-1].copy(), float((table.data**2).sum())


def _oriented(vectors: np.ndarray) -> np.ndarray:
    """Each axis points where its loadings weigh most, so that two runs do not mirror each other."""
    weight = np.round((vectors**3).sum(axis=0), DIGITS)
    plain = np.round(vectors.sum(axis=0), DIGITS)
    return vectors * np.where(np.where(weight == 0, plain, weight) < 0, -1.0, 1.0)
