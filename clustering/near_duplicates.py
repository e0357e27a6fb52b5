"""Copies and near-copies: campaigns, double sends, forwarded letters."""

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from clustering.features import Lexicon
from clustering.folds import jaccard
from clustering.graph import neighbours
from clustering.nodes import distinct
from clustering.space import Space

NEAR = 0.6  # sparse cosine from which two texts are copies of each other
_EVERY_PAIR = 3_000  # distinct texts up to which every pair is compared
_NEAREST = 10  # beyond, each is compared exactly with those of its lists, and the nearest are kept: copies form chains
_BLOCK = 512
# Of the pairs that bands bring together and whose cosine is .6 or more, one in a thousand shares less of its pieces.
_SHARED = 0.25


def duplicates(texts: Sequence[str], *, pairs: Sequence[tuple[int, int]] | None = None) -> np.ndarray:
    """A label (n,) per text, equal for near-identical texts; a text like no other has its own label.

    Copies are connected components of pairs whose lexical cosine is at least .6, every pair verified. Up to 3,000
    distinct texts every pair is looked at, beyond those that `graph.neighbours` brings together. Labels are numbered
    by first appearance. A text without a word is only the copy of an equal one.

    `pairs` (rows of `texts`), when given, are the only ones looked at beside equal texts: those that an index brought
    together (``folds.bands``), a few thousand times fewer.
    """
    nodes = distinct(texts)
    if len(nodes) == 0:
        return np.zeros(0, dtype=np.int64)
    if pairs is not None:
        near = _among(nodes.texts, {(nodes.of[a], nodes.of[b]) for a, b in pairs})
    else:
        rows = Lexicon(nodes.texts, least=1, share=1.0).fitted
        near = _every_pair(rows) if len(nodes) <= _EVERY_PAIR else _nearest_pairs(rows)
    component = connected_components(near, directed=False)[1][nodes.of]
    _, first, label = np.unique(component, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[label]


def _among(texts: Sequence[str], pairs: Iterable[tuple[int, int]]) -> sparse.csr_matrix:
    """Which of these pairs are copies, (n, n); only texts that share enough of their pieces are placed in a space."""
    likely = sorted({(min(a, b), max(a, b)) for a, b in pairs if a != b})
    likely = [pair for pair, share in zip(likely, jaccard(texts, likely), strict=True) if share >= _SHARED]
    read = sorted(set(chain.from_iterable(likely)))
    if not read:
        return sparse.csr_matrix((len(texts), len(texts)), dtype=bool)
    rows = Lexicon([texts[row] for row in read], least=1, share=1.0).fitted
    first, second = np.array(likely).T
    cosine = rows[np.searchsorted(read, first)].multiply(rows[np.searchsorted(read, second)]).sum(axis=1)
    near = np.asarray(cosine).ravel() >= NEAR
    return sparse.csr_matrix((near[near], (first[near], second[near])), shape=(len(texts), len(texts)))


def _every_pair(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    """Which pairs are copies, (n, n)."""
    blocks = (rows[start : start + _BLOCK] @ rows.T for start in range(0, rows.shape[0], _BLOCK))
    return sparse.vstack([block >= NEAR for block in blocks], format="csr")


def _nearest_pairs(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    n = rows.shape[0]
    space = Space(rows, np.zeros((n, 0), dtype=np.float32), 0.0, np.zeros(n))
    nearest, similarity = neighbours(space, count=_NEAREST)
    text, place = np.nonzero(similarity >= NEAR)
    return sparse.csr_matrix((np.ones(len(text), dtype=bool), (text, nearest[text, place])), shape=(n, n))
