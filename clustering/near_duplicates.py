"""Copies and near-copies: campaigns, double sends, forwarded letters."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from clustering.features import Lexicon
from clustering.nodes import distinct

NEAR = 0.6  # sparse cosine from which two texts are copies of each other
_BLOCK = 512


def duplicates(texts: Sequence[str]) -> np.ndarray:
    """A label (n,) per text, equal for near-identical texts; a text like no other has its own label.

    Copies are connected components of pairs whose lexical cosine is at least .6, every pair verified.
    Labels are numbered by first appearance. A text without a word is only the copy of an equal one.
    """
    nodes = distinct(texts)
    if len(nodes) == 0:
        return np.zeros(0, dtype=np.int64)
    rows = Lexicon(nodes.texts, least=1, share=1.0).fitted
    pairs = [_pairs(rows, start) for start in range(0, len(nodes), _BLOCK)]
    a = np.concatenate([pair[0] for pair in pairs])
    b = np.concatenate([pair[1] for pair in pairs])
    near = sparse.csr_matrix((np.ones(len(a)), (a, b)), shape=(len(nodes), len(nodes)))
    component = connected_components(near, directed=False)[1][nodes.of]
    _, first, label = np.unique(component, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[label]


def _pairs(rows: sparse.csr_matrix, start: int) -> tuple[np.ndarray, np.ndarray]:
    close = (rows[start : start + _BLOCK] @ rows.T).tocoo()
    kept = close.data >= NEAR
    return close.row[kept] + start, close.col[kept]
