"""Grouping a handful of texts: better to leave one aside than to put two strangers together."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.cluster.hierarchy import ClusterNode, linkage, to_tree
from scipy.spatial.distance import squareform

from clustering.nearness import nearness
from clustering.nodes import Nodes, distinct

APART = 0.05  # how much closer to one another than to anyone else its texts must be


def nucleate(texts: Sequence[str], *, vectors: np.ndarray | None = None, minimum: int = 3) -> list[list[int]]:
    """Groups of at least `minimum` rows that clearly say the same thing, largest first.

    For 3 to a few hundred texts; a row is in one group or none, equal texts are always together. A group
    is a branch of the average-linkage tree whose texts are closer than unrelated complaints ever are, and
    that stands apart from its surroundings: it would rather miss a group than make a false one. Without
    `vectors` (n, d) only shared words bring texts together.
    """
    if vectors is not None and len(vectors) != len(texts):
        raise ValueError("vectors must have one row per text")
    nodes = distinct(texts)
    heard = np.flatnonzero(~nodes.silent)
    if len(heard) == 0:
        return []
    said = [nodes.texts[node] for node in heard]
    close, least = nearness(said, None if vectors is None else np.asarray(vectors)[nodes.first[heard]])
    groups = [_rows(nodes, heard[branch]) for branch in _branches(close, nodes.rows[heard], least, minimum)]
    return sorted(groups, key=lambda rows: (-len(rows), rows))


def _rows(nodes: Nodes, members: np.ndarray) -> list[int]:
    return np.flatnonzero(np.isin(nodes.of, members)).tolist()


def _branches(close: np.ndarray, rows: np.ndarray, least: float, minimum: int) -> list[list[int]]:
    if len(close) == 1:
        return [[0]] if rows[0] >= minimum else []
    distance = np.maximum(1 - close, 0)
    np.fill_diagonal(distance, 0)
    tree = to_tree(linkage(squareform(distance, checks=False), "average"))
    return list(_clear(tree, 1.0, rows, least, minimum))


def _clear(top: ClusterNode, around: float, rows: np.ndarray, least: float, minimum: int) -> Iterator[list[int]]:
    """The highest branches that are close enough inside and far enough from where they join the others."""
    waiting = [(top, around)]
    while waiting:
        branch, parent = waiting.pop()
        members = branch.pre_order()
        if rows[members].sum() < minimum:
            continue
        if 1 - branch.dist >= least and (parent - branch.dist >= APART or branch is top):
            yield members
        elif not branch.is_leaf():
            waiting += [(branch.left, branch.dist), (branch.right, branch.dist)]
        else:
            yield members  # many people, the very same words
