"""Communities of a graph, and the two sizes that depend on how many texts there are.

Louvain (Blondel et al. 2008) run several times in random orders, then once more on the edges those runs
agree about (ensemble clustering for graphs, Poulin and Theberge 2018): as good as Leiden here (AMI within
.003 on five sets, eight seeds) and reproducible, which scikit-network's Leiden is not: its refinement draws
from the C library's unseeded ``rand()``.
"""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sknetwork.clustering import Louvain

_RUNS = ((20_000, 8), (300_000, 4))  # texts up to which, runs; beyond, a single one
_DOUBT = 0.05  # weight left to an edge that no run agrees about
_KNOB = {"coarse": 0.5, "medium": 1.0, "fine": 2.0}


def neighbour_count(texts: int, *, by_meaning: bool) -> int:
    """Neighbours per text: few in small corpora, where the thirteenth is already another subject; more
    with words alone, which miss some of the true ones."""
    if texts > 5_000:  # many texts have many copies of one sentence: ten are enough, and twice cheaper
        return 10
    most = 12 if texts < 1_000 else 18 if by_meaning else 20
    return int(np.clip(texts // 5, 3, most))


def resolution_for(texts: int, knob: str) -> float:
    """The resolution of modularity: 1 for a handful of texts, 2 for a few hundred, 4 for a few thousand, then
    shrinking with volume, else a million texts would make thousands of themes."""
    if knob not in _KNOB:
        raise ValueError(f"resolution must be one of {', '.join(_KNOB)}")
    grown = 1 + texts / 60 if texts < 60 else np.clip((texts / 300) ** 0.33, 1, 2) * 2
    shrunk = min(1.0, (5_000 / max(texts, 1)) ** 0.25)
    return float(_KNOB[knob] * grown * shrunk)


def communities(
    graph: sparse.csr_matrix,
    joined: np.ndarray,
    *,
    resolution: float,
    seed: int = 0,
    views: Sequence[sparse.csr_matrix] = (),
) -> np.ndarray:
    """A community per component of `joined` (nodes,): must-linked nodes are one before Louvain sees them.

    `views`: other graphs of the same nodes, whose partitions say which edges of `graph` are sure.
    """
    count = int(joined.max()) + 1
    if graph.nnz == 0:
        return np.arange(count)
    if count < len(joined):
        member = sparse.csr_matrix((np.ones(len(joined), dtype=np.float32), (np.arange(len(joined)), joined)))
        graph, *views = ((member.T @ one @ member).tocsr() for one in (graph, *views))
    return _agreed(graph, views, resolution, seed)


def _agreed(graph: sparse.csr_matrix, views: Sequence[sparse.csr_matrix], resolution: float, seed: int) -> np.ndarray:
    runs = next((runs for most, runs in _RUNS if graph.shape[0] <= most), 1)
    seen = views or [graph] * runs
    if len(seen) == 1:
        return Louvain(resolution=resolution, random_state=seed, shuffle_nodes=True).fit_predict(graph)
    edges = graph.tocoo()
    together = np.zeros(len(edges.data), dtype=np.float32)
    for run, one in enumerate(seen):
        louvain = Louvain(resolution=resolution, random_state=seed + run, shuffle_nodes=True)
        label = louvain.fit_predict(one)
        together += label[edges.row] == label[edges.col]
    weight = edges.data * (_DOUBT + (1 - _DOUBT) * (together / len(seen)) ** 2)
    sure = sparse.csr_matrix((weight, (edges.row, edges.col)), shape=graph.shape)
    return Louvain(resolution=resolution, random_state=seed).fit_predict(sure)
