"""Texts in, themes out: the whole pipeline, one step per line of `group`."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from clustering import identity, links
from clustering.communities import communities, neighbour_count, resolution_for
from clustering.graph import neighbours, weighted
from clustering.nodes import Nodes, distinct
from clustering.refine import refined
from clustering.space import build
from clustering.themes import Theme, describe

SMALLEST = 3  # texts in a theme
_ENOUGH_TO_REFINE = 500

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Grouping:
    """`labels` (n,): theme index per text, -1 for none. `scores` (n,), 0..1: how well each text is
    surrounded, the mean similarity of its five nearest neighbours; outliers score low. `weight`: of
    meaning against words in this corpus, 0 when no vectors were given."""

    labels: np.ndarray
    scores: np.ndarray
    themes: list[Theme] = field(default_factory=list)
    weight: float = 0.0


def group(
    texts: Sequence[str],
    *,
    vectors: np.ndarray | None = None,
    contexts: Sequence[str] | None = None,
    previous: Sequence[Hashable | None] | None = None,
    must: Iterable[tuple[int, int]] = (),
    cannot: Iterable[tuple[int, int]] = (),
    resolution: str = "medium",
    seed: int = 0,
    progress: Progress | None = None,
) -> Grouping:
    """Group texts that say the same thing.

    `vectors` (n, d): what they mean (see ``encode``), None for words alone. `contexts`: one value per
    text (its service), a weak hint. `previous`: former label per text, None where there was none; themes
    keep to them and ``Theme.previous`` names the one continued. `must`, `cannot`: pairs of row numbers
    that people put together or kept apart; the result never violates them. `resolution`: coarse, medium
    or fine. `progress(step, share)` is called along the way.

    The same texts in any order give the same themes. Raises ``ContradictoryLinks`` when `must` and
    `cannot` disagree, IndexError for a pair outside the texts, ValueError for lengths that differ.
    Method: joint lexical and semantic neighbours, modularity communities (see ``communities``).
    """
    _check(texts, vectors=vectors, contexts=contexts, previous=previous)
    strength = resolution_for(len(texts), resolution)
    must, cannot = list(must), list(cannot)
    links.apart(links.components(len(texts), must), cannot)
    nodes = distinct(texts, alone={row for pair in (*must, *cannot) for row in pair})
    if len(nodes) == 0:
        return Grouping(np.zeros(0, dtype=np.int64), np.zeros(0))
    meaning = None if vectors is None else np.asarray(vectors)[nodes.first]
    space = build(nodes.texts, meaning, seed=seed)
    if contexts is not None:
        space = space.with_context([contexts[row] for row in nodes.first])
    nearest, similarity = neighbours(
        space, count=neighbour_count(len(nodes), by_meaning=vectors is not None), seed=seed, progress=progress
    )
    graph = weighted(nearest, similarity)
    if previous is not None:
        graph = identity.remembered(graph, _former(nodes, previous))
    joined = links.components(len(nodes), [(nodes.of[a], nodes.of[b]) for a, b in must])
    found = communities(graph, joined, resolution=strength, seed=seed)
    if vectors is None and len(nodes) >= _ENOUGH_TO_REFINE and not must and previous is None:
        found = refined(found, space.lexical, nearest, similarity)
    forbidden = links.apart(joined, [(nodes.of[a], nodes.of[b]) for a, b in cannot])
    if forbidden:
        found = links.part(found, forbidden, links.middles(space.dense(seed=seed), joined))
    found = found[joined]
    labels = _ordered(_without_small(found, nodes, joined), nodes)
    kept = {} if previous is None else identity.match(previous, labels[nodes.of])
    themes = describe(
        nodes.texts, labels, first=nodes.first, rows=nodes.rows, space=space, nearest=nearest, previous=kept
    )
    if progress:
        progress("themes", 1.0)
    scores = np.clip(similarity[:, :5].mean(axis=1), 0, 1) if similarity.size else np.zeros(len(nodes))
    return Grouping(labels[nodes.of], scores[nodes.of], themes, space.weight)


def _check(texts: Sequence[str], **aligned: Sequence | None) -> None:
    for name, values in aligned.items():
        if values is not None and len(values) != len(texts):
            raise ValueError(f"{name} must have one row per text")


def _former(nodes: Nodes, previous: Sequence[Hashable | None]) -> list[Hashable | None]:
    """The former label of each distinct text: the one most of its rows had."""
    counted: list[dict] = [{} for _ in range(len(nodes))]
    for row, label in enumerate(previous):
        if label is not None and label != -1:
            counted[nodes.of[row]][label] = counted[nodes.of[row]].get(label, 0) + 1
    return [max(sorted(seen, key=repr), key=seen.__getitem__) if seen else None for seen in counted]


def _without_small(found: np.ndarray, nodes: Nodes, joined: np.ndarray) -> np.ndarray:
    """-1 for texts whose group is under three rows or that hold no word; people's own links stay."""
    linked = np.bincount(joined)[joined] > 1
    found = np.where(nodes.silent & ~linked, -1, found)
    sizes = np.bincount(found[found >= 0], weights=nodes.rows[found >= 0], minlength=found.max(initial=0) + 1)
    held = np.unique(found[linked & (found >= 0)])
    small = (found >= 0) & (sizes[found] < SMALLEST) & ~np.isin(found, held)
    return np.where(small, -1, found)


def _ordered(found: np.ndarray, nodes: Nodes) -> np.ndarray:
    """The same groups numbered from the largest; equal sizes by their first distinct text."""
    groups = [int(label) for label in np.unique(found) if label >= 0]
    groups.sort(key=lambda label: (-nodes.rows[found == label].sum(), np.flatnonzero(found == label)[0]))
    number = {label: i for i, label in enumerate(groups)}
    return np.array([number.get(int(label), -1) for label in found], dtype=np.int64)
