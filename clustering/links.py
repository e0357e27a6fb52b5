"""What people decided: texts that must stay together, texts that must not.

Must-linked texts become one node before anything is computed; cannot-linked nodes that still meet
are parted afterwards. Neither is ever violated by a grouping.
"""

from collections.abc import Iterable

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Pair = tuple[int, int]


class ContradictoryLinks(ValueError):
    """Two texts are asked both to be together and to be apart."""


def components(count: int, must: Iterable[Pair]) -> np.ndarray:
    """A component number per row (count,), equal for rows joined by must-links."""
    pairs = np.array(sorted(set(must)), dtype=np.int64).reshape(-1, 2)
    if pairs.size and (pairs.min() < 0 or pairs.max() >= count):
        raise IndexError("a link points outside the texts")
    joined = sparse.csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return connected_components(joined, directed=False)[1]


def apart(component: np.ndarray, cannot: Iterable[Pair]) -> set[Pair]:
    """The cannot-links between components, lower number first."""
    count = len(component)
    found = set()
    for a, b in cannot:
        if not (0 <= a < count and 0 <= b < count):
            raise IndexError("a link points outside the texts")
        first, second = sorted((int(component[a]), int(component[b])))
        if first == second:
            raise ContradictoryLinks(f"texts {a} and {b} are both linked and kept apart")
        found.add((first, second))
    return found


def middles(rows: np.ndarray, component: np.ndarray) -> np.ndarray:
    """The mean of `rows` (n, d) over each component, in order of their numbers."""
    count = int(component.max()) + 1
    total = np.zeros((count, rows.shape[1]), dtype=rows.dtype)
    np.add.at(total, component, rows)
    return total / np.bincount(component)[:, None]


def part(labels: np.ndarray, apart: set[Pair], rows: np.ndarray) -> np.ndarray:
    """Labels in which no forbidden pair shares a group; -1 (no group) is shared freely.

    `rows` (n, d) are the texts' unit vectors: in a group with a quarrel, those who quarrel take
    different sides, then everyone else joins the nearest side.
    """
    labels = labels.copy()
    foes: dict[int, set[int]] = {}
    for a, b in apart:
        foes.setdefault(a, set()).add(b)
        foes.setdefault(b, set()).add(a)
    quarrels = {int(labels[a]) for a, b in apart if labels[a] == labels[b] and labels[a] >= 0}
    following = int(labels.max(initial=-1)) + 1
    for label in sorted(quarrels):
        members = np.flatnonzero(labels == label)
        side = _sides(members, foes, rows)
        labels[members] = np.where(side == 0, label, following + side - 1)
        following += int(side.max())
    return labels


def _sides(members: np.ndarray, foes: dict[int, set[int]], rows: np.ndarray) -> np.ndarray:
    """A side (0, 1, …) per member: greedy colouring of those who quarrel, nearest side for the rest."""
    inside = set(members.tolist())
    heads = [m for m in members.tolist() if foes.get(m, set()) & inside]
    sides: list[list[int]] = []
    for head in sorted(heads, key=lambda m: (-len(foes[m] & inside), m)):
        open_sides = [side for side in sides if not foes[head] & set(side)]
        if open_sides:
            max(open_sides, key=lambda side: float(rows[side].mean(axis=0) @ rows[head])).append(head)
        else:
            sides.append([head])
    middles = np.array([rows[side].mean(axis=0) for side in sides])
    chosen = np.argmax(rows[members] @ middles.T, axis=1)
    taken = {m: number for number, side in enumerate(sides) for m in side}
    return np.array([taken.get(m, int(near)) for m, near in zip(members.tolist(), chosen, strict=True)])
