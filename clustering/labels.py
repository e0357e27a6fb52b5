"""Saying what a theme is about: readable key phrases, and where they stand in a text (a title: ``titles``).

Key phrases are class-based tf-idf (Grootendorst 2022, arXiv:2203.05794) over one to three written
words; what is shown is the form people wrote most, never a stem.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from clustering.stopwords import GREETINGS, STOPWORDS, SWEAR_WORDS
from clustering.words import normalise, stem, without_accents

_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_MASK = re.compile(r"\[[^\]\n]{2,60}\]")
_UNTOLD = GREETINGS | SWEAR_WORDS
_BREAK = re.compile(r"[.!?;:,()«»\"…\n/|>]|\s[–-]\s")
_LONGEST = 4  # words in a phrase, little words included
_READ = 300  # texts read per theme; more would not change its phrases
_LONGER_IS_CLEARER = (1.0, 1.5, 1.8)

Key = tuple[str, ...]


def keyphrases(
    texts: Sequence[str], labels: Sequence[int], *, count: int = 8, most: int = _READ
) -> dict[int, list[str]]:
    """The `count` phrases that set each theme (label >= 0) apart, most telling first.

    A phrase counts once per text, in the first `most` texts of each theme. Themes are compared with one another and
    with what fits nowhere.
    """
    labels = np.asarray(labels)
    within: dict[int, Counter[Key]] = {}
    forms: dict[Key, Counter[str]] = defaultdict(Counter)
    overall: Counter[Key] = Counter()
    read = 0
    for label in np.unique(labels):
        counted: Counter[Key] = Counter()
        for row in np.flatnonzero(labels == label)[:most]:
            found = dict(_phrases(texts[row]))
            counted.update(found.keys())
            read += 1
            for key, form in found.items():
                forms[key][form] += 1
        overall.update(counted)
        within[int(label)] = counted
    return {label: _chosen(counted, overall, forms, read, count) for label, counted in within.items() if label >= 0}


def keyphrase_spans(text: str, phrases: Iterable[str]) -> list[tuple[int, int]]:
    """Where the phrases stand in `text`: (start, end), in order, never overlapping.

    Accents, capitals and endings do not matter: « RECLAMEES » is found by « réclamé ».
    """
    wanted = {key for phrase in phrases if (key := _key(_TOKEN.findall(normalise(phrase))))}
    tokens = [(found.start(), found.end(), _stemmed(found.group())) for found in _TOKEN.finditer(text)]
    spans, i = [], 0
    while i < len(tokens):
        length = _match_length(tokens, i, wanted)
        if length:
            spans.append((tokens[i][0], tokens[i + length - 1][1]))
        i += max(length, 1)
    return spans


def _match_length(tokens: list[tuple[int, int, str]], i: int, wanted: set[Key]) -> int:
    """How many tokens from `i` make the longest wanted phrase, 0 for none."""
    if tokens[i][2] == "":
        return 0
    for length in range(min(_LONGEST, len(tokens) - i), 0, -1):
        stems = [t[2] for t in tokens[i : i + length]]
        if stems[-1] and tuple(s for s in stems if s) in wanted:
            return length
    return 0


def _chosen(
    counted: Counter[Key], overall: Counter[Key], forms: dict[Key, Counter[str]], read: int, count: int
) -> list[str]:
    least = 2 if counted and max(counted.values()) > 1 else 1
    scored = {
        key: seen * np.log(1 + read / overall[key]) * _LONGER_IS_CLEARER[len(key) - 1] * (seen / overall[key]) ** 0.5
        for key, seen in counted.items()
        if seen >= least
    }
    chosen: list[Key] = []
    for key in sorted(scored, key=lambda key: (-scored[key], key)):
        if not any(set(key) & set(other) for other in chosen):
            chosen.append(key)
        if len(chosen) == count:
            break
    return [_written(forms[key]) for key in chosen]


def _written(forms: Counter[str]) -> str:
    """The form most people wrote; of two equal ones, the accented then the shorter."""
    return min(forms, key=lambda form: (-forms[form], form.isascii(), len(form), form))


def _phrases(text: str) -> Iterable[tuple[Key, str]]:
    """Each phrase of the text: its stems, and the words as written, elisions kept (« avis d'imposition »)."""
    for piece in _BREAK.split(_MASK.sub(" | ", normalise(text))):
        tokens = list(_TOKEN.finditer(piece))
        stems = [_stemmed(token.group()) for token in tokens]
        for i, first in enumerate(stems):
            if not first:
                continue
            for j in range(i, min(i + _LONGEST, len(tokens))):
                key = tuple(s for s in stems[i : j + 1] if s)
                if stems[j] and len(key) <= 3:
                    yield key, " ".join(piece[tokens[i].start() : tokens[j].end()].split())


def _key(tokens: Sequence[str]) -> Key:
    return tuple(s for s in map(_stemmed, tokens) if s)


@lru_cache(maxsize=200_000)
def _stemmed(token: str) -> str:
    """The token's stem, empty for a little word, a greeting or an insult."""
    low = normalise(token)
    bare = without_accents(low)
    return "" if bare in STOPWORDS or bare in _UNTOLD or len(low) < 3 else stem(low)
