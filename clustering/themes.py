"""What a theme is and how it is described once its texts are known."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from clustering import titles
from clustering.cohesion import WEAK_AMONG_ALL, inside
from clustering.labels import keyphrases
from clustering.nodes import Nodes
from clustering.space import Space
from clustering.verbatims import telling

_CENTRAL = 3
_READ_FOR_PHRASES = 6_000  # texts read over all themes: their cost must not grow with the number of themes
_READ, _READ_AT_LEAST = 2_000, 15  # the same for titles, and in each theme


@dataclass(frozen=True)
class Theme:
    """`index`: its label. `size`: texts in it. `representative`: three row numbers, central, readable, different.

    `cohesion`, 0..1: share of each text's closest neighbours that are in the theme too, whatever their
    contexts: a theme that only a shared service holds together has little. `is_weak` when that is too
    little to publish. `previous`: the former label it continues, None for a new theme. `parents`: the former themes
    its texts come from, largest share first (see ``identity.lineage``).
    """

    index: int
    size: int
    title: str
    keyphrases: list[str]
    representative: list[int]
    cohesion: float
    is_weak: bool
    previous: Hashable | None = None
    parents: tuple[Hashable, ...] = ()


def describe(
    nodes: Nodes,
    labels: np.ndarray,
    *,
    space: Space,
    nearest: np.ndarray,
    previous: Mapping[int, Hashable],
    named: bool = True,
) -> list[Theme]:
    """One Theme per label >= 0, in order; `labels` (nodes,) and `nearest` (nodes, k) follow `nodes`. Without words
    unless `named`."""
    count = int(labels.max(initial=-1)) + 1
    words = _words(nodes, labels, count, space) if named else [("", [], [])] * count
    themes = []
    for label, (title, phrases, central) in enumerate(words):
        members = np.flatnonzero(labels == label)
        cohesion = inside(members, labels, nearest)
        themes.append(
            Theme(
                index=label,
                size=int(nodes.rows[members].sum()),
                title=title,
                keyphrases=phrases,
                representative=central,
                cohesion=cohesion,
                is_weak=cohesion < WEAK_AMONG_ALL,
                previous=previous.get(label),
            )
        )
    return themes


def _words(nodes: Nodes, labels: np.ndarray, count: int, space: Space) -> list[tuple[str, list[str], list[int]]]:
    """Of each theme: its title, its key phrases, the row numbers of its central texts."""
    read = int(np.clip(_READ // max(count, 1), _READ_AT_LEAST, titles.READ))
    most = int(np.clip(_READ_FOR_PHRASES // max(count, 1), read, 300))
    phrases = keyphrases(nodes.texts, labels, most=most)
    found = []
    for label in range(count):
        members = np.flatnonzero(labels == label)
        members_first = members[np.argsort(-space.centrality(members), kind="stable")]
        first = [nodes.texts[row] for row in members_first[:read]]
        central = members_first[telling(first, count=_CENTRAL)]
        title = titles.title(phrases[label], texts=first)
        found.append((title, phrases[label], [int(row) for row in nodes.first[central]]))
    return found
