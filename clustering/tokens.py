"""A corpus cut into words, each known by a number: the arrays everything else is counted from."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np

from clustering.words import normalise, words_of

_BLOCK = 20_000  # texts cut between two signs of life

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Tokens:
    """`words`: the distinct words, in alphabetical order. `of` (tokens,) int32: which one each token is, text after
    text. `start` (texts + 1,) int64: text i holds the tokens from start[i] to start[i + 1]."""

    words: list[str]
    of: np.ndarray
    start: np.ndarray

    def __len__(self) -> int:
        return len(self.start) - 1


def read(texts: Sequence[str], *, progress: Progress | None = None) -> Tokens:
    """The words of `texts`, numbered: on each text the same as ``words.words``, three times cheaper.

    A word never crosses a space: texts are split at spaces, and only each distinct piece is read for words.
    """
    number: defaultdict[str, int] = defaultdict(count().__next__)  # piece -> number, by first appearance
    lengths, found = [], []
    for start in range(0, len(texts), _BLOCK):
        split = [text.split() for text in texts[start : start + _BLOCK]]
        lengths.append(np.fromiter(map(len, split), np.int64, len(split)))
        found.append(np.fromiter(map(number.__getitem__, chain.from_iterable(split)), np.int32, lengths[-1].sum()))
        if progress:
            progress("words", (start + len(split)) / len(texts))
    if not found:
        return Tokens([], np.zeros(0, dtype=np.int32), np.zeros(1, dtype=np.int64))
    return _by_words(number, np.concatenate(found), np.concatenate(lengths))


def _by_words(pieces: dict[str, int], found: np.ndarray, lengths: np.ndarray) -> Tokens:
    """From pieces (`found`, one number each, text after text) to the words in them."""
    cut = [words_of(piece) for piece in normalise("\n".join(pieces)).split("\n")] if pieces else []
    distinct = sorted(set(chain.from_iterable(cut)))
    number = {word: i for i, word in enumerate(distinct)}
    held = np.fromiter(map(len, cut), np.int64, len(cut))
    of = np.fromiter(map(number.__getitem__, chain.from_iterable(cut)), np.int32, held.sum())
    ends = np.concatenate([[0], np.cumsum(held[found])])
    start = ends[np.concatenate([[0], np.cumsum(lengths)])]
    return Tokens(distinct, of[slices(np.cumsum(held) - held, held)(found)], start)


def slices(start: np.ndarray, length: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """A function of rows (k,) that lists the positions of each one's slice, one slice after another."""

    def positions(rows: np.ndarray) -> np.ndarray:
        size = length[rows]
        shift = np.repeat(start[rows] - (np.cumsum(size) - size), size)
        return shift + np.arange(len(shift))

    return positions
