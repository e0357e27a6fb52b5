"""The few texts that let somebody understand a theme: central, readable, and not three times the same."""

from collections.abc import Sequence
from functools import lru_cache

from clustering.stopwords import SWEAR_WORDS
from clustering.words import is_shouted, stem, without_accents, words

_READABLE = (30, 240)  # characters
_SAME = 0.5  # share of words in common from which two texts read as the same
_READ = 60  # texts looked at: beyond, they are not central any more


def telling(texts: Sequence[str], *, count: int = 3) -> list[int]:
    """Positions of the `count` texts to quote, in order; `texts` come most central first.

    Readable ones that differ come first, then others that differ, then whatever is left: as many as asked when there
    are as many texts.
    """
    said = lru_cache(maxsize=None)(lambda row: frozenset(map(stem, words(texts[row]))))  # most are never read
    rows = range(min(len(texts), _READ))
    chosen: list[int] = []
    for those in ((row for row in rows if _reads_well(texts[row])), rows):
        for row in those:
            if len(chosen) == count:
                return chosen
            if row not in chosen and all(_apart(said(row), said(one)) for one in chosen):
                chosen.append(row)
    left = (row for row in range(len(texts)) if row not in chosen)
    while len(chosen) < min(count, len(texts)):
        chosen.append(next(left))
    return chosen


def _reads_well(text: str) -> bool:
    told = {without_accents(word) for word in words(text)}
    return _READABLE[0] <= len(text) <= _READABLE[1] and not is_shouted(text) and not told & SWEAR_WORDS


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) < _SAME * max(len(one | other), 1)
