"""What looks like the text that somebody is writing: PostgreSQL's words, weighed by how rare they are here.

Three statements, whatever the length of the text: how many propositions hold each word (counted up to ``COMMON``), the
sixty that share the most rare ones (the index tells, no text is read), and what these hold. They are then compared
here, by BM25 (Robertson & Zaragoza, *The probabilistic relevance framework*, 2009), words of titles counting more.
"""

from dataclasses import dataclass
from itertools import combinations
from math import log

from django.db import connection

from consult.models import Consultation, Proposition

COMMON = 150  # held by that many propositions, a word tells nothing
LEAST_COUNT = 4  # in a small consultation, so few propositions make no word usual
WORDS = 25  # the rarest of the text, by which propositions are found
READ = 120  # those by which they are then compared
FEW = 7  # with fewer rare words than that, pairs of usual ones are looked for
RANKED = 60  # propositions compared
SHOWN = 3
LEAST_WORDS = 2  # of the text, or nothing is looked for
USUAL = 0.15  # so large a part of a consultation holds the word that it is its subject
FLOOR = 0.3  # a score under which nothing is shown: see docs/benchmarks.md
TYPED = 3000  # characters read
TITLE = 0.3  # what a word of the title adds
K1, LENGTH, USUAL_LENGTH = 0.9, 0.75, 40  # BM25: how soon a word said again adds nothing, how long texts are discounted

_COUNTED = """
SELECT w.lexeme, CARDINALITY(w.positions), (
    SELECT COUNT(*) FROM (
        SELECT 1 FROM {table} AS p
        WHERE p.search @@ (QUOTE_LITERAL(w.lexeme)::tsquery) AND p.{within} = %(asked)s
            AND p.is_shown AND p.state = 'published' AND p.id <> %(but)s
        LIMIT %(common)s
    ) AS held
) FROM UNNEST(TO_TSVECTOR('french', UNACCENT(LOWER(%(text)s)))) AS w
"""
_NEAR = """
SELECT p.id FROM UNNEST(%(words)s::tsquery[], %(weights)s::float8[]) AS w(word, weight)
JOIN LATERAL (
    SELECT id FROM {table} AS p
    WHERE p.search @@ w.word AND p.{within} = %(asked)s AND p.is_shown AND p.state = 'published' AND p.id <> %(but)s
    LIMIT %(common)s
) AS p ON true
GROUP BY p.id ORDER BY SUM(w.weight) DESC, p.id LIMIT %(ranked)s
"""
_HELD = """
SELECT p.id, LENGTH(p.search), w.lexeme, CARDINALITY(w.positions), 'A' = ANY(w.weights)
FROM {table} AS p, UNNEST(p.search) AS w
WHERE p.id = ANY(%(keys)s) AND w.lexeme = ANY(%(stems)s)
"""


@dataclass(frozen=True)
class Among:
    """Where one looks: a table of contributions with ``search``, ``is_shown`` and ``state``, and what they hang on.

    ``key`` is the row of the column ``within``; ``many`` is about how many contributions it has.
    """

    key: int
    many: int
    table: str = "consult_proposition"
    within: str = "consultation_id"

    def asks(self, statement: str) -> str:
        """A statement on this table. Names are those of our code, never typed by anybody."""
        return statement.replace("{table}", self.table).replace("{within}", self.within)


@dataclass(frozen=True)
class Word:
    """A stem of the text: how many times it is there, and how many propositions hold it, ``COMMON`` at most."""

    stem: str
    times: int
    count: int

    def query(self) -> str:
        escaped = self.stem.replace("\\", "\\\\").replace("'", "''")
        return f"'{escaped}'"


@dataclass
class Near:
    """A proposition that shares rare words with the text: how many stems it has, and those it shares.

    ``held``: stem → how many times, and whether its title has it.
    """

    length: int
    held: dict[str, tuple[int, bool]]


def similar(
    consultation: Consultation, *, title: str, body: str, but: int = 0, most: int = SHOWN, floor: float = FLOOR
) -> list[Proposition]:
    """Those listed in this consultation that say nearly this, the nearest first, with their section and their author.

    ``but`` is the key of one to leave out. Hidden and waiting ones are never looked at.
    """
    among = Among(consultation.pk, consultation.last_number)
    keys = nearest(among, f"{title}\n{body}", but=but, most=most, floor=floor)
    found = Proposition.objects.select_related("author", "section").defer("search").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def nearest(among: Among, text: str, *, but: int = 0, most: int = SHOWN, floor: float = FLOOR) -> list[int]:
    """The keys of those listed there that say nearly this text, the nearest first."""
    words = _known(among, text[:TYPED], but)
    if len(words) < LEAST_WORDS:
        return []
    found = _sharing(among, _clues(among, words), words, but)
    scores = _scores(among, words, found)
    kept = sorted((-score, key) for key, score in scores.items() if score >= floor)
    return [key for _score, key in kept[:most]]


def _known(among: Among, text: str, but: int) -> list[Word]:
    """The stems of a text that some proposition holds, the rarest first."""
    given = {"text": text.replace("\x00", ""), "asked": among.key, "but": but, "common": COMMON}
    with connection.cursor() as cursor:
        cursor.execute(among.asks(_COUNTED), given)
        counted = [Word(stem, times, count) for stem, times, count in cursor.fetchall() if len(stem) > 1 and count]
    return sorted(counted, key=lambda word: (word.count, word.stem))[:READ]


def _clues(among: Among, words: list[Word]) -> dict[str, float]:
    """What is looked for, and its weight: the words that few hold; where they are few, pairs of more usual ones too."""
    usual = min(COMMON, max(LEAST_COUNT, USUAL * among.many))
    weights = [_weight(among.many, word.count) for word in words]
    rare = [word for word in words if word.count < usual][:WORDS]
    clues = {word.query(): weight for word, weight in zip(rare, weights, strict=False)}
    if len(rare) < FEW:
        next_ones = list(zip(words, weights, strict=True))[len(rare) : FEW]
        for (one, weight), (other, other_weight) in combinations(next_ones, 2):
            clues[f"{one.query()} & {other.query()}"] = weight + other_weight
    return clues


def _sharing(among: Among, clues: dict[str, float], words: list[Word], but: int) -> dict[int, Near]:
    """Those that the most weight of clues points at: found by the index alone, then read once each."""
    given = {
        "asked": among.key,
        "but": but,
        "words": list(clues),
        "weights": list(clues.values()),
        "common": COMMON,
        "ranked": RANKED,
    }
    found: dict[int, Near] = {}
    with connection.cursor() as cursor:
        cursor.execute(among.asks(_NEAR), given)
        keys = [key for (key,) in cursor.fetchall()]
        cursor.execute(among.asks(_HELD), {"keys": keys, "stems": [word.stem for word in words]})
        for key, length, stem, times, in_title in cursor.fetchall():
            found.setdefault(key, Near(length, {})).held[stem] = (times, in_title)
    return found


def _scores(among: Among, words: list[Word], found: dict[int, Near]) -> dict[int, float]:
    """The part of the weight of the text that each holds, as BM25 counts it. 1: the same words, in texts of a length.

    How rare a word is that many hold is read on those found: nobody counts it in the whole consultation.
    """
    weights = {}
    for word in words:
        if word.count < COMMON:
            weight = _weight(among.many, word.count)
        else:
            weight = _weight(len(found), sum(word.stem in one.held for one in found.values()))
        weights[word.stem] = (1 + log(word.times)) * weight
    total = sum(weights.values()) or 1
    return {
        key: sum(
            weights[stem] * _saturated(times, one.length) * (1 + TITLE * in_title)
            for stem, (times, in_title) in one.held.items()
        )
        / total
        for key, one in found.items()
    }


def _weight(many: int, holders: int) -> float:
    return log(1 + max(many, 1) / max(holders, 1))


def _saturated(times: int, length: int) -> float:
    return times * (K1 + 1) / (times + K1 * (1 - LENGTH + LENGTH * length / USUAL_LENGTH))
