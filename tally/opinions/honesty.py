"""When a map may be shown. A map that says nothing sure is not shown: its reason is."""

from enum import StrEnum

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator, eigsh

LEAST_ANSWERS = 7  # of a person, to be grouped
LEAST_PEOPLE = 50  # grouped, for a map
LEAST_GROUP = 10  # people, for a group to be told
LEAST_SILHOUETTE = 0.25
LEAST_AGREEMENT = 0.9  # adjusted Rand index, the worst of the seeds
PERMUTATIONS = 19
ABOVE_CHANCE = 3  # standard deviations above what they give: three or four sets in a thousand, by chance
ON_PEOPLE, ON_ANSWERS = 1_000, 100_000  # looked at for that


class Refusal(StrEnum):
    """Why there is no map."""

    FEW_PEOPLE = "few_people"
    CHANCE = "chance"
    NO_GROUPS = "no_groups"
    UNSTABLE = "unstable"
    SMALL_GROUPS = "small_groups"


def too_weak(*, silhouette: float, agreement: float, sizes: np.ndarray) -> Refusal | None:
    """What the groups themselves say; one group alone is no map either."""
    if silhouette < LEAST_SILHOUETTE:
        return Refusal.NO_GROUPS
    if agreement < LEAST_AGREEMENT:
        return Refusal.UNSTABLE
    if int((sizes >= LEAST_GROUP).sum()) < 2:
        return Refusal.SMALL_GROUPS
    return None


def is_chance(answers: csr_array, order: np.ndarray, *, seed: int) -> bool:
    """Whether people agree with one another no more than if each statement's answers were dealt out again.

    ``answers`` (people, statements), centred; ``order`` the people to look at, in an order that names do not decide.
    k-means cuts a cloud without any shape into neat and stable groups: neither the silhouette nor the seeds notice,
    this does (parallel analysis; Horn, 1965).
    """
    rng = np.random.default_rng(seed)
    most = min(ON_PEOPLE, max(LEAST_PEOPLE, int(ON_ANSWERS * answers.shape[0] / max(answers.nnz, 1))))
    if len(order) > most:
        order = order[np.sort(rng.choice(len(order), most, replace=False))]
    columns = answers[order].tocsc()
    column = np.repeat(np.arange(columns.shape[1]), np.diff(columns.indptr))
    found = _strength(columns.indices, column, columns.data, columns.shape)
    dealt = [columns.data[np.argsort(column + rng.random(len(column)))] for _ in range(PERMUTATIONS)]
    by_chance = np.array([_strength(columns.indices, column, values, columns.shape) for values in dealt])
    return found <= by_chance.mean() + ABOVE_CHANCE * by_chance.std(ddof=1)


def _strength(row: np.ndarray, column: np.ndarray, value: np.ndarray, shape: tuple[int, int]) -> float:
    """The variance along the first axis."""
    table = np.zeros(shape, np.float32)
    table[row, column] = value
    table -= table.mean(axis=0)
    width = shape[1]
    start = np.random.default_rng(0).normal(size=width).astype(np.float32)  # crooked: it meets every direction
    product = LinearOperator((width, width), matvec=lambda vector: table.T @ (table @ vector), dtype=np.float32)
    found = eigsh(product, k=1, v0=start, tol=1e-3, return_eigenvectors=False)
    return float(found[0])
