"""Saying what a theme is about: readable key phrases, and where they stand in a text (a title: ``titles``).

Key phrases are class-based tf-idf (Grootendorst 2022, arXiv:2203.05794) over one to three written
words; what is shown is the form people wrote most, never a stem.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from clustering.phrases import LONGEST, TOKEN, Phrases, read, stemmed
from clustering.words import normalise

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
    names, theme = np.unique(np.asarray(labels), return_inverse=True)
    order = np.argsort(theme, kind="stable")
    starts = np.searchsorted(theme[order], np.arange(len(names) + 1))
    kept = np.arange(len(order)) - starts[theme[order]] < most
    rows = order[kept]
    found = read([texts[row] for row in rows])
    overall = np.bincount(found.of, minlength=len(found.stems))
    ends = np.searchsorted(found.text, np.concatenate([[0], np.cumsum(kept)])[starts])
    chosen = {
        int(label): _chosen(found, found.of[ends[place] : ends[place + 1]], overall, len(rows), count)
        for place, label in enumerate(names)
        if label >= 0
    }
    forms = found.forms({phrase for phrases in chosen.values() for phrase in phrases})
    return {label: _once(_written(forms[phrase]) for phrase in phrases) for label, phrases in chosen.items()}


def keyphrase_spans(text: str, phrases: Iterable[str]) -> list[tuple[int, int]]:
    """Where the phrases stand in `text`: (start, end), in order, never overlapping.

    Accents, capitals and endings do not matter: « RECLAMEES » is found by « réclamé ».
    """
    wanted = {key for phrase in phrases if (key := _key(TOKEN.findall(normalise(phrase))))}
    tokens = [(found.start(), found.end(), stemmed(found.group())) for found in TOKEN.finditer(text)]
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
    for length in range(min(LONGEST, len(tokens) - i), 0, -1):
        stems = [t[2] for t in tokens[i : i + length]]
        if stems[-1] and tuple(s for s in stems if s) in wanted:
            return length
    return 0


def _chosen(found: Phrases, said: np.ndarray, overall: np.ndarray, read: int, count: int) -> list[int]:
    """The phrases that set a theme apart; `said`: those of its texts, once per text."""
    phrases, seen = np.unique(said, return_counts=True)
    often = seen >= (2 if seen.max(initial=0) > 1 else 1)
    phrases, seen, all_seen = phrases[often], seen[often], overall[phrases[often]]
    clearer = np.array(_LONGER_IS_CLEARER)[(found.stems[phrases] > 0).sum(axis=1) - 1]
    score = seen * np.log(1 + read / all_seen) * clearer * (seen / all_seen) ** 0.5
    chosen: list[int] = []
    told: set[int] = set()
    for phrase in phrases[np.lexsort((phrases, -score))].tolist():
        stems = set(found.stems[phrase].tolist()) - {0}
        if not stems & told:
            chosen.append(phrase)
            told |= stems
        if len(chosen) == count:
            break
    return chosen


def _written(forms: Counter[str]) -> str:
    """The form most people wrote; of two equal ones, the accented then the shorter."""
    return min(forms, key=lambda form: (-forms[form], form.isascii(), len(form), form))


def _once(written: Iterable[str]) -> list[str]:
    """Without the plurals and the singulars of what is already said: some have stems of their own (menu, menus)."""
    told: dict[str, str] = {}
    for form in written:
        told.setdefault(" ".join(word.rstrip("sx") for word in form.split()), form)
    return list(told.values())


def _key(tokens: Sequence[str]) -> Key:
    return tuple(s for s in map(stemmed, tokens) if s)
