"""Themes brought together under a few families, for a reader who would be lost among dozens."""

import numpy as np
from scipy import sparse
from sknetwork.clustering import Louvain

MANY = 12  # themes up to which a list is read without families
# On 64 themes of public service sheets, 6 families (AMI .39 with the sections of the site, the themes .41); on 55 of a
# consultation, 10 (.28 with its chapters, the themes .40). At 1, 3 and 6 families, .36 and .21.
_RESOLUTION = 1.5


def families(graph: sparse.csr_matrix, labels: np.ndarray, *, seed: int = 0) -> list[list[int]]:
    """Themes by family, the largest family and the largest theme first; none up to twelve themes.

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
