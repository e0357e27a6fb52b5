"""What the words of a corpus say: sparse rows of stems, pairs of stems and pieces of words, and a dense space.

All matrices are float32 with one row per text; rows without a known word are zero. Everything that depends on a
word alone (its stem, its spelling, its pieces) is computed once per distinct word; texts are arrays of numbers.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
from scipy import sparse

from clustering import tokens
from clustering.dictionary import dictionary
from clustering.familiar import familiar
from clustering.spelling import Speller
from clustering.words import stem, stems, without_accents

PAIRS_WEIGHT = 0.5
LETTERS_WEIGHT = 0.5
MAX_SHARE = 0.3  # a token in more than 30 % of the texts tells nothing
WITH_LETTERS = 5_000  # texts up to which pieces of words are worth what they cost
_MAX_GRAMS = 60_000
_MAX_TOKENS = 400_000
_FITTED_ON = 20_000  # texts the dense space is learned from
_FITTED_WITH = 20_000  # tokens it is learned from, the most frequent

Progress = Callable[[str, float], None]


class Lexicon:
    """The lexical space of a corpus: stems, pairs of stems, and in corpora of up to 5,000 texts the 3- to 5-letter
    pieces of words.

    `fitted` (n, size) are the texts it was made from, the first `stems` columns their stems, ``rows`` places others in
    it; unit rows. A stem or a pair must be in `least` texts (letters: one more) and in no more than `share` of them.
    Rare words one slip away from a frequent one are read as it (see ``spelling``).
    """

    def __init__(
        self,
        texts: Sequence[str],
        *,
        least: int = 2,
        share: float = MAX_SHARE,
        letters: bool | None = None,
        progress: Progress | None = None,
    ):
        least = least if len(texts) > 3 else 1
        read = tokens.read(texts, progress=progress)
        self._words = _Words(read)
        found = _Found(self._words.stem[read.of], read.start)
        one = found.counts(len(self._words.stems))
        met = _frequency(one) >= least
        self._kinds = [_Kind(one, least=least, share=share, most=_MAX_TOKENS)]
        self._pairs, counts = _pairs(found, met, least)
        self._kinds.append(_Kind(counts, least=least, share=share, most=_MAX_TOKENS))
        self._letters = len(texts) <= WITH_LETTERS if letters is None else letters
        every = [one, counts]
        if self._letters:
            self._grams, self._by_gram = _grams(read.words)
            every.append(_sorted(_Found(read.of, read.start).counts(len(read.words)) @ self._by_gram))
            least = least + 1 if least > 1 else 1
            self._kinds.append(_Kind(every[-1], least=least, share=share, most=_MAX_GRAMS))
        self.fitted = self._joined(every)
        self.stems = self._kinds[0].size
        self._said = one

    def familiar(self) -> np.ndarray:
        """How much the words of each text are those of the others (n,): see ``familiar``."""
        return familiar(self._said, self._words.often())

    def rows(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """New texts in this space; words never met weigh nothing."""
        read = tokens.read(texts)
        place = self._words.places(read.words)
        known = self._words.known(read.words, place)[read.of] if read.words else read.of
        found = _Found(known, read.start)
        every = [found.counts(len(self._words.stems)), found.counts_of_pairs(self._pairs)]
        if self._letters:
            every.append(self._counts_of_grams(read, place))
        return self._joined(every)

    def _counts_of_grams(self, read: tokens.Tokens, place: np.ndarray) -> sparse.csr_matrix:
        """How many times each piece is found in each text; words of the corpus, at their `place`, are cut already."""
        met, strange = np.flatnonzero(place >= 0), np.flatnonzero(place < 0)
        number = np.empty(len(place), dtype=np.int32)  # those met stand first, then the others
        number[met], number[strange] = np.arange(len(met)), np.arange(len(met), len(place))
        by_gram = self._by_gram[place[met]]
        if len(strange):
            cut = _known_grams([read.words[i] for i in strange], self._grams)
            by_gram = sparse.vstack([by_gram, cut], format="csr")
        return _Found(number[read.of], read.start).counts(len(place)) @ by_gram

    def _joined(self, counts: list[sparse.csr_matrix]) -> sparse.csr_matrix:
        weights = (1.0, PAIRS_WEIGHT, LETTERS_WEIGHT)
        rows = [kind.weighed(one, weight) for kind, one, weight in zip(self._kinds, counts, weights, strict=False)]
        return unit_rows(sparse.hstack(rows, format="csr", dtype=np.float32))


class _Words:
    """The distinct words of a corpus: what each is read as."""

    def __init__(self, read: tokens.Tokens):
        """`stem` (words,) int32: the number of the stem each word is read as, in the order of `stems`."""
        frequency = np.bincount(read.of, minlength=len(read.words))
        written = stems(read.words)
        self.stems = sorted(set(written))
        number = {stem: i for i, stem in enumerate(self.stems)}
        of = np.fromiter(map(number.__getitem__, written), np.int32, len(written))
        heard = np.bincount(of, weights=frequency, minlength=len(self.stems))
        self._words = read.words
        self._speller = Speller(read.words, frequency)
        self.stem = of[self._speller.repaired(heard[of])]

    def often(self) -> np.ndarray:
        """How often French says each stem, in the forms met here: (stems,)."""
        french = dictionary().french
        written = np.fromiter((french.get(word, 0.0) for word in self._words), np.float64, len(self._words))
        return np.bincount(self.stem, weights=written, minlength=len(self.stems))

    def places(self, words: Sequence[str]) -> np.ndarray:
        """Which word of the corpus each of these is, -1 for none: (words,) int32."""
        return np.fromiter((_position(word, self._words) for word in words), np.int32, len(words))

    def known(self, words: Sequence[str], place: np.ndarray) -> np.ndarray:
        """The number of the stem each of these words, at its `place`, is read as, -1 for words unlike any met: (words,)
        int32."""
        found = np.append(self.stem, -1)[place]
        new = np.flatnonzero(place < 0)
        found[new] = [_position(stem(words[i]), self.stems) for i in new]
        strange = np.flatnonzero(found < 0)
        read_as = self._speller.nearest([words[i] for i in strange])
        found[strange[read_as >= 0]] = self.stem[read_as[read_as >= 0]]
        return found


def _position(word: str, words: Sequence[str]) -> int:
    """Where `word` stands among `words`, in alphabetical order; -1 when it does not."""
    at = bisect_left(words, word)
    return at if at < len(words) and words[at] == word else -1


class _Found:
    """What is found in texts, text after text: `of` (tokens,) numbers, negative ones to be passed over."""

    def __init__(self, of: np.ndarray, start: np.ndarray):
        self._of, self._start = of, start

    def counts(self, size: int) -> sparse.csr_matrix:
        """How many times each number, up to `size`, is found in each text: (texts, size)."""
        return _counted(self._of, self._start, self._of >= 0, size)

    def pairs(self, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A number for each token and the next, and whether they make a pair: both in one text, both `among`."""
        of = self._of
        joined = np.zeros(len(of), dtype=bool)
        joined[:-1] = (of[:-1] >= 0) & (of[1:] >= 0) & among[of[:-1]] & among[of[1:]]
        last = self._start[1:] - 1
        joined[last[last >= 0]] = False
        following = np.append(of[1:], 0).astype(np.int64)
        return of.astype(np.int64) * len(among) + following, joined

    def counts_of_pairs(self, pairs: tuple[np.ndarray, np.ndarray]) -> sparse.csr_matrix:
        """How many times each of the known `pairs` (see ``_pairs``) is found in each text."""
        among, known = pairs
        key, joined = self.pairs(among)
        place = np.searchsorted(known, key)
        place[place == len(known)] = 0
        joined &= known[place] == key if len(known) else False
        return _counted(place, self._start, joined, len(known))


class _Kind:
    """One kind of tokens: those worth keeping, and their weights."""

    def __init__(self, counts: sparse.csr_matrix, *, least: int, share: float, most: int):
        frequency = _frequency(counts)
        self._kept = (frequency >= least) & (frequency <= _at_most(share, counts.shape[0]))
        kept = np.flatnonzero(self._kept)
        if len(kept) > most:
            self._kept[kept[np.argsort(-frequency[kept], kind="stable")[most:]]] = False
        self._place = np.cumsum(self._kept, dtype=np.int32) - 1
        self.size = int(self._kept.sum())
        self._idf = (np.log((1 + counts.shape[0]) / (1 + frequency)) + 1).astype(np.float32)

    def weighed(self, counts: sparse.csr_matrix, weight: float) -> sparse.csr_matrix:
        """(1 + log tf) x idf of the tokens kept, rows of length `weight`."""
        kept = self._kept[counts.indices]
        which = counts.indices[kept]
        data = (1 + np.log(counts.data[kept])) * self._idf[which]
        ends = np.concatenate([[0], np.cumsum(kept)])[counts.indptr]
        shape = (counts.shape[0], self.size)
        return unit_rows(sparse.csr_matrix((data, self._place[which], ends), shape=shape), length=weight)


def dense_space(lexical: sparse.csr_matrix, *, size: int = 200, seed: int = 0) -> np.ndarray:
    """Directions (columns, size), float32, that carry most of the corpus (truncated SVD); project by `@`.

    Learned from at most 20,000 texts and their 20,000 most frequent tokens.
    """
    size = min(size, min(lexical.shape) - 1)
    if size < 1 or lexical.nnz == 0:  # nothing to learn from
        return np.zeros((lexical.shape[1], 0), dtype=np.float32)
    sample = lexical
    if lexical.shape[0] > _FITTED_ON:
        chosen = np.random.default_rng(seed).choice(lexical.shape[0], _FITTED_ON, replace=False)
        sample = lexical[np.sort(chosen)]
    kept = np.arange(lexical.shape[1])
    if len(kept) > _FITTED_WITH:
        kept = np.sort(np.argsort(-_frequency(sample), kind="stable")[:_FITTED_WITH])
    from sklearn.utils.extmath import randomized_svd  # noqa: PLC0415  (a second of start that the web never needs)

    directions = np.zeros((lexical.shape[1], size), dtype=np.float32)
    directions[kept] = randomized_svd(sample[:, kept], min(size, len(kept)), n_iter=2, random_state=seed)[2].T
    return directions


def unit_rows(rows: sparse.csr_matrix, *, length: float = 1.0) -> sparse.csr_matrix:
    """Sparse rows brought to `length`; zero rows stay zero."""
    size = np.diff(rows.indptr)
    held = np.flatnonzero(size)
    squares = np.add.reduceat(rows.data.astype(np.float64) ** 2, rows.indptr[held]) if len(held) else np.zeros(0)
    factor = np.repeat(length / np.sqrt(np.where(squares > 0, squares, 1.0)), size[held])
    return sparse.csr_matrix(((rows.data * factor).astype(rows.dtype), rows.indices, rows.indptr), shape=rows.shape)


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


def _frequency(counts: sparse.csr_matrix) -> np.ndarray:
    """In how many rows each column is met."""
    return np.bincount(counts.indices, minlength=counts.shape[1])


def _counted(of: np.ndarray, start: np.ndarray, kept: np.ndarray, size: int) -> sparse.csr_matrix:
    ends = np.concatenate([[0], np.cumsum(kept)])[start]
    which = of[kept]
    ones = np.ones(len(which), dtype=np.float32)
    rows = sparse.csr_matrix((ones, which.astype(np.int32), ends), shape=(len(start) - 1, size))
    rows.sum_duplicates()
    return rows


def _sorted(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    rows = rows.tocsr()
    rows.sort_indices()
    return rows


def _pairs(found: _Found, met: np.ndarray, least: int) -> tuple[tuple[np.ndarray, np.ndarray], sparse.csr_matrix]:
    """The pairs of stems met at least `least` times, and their counts: ((stems that may make one, the pairs), counts).

    A pair is its two stems' numbers in one, a x stems + b; pairs are in increasing order.
    """
    key, joined = found.pairs(met)
    distinct, times = np.unique(key[joined], return_counts=True)
    known = met, distinct[times >= least]
    return known, found.counts_of_pairs(known)


@lru_cache(maxsize=100_000)
def _pieces(word: str) -> tuple[str, ...]:
    padded = f" {without_accents(word)} "
    return tuple(padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1))


def _grams(words: Sequence[str]) -> tuple[dict[str, int], sparse.csr_matrix]:
    """The pieces of words, numbered in alphabetical order, and how many of each word holds: (words, pieces)."""
    number = {piece: i for i, piece in enumerate(sorted(set(chain.from_iterable(map(_pieces, words)))))}
    return number, _known_grams(words, number)


def _known_grams(words: Sequence[str], number: dict[str, int]) -> sparse.csr_matrix:
    cut = [[number[piece] for piece in _pieces(word) if piece in number] for word in words]
    ends = np.cumsum([0, *map(len, cut)])
    of = np.fromiter(chain.from_iterable(cut), np.int32, ends[-1])
    return _counted(of, ends, np.ones(len(of), dtype=bool), len(number))
