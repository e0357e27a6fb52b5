"""Two levels, when one list would be too long: the families of themes, or of pain points that people already keep.

``families`` reads the graph of a grouping that was just made. ``kindred`` needs one text and one vector per group,
and remembers what was said before: its cost depends on the number of groups, not of the texts inside them.
"""

from collections.abc import Collection, Hashable, Sequence

import numpy as np
from scipy import sparse
from sknetwork.clustering import Louvain

from clustering import identity
from clustering.background import SENTENCES
from clustering.communities import communities
from clustering.features import Lexicon, centred
from clustering.labels import keyphrase_spans, keyphrases
from clustering.nearness import WORDS

MANY = 7  # groups up to which a list is read as it is
MOST = 20  # groups in a family; more is no relief to whoever reads it
# On 64 themes of public service sheets, 12 families (AMI .38 with the sections of the site, .45 with its subsections,
# the themes .41 and .54); on 55 of a consultation, 15 (.29 with its chapters, the themes .40). At 1.5, 6 families, the
# largest of 21 themes (.39, .39) and 10 (.27); at 3, 16 (.38, .47) and 25 (.31), many of a single theme.
_RESOLUTION = 2
# The same sets by title, key phrases and middle of each theme: 13 families of five (AMI .33, .40 with the subsections)
# and 12 (.29), over four seeds; by words alone .31 (.40) and .26; with 4 or 10 neighbours -.01, at resolution 2, .34
# (.40) and .26. A tenth of new groups: 99 to 100 % of the others keep their family, 61 to 88 % without memory.
_NEIGHBOURS = 6
# Families are few and small: what holds thousands of texts together would let theirs drift (``identity``).
_MEMORY = (2.0, 4.0)
_FEW_ARE_COARSER, _FINEST = (1.5, 40), 3.0
_AT_ONCE = 1_000  # groups compared with all the others at a time: memory grows with their number, not its square


def families(graph: sparse.csr_matrix, labels: np.ndarray, *, seed: int = 0) -> list[list[int]]:
    """Themes by family, the largest family and the largest theme first; none up to seven themes.

    `graph` (n, n) between texts, `labels` (n,) -1 for none. Families are communities of the graph between themes,
    the edges inside a theme left out: nested by construction, the same for the same input.
    """
    count = int(labels.max(initial=-1)) + 1
    if count <= MANY:
        return []
    rows = np.flatnonzero(labels >= 0)
    member = sparse.csr_matrix((np.ones(len(rows)), (rows, labels[rows])), shape=(len(labels), count))
    between = (member.T @ graph @ member).tolil()
    between.setdiag(0)
    apart = between.tocsr()
    apart.eliminate_zeros()
    if apart.nnz == 0:  # nothing links one theme to another
        return []
    found = Louvain(resolution=_RESOLUTION, random_state=seed).fit_predict(apart)
    sizes = np.bincount(labels[rows], minlength=count)
    grouped = [np.flatnonzero(found == family) for family in np.unique(found)]
    grouped = [themes[np.argsort(-sizes[themes], kind="stable")].tolist() for themes in grouped]
    return sorted(grouped, key=lambda themes: (-int(sizes[themes].sum()), themes[0]))


def kindred(
    texts: Sequence[str],
    *,
    vectors: np.ndarray | None = None,
    previous: Sequence[Hashable | None] | None = None,
    firm: Collection[Hashable] = (),
    seed: int = 0,
) -> np.ndarray:
    """The family of each group, int64 (n,) from 0; -1 for a group that has no kin.

    `texts`: what names each group (its title and key phrases). `vectors` (n, d): the middle of what it holds, None
    for words alone. `previous`: its former family, None for none: families keep to them (``identity.remembered``),
    four times more to those of `firm`, that people touched. The same groups in any order give the same families, of
    at most twenty. Raises ValueError for lengths that differ.
    """
    for name, rows in (("vectors", vectors), ("previous", previous)):
        if rows is not None and len(rows) != len(texts):
            raise ValueError(f"{name} must have one row per group")
    if len(texts) < 2:
        return np.full(len(texts), -1, dtype=np.int64)
    order = np.array(sorted(range(len(texts)), key=lambda row: (texts[row], row)))
    graph = _graph([texts[row] for row in order], None if vectors is None else np.asarray(vectors)[order])
    if previous is not None:
        graph = identity.remembered(graph, [previous[row] for row in order], firm=firm, memory=_MEMORY)
    slope = _FEW_ARE_COARSER
    found = _small_enough(graph, min(slope[0] + len(texts) / slope[1], _FINEST), seed)
    labels = np.empty(len(texts), dtype=np.int64)
    labels[order] = _without_loners(found)
    return labels


def shared_words(titles: Sequence[str]) -> str:
    """The one or two phrases that at least half of the titles say, and two of them: « Cantine, facture »; else ""."""
    told = keyphrases(titles, [0] * len(titles)).get(0, []) if len(titles) > 1 else []
    least = max(2, len(titles) / 2)
    common = [phrase for phrase in told if sum(bool(keyphrase_spans(one, [phrase])) for one in titles) >= least]
    words = ", ".join(common[:2])
    return words[:1].upper() + words[1:].replace("'", "’")


def _graph(texts: Sequence[str], vectors: np.ndarray | None) -> sparse.csr_matrix:
    """Each group and those most like it (n, n), symmetric; similarities as in ``nearness``, by blocks."""
    words = Lexicon([*texts, *SENTENCES], least=1).fitted[: len(texts)]
    meaning = None if vectors is None else centred(vectors.astype(np.float32), None)
    count = min(_NEIGHBOURS, max(2, len(texts) // 3), len(texts) - 1)
    rows, columns, near = [], [], []
    for start in range(0, len(texts), _AT_ONCE):
        block = slice(start, min(start + _AT_ONCE, len(texts)))
        alike = (words[block] @ words.T).toarray()
        if meaning is not None:
            alike = (meaning[block] @ meaning.T + WORDS * alike) / (1 + WORDS)
        here = np.arange(block.start, block.stop)
        alike[here - start, here] = -np.inf
        closest = np.argsort(-alike, axis=1, kind="stable")[:, :count]
        rows.append(np.repeat(here, count))
        columns.append(closest.ravel())
        near.append(np.take_along_axis(alike, closest, axis=1).ravel())
    weights = np.clip(np.concatenate(near), 0, None).astype(np.float32)
    pairs = (np.concatenate(rows), np.concatenate(columns))
    graph = sparse.csr_matrix((weights, pairs), shape=(len(texts), len(texts)))
    graph = graph.maximum(graph.T).tocsr()
    graph.eliminate_zeros()
    return graph


def _small_enough(graph: sparse.csr_matrix, resolution: float, seed: int) -> np.ndarray:
    """Communities (n,), those that are too large cut again on their own edges until nothing cuts them."""
    found = communities(graph, np.arange(graph.shape[0]), resolution=resolution, seed=seed)
    waiting = [label for label, size in enumerate(np.bincount(found)) if size > MOST]
    following = int(found.max()) + 1
    while waiting:
        rows = np.flatnonzero(found == waiting.pop())
        parts = communities(graph[rows][:, rows], np.arange(len(rows)), resolution=resolution, seed=seed)
        if parts.max() == 0:
            continue
        found[rows] = following + parts
        waiting += [following + part for part, size in enumerate(np.bincount(parts)) if size > MOST]
        following += int(parts.max()) + 1
    return found


def _without_loners(found: np.ndarray) -> np.ndarray:
    """Numbered from 0 in the order of their first group; -1 for families of one."""
    groups, first, of, sizes = np.unique(found, return_index=True, return_inverse=True, return_counts=True)
    number = np.full(len(groups), -1, dtype=np.int64)
    several = [group for group in np.argsort(first) if sizes[group] > 1]
    number[several] = np.arange(len(several))
    return number[of]
