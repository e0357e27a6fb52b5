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
_BLOCK = 1_024
_OFTEN = 16  # members of a list that say a word from which it is worth a row of numbers
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
        part = slice(start, start + _BLOCK)
        close = dense[part] @ middles.T
        for probe in range(probes):
            chosen[part, probe] = close.argmax(axis=1)
            np.put_along_axis(close, chosen[part, probe, None], _EMPTY, axis=1)
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
    n, probes = lists.shape
    filed = np.argsort(lists[:, 0], kind="stable")  # texts of one list stand side by side from here on
    lists, rows, meaning = lists[filed], lexical[filed].astype(np.float32, copy=False), semantic[filed]
    near = np.zeros((n * probes, count), dtype=np.int32)
    close = np.full((n * probes, count), _EMPTY, dtype=np.float32)
    local = np.zeros(lexical.shape[1], dtype=np.int32)  # column -> place among the columns of a list, from 1
    total = int(lists.max(initial=-1)) + 1
    for number, (members, asked) in enumerate(_visits(lists)):
        askers = asked // probes
        scores = _products(rows, members, askers, local)
        if meaning.shape[1]:
            scores += meaning[askers] @ meaning[members].T
        _forget_oneself(scores, members, askers)
        top = _top(scores, count)
        near[asked, : top.shape[1]] = filed[members.start + top]
        close[asked, : top.shape[1]] = np.take_along_axis(scores, top, axis=1)
        if progress and number % 16 == 0:
            progress("neighbours", number / total)
    return _settled(near.reshape(n, -1), close.reshape(n, -1), filed, count)


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


def _visits(lists: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """For each list that holds somebody: the texts it holds, side by side, and the places in `lists`, flat, of those
    that look into it."""
    asked = np.argsort(lists.ravel(), kind="stable")
    edges = np.arange(int(lists.max(initial=-1)) + 2)
    homes = np.searchsorted(lists[:, 0], edges)
    asks = np.searchsorted(lists.ravel()[asked], edges)
    for i in range(len(edges) - 1):
        if homes[i] < homes[i + 1]:
            yield slice(int(homes[i]), int(homes[i + 1])), asked[asks[i] : asks[i + 1]]


def _products(rows: sparse.csr_matrix, members: slice, askers: np.ndarray, local: np.ndarray) -> np.ndarray:
    """Exact products (askers, members).

    A word that many members say is a contiguous row of numbers, which an asker that says it adds up: few such rows,
    so that they stay in the cache. The others, most of them said once or twice, are multiplied one by one. `local` is
    lent to number the words, and given back as it was.
    """
    held, asked = rows[members], rows[askers]
    said = np.sort(held.indices)
    starts = np.flatnonzero(np.diff(said, prepend=-1))
    columns, times = said[starts], np.diff(starts, append=len(said))
    columns = np.concatenate([columns[times >= _OFTEN], columns[times < _OFTEN]])
    usual = int((times >= _OFTEN).sum())
    local[columns] = np.arange(1, len(columns) + 1, dtype=np.int32)
    shape = (len(columns) + 1, held.shape[0])
    theirs = sparse.csr_matrix((asked.data, local[asked.indices], asked.indptr), shape=(len(askers), shape[0]))
    by_word = sparse.csr_matrix((held.data, local[held.indices], held.indptr), shape=shape[::-1]).tocsc()
    local[columns] = 0
    ends, said, by = by_word.indptr, by_word.data, by_word.indices
    cut = ends[usual + 1]
    often = sparse.csr_matrix((said[:cut], by[:cut], ends[: usual + 2]), shape=(usual + 1, shape[1])).toarray()
    rarely = sparse.csr_matrix((said[cut:], by[cut:], np.maximum(ends - cut, 0)), shape=shape)
    scores = (theirs @ rarely).toarray()
    scores += _among(theirs, usual) @ often
    return scores


def _among(rows: sparse.csr_matrix, last: int) -> sparse.csr_matrix:
    """Columns 1 to `last` of `rows`, and an empty column 0."""
    kept = np.flatnonzero((rows.indices - 1).view(np.uint32) < last)
    ends = np.searchsorted(kept, rows.indptr)
    return sparse.csr_matrix((rows.data[kept], rows.indices[kept], ends), shape=(rows.shape[0], last + 1))


def _forget_oneself(scores: np.ndarray, members: slice, askers: np.ndarray) -> None:
    here = np.flatnonzero((askers >= members.start) & (askers < members.stop))
    scores[here, askers[here] - members.start] = _EMPTY


def _top(scores: np.ndarray, count: int) -> np.ndarray:
    """Columns of the `count` largest of each row, in no order; all of them when there are fewer.

    The column is written over the last bits of the score, four times cheaper to sort: scores of one row that differ
    by less than a thousandth of themselves may be taken one for the other, and those under zero too.
    """
    width = scores.shape[1]
    if width <= count:
        return np.tile(np.arange(width), (len(scores), 1))
    mask = np.int32((1 << (width - 1).bit_length()) - 1)
    keys = np.maximum(scores, 0).view(np.int32)  # positive numbers are in the order of their bits
    keys &= ~mask
    keys |= np.arange(width, dtype=np.int32)
    keys.partition(width - count, axis=1)
    return keys[:, width - count :] & mask


def _settled(near: np.ndarray, close: np.ndarray, filed: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """What was found (n, any) for the texts `filed`, in their own order: the `count` best first, ties to the lower row;
    places left empty hold the text itself, at 0."""
    nearest = np.empty((len(near), count), dtype=np.int32)
    similarity = np.empty((len(near), count), dtype=np.float32)
    for start in range(0, len(near), _BLOCK):
        part = slice(start, start + _BLOCK)
        order = np.lexsort((near[part], -close[part]), axis=1)[:, :count]
        likeness = np.take_along_axis(close[part], order, axis=1)
        empty = np.isneginf(likeness)
        found = np.where(empty, filed[part, None], np.take_along_axis(near[part], order, axis=1))
        nearest[filed[part]], similarity[filed[part]] = found, np.where(empty, 0.0, likeness)
    return nearest, similarity
