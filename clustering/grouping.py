"""Texts in, themes out: the whole pipeline, one step per line of `group`."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from clustering import identity, links
from clustering.communities import communities, neighbour_count, resolution_for
from clustering.families import families
from clustering.graph import neighbours, scaled, weighted
from clustering.nodes import Nodes, distinct
from clustering.refine import refined
from clustering.space import Space, build
from clustering.surroundings import surroundings
from clustering.taught import taught
from clustering.themes import Theme, describe
from clustering.views import FEW, views

SMALLEST = 3  # texts in a theme
_TWICE = 3_000  # texts up to which cohesion is worth looking for neighbours again, contexts aside
# Texts between which edges are scaled: fewer are seen in several ways instead. Recombined texts by their words (see
# bench), AMI at 6, 10, 20, 40 and 100 thousand: .670 to .694, .765 to .785, .843 to .863, .900 to .912, .920 to .916.
_SCALED = (1_000, 50_000)
_REFINED = (500, 5_000)  # texts between which moving them to the nearest centre helps; beyond, it does harm

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Grouping:
    """`labels` (n,): theme index per text, -1 for none. `scores` (n,), 0..1: how well each text is
    surrounded by others that resemble it; outliers score low (see ``surroundings``). `weight`: of
    meaning against words in this corpus, 0 when no vectors were given. `families`: themes by family, when there are
    too many to read as one list (see ``families``)."""

    labels: np.ndarray
    scores: np.ndarray
    themes: list[Theme] = field(default_factory=list)
    weight: float = 0.0
    families: list[list[int]] = field(default_factory=list)


def group(
    texts: Sequence[str],
    *,
    vectors: np.ndarray | None = None,
    contexts: Sequence[str] | None = None,
    previous: Sequence[Hashable | None] | None = None,
    must: Iterable[tuple[int, int]] = (),
    cannot: Iterable[tuple[int, int]] = (),
    resolution: str = "medium",
    archetypes: np.ndarray | None = None,
    named: bool = True,
    seed: int = 0,
    progress: Progress | None = None,
) -> Grouping:
    """Group texts that say the same thing; the same texts in any order give the same themes.

    `vectors` (n, d): what they mean (see ``encode``), None for words alone. `contexts`: one value per text
    (its service), a weak hint. `previous`: former label per text, None where there was none; themes keep to
    them and name the one they continue. `must`, `cannot`: pairs of row numbers that people put together or
    kept apart, never violated. `resolution`: coarse, medium or fine. `archetypes` (n, k): how close each is to
    the pain points of a catalogue (see ``archetypes.profiles``), a soft seed that only counts beside `vectors`.
    `named`: False for who writes the titles, key phrases and examples of the themes otherwise.
    `progress(step, share)` is called along the way. Raises ``ContradictoryLinks`` when `must` and `cannot` disagree,
    IndexError for a pair outside the texts, ValueError for lengths that differ. Method: joint lexical and semantic
    neighbours, modularity communities (see ``communities``), small corpora seen in several ways (see ``views``).
    """
    _check(texts, vectors=vectors, contexts=contexts, previous=previous, archetypes=archetypes)
    strength = resolution_for(len(texts), resolution)
    must, cannot = list(must), list(cannot)
    links.apart(links.components(len(texts), must), cannot)
    nodes = distinct(texts, alone={row for pair in (*must, *cannot) for row in pair})
    if len(nodes) == 0:
        return Grouping(np.zeros(0, dtype=np.int64), np.zeros(0))
    plain = _space(nodes, vectors, archetypes, seed)
    former = None if previous is None else _former(nodes, previous)
    if former is not None and (must or cannot):
        plain = taught(plain, former)
    space = plain if contexts is None else plain.with_context([contexts[row] for row in nodes.first])
    count = neighbour_count(len(nodes), by_meaning=vectors is not None)
    near = neighbours(space, count=count, seed=seed, progress=progress)
    graph = weighted(near[0], scaled(*near) if _SCALED[0] <= len(nodes) <= _SCALED[1] else near[1])
    labels = _partition(nodes, space, (graph, *near), former, (must, cannot), strength, seed)
    continued = {} if previous is None else identity.match(previous, labels[nodes.of])
    once = contexts is None or len(nodes) > _TWICE
    close = near if once else neighbours(plain, count=count, seed=seed)
    themes = describe(nodes, labels, space=space, nearest=close[0], previous=continued, named=named)
    themes = _with_parents(themes, previous, labels[nodes.of])
    if progress:
        progress("themes", 1.0)
    told = None if vectors is None else np.asarray(vectors)[nodes.first]
    scores = surroundings(nodes.texts, space=space, vectors=told, nearest=near[0], similarity=near[1])
    return Grouping(labels[nodes.of], scores[nodes.of], themes, space.weight, families(graph, labels, seed=seed))


def _with_parents(themes: list[Theme], previous: Sequence[Hashable | None] | None, labels: np.ndarray) -> list[Theme]:
    if previous is None:
        return themes
    parents = identity.lineage(previous, labels)
    return [replace(theme, parents=parents[theme.index]) for theme in themes]


def _space(nodes: Nodes, vectors: np.ndarray | None, archetypes: np.ndarray | None, seed: int) -> Space:
    told = (None if rows is None else np.asarray(rows)[nodes.first] for rows in (vectors, archetypes))
    return build(nodes.texts, next(told), archetypes=next(told), seed=seed)


def _partition(
    nodes: Nodes,
    space: Space,
    near: tuple[sparse.csr_matrix, np.ndarray, np.ndarray],
    former: list[Hashable | None] | None,
    people: tuple[list[links.Pair], list[links.Pair]],
    strength: float,
    seed: int,
) -> np.ndarray:
    """A theme per node (nodes,), -1 for none: communities, then what people decided, then the small ones."""
    graphs = [near[0]]
    if len(nodes) < FEW and near[1].size:
        graphs += views(space, count=near[1].shape[1])
    must, cannot = ([(int(nodes.of[a]), int(nodes.of[b])) for a, b in pairs] for pairs in people)
    if former is not None:
        firm = {former[node] for pair in (*must, *cannot) for node in pair}
        graphs = [identity.remembered(graph, former, firm=firm) for graph in graphs]
    joined = links.components(len(nodes), must)
    forbidden = links.apart(joined, cannot)
    found = communities(graphs[0], joined, resolution=strength, seed=seed, views=graphs[1:])
    if space.weight == 0 and _REFINED[0] <= len(nodes) <= _REFINED[1] and not must and former is None:
        found = refined(found, space.lexical, *near[1:])
    if forbidden:
        found = links.part(found, forbidden, links.middles(space.dense(seed=seed), joined))
    return _ordered(_without_small(found[joined], nodes, joined), nodes)


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
    groups, first, of = np.unique(found, return_index=True, return_inverse=True)
    size = np.bincount(of, weights=nodes.rows)
    order = np.lexsort((first, -size))
    order = order[groups[order] >= 0]
    number = np.full(len(groups), -1, dtype=np.int64)
    number[order] = np.arange(len(order))
    return number[of]
