"""Who is close to whom: each text's nearest neighbours, then a weighted graph."""

from collections.abc import Callable

import numpy as np
from scipy import sparse

from clustering.space import Space

_EXACT = 3_000  # up to here every pair is compared
_CANDIDATES = 50
_BLOCK = 1_024

Progress = Callable[[str, float], None]


def neighbours(
    space: Space, *, count: int, seed: int = 0, progress: Progress | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The `count` nearest other texts of each: indices and similarities, both (n, count), best first.

    Up to 3,000 texts every pair is compared; beyond, 50 candidates come from the dense space and are
    re-ranked by the exact similarity. Ties go to the lower row, so the answer never varies.
    """
    n = len(space)
    count = min(count, n - 1)
    nearest = np.zeros((n, count), dtype=np.int64)
    similarity = np.zeros((n, count), dtype=np.float32)
    dense = space.dense(seed=seed) if n > _EXACT else None
    for start in range(0, n, _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, n))
        if dense is None:
            found, scores = _best(space.similarity(rows), rows, count)
        else:
            candidates, _ = _best(dense[rows] @ dense.T, rows, min(_CANDIDATES, n - 1))
            found, scores = _rerank(space, rows, candidates, count)
        nearest[rows], similarity[rows] = found, scores
        if progress:
            progress("neighbours", (rows[-1] + 1) / n)
    return nearest, similarity


def weighted(nearest: np.ndarray, similarity: np.ndarray) -> sparse.csr_matrix:
    """Symmetric graph (n, n): an edge weighs the mean of what each end says of it."""
    n, count = nearest.shape
    weights = np.maximum(similarity, 0).ravel().astype(np.float64)
    one_way = sparse.csr_matrix((weights, (np.repeat(np.arange(n), count), nearest.ravel())), shape=(n, n))
    one_way.eliminate_zeros()  # texts with nothing in common are not linked
    return ((one_way + one_way.T) / 2).tocsr()


def _best(scores: np.ndarray, rows: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    scores[np.arange(len(rows)), rows] = -np.inf
    if count < scores.shape[1]:
        top = np.sort(np.argpartition(-scores, count - 1, axis=1)[:, :count], axis=1)
    else:
        top = np.tile(np.arange(scores.shape[1]), (len(rows), 1))
    values = np.take_along_axis(scores, top, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(top, order, axis=1), np.take_along_axis(values, order, axis=1)


def _rerank(space: Space, rows: np.ndarray, candidates: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    repeated = np.repeat(rows, candidates.shape[1])
    others = candidates.ravel()
    words = np.asarray(space.lexical[repeated].multiply(space.lexical[others]).sum(axis=1)).ravel()
    meaning = np.einsum("ij,ij->i", space.semantic[repeated], space.semantic[others])
    exact = ((words + space.weight * meaning) / (1 + space.weight)).reshape(candidates.shape)
    order = np.argsort(-exact, axis=1, kind="stable")[:, :count]
    return np.take_along_axis(candidates, order, axis=1), np.take_along_axis(exact, order, axis=1)
