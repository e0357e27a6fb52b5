"""What the words of a corpus say: sparse stems and letters, and a dense space made from them.

All matrices have one row per text. Rows without a known word are zero.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from clustering.words import stem, without_accents, words

LETTERS_WEIGHT = 0.5
MAX_SHARE = 0.3  # a token in more than 30 % of the texts tells nothing
_MAX_GRAMS = 60_000
_FITTED_ON = 20_000  # texts the dense space is learned from


class Vocabulary:
    """Tokens worth keeping in a corpus, with their weights; `rows` turns new texts into the same space."""

    def __init__(self, counts: sparse.csr_matrix, tokens: list[str], *, least: int, share: float, most: int):
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        kept = np.flatnonzero((frequency >= least) & (frequency <= _at_most(share, counts.shape[0])))
        if len(kept) > most:
            kept = np.sort(kept[np.argsort(-frequency[kept], kind="stable")[:most]])
        self.position = {tokens[old]: new for new, old in enumerate(kept)}
        self.kept = kept
        self.idf = np.log((1 + counts.shape[0]) / (1 + frequency[kept])) + 1

    def weigh(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """(1 + log tf) x idf, rows of length 1."""
        weighed = counts.astype(np.float64).tocsr()
        weighed.data = 1 + np.log(weighed.data)
        return unit_rows(weighed @ sparse.diags(self.idf))


class Lexicon:
    """The lexical space of a corpus: stems and pairs of stems, plus 3- to 5-letter pieces of words.

    `fitted` (n, size) are the texts it was made from, ``rows`` places others in it; unit rows. A token must be
    in `least` texts (letters: one more) and in no more than `share` of them.
    """

    def __init__(self, texts: Sequence[str], *, least: int = 2, share: float = MAX_SHARE):
        documents = [words(text) for text in texts]
        least = least if len(texts) > 3 else 1
        stems = _count(_stems(document) for document in documents)
        self._stems = Vocabulary(*stems, least=least, share=share, most=400_000)
        grams = _count_grams(documents)
        least = least + 1 if least > 1 else 1
        self._grams = Vocabulary(*grams, least=least, share=share, most=_MAX_GRAMS)
        self.fitted = self._joined(
            stems[0][:, self._stems.kept], grams[0][:, self._grams.kept]
        )  # the corpus itself, without counting it twice

    def rows(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """New texts in this space; words never met weigh nothing."""
        documents = [words(text) for text in texts]
        stems = _count_known((_stems(document) for document in documents), self._stems.position)
        grams = _count_known((chain.from_iterable(map(_grams, d)) for d in documents), self._grams.position)
        return self._joined(stems, grams)

    def _joined(self, stems: sparse.csr_matrix, grams: sparse.csr_matrix) -> sparse.csr_matrix:
        both = sparse.hstack([self._stems.weigh(stems), LETTERS_WEIGHT * self._grams.weigh(grams)])
        return unit_rows(both.tocsr())


def dense_space(lexical: sparse.csr_matrix, *, size: int = 200, seed: int = 0) -> np.ndarray:
    """Directions (columns, size) that carry most of the corpus (truncated SVD); project by `@`."""
    size = min(size, min(lexical.shape) - 1)
    if size < 1 or lexical.nnz == 0:  # nothing to learn from
        return np.zeros((lexical.shape[1], 0))
    sample = lexical
    if lexical.shape[0] > _FITTED_ON:
        chosen = np.random.default_rng(seed).choice(lexical.shape[0], _FITTED_ON, replace=False)
        sample = lexical[np.sort(chosen)]
    return randomized_svd(sample, size, n_iter=2, random_state=seed)[2].T


def unit_rows(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    """Sparse rows of length 1; zero rows stay zero."""
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (sparse.diags(1 / np.where(length > 0, length, 1.0)) @ rows).tocsr()


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows of length 1; zero rows stay zero."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(length > 0, length, 1.0)


def centred(vectors: np.ndarray, middle: np.ndarray | None = None) -> np.ndarray:
    """Vectors seen from the corpus's middle, unit length; zero rows (blank texts) stay zero."""
    blank = ~vectors.any(axis=1)
    if middle is None:
        middle = vectors[~blank].mean(axis=0) if not blank.all() else 0.0
    moved = unit(vectors - middle)
    moved[blank] = 0.0
    return moved


def _at_most(share: float, documents: int) -> int:
    return max(int(share * documents), min(documents, 3))


def _stems(document: list[str]) -> Iterable[str]:
    stems = [stem(word) for word in document]
    return chain(stems, (f"{a} {b}" for a, b in pairwise(stems)))


def _grams(word: str) -> list[str]:
    padded = f" {without_accents(word)} "
    return [padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1)]


def _count(documents: Iterable[Iterable[str]]) -> tuple[sparse.csr_matrix, list[str]]:
    """Counts (documents, tokens) with the tokens in alphabetical order."""
    counted = [Counter(document) for document in documents]
    tokens = sorted(set().union(*counted)) if counted else []
    return _matrix(counted, {token: i for i, token in enumerate(tokens)}), tokens


def _count_known(documents: Iterable[Iterable[str]], position: dict[str, int]) -> sparse.csr_matrix:
    return _matrix([Counter(t for t in document if t in position) for document in documents], position)


def _matrix(counted: list[Counter], position: dict[str, int]) -> sparse.csr_matrix:
    indptr = np.cumsum([0, *map(len, counted)])
    indices = np.fromiter((position[t] for c in counted for t in c), dtype=np.int64, count=indptr[-1])
    data = np.fromiter(chain.from_iterable(c.values() for c in counted), dtype=np.float64, count=indptr[-1])
    matrix = sparse.csr_matrix((data, indices, indptr), shape=(len(counted), len(position)))
    matrix.sort_indices()
    return matrix


def _count_grams(documents: list[list[str]]) -> tuple[sparse.csr_matrix, list[str]]:
    """Letters are cut once per distinct word, then summed per document."""
    by_word, distinct = _count(documents)
    by_gram, grams = _count(map(_grams, distinct))
    product = (by_word @ by_gram).tocsr()
    product.sort_indices()
    return product, grams
