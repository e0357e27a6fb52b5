"""Finding a service by the words people use: accents, plurals and typing mistakes are forgiven."""

import re
import unicodedata
from collections.abc import Iterable
from functools import reduce
from operator import add

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, TrigramWordSimilarity
from django.db.models import F, FloatField, Func, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Greatest, Lower

from directory.models import Service

CONFIGURATION = "french"
WORDS_READ = 40  # of a long text: what it is about is said early
WORDS_TYPED = 6
# The trigrams of a typed word found in a service, on average. A long word may hold a mistake; a short one may not.
NEAR_ENOUGH = 0.5
NEAR_ENOUGH_WHEN_SHORT = 0.7
SHORT = 5
SUGGESTED_AT_LEAST = 0.05
LITTLE_WORD = re.compile(
    "avec|aux|dans|des|est|les|leur|ma|mes|mon|nos|notre|pas|pour|plus|que|qui|sans|ses|son|sur|une|un|le|la|de|du|et|ou"
    "|the|and|for|with|from|my|our|not"
)


class Unaccented(Func):
    """Lower case, without accents."""

    function = "unaccent"
    output_field = TextField()

    def __init__(self, expression: Combinable | str) -> None:
        super().__init__(Lower(expression))


def find_services(words: str, *, among: QuerySet[Service]) -> QuerySet[Service]:
    """The services that answer to a few typed words, best first; all of ``among`` when nothing was typed."""
    typed = tokens(words)[:WORDS_TYPED]
    if not typed:
        return among
    enough = NEAR_ENOUGH if max(map(len, typed)) > SHORT else NEAR_ENOUGH_WHEN_SHORT
    found = _near(among, [[word] for word in typed], enough).annotate(rank=_rank(typed))
    if not found.exists():
        found = _near(among, [_with_swaps(word) for word in typed], enough).annotate(rank=_rank(typed))
    return found.order_by("-rank", "-nearness", "name")


def _near(among: QuerySet[Service], spellings: list[list[str]], enough: float) -> QuerySet[Service]:
    """Those that hold, on average over the words, one of the spellings of each."""
    each = [_likeness(ways) for ways in spellings]
    average = reduce(add, each) / Value(float(len(each)), output_field=FloatField())
    return among.annotate(nearness=average).filter(nearness__gte=enough)


def _likeness(spellings: list[str]) -> Combinable:
    likenesses = [TrigramWordSimilarity(spelling, _everything()) for spelling in spellings]
    return Greatest(*likenesses) if len(likenesses) > 1 else likenesses[0]


def _with_swaps(word: str) -> list[str]:
    """The word, and the words it would be with two neighbours swapped: that mistake costs too much in trigrams."""
    swaps = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, min(len(word) - 1, 12))]
    return [word, *swaps] if len(word) > SHORT else [word]


def suggest_services(text: str, *, among: QuerySet[Service]) -> QuerySet[Service]:
    """The services that a text seems to be about, best first; often none."""
    read = tokens(text[:2000])[:WORDS_READ]
    if not read:
        return among.none()
    return among.annotate(rank=_rank(read)).filter(rank__gte=SUGGESTED_AT_LEAST).order_by("-rank", "name")


def tokens(text: str) -> list[str]:
    """The words that carry meaning, each once, lower case, without accents: safe inside a text query."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    words = re.findall(r"[a-z0-9]{2,40}", plain)
    return list(dict.fromkeys(word for word in words if not LITTLE_WORD.fullmatch(word)))


def either_of(words: Iterable[str]) -> SearchQuery:
    """The full-text question « one of these words », on unaccented stems."""
    return SearchQuery(" | ".join(words), search_type="raw", config=CONFIGURATION)


def _rank(words: list[str]) -> SearchRank:
    vector = (
        SearchVector(Unaccented("name"), config=CONFIGURATION, weight="A")
        + SearchVector(Unaccented("search_words"), config=CONFIGURATION, weight="B")
        + SearchVector(Unaccented("description"), config=CONFIGURATION, weight="D")
    )
    return SearchRank(vector, either_of(words), weights=[0.1, 0.2, 0.6, 1.0])


def _everything() -> Unaccented:
    between = Value(" ")
    return Unaccented(
        Concat(
            F("name"),
            between,
            F("search_words"),
            between,
            F("description"),
            between,
            F("administration__name"),
            output_field=TextField(),
        )
    )
