"""Public pain points close to what somebody is typing: shown beside the text, never a step."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, FloatField, Func, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, NullIf

from directory.search import Unaccented, tokens
from feedback import policies
from feedback.models import PainPoint

WORDS_READ = 80
WORDS_AT_LEAST = 3
# Three fifths of the title, or a third of it and a key phrase: right fifteen times in sixteen on the demo's fiches.
NEAR_ENOUGH = 1.75
WEIGHT_OF_TITLE = 3.0


class Stems(Func):
    """The stems of a text, as an array without doubles; a lone letter is the rest of an accented little word."""

    template = (
        "ARRAY(SELECT stem FROM UNNEST(TSVECTOR_TO_ARRAY(TO_TSVECTOR('french', %(expressions)s))) AS stem"
        " WHERE LENGTH(stem) > 1)"
    )
    output_field = ArrayField(TextField())


class Common(Func):
    """How many elements two arrays have in common."""

    template = "(SELECT COUNT(*) FROM (SELECT UNNEST(%(expressions)s)) AS common)"
    arg_joiner = ") INTERSECT SELECT UNNEST("
    arity = 2
    output_field = IntegerField()


class Cardinality(Func):
    function = "CARDINALITY"
    arity = 1
    output_field = FloatField()


def nearest(text: str) -> PainPoint | None:
    """The public pain point that this text most likely joins; None unless it is close enough to be worth saying."""
    words = tokens(text[:4000])[:WORDS_READ]
    return near(words).first() if len(words) >= WORDS_AT_LEAST else None


def near(words: list[str]) -> QuerySet[PainPoint]:
    """Public pain points by the share of their title, and the key phrases, found among ``words``; closest first."""
    title = Stems(Unaccented("title"))
    described = Stems(
        Concat(Unaccented("title"), Value(" "), Unaccented(Cast("keyphrases", TextField())), output_field=TextField())
    )
    read = Stems(Value(" ".join(words)))
    in_title = Common(read, title)
    nearness = in_title * Value(WEIGHT_OF_TITLE) / NullIf(Cardinality(title), Value(0.0)) + (
        Common(read, described) - in_title
    )
    found = policies.pain_points_public().annotate(nearness=Cast(nearness, FloatField()))
    return found.filter(nearness__gte=NEAR_ENOUGH).order_by("-nearness", F("fiche_count").desc())
