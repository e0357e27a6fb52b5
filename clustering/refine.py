"""Moving each text to the theme whose centre it is nearest to, once noise has been averaged out.

Worth .02 to .04 AMI on words alone; with vectors the graph already knows better, so it is not used.
"""

import numpy as np

from clustering.features import unit
from clustering.graph import diffused

_PASSES = 5
_NEIGHBOURS = 10


def refined(labels: np.ndarray, rows: np.ndarray, nearest: np.ndarray, similarity: np.ndarray) -> np.ndarray:
    """Labels (n,) after at most five passes of spherical k-means from the ones given, over `rows` (n, d)."""
    calm = unit(diffused(rows, nearest[:, :_NEIGHBOURS], similarity[:, :_NEIGHBOURS], steps=2, share=0.5))
    for _ in range(_PASSES):
        names = np.unique(labels)
        middles = unit(np.array([calm[labels == name].mean(axis=0) for name in names]))
        moved = names[(calm @ middles.T).argmax(axis=1)]
        if (moved == labels).all():
            break
        labels = moved
    return labels
