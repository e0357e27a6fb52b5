"""What looks like the text that somebody is writing: PostgreSQL's words, weighed by how rare they are here.

Two statements, whatever the length of the text: how many propositions hold each word (counted up to ``COMMON``), then
those that share the rarest ones. Score: the part of the weight of the text's words that a proposition holds, words of
the titles counting more, as in BM25 (Robertson & Zaragoza, 2009) without its saturation: words are counted once.
"""

from dataclasses import dataclass
from math import log

from django.db import connection

from consult.models import Consultation, Proposition

COMMON = 150  # held by that many propositions, a word tells nothing
LEAST_COUNT = 4  # in a small consultation, so few propositions make no word usual
WORDS = 10  # the rarest of the text
SHOWN = 3
LEAST_WORDS = 2  # of the text, or nothing is looked for
USUAL = 0.15  # so large a part of a consultation holds the word that it is its subject
FLOOR = 0.3  # a score under which nothing is shown: see docs/benchmarks.md
TYPED = 3000  # characters read
TITLE, LENGTH = 0.6, 0.35  # what a word of the title adds; how much a long text is discounted

_COUNTED = """
SELECT w.lexeme, (
    SELECT COUNT(*) FROM (
        SELECT 1 FROM {table} AS p
        WHERE p.search @@ (QUOTE_LITERAL(w.lexeme)::tsquery) AND p.{within} = %(asked)s
            AND p.is_shown AND p.state = 'published' AND p.id <> %(but)s
        LIMIT %(common)s
    ) AS held
) FROM UNNEST(TO_TSVECTOR('french', UNACCENT(LOWER(%(text)s)))) AS w
"""
_RANKED = """
SELECT id, score FROM (
    SELECT p.id, (
        SELECT SUM(w.weight * CASE WHEN p.search @@ w.in_title THEN 1 + %(title)s ELSE 1 END)
        FROM UNNEST(%(words)s::tsquery[], %(titles)s::tsquery[], %(weights)s::float8[]) AS w(word, in_title, weight)
        WHERE p.search @@ w.word
    ) / %(total)s / (1 - %(length)s + %(length)s * LENGTH(p.search) / 60.0) AS score
    FROM {table} AS p
    WHERE p.search @@ %(any)s::tsquery AND p.{within} = %(asked)s
        AND p.is_shown AND p.state = 'published' AND p.id <> %(but)s
) AS found WHERE score >= %(floor)s ORDER BY score DESC, id LIMIT %(most)s
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
    """A stem of the text, and how many propositions hold it."""

    stem: str
    count: int

    def query(self, weight: str = "") -> str:
        escaped = self.stem.replace("\\", "\\\\").replace("'", "''")
        return f"'{escaped}'{weight}"


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
    words = _rarest(among, text[:TYPED], but)
    if len(words) < LEAST_WORDS:
        return []
    weights = [log(1 + max(among.many, 1) / word.count) for word in words]
    given = {
        "asked": among.key,
        "but": but,
        "words": [word.query() for word in words],
        "titles": [word.query(":A") for word in words],
        "weights": weights,
        "total": sum(weights),
        "any": " | ".join(word.query() for word in words),
        "title": TITLE,
        "length": LENGTH,
        "floor": floor,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(among.asks(_RANKED), given)
        return [key for key, _score in cursor.fetchall()]


def _rarest(among: Among, text: str, but: int) -> list[Word]:
    """The stems of a text that some proposition holds and that few do, the rarest first."""
    given = {"text": text.replace("\x00", ""), "asked": among.key, "but": but, "common": COMMON}
    with connection.cursor() as cursor:
        cursor.execute(among.asks(_COUNTED), given)
        counted = [Word(stem, count) for stem, count in cursor.fetchall() if len(stem) > 1]
    usual = min(COMMON, max(LEAST_COUNT, USUAL * among.many))
    told = [word for word in counted if 0 < word.count < usual] or [word for word in counted if word.count]
    return sorted(told, key=lambda word: (word.count, word.stem))[:WORDS]
