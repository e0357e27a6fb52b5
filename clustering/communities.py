"""Leiden communities, with the two sizes that depend on how many texts there are."""

import numpy as np
from scipy import sparse
from sknetwork.clustering import Leiden

_KNOB = {"coarse": 0.5, "medium": 1.0, "fine": 2.0}


def neighbour_count(texts: int) -> int:
    """Neighbours per text: few in small corpora, where the thirteenth is already another subject."""
    return int(np.clip(texts // 5, 3, 12 if texts < 1_000 else 15))


def resolution_for(texts: int, knob: str) -> float:
    """Leiden's resolution: 1 for a handful of texts, 2 for a few hundred, 4 for a few thousand, then
    shrinking with volume, else a million texts would make thousands of themes."""
    if knob not in _KNOB:
        raise ValueError(f"resolution must be one of {', '.join(_KNOB)}")
    grown = 1 + texts / 60 if texts < 60 else np.clip((texts / 300) ** 0.33, 1, 2) * 2
    shrunk = min(1.0, (5_000 / max(texts, 1)) ** 0.25)
    return float(_KNOB[knob] * grown * shrunk)


def communities(graph: sparse.csr_matrix, joined: np.ndarray, *, resolution: float, seed: int = 0) -> np.ndarray:
    """A community per component of `joined` (nodes,): must-linked nodes are one before Leiden sees them."""
    count = int(joined.max()) + 1
    if graph.nnz == 0:
        return np.arange(count)
    member = sparse.csr_matrix((np.ones(len(joined)), (np.arange(len(joined)), joined)))
    return Leiden(resolution=resolution, random_state=seed).fit_predict((member.T @ graph @ member).tocsr())
