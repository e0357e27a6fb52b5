"""The arguments of one proposition as people read them: in an order, some a side, with what is folded and answered.

A page asks for the same few rows whatever the number of arguments.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from consult import ordering, policies
from consult.choices import ArgumentOrder, Side
from consult.models import Argument, Proposition, Reply, Useful

REPLIES_SHOWN = 3
_FOLDED_SHOWN = 50

# What an order sorts by: names of columns, a minus for the greatest first. The last one settles ties.
_KEYS: dict[ArgumentOrder, tuple[str, ...]] = {
    ArgumentOrder.LOT: ("lot", "number"),
    ArgumentOrder.USEFUL: ("-useful_score", "-number"),
    # What nobody has answered yet, the most useful first.
    ArgumentOrder.DISCUSS: ("reply_count", "-useful_score", "-number"),
    ArgumentOrder.NEWEST: ("-number",),
    ArgumentOrder.OLDEST: ("number",),
}

# The first of each side, with how many the side has and whether some are folded under it. Those that repeat another
# that stands are left out; keys alone are sorted, the rows of a page are read afterwards.
_FIRST = """
SELECT id, in_all, EXISTS (SELECT FROM consult_argument AS near WHERE near.fold_id = head.id) FROM (
    SELECT id, ROW_NUMBER() OVER (PARTITION BY side ORDER BY {keys}) AS place,
        COUNT(*) OVER (PARTITION BY side) AS in_all
    FROM consult_argument
    WHERE proposition_id = %(proposition)s AND is_shown AND withdrawn_at IS NULL AND (
        fold_id IS NULL OR fold_id NOT IN (
            SELECT id FROM consult_argument WHERE proposition_id = %(proposition)s AND is_shown AND withdrawn_at IS NULL
        )
    )
) AS head WHERE place <= %(many)s ORDER BY place
"""


@dataclass
class Said:
    """An argument with what stands under it. ``more_replies``: answers that only its own page shows."""

    argument: Argument
    replies: list[Reply] = field(default_factory=list)
    folded: list[Argument] = field(default_factory=list)

    @property
    def more_replies(self) -> int:
        return max(0, self.argument.reply_count - len(self.replies))


@dataclass(frozen=True)
class Column:
    """One side: the first arguments, and how many more there are (those folded under a shown one are no more)."""

    said: list[Said]
    left: int


def columns(proposition: Proposition, *, order: ArgumentOrder, seed: str, many: int, reader: Any) -> dict[Side, Column]:
    """The first ``many`` arguments of each side, in one order."""
    places = _first(proposition, order=order, seed=seed, many=many)
    rows = Argument.objects.filter(pk__in=[pk for pk, _in_all, _leads in places]).select_related("author")
    by_key = {one.pk: one for one in with_the_marks_of(reader, rows)}
    totals: dict[str, int] = {}
    said = []
    for pk, in_all, _leads in places:
        if argument := by_key.get(pk):  # taken out since
            said.append(Said(argument))
            totals[argument.side] = in_all
    _with_folded(_with_replies(said, many=REPLIES_SHOWN), under={pk for pk, _in_all, leads in places if leads})
    by_side = {side: [one for one in said if one.argument.side == side] for side in Side}
    return {side: Column(found, totals.get(side, 0) - len(found)) for side, found in by_side.items()}


def _first(proposition: Proposition, *, order: ArgumentOrder, seed: str, many: int) -> list[tuple[int, int, bool]]:
    """Keys in their order, whatever the side; how many their side has; whether some are folded under them."""
    given = {"proposition": proposition.pk, "many": many, "seed": ordering.number_of(seed)}
    with connection.cursor() as cursor:
        cursor.execute(_FIRST.format(keys=", ".join(map(_in_sql, _KEYS[order]))), given)
        return cursor.fetchall()


def _in_sql(key: str) -> str:
    """A column of ``_KEYS``: names of ours, nothing that a person typed."""
    name = key.removeprefix("-")
    said = "HASHINT8EXTENDED(id, %(seed)s)" if name == "lot" else name
    return f"{said} DESC" if key.startswith("-") else said


def one_side(
    proposition: Proposition, side: Side, *, order: ArgumentOrder, seed: str, many: int, reader: Any, after: int = 0
) -> tuple[list[Said], bool]:
    """``many`` arguments of a side after number ``after`` (0: from the first), and whether more follow."""
    rows = _heads(proposition, seed=seed, reader=reader).filter(side=side)
    if after:
        last = _keyed(Argument.objects.filter(proposition=proposition, number=after), seed).first()
        rows = rows.filter(_following(last, _KEYS[order])) if last else rows.none()
    found = list(rows.order_by(*_KEYS[order])[: many + 1])
    return _dressed(found[:many]), len(found) > many


def whole(proposition: Proposition, *, at_most: int) -> list[Said]:
    """Every argument in the order of its number, none folded: to print."""
    rows = policies.arguments_to_read(proposition).select_related("author").order_by("number")
    return _with_replies([Said(one) for one in rows[:at_most]], many=0)


def one(argument: Argument) -> Said:
    """An argument with all its answers and all those folded under it."""
    return _with_folded(_with_replies([Said(argument)], many=0))[0]


def with_the_marks_of(reader: Any, rows: QuerySet[Argument]) -> QuerySet[Argument]:
    """``is_marked``: whether this account, or this visitor, found the argument useful; nothing is added for nobody."""
    theirs = policies.of(reader, "participant")
    if theirs is None:
        return rows
    return rows.annotate(is_marked=Exists(Useful.objects.filter(theirs, argument=OuterRef("pk"))))


def _heads(proposition: Proposition, *, seed: str, reader: Any) -> QuerySet[Argument]:
    """Those that stand and repeat no other that stands."""
    rows = policies.arguments_to_read(proposition).select_related("author")
    first = rows.filter(Q(fold=None) | Q(fold__is_shown=False) | Q(fold__withdrawn_at__isnull=False))
    keyed = _keyed(first, seed)
    return with_the_marks_of(reader, keyed)


def _keyed(rows: QuerySet[Argument], seed: str) -> QuerySet[Argument]:
    return rows.annotate(lot=ordering.drawn(ordering.number_of(seed)))


def _following(last: Argument, keys: Iterable[str]) -> Q:
    """What comes after a row, in the order of ``keys``."""
    after, equal = Q(pk=None), Q()
    for key in keys:
        name = key.removeprefix("-")
        value = getattr(last, name)
        after |= equal & Q(**{f"{name}__{'lt' if key.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return after


def _dressed(found: list[Argument]) -> list[Said]:
    return _with_folded(_with_replies([Said(one) for one in found], many=REPLIES_SHOWN))


def _with_replies(said: list[Said], *, many: int) -> list[Said]:
    """The first answers of each, those of services before the others; ``many`` 0: all of them."""
    answered = [one.argument.pk for one in said if one.argument.reply_count]
    if not answered:
        return said
    first = [F("service").asc(nulls_last=True), F("pk").asc()]
    rows = policies.replies_to_read().filter(argument__in=answered).select_related("author", "service__administration")
    rows = rows.annotate(place=Window(RowNumber(), partition_by=F("argument"), order_by=first)).order_by("place")
    by_argument = defaultdict(list)
    for reply in rows.filter(place__lte=many) if many else rows:
        by_argument[reply.argument_id].append(reply)
    for one in said:
        one.replies = by_argument[one.argument.pk]
    return said


def _with_folded(said: list[Said], *, under: set[int] | None = None) -> list[Said]:
    """``under``: the keys of those that have some folded under them, when that is known."""
    keys = [one.argument.pk for one in said if under is None or one.argument.pk in under]
    if not keys:
        return said
    standing = Argument.objects.filter(is_shown=True, withdrawn_at=None, fold__in=keys)
    by_first = defaultdict(list)
    for repeated in standing.select_related("author").order_by("number")[: _FOLDED_SHOWN * len(keys)]:
        by_first[repeated.fold_id].append(repeated)
    for one in said:
        one.folded = by_first[one.argument.pk]
    return said
