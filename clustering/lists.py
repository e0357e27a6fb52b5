"""Neighbours in large corpora: texts filed in lists of like texts, and compared exactly with those of a few lists.

Inverted lists with several probes (Jégou, Douze & Schmid 2011), except that nothing is approximate inside a list:
similarities are the exact ones, so that no re-ranking is left to do. Cost is linear in the number of texts.
"""

from collections.abc import Callable, Iterator

import numpy as np
from scipy import sparse

from clustering.features import unit

_SAMPLE = 64  # texts per list from which the middles are learned
_PASSES = 3
_BLOCK = 8_192
_EMPTY = -np.inf

Progress = Callable[[str, float], None]


def probed(dense: np.ndarray, *, size: int, probes: int, seed: int = 0) -> np.ndarray:
    """The lists each text looks into, its own first: (n, probes) int32. `dense` (n, d): unit rows, float32.

    Lists hold about `size` texts; one that is over four times larger than it is cut at random.
    """
    rng = np.random.default_rng(seed)
    count = max(1, len(dense) // size)
    middles = _middles(dense, count, rng)
    probes = min(probes, count)
    chosen = np.empty((len(dense), probes), dtype=np.int32)
    for start in range(0, len(dense), _BLOCK):
        away = -(dense[start : start + _BLOCK] @ middles.T)
        near = np.argpartition(away, probes - 1, axis=1)[:, :probes]
        order = np.argsort(np.take_along_axis(away, near, axis=1), axis=1, kind="stable")
        chosen[start : start + _BLOCK] = np.take_along_axis(near, order, axis=1)
    return _cut(chosen, count, 4 * size, rng)


def nearest(
    lexical: sparse.csr_matrix,
    semantic: np.ndarray,
    lists: np.ndarray,
    *,
    count: int,
    progress: Progress | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The `count` nearest other texts of each among the lists it looks into, best first: indices (n, count) int32 and
    similarities float32; where fewer are found, itself with similarity 0.

    Similarity is the sum of the products of both kinds of rows: give `semantic` (n, d) already weighted.
    """
    n = lexical.shape[0]
    near = np.repeat(np.arange(n, dtype=np.int32)[:, None], count, axis=1)
    close = np.full((n, count), _EMPTY, dtype=np.float32)
    local = np.full(lexical.shape[1], -1, dtype=np.int32)  # column -> place among the columns of a list
    total = int(lists.max(initial=-1)) + 1
    for number, (members, askers) in enumerate(_visits(lists)):
        scores = _products(lexical, members, askers, local)
        if semantic.shape[1]:
            scores += semantic[askers] @ semantic[members].T
        _forget_oneself(scores, members, askers)
        top = _top(scores, count)
        found = np.concatenate([near[askers], members[top]], axis=1)
        likeness = np.concatenate([close[askers], np.take_along_axis(scores, top, axis=1)], axis=1)
        best = _top(likeness, count)
        near[askers] = np.take_along_axis(found, best, axis=1)
        close[askers] = np.take_along_axis(likeness, best, axis=1)
        if progress and number % 16 == 0:
            progress("neighbours", number / total)
    return _settled(near, close)


def _middles(dense: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Middles of `count` lists: spherical k-means on a sample."""
    size = min(len(dense), count * _SAMPLE)
    sample = dense[np.sort(rng.choice(len(dense), size, replace=False))]
    middles = sample[np.sort(rng.choice(size, count, replace=False))]
    for _ in range(_PASSES):
        home = np.concatenate([(sample[i : i + _BLOCK] @ middles.T).argmax(axis=1) for i in range(0, size, _BLOCK)])
        member = sparse.csr_matrix((np.ones(size, dtype=np.float32), (home, np.arange(size))), shape=(count, size))
        moved = unit(member @ sample)
        middles = np.where(moved.any(axis=1)[:, None], moved, middles).astype(np.float32)
    return middles


def _cut(chosen: np.ndarray, count: int, most: int, rng: np.random.Generator) -> np.ndarray:
    """Texts without a telling word, or all alike, fall in one list: comparing them all would cost its square."""
    sizes = np.bincount(chosen[:, 0], minlength=count)
    for large in np.flatnonzero(sizes > most):
        parts = -(-int(sizes[large]) // most)
        looking = np.flatnonzero((chosen == large).any(axis=1))
        part = rng.integers(parts, size=len(looking)).astype(np.int32)
        part = np.where(part == 0, large, count + part - 1)
        chosen[looking] = np.where(chosen[looking] == large, part[:, None], chosen[looking])
        count += parts - 1
    return chosen


def _visits(lists: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each list that holds somebody: the texts it holds, and those that look into it."""
    probes = lists.shape[1]
    home, asked = np.argsort(lists[:, 0], kind="stable"), np.argsort(lists.ravel(), kind="stable")
    edges = np.arange(int(lists.max(initial=-1)) + 2)
    homes = np.searchsorted(lists[home, 0], edges)
    asks = np.searchsorted(lists.ravel()[asked], edges)
    for i in range(len(edges) - 1):
        if homes[i] < homes[i + 1]:
            yield home[homes[i] : homes[i + 1]], asked[asks[i] : asks[i + 1]] // probes


def _products(rows: sparse.csr_matrix, members: np.ndarray, askers: np.ndarray, local: np.ndarray) -> np.ndarray:
    """Exact products (askers, members). The members are made dense over the columns they use, so that each word of
    an asker adds one contiguous row of numbers; `local` is lent for that, and given back as it was."""
    held = rows[members]
    columns = np.unique(held.indices)
    local[columns] = np.arange(len(columns), dtype=np.int32)
    wide = np.zeros((len(columns), len(members)), dtype=np.float32)
    wide[local[held.indices], np.repeat(np.arange(len(members)), np.diff(held.indptr))] = held.data
    asked = rows[askers]
    place = local[asked.indices]
    known = place >= 0
    ends = np.concatenate([[0], np.cumsum(known)])[asked.indptr]
    shape = (len(askers), len(columns))
    local[columns] = -1
    return sparse.csr_matrix((asked.data[known], place[known], ends), shape=shape) @ wide


def _forget_oneself(scores: np.ndarray, members: np.ndarray, askers: np.ndarray) -> None:
    place = np.minimum(np.searchsorted(members, askers), len(members) - 1)
    here = np.flatnonzero(members[place] == askers)
    scores[here, place[here]] = _EMPTY


def _top(scores: np.ndarray, count: int) -> np.ndarray:
    """Columns of the `count` largest of each row, in no order; all of them when there are fewer."""
    width = scores.shape[1]
    if width <= count:
        return np.tile(np.arange(width), (len(scores), 1))
    return np.argpartition(scores, width - count, axis=1)[:, width - count :]


def _settled(near: np.ndarray, close: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Best first, ties to the lower row; places left empty hold the text itself, at 0."""
    for start in range(0, len(near), _BLOCK):
        part = slice(start, start + _BLOCK)
        order = np.lexsort((near[part], -close[part]), axis=1)
        near[part] = np.take_along_axis(near[part], order, axis=1)
        close[part] = np.take_along_axis(close[part], order, axis=1)
        empty = np.isneginf(close[part])
        near[part] = np.where(empty, np.arange(len(near))[part, None], near[part])
        close[part][empty] = 0.0
    return near, close
