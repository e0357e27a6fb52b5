"""Who is close to whom: each text's nearest neighbours, then a weighted graph."""

from collections.abc import Callable

import numpy as np
from scipy import sparse

from clustering import lists
from clustering.features import dense_space, unit
from clustering.space import Space

_EXACT = 3_000  # up to here every pair is compared
_BLOCK = 1_024
_DIRECTIONS = 100  # of the space in which texts are filed in lists
_LIST, _PROBES = 400, 4
_MANY, _FEWER = 300_000, 3  # texts from which fewer lists are looked into: they hold more copies

Progress = Callable[[str, float], None]


def neighbours(
    space: Space, *, count: int, seed: int = 0, progress: Progress | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The `count` nearest other texts of each: indices and similarities, both (n, count), best first.

    Up to 3,000 texts every pair is compared; beyond, each text is compared, exactly too, with those of the four
    lists of about 400 nearest to it (see ``lists``). Ties go to the lower row, so the answer never varies.
    """
    n = len(space)
    count = min(count, n - 1)
    if n > _EXACT:
        return _listed(space, count, seed, progress)
    nearest = np.zeros((n, count), dtype=np.int32)
    similarity = np.zeros((n, count), dtype=np.float32)
    for start in range(0, n, _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, n))
        nearest[rows], similarity[rows] = best(space.similarity(rows), rows, count)
        if progress:
            progress("neighbours", (rows[-1] + 1) / n)
    return nearest, similarity


def weighted(nearest: np.ndarray, similarity: np.ndarray) -> sparse.csr_matrix:
    """Symmetric graph (n, n): an edge weighs the mean of what each end says of it."""
    n, count = nearest.shape
    weights = np.maximum(similarity, 0).ravel() / 2
    ends = np.arange(n + 1) * count
    one_way = sparse.csr_matrix((weights, nearest.flatten(), ends), shape=(n, n))  # a copy: the next line edits it
    one_way.eliminate_zeros()  # texts with nothing in common are not linked
    return one_way + one_way.T.tocsr()


def scaled(nearest: np.ndarray, similarity: np.ndarray) -> np.ndarray:
    """Similarities (n, count) over what both ends are used to: the geometric mean of how close each of the two is to
    its own neighbours. A text like all others no longer draws the themes around it together, and a theme of few words
    weighs as much as one of many (local scaling, Zelnik-Manor and Perona 2004). Beside vectors, AMI of the sheets .553
    to .562, of the arguments .530 to .535; on five draws of half of their topics, +.010 and -.004."""
    used = np.maximum(similarity.mean(axis=1), 1e-3)
    return (similarity / np.sqrt(used[:, None] * used[nearest])).astype(np.float32)


def best(scores: np.ndarray, rows: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The `count` highest `scores` (rows, n) of each row but its own, best first, ties to the lower; edits `scores`."""
    scores[np.arange(len(rows)), rows] = -np.inf
    if count < scores.shape[1]:
        top = np.sort(np.argpartition(-scores, count - 1, axis=1)[:, :count], axis=1)
    else:
        top = np.tile(np.arange(scores.shape[1]), (len(rows), 1))
    values = np.take_along_axis(scores, top, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(top, order, axis=1), np.take_along_axis(values, order, axis=1)


def _listed(space: Space, count: int, seed: int, progress: Progress | None) -> tuple[np.ndarray, np.ndarray]:
    meaning = np.sqrt(space.weight, dtype=np.float32) * space.semantic.astype(np.float32, copy=False)
    words = space.lexical @ dense_space(space.lexical, size=_DIRECTIONS, seed=seed)
    dense = unit(np.hstack([words, meaning])) if meaning.shape[1] else unit(words)
    probes = _PROBES if len(space) < _MANY else _FEWER
    filed = lists.probed(dense, size=_LIST, probes=probes, seed=seed)
    del words, dense
    near, close = lists.nearest(space.lexical, meaning, filed, count=count, progress=progress)
    close /= np.float32(1 + space.weight)
    return near, close
