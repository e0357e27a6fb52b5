"""Copies and near-copies: campaigns, double sends, forwarded letters."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from clustering.features import Lexicon
from clustering.graph import neighbours
from clustering.nodes import distinct
from clustering.space import Space

NEAR = 0.6  # sparse cosine from which two texts are copies of each other
_EVERY_PAIR = 3_000  # distinct texts up to which every pair is compared
_NEAREST = 10  # beyond, each is compared exactly with those of its lists, and the nearest are kept: copies form chains
_BLOCK = 512


def duplicates(texts: Sequence[str]) -> np.ndarray:
    """A label (n,) per text, equal for near-identical texts; a text like no other has its own label.

    Copies are connected components of pairs whose lexical cosine is at least .6, every pair verified. Up to 3,000
    distinct texts every pair is looked at, beyond those that `graph.neighbours` brings together. Labels are numbered
    by first appearance. A text without a word is only the copy of an equal one.
    """
    nodes = distinct(texts)
    if len(nodes) == 0:
        return np.zeros(0, dtype=np.int64)
    rows = Lexicon(nodes.texts, least=1, share=1.0).fitted
    near = _every_pair(rows) if len(nodes) <= _EVERY_PAIR else _nearest_pairs(rows)
    component = connected_components(near, directed=False)[1][nodes.of]
    _, first, label = np.unique(component, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[label]


def _every_pair(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    """Which pairs are copies, (n, n)."""
    blocks = (rows[start : start + _BLOCK] @ rows.T for start in range(0, rows.shape[0], _BLOCK))
    return sparse.vstack([block >= NEAR for block in blocks], format="csr")


def _nearest_pairs(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    n = rows.shape[0]
    space = Space(rows, np.zeros((n, 0), dtype=np.float32), 0.0)
    nearest, similarity = neighbours(space, count=_NEAREST)
    text, place = np.nonzero(similarity >= NEAR)
    return sparse.csr_matrix((np.ones(len(text), dtype=bool), (text, nearest[text, place])), shape=(n, n))
