"""The word lists, and what is known of one word."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import Stemmer

from masking.folding import plain

_DATA = Path(__file__).parent / "data"

_ENDING = re.compile("(?:ees?|es?|s)$")
_MARKS = re.compile("[\u0300-\u036f]")  # accents typed apart from their letter


class Word(NamedTuple):
    """What one token is, wherever it stands. ``key``: lower case, no accent."""

    key: str
    is_upper: bool
    is_capital: bool  # begins with a capital, in either case
    is_first: bool  # a first name, alone or hyphenated
    is_strong: bool  # a first name that is nothing else
    is_common: bool  # an ordinary word, which may also be a surname
    is_closed: bool  # never part of a name


@lru_cache(maxsize=1 << 16)
def word(token: str) -> Word:
    """Cached: texts repeat their words."""
    key = _MARKS.sub("", plain(token))
    names = _first_names()
    parts = key.split("-")
    both = len(parts) > 1 and all(part in names for part in parts)
    closed = _closed_words()
    return Word(
        key=key,
        is_upper=len(token) > 1 and token.isupper(),
        is_capital=token[:1].isupper(),
        is_first=key in names or both,
        is_strong=names.get(key, both),
        is_common=all(_is_common(part) for part in token.lower().split("-")),
        is_closed=key in closed or all(part in closed for part in parts),
    )


def _is_common(written: str) -> bool:
    """``written`` in lower case with its accents, if any: « remerciées » and « REMERCIEES » are one word."""
    key = plain(written)
    stems = {_stem(written), _stem(key), _stem(_ENDING.sub("", key))}
    return key in _closed_words() or not stems.isdisjoint(_common_stems())


def _stem(key: str) -> str:
    return plain(_stemmer().stemWord(key))


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("french")


def _lines(name: str) -> list[str]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def cues(name: str) -> frozenset[str]:
    """The set of that name in ``data/cues.txt``; ``KeyError`` without one."""
    lines = [line.partition(":") for line in _lines("cues.txt")]
    found = frozenset(cue for key, _colon, listed in lines if key == name for cue in listed.split())
    if not found:
        raise KeyError(name)
    return found


@cache
def _first_names() -> dict[str, bool]:
    """Each first name and whether it is nothing but a first name; a starred twin wins."""
    names: dict[str, bool] = {}
    for entry in " ".join(_lines("first_names.txt")).split():
        key = plain(entry.removesuffix("*"))
        names[key] = names.get(key, True) and not entry.endswith("*")
    return names


@cache
def _common_stems() -> frozenset[str]:
    """Stems, and the roots of verbs in -re, -ir and -oir, whose present tense stems differently."""
    entries = [plain(entry) for entry in " ".join(_lines("common_words.txt")).split()]
    roots = [entry[: -len(end)] for entry in entries for end in ("re", "ir", "oir") if entry.endswith(end)]
    return frozenset(map(_stem, [*entries, *(root for root in roots if len(root) > 2)]))


@cache
def _closed_words() -> frozenset[str]:
    return frozenset(plain(entry) for entry in " ".join(_lines("closed_words.txt")).split())


@cache
def known_people() -> frozenset[str]:
    """Full names of public life, ``letters and single spaces``."""
    return frozenset(re.sub(r"[^a-z]+", " ", plain(line)) for line in _lines("known_people.txt"))
