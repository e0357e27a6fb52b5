"""Pain points that every public service knows, and how near a text is to each of them.

The catalogue (``archetypes.toml``, plain data) gives each a title, a few sentences in which people say it
very differently, and the documents it is about. It lends a grouping soft seeds (``profiles``, one column per
archetype) and a title (``nearest``, ``nearest_of_group``); it never decides which text goes where.
"""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from clustering.background import SENTENCES
from clustering.features import Lexicon, centred
from clustering.semantic import encode

_FILE = Path(__file__).with_name("archetypes.toml")
WORDS = 0.3  # weight of shared words beside meaning, as in ``nearness``

# Least score, and least lead over the second, measured on our own examples only (120 draws): four sentences held out
# are named rightly in 70 % of cases and wrongly in 5 %; when the catalogue lacks their archetype, one in four is named.
_SURE = (0.11, 0.03)
_SURE_WORDS = (0.045, 0.012)
_SURE_ALONE = (0.22, 0.04)
_SURE_ALONE_WORDS = (0.07, 0.02)

# Of the family of several groups. Those of the demo town that are of one family have .28 to .35 beside .09 to .14, the
# others .17 to .25 beside .15 to .21; of 25 families of texts that are no complaints, two have a name, both right.
_SURE_FAMILY = (0.25, 1.5)

Encode = Callable[[list[str]], np.ndarray]


@dataclass(frozen=True)
class Archetype:
    """A frequent pain point: a key that never changes, a title a board can show, the ways people say it.

    `documents` are keys of the gazetteer; `family` is what it is broadly about.
    """

    key: str
    title: str
    examples: tuple[str, ...]
    documents: tuple[str, ...] = ()
    family: str = ""


Catalogue = tuple[Archetype, ...]


@lru_cache(maxsize=1)
def default() -> Catalogue:
    """The catalogue that comes with Cahier, in the order of its file."""
    listed = tomllib.loads(_FILE.read_text(encoding="utf-8"))["archetype"]
    return tuple(read(one) for one in listed)


def read(values: dict) -> Archetype:
    """An archetype from plain data; KeyError when it lacks a key, a title or its examples."""
    return Archetype(
        key=values["key"],
        title=values["title"],
        examples=tuple(values["examples"]),
        documents=tuple(values.get("documents", ())),
        family=values.get("family", ""),
    )


def profiles(vectors: np.ndarray, *, catalogue: Iterable[Archetype] | None = None, by: Encode = encode) -> np.ndarray:
    """How near each text is to each archetype: float32 (n, k), cosines from -1 to 1, k in the catalogue's order.

    `vectors` (n, d) are what ``by`` gave for the texts; blank texts (zero rows) have zero rows. Texts and
    examples are seen from the middle of ordinary complaints, and an archetype is the mean of its title and
    examples: on our own examples, each held out in turn, the mean finds its archetype among 60 in 41 % of
    cases, the nearest single example in 27 %.
    """
    seeds = _seeds(_catalogue(catalogue), by)
    vectors = np.asarray(vectors, dtype=np.float32)
    if vectors.shape[1] != len(seeds.middle):
        raise ValueError("these vectors come from another encoder than the one given as `by`")
    return (centred(vectors, seeds.middle) @ seeds.means.T).astype(np.float32)


def profiles_of_words(texts: Sequence[str], *, catalogue: Iterable[Archetype] | None = None) -> np.ndarray:
    """The same without meaning, from shared words and pieces of words: float32 (n, k), 0 to 1."""
    words = _words(_catalogue(catalogue))
    return (words.lexicon.rows(texts) @ words.means.T).astype(np.float32)


@dataclass(frozen=True)
class Match:
    """`archetype` is the nearest one, `score` its similarity, `lead` how far it is ahead of the second."""

    archetype: Archetype
    score: float
    lead: float


def nearest(
    texts: Sequence[str],
    vectors: np.ndarray | None = None,
    *,
    catalogue: Iterable[Archetype] | None = None,
    by: Encode = encode,
) -> list[Match | None]:
    """The archetype each text is clearly about, or None; from words alone without `vectors`.

    One text says little: three in four meet none.
    """
    known = _catalogue(catalogue)
    sure = _SURE_ALONE if vectors is not None else _SURE_ALONE_WORDS
    return [_decided(row, known, sure) for row in _close(texts, vectors, known, by)]


def nearest_of_group(
    texts: Sequence[str],
    vectors: np.ndarray | None = None,
    *,
    catalogue: Iterable[Archetype] | None = None,
    by: Encode = encode,
) -> Match | None:
    """The archetype that a group of texts is about, taken together; None when none stands out."""
    known = _catalogue(catalogue)
    if not len(texts):
        return None
    sure = _SURE if vectors is not None else _SURE_WORDS
    return _decided(_close(texts, vectors, known, by).mean(axis=0), known, sure)


def _close(texts: Sequence[str], vectors: np.ndarray | None, known: Catalogue, by: Encode) -> np.ndarray:
    if vectors is None:
        return profiles_of_words(texts, catalogue=known)
    return profiles(vectors, catalogue=known, by=by)


def _decided(close: np.ndarray, known: Catalogue, sure: tuple[float, float]) -> Match | None:
    if not len(known):
        return None
    best = int(close.argmax())
    score, lead = float(close[best]), float(close[best] - np.delete(close, best).max(initial=0.0))
    return Match(known[best], round(score, 4), round(lead, 4)) if score >= sure[0] and lead >= sure[1] else None


@lru_cache(maxsize=1)
def family_names() -> dict[str, str]:
    """What the families of the catalogue that comes with Cahier are called, in French, by key."""
    return dict(tomllib.loads(_FILE.read_text(encoding="utf-8"))["families"])


def family_of_groups(close: np.ndarray, families: Sequence[str]) -> str:
    """What several groups are broadly about: a key of the catalogue's families; "" when none stands out.

    `close` (groups, k): the ``profiles`` of what each holds; `families`: the family of each archetype, in the same
    order. A family is as near as the nearest of its archetypes.
    """
    named = sorted({family for family in families if family})
    if not len(close) or not named:
        return ""
    of = np.array(families)
    near = np.array([close[:, of == family].max(axis=1).mean() for family in named])
    best = int(near.argmax())
    second = float(np.delete(near, best).max(initial=0.0))
    least, lead = _SURE_FAMILY
    return named[best] if near[best] >= least and near[best] >= lead * second else ""


@dataclass(frozen=True)
class _Seeds:
    middle: np.ndarray  # (d,)
    means: np.ndarray  # (k, d), mean of unit vectors: its length says how well the examples agree


@dataclass(frozen=True)
class _Words:
    lexicon: Lexicon
    means: np.ndarray  # (k, words)


def _catalogue(given: Iterable[Archetype] | None) -> Catalogue:
    return default() if given is None else tuple(given)


@lru_cache(maxsize=4)
def _seeds(catalogue: Catalogue, by: Encode) -> _Seeds:
    said = [sentence for one in catalogue for sentence in (one.title, *one.examples)]
    vectors = np.asarray(by([*said, *SENTENCES]), dtype=np.float32)
    middle = vectors[len(said) :].mean(axis=0)
    return _Seeds(middle, _means(centred(vectors[: len(said)], middle), catalogue))


@lru_cache(maxsize=4)
def _words(catalogue: Catalogue) -> _Words:
    said = [sentence for one in catalogue for sentence in (one.title, *one.examples)]
    lexicon = Lexicon([*said, *SENTENCES], least=1)
    return _Words(lexicon, _means(lexicon.fitted[: len(said)].toarray(), catalogue))


def _means(rows: np.ndarray, catalogue: Catalogue) -> np.ndarray:
    sizes = [1 + len(one.examples) for one in catalogue]
    parts = np.split(rows, np.cumsum(sizes)[:-1]) if sizes else []
    return np.array([part.mean(axis=0) for part in parts]).reshape(len(sizes), rows.shape[1])
