"""Statements that look like the one being written: PostgreSQL's trigrams, accents and capitals aside."""

from django.db.models import F, FloatField, Func, QuerySet, TextField, Value
from django.db.models.functions import Greatest, Lower

from consult.models import Consultation, Statement

SHOWN = 3
LEAST = 10  # characters typed before anything is looked for
FLOOR = 0.34


class _Plain(Func):
    function = "UNACCENT"


class _BareWords(Func):
    """Letters and figures alone: neither commas nor full stops."""

    function = "REGEXP_REPLACE"
    template = "TRIM(%(function)s(%(expressions)s, '[^[:alnum:]]+', ' ', 'g'))"
    output_field = TextField()


class _Similarity(Func):
    function = "SIMILARITY"
    output_field = FloatField()


class _InWords(Func):
    """How much the first text looks like a run of words of the second."""

    function = "WORD_SIMILARITY"
    template = "(%(function)s(%(expressions)s) * 0.8)"
    output_field = FloatField()


def near(consultation: Consultation, text: str) -> list[Statement]:
    """At most three that stand, the nearest first."""
    typed = text.replace("\x00", "").strip()[:300]
    if len(typed) < LEAST:
        return []
    said, written = _Plain(Lower(Value(typed))), _Plain(Lower(F("text")))
    score = Greatest(_Similarity(said, written), _InWords(said, written))
    standing = Statement.objects.standing().filter(consultation=consultation)
    return list(standing.annotate(score=score).filter(score__gte=FLOOR).order_by("-score", "number")[:SHOWN])


def of_the_same_words(statements: QuerySet[Statement], text: str) -> QuerySet[Statement]:
    """Those that say exactly this, whatever their accents, capitals and commas."""
    written, said = (_BareWords(_Plain(Lower(one))) for one in (F("text"), Value(text)))
    return statements.annotate(bare=written).filter(bare=said)
