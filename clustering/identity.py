"""Keeping a theme's identity from one grouping to the next."""

from collections.abc import Hashable, Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment

SAME = 0.5  # Jaccard index from which a new theme is the former one


def match(previous: Sequence[Hashable | None], new: Sequence[int]) -> dict[int, Hashable]:
    """Which new theme continues which former one: {new label: former label}.

    `previous` and `new` give one label per text, in the same order; None and -1 mean no theme, and
    texts without a former label do not count against a theme that grew. Each former label is given
    at most once (Kuhn 1955, the assignment of greatest total Jaccard index, of at least .5).
    """
    if len(previous) != len(new):
        raise ValueError("previous and new labels must be of the same texts")
    pairs = [(old, int(label)) for old, label in zip(previous, new, strict=True) if old is not None and old != -1]
    olds = sorted({old for old, _ in pairs}, key=repr)
    news = sorted({label for _, label in pairs if label >= 0})
    if not olds or not news:
        return {}
    place_old = {old: i for i, old in enumerate(olds)}
    place_new = {label: i for i, label in enumerate(news)}
    shared = np.zeros((len(olds), len(news)))
    size_old, size_new = np.zeros(len(olds)), np.zeros(len(news))
    for old, label in pairs:
        size_old[place_old[old]] += 1
        if label >= 0:
            size_new[place_new[label]] += 1
            shared[place_old[old], place_new[label]] += 1
    jaccard = shared / (size_old[:, None] + size_new[None, :] - shared)
    rows, columns = linear_sum_assignment(-np.where(jaccard >= SAME, jaccard, 0.0))
    return {news[j]: olds[i] for i, j in zip(rows, columns, strict=True) if jaccard[i, j] >= SAME}


def remembered(graph: sparse.csr_matrix, previous: Sequence[Hashable | None], *, by: float = 4.0) -> sparse.csr_matrix:
    """The graph with edges inside a former theme `by` times heavier, across themes `by` times lighter.

    Edges with a text that had no theme are left alone.
    """
    known = [old for old in previous if old is not None and old != -1]
    number = {old: i for i, old in enumerate(sorted(set(known), key=repr))}
    former = np.array([number.get(old, -1) for old in previous])
    edges = graph.tocoo()
    a, b = former[edges.row], former[edges.col]
    factor = np.where((a < 0) | (b < 0), 1.0, np.where(a == b, by, 1 / by))
    return sparse.csr_matrix((edges.data * factor, (edges.row, edges.col)), shape=graph.shape)
