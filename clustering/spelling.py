"""Rare words that are a frequent one mistyped: « justificatf » is read as « justificatif ».

Two words are one slip apart (a letter more, less, another, or two swapped) when they become equal by leaving out
at most one letter of each: words are looked up by the hashes of what is left, then every pair is verified (Garbe's
symmetric deletion; the distance is optimal string alignment). A dictionary would not know names of places and
services: here the corpus is the dictionary.
"""

from collections.abc import Sequence

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

_RATIO = 10  # how many times more frequent the right spelling must be
_KNOWN = 5  # times a word must be met to be a right spelling
_KNOWN_SHARE = 1 / 2_000_000  # the same in large corpora, where slips are met several times too
_SHORTEST, _LONGEST = 5, 24  # letters of a word that may be mistyped: in short ones a letter changes the meaning
_BLOCK = 50_000
_BASE = 0x9E3779B97F4A7C15  # odd: it has an inverse modulo 2**64
_INVERSE = pow(_BASE, -1, 2**64)


class Speller:
    """The right spellings of a corpus: its words met often enough.

    `words`: its distinct words, `frequency` (words,): the times each is met. Immutable.
    """

    def __init__(self, words: Sequence[str], frequency: np.ndarray):
        self._words = words
        self._frequency = frequency
        self._length = np.fromiter(map(len, words), np.int64, len(words))
        least = max(_KNOWN, int(frequency.sum() * _KNOWN_SHARE))
        right = (frequency >= least) & (self._length >= _SHORTEST - 1) & (self._length <= _LONGEST + 1)
        self._around = Around(words, np.flatnonzero(right))
        self._most = int(frequency[right].max(initial=0))

    def repaired(self, heard: np.ndarray) -> np.ndarray:
        """For each word of the corpus the one it should be read as, itself for most: positions, (words,).

        `heard` (words,): the times each is met in any of its forms; those well heard are left alone. A word is read
        as the most frequent of those one slip away that are at least ten times more frequent than it.
        """
        target = np.arange(len(self._words))
        rare = (self._length >= _SHORTEST) & (self._length <= _LONGEST) & (heard * _RATIO <= self._most)
        rare = np.flatnonzero(rare & (heard < _RATIO * self._frequency))
        for start in range(0, len(rare), _BLOCK):
            wrong, right = self._read_as(self._words, rare[start : start + _BLOCK], self._frequency)
            target[wrong] = right
        return target[target]  # a slip of a slip

    def nearest(self, words: Sequence[str]) -> np.ndarray:
        """The word of the corpus that each of these, never met, should be read as, -1 for none: (len(words),)."""
        target = np.full(len(words), -1)
        may = np.array([i for i, word in enumerate(words) if _SHORTEST <= len(word) <= _LONGEST], dtype=np.int64)
        if len(may) and self._most >= _RATIO:
            wrong, right = self._read_as(words, may, np.ones(len(words)))
            target[wrong] = right
        return target

    def _read_as(
        self, words: Sequence[str], chosen: np.ndarray, frequency: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Which of the chosen words are slips, and of which word of the corpus."""
        wrong, right = self._around.pairs(words, chosen)
        clear = self._frequency[right] >= _RATIO * frequency[wrong]
        wrong, right = np.divmod(np.unique(wrong[clear] * len(self._words) + right[clear]), max(len(self._words), 1))
        near = one_slip([words[i] for i in wrong], [self._words[i] for i in right])
        wrong, right = wrong[near], right[near]
        order = np.lexsort((right, -self._frequency[right], wrong))
        wrong, right = wrong[order], right[order]
        best = np.flatnonzero(np.diff(wrong, prepend=-1))
        return wrong[best], right[best]


class Around:
    """Words found again by what is left of them without one letter: those at `chosen` (k,) among `words`."""

    def __init__(self, words: Sequence[str], chosen: np.ndarray):
        of, left = _left(words, chosen)
        order = np.argsort(left, kind="stable")
        self._of, self._left = of[order], left[order]

    def pairs(self, words: Sequence[str], chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Each of the `chosen` of `words` beside every word held that may be one slip away: (whose, of which), as
        positions. To be verified; a pair may come several times."""
        of, left = _left(words, chosen)
        first, last = np.searchsorted(self._left, left, "left"), np.searchsorted(self._left, left, "right")
        size = last - first
        place = np.repeat(first - (np.cumsum(size) - size), size) + np.arange(size.sum())
        return np.repeat(of, size), self._of[place]


def one_slip(first: Sequence[str], second: Sequence[str]) -> np.ndarray:
    """Whether each word is at most one slip from its counterpart, (words,)."""
    return process.cpdist(first, second, scorer=OSA.distance, score_cutoff=1, dtype=np.int32) <= 1


def _left(words: Sequence[str], chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of the chosen words and of what is left of each without one of its letters: (whose, hash)."""
    whose, hashes = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.uint64)]
    for start in range(0, len(chosen), _BLOCK):
        part = chosen[start : start + _BLOCK]
        whole, without, inside = _hashed([words[i] for i in part])
        whose += [part, np.repeat(part, inside.sum(axis=1))]
        hashes += [whole, without[inside]]
    return np.concatenate(whose), np.concatenate(hashes)


def _hashed(words: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Polynomial hashes modulo 2**64: of the words (n,), of each without its i-th letter (n, longest), and which
    of those letters exist (n, longest)."""
    wide = np.array(words)
    codes = wide.view(np.uint32).reshape(len(words), -1).astype(np.uint64)
    power = np.array([pow(_BASE, i, 2**64) for i in range(codes.shape[1])], dtype=np.uint64)
    spread = codes * np.uint64(0xD6E8FEB86659FD93)
    sums = np.cumsum((spread ^ (spread >> np.uint64(32))) * power, axis=1, dtype=np.uint64)
    whole = sums[:, -1:]
    before = np.concatenate([np.zeros_like(whole), sums[:, :-1]], axis=1)
    return whole[:, 0], before + (whole - sums) * np.uint64(_INVERSE), codes > 0
