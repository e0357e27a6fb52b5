"""Grouping a handful of texts: better to leave one aside than to put two strangers together."""

from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from clustering.nearness import nearness
from clustering.nodes import distinct


def nucleate(
    texts: Sequence[str], *, vectors: np.ndarray | None = None, minimum: int = 3, least: float | None = None
) -> list[list[int]]:
    """Groups of at least `minimum` rows that clearly say the same thing, largest first.

    For 3 to a few hundred texts; a row is in one group or none. Average linkage down to a similarity that
    unrelated complaints do not reach (`least`, measured: see ``nearness``), so it would rather miss a
    group than make a false one. Without `vectors` (n, d) only shared words can bring texts together.
    """
    if vectors is not None and len(vectors) != len(texts):
        raise ValueError("vectors must have one row per text")
    nodes = distinct(texts)
    heard = np.flatnonzero(~nodes.silent) if len(nodes) else np.zeros(0, dtype=np.int64)
    if len(heard) == 0:
        return []
    said = [nodes.texts[node] for node in heard]
    close, threshold = nearness(said, None if vectors is None else np.asarray(vectors)[nodes.first[heard]])
    group = _average_linkage(close, threshold if least is None else least)
    groups = [np.flatnonzero(np.isin(nodes.of, heard[group == number])).tolist() for number in np.unique(group)]
    return sorted((rows for rows in groups if len(rows) >= minimum), key=lambda rows: (-len(rows), rows))


def _average_linkage(close: np.ndarray, least: float) -> np.ndarray:
    if len(close) == 1:
        return np.zeros(1, dtype=np.int64)
    distance = np.maximum(1 - close, 0)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    return fcluster(tree, 1 - least, "distance")
