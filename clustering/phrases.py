"""The phrases of texts, as arrays of numbers: one to three telling words, with the little words between them."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from clustering.stopwords import GREETINGS, STOPWORDS, SWEAR_WORDS
from clustering.words import normalise, stem, without_accents

TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
LONGEST = 4  # words in a phrase, little words included
LONGEST_WORD = 40  # letters: longer, it is a key held down
_TELLING = 3  # telling words in a phrase
_SPLIT = re.compile(f"({TOKEN.pattern})")
_MASK = re.compile(r"\[[^\]\n]{2,60}\]")
_UNTOLD = GREETINGS | SWEAR_WORDS
_BREAK = re.compile(r"[.!?;:,()«»\"…\n/|>]|\s[–-]\s")  # never part of a token: a break stands between two of them


@dataclass(frozen=True)
class Phrases:
    """`stems` (phrases, 3): the stems of each distinct phrase, numbered from 1 in alphabetical order, 0 for none;
    phrases are in alphabetical order of their stems. Each found once per text, by text: `of` (found,) which phrase,
    `text` (found,) in which text, `begin` and `end` (found,) where it stands for the last time, in `written`."""

    stems: np.ndarray
    of: np.ndarray
    text: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    written: str

    def forms(self, phrases: Collection[int]) -> dict[int, Counter[str]]:
        """How these are written and in how many texts: elisions kept (« avis d'imposition »), lower case."""
        forms: dict[int, Counter[str]] = defaultdict(Counter)
        for found in np.flatnonzero(np.isin(self.of, list(phrases))):
            form = self.written[self.begin[found] : self.end[found]]
            forms[int(self.of[found])][" ".join(form.split())] += 1
        return forms


def read(texts: Sequence[str]) -> Phrases:
    """Every phrase of every text; breaks (a comma, a mask, a line) are never crossed."""
    said = [_MASK.sub(" | ", normalise(text)) for text in texts]
    written = "\n".join(said)
    parts = _SPLIT.split(written)  # what stands between tokens, and tokens, in turn
    ends = np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)))
    tokens, gaps = parts[1::2], parts[0:-1:2]
    begin, end = ends[0:-1:2], ends[1::2]
    piece = np.cumsum(_numbered(gaps, lambda gap: _BREAK.search(gap) is not None))
    number = {root: i for i, root in enumerate(sorted({"", *map(stemmed, set(tokens))}))}
    stems, first, last = _spans(_numbered(tokens, lambda token: number[stemmed(token)]), piece)
    text = np.searchsorted(np.cumsum([0, *(len(text) + 1 for text in said)]), begin[first], "right") - 1
    distinct, of = _distinct(stems, len(number))
    kept = _last_of_each(text * max(len(distinct), 1) + of, first)
    first, last = first[kept], last[kept]
    return Phrases(distinct, of[kept], text[kept], begin[first], end[last], written)


def _numbered(values: Sequence[str], number: Callable[[str], int]) -> np.ndarray:
    known = {value: number(value) for value in set(values)}
    return np.fromiter(map(known.__getitem__, values), np.int64, len(values))


def _spans(told: np.ndarray, piece: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Phrases of the tokens: their stems (found, 3), their first and last tokens. `told` (tokens,): the number of its
    stem, 0 when it says nothing; `piece` (tokens,): where it stands, between two breaks."""
    spans = [(np.zeros((0, _TELLING), dtype=np.int64), piece[:0], piece[:0])]
    starts = np.flatnonzero(told)
    for width in range(1, LONGEST + 1):
        first = starts[starts + width <= len(told)]
        last = first + width - 1
        first = first[(piece[last] == piece[first]) & (told[last] > 0)]
        window = told[first[:, None] + np.arange(width)]
        few = (window > 0).sum(axis=1) <= _TELLING
        window, first = window[few], first[few]
        telling_first = np.argsort(window == 0, axis=1, kind="stable")
        stems = np.zeros((len(first), max(width, _TELLING)), dtype=np.int64)
        stems[:, :width] = np.take_along_axis(window, telling_first, axis=1)
        spans.append((stems[:, :_TELLING], first, first + width - 1))
    stems, first, last = (np.concatenate(parts) for parts in zip(*spans, strict=True))
    return stems, first, last


def _distinct(stems: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Distinct rows of `stems` (found, 3), under `count`, in order; and which one each is."""
    pair = np.unique(stems[:, 0] * count + stems[:, 1], return_inverse=True)[1]  # renumbered: no overflow
    _, place, of = np.unique(pair * count + stems[:, 2], return_index=True, return_inverse=True)
    return stems[place], of


def _last_of_each(group: np.ndarray, place: np.ndarray) -> np.ndarray:
    """The position of the largest `place` of each group, groups in increasing order."""
    order = np.lexsort((place, group))
    return order[np.flatnonzero(np.diff(group[order], append=-1))]


@lru_cache(maxsize=200_000)
def stemmed(token: str) -> str:
    """The token's stem, empty for a little word, a greeting, an insult, or what is too long to be a word."""
    if len(token) > LONGEST_WORD:
        return ""
    low = normalise(token)
    bare = without_accents(low)
    return "" if bare in STOPWORDS or bare in _UNTOLD or len(low) < 3 else stem(low)
