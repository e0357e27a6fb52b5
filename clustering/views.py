"""Several ways of seeing a small corpus, so that only what most of them find is believed.

With a few hundred texts, one neighbour more or less, or a little more weight to words, moves many texts from one
theme to another. Partitions of these twelve graphs vote (see ``communities``): worth .03 AMI on short fiches and on
the demo town, nothing lost elsewhere. Above a thousand texts they agree anyway, and the cost would show.
"""

import numpy as np
from scipy import sparse

from clustering.graph import best, weighted
from clustering.space import Space

FEW = 1_000  # texts under which it is worth its cost
_FACTORS = (0.5, 2.0)  # of the weight of meaning
_WIDTHS = (1.0, 1.6, 2.5)  # of the number of neighbours
_PULL = 0.4  # how far each text is drawn to the mean of its neighbours, where noise averages out
_AROUND = 10  # neighbours it is drawn to


def views(space: Space, *, count: int) -> list[sparse.csr_matrix]:
    """Graphs (n, n) of one corpus: words and meaning weighed in turn, raw and calmed, with more or fewer neighbours."""
    graphs = []
    for factor in _FACTORS if space.weight else (1.0,):
        close = space.weighing(factor).similarity(slice(None))
        for seen in (close, _calmed(close)):
            nearest, similarity = best(seen, np.arange(len(space)), min(int(_WIDTHS[-1] * count), len(space) - 1))
            widths = [max(1, round(width * count)) for width in _WIDTHS]
            graphs += [weighted(nearest[:, :width], similarity[:, :width]) for width in widths]
    return graphs


def _calmed(close: np.ndarray) -> np.ndarray:
    """Similarities (n, n) once each text has been drawn to its neighbours' mean; linear, so no vector is needed."""
    n = len(close)
    nearest, similarity = best(close.copy(), np.arange(n), min(_AROUND, n - 1))
    weights = np.maximum(similarity, 0)
    weights = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    drawn = np.zeros((n, n), dtype=np.float32)
    np.put_along_axis(drawn, nearest.astype(np.int64), _PULL * weights.astype(np.float32), axis=1)
    drawn[np.arange(n), np.arange(n)] = 1 - _PULL
    moved = drawn @ close.astype(np.float32) @ drawn.T
    length = np.sqrt(np.maximum(moved.diagonal(), 1e-9))
    return moved / length[:, None] / length[None, :]
