"""The arguments of one proposition as people read them: in an order, some a side, with what is folded and answered.

A page asks for the same few rows whatever the number of arguments.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value, Window
from django.db.models.functions import MD5, Cast, Concat, RowNumber

from consult import policies
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
    sided = Window(RowNumber(), partition_by=F("side"), order_by=list(_KEYS[order]))
    in_all = Window(Count("pk"), partition_by=F("side"))
    rows = _heads(proposition, seed=seed, reader=reader).annotate(place=sided, in_all=in_all)
    found = list(rows.filter(place__lte=many).order_by("place"))
    said = _dressed(found)
    return {side: _column([one for one in said if one.argument.side == side]) for side in Side}


def _column(said: list[Said]) -> Column:
    total = said[0].argument.in_all if said else 0  # type: ignore[attr-defined]  (annotated by ``columns``)
    return Column(said, total - len(said))


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
    return rows.annotate(lot=MD5(Concat(Cast("pk", TextField()), Value(seed, output_field=TextField()))))


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


def _with_folded(said: list[Said]) -> list[Said]:
    standing = Argument.objects.filter(is_shown=True, withdrawn_at=None, fold__in=[one.argument.pk for one in said])
    by_first = defaultdict(list)
    for repeated in standing.select_related("author").order_by("number")[: _FOLDED_SHOWN * max(1, len(said))]:
        by_first[repeated.fold_id].append(repeated)
    for one in said:
        one.folded = by_first[one.argument.pk]
    return said
