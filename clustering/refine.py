"""Moving each text to the theme whose centre it is nearest to, once noise has been averaged out.

Worth .02 to .04 AMI on words alone; with vectors the graph already knows better, so it is not used.
"""

import numpy as np
from scipy import sparse

_PASSES = 5
_NEIGHBOURS = 10
_SHARE = 0.5


def refined(labels: np.ndarray, rows: sparse.csr_matrix, nearest: np.ndarray, similarity: np.ndarray) -> np.ndarray:
    """Labels (n,) after at most five passes of spherical k-means from the ones given.

    `rows` (n, words) are averaged with their neighbours twice; as averaging is linear it is applied to the
    scores, never to the wide rows.
    """
    calm = _averaging(nearest[:, :_NEIGHBOURS], similarity[:, :_NEIGHBOURS])
    for _ in range(_PASSES):
        names, place = np.unique(labels, return_inverse=True)
        member = sparse.csr_matrix((np.ones(len(labels)), (place, np.arange(len(labels)))))
        middles = ((member @ calm) @ rows).toarray()
        middles /= np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-12)
        moved = names[(calm @ (rows @ middles.T)).argmax(axis=1)]
        if (moved == labels).all():
            break
        labels = moved
    return labels


def _averaging(nearest: np.ndarray, similarity: np.ndarray) -> sparse.csr_matrix:
    """The operator (n, n) that moves each row half-way to its neighbours' mean, twice."""
    n, count = nearest.shape
    weights = np.maximum(similarity, 0)
    weights = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    pull = sparse.csr_matrix((weights.ravel(), (np.repeat(np.arange(n), count), nearest.ravel())), shape=(n, n))
    stay = sparse.identity(n, format="csr")
    return (1 - _SHARE) * stay + _SHARE * pull @ ((1 - _SHARE) * stay + _SHARE * pull)
