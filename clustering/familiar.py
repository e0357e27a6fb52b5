"""How much the words of a text are those of its corpus, rather than of anybody who writes French.

What comes from elsewhere may be close to somebody by its usual words; its others are met nowhere else. Each stem
counts for how many times likelier the rest of the corpus makes it than French at large (a likelihood ratio, as in Ren
et al. 2019, *Likelihood ratios for out-of-distribution detection*), whatever its rarity; what the corpus says little of
is lent by French (Dirichlet smoothing, Zhai and Lafferty 2004).
"""

import numpy as np
from scipy import sparse

_LENT = 30_000  # words of French lent to the corpus; from 3,000 to 100,000 as good
_RAREST = 1e-8  # how often a word is written that no dictionary knows


def familiar(counts: sparse.csr_matrix, often: np.ndarray) -> np.ndarray:
    """A number per text (n,), any: the higher, the more its words are those of the other texts; 0 without a word.

    `counts` (n, stems): the times each text says each stem. `often` (stems,): how often French says it, 0 to 1.
    """
    n, size = counts.shape
    said, stem = counts.data.astype(np.float64), counts.indices
    row = np.repeat(np.arange(n), np.diff(counts.indptr))
    times, length = np.bincount(stem, weights=said, minlength=size), np.bincount(row, weights=said, minlength=n)
    usual = np.maximum(often, _RAREST)[stem]
    by_others = (times[stem] - said + _LENT * usual) / (length.sum() - length[row] + _LENT)
    likelier = np.bincount(row, weights=np.log(by_others / usual), minlength=n)
    return likelier / np.maximum(np.diff(counts.indptr), 1)
