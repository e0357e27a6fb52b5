"""The figures above the board, each with what it is out of: one query for all of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    JSONField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, JSONObject, TruncDate
from django.utils import timezone

from accounts.models import User
from feedback import policies
from feedback.board import rows
from feedback.choices import FollowUpReply, RunKind
from feedback.models import FollowUp, GroupingRun, Recipient

LONG_TO_SORT = timedelta(days=3)
DELAY_OVER = timedelta(days=90)


class Median(Aggregate):
    """The middle of a set of numbers."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Figures:
    """What the top of the board says. Counts of pain points by view, and four figures with their denominators."""

    to_sort: int
    to_sort_long: int
    late: int
    waiting: int
    median_delay: float | None
    settled: int
    replies: int
    pain_points: int
    fiches: int
    since: date | None
    regrouped_at: Any
    priorities: int
    across: int
    unanswered: int
    signals: int
    arriving: int | None  # key of a file that is being brought in


def figures_of(user: User) -> Figures:
    """All of it, for the services of this person, in one query."""
    # What is counted among the same rows is counted in one pass: writing the statement costs more than running it.
    together = _together(user)
    filed = policies.fiches_of(user)
    alone = {
        "median_delay": _value(_delays(user), Median("days"), FloatField()),
        "fiches": _count(filed),
        "since": _value(filed, Min("received_on"), DateField()),
        "regrouped_at": Subquery(
            GroupingRun.objects.exclude(finished_at=None).exclude(kind=RunKind.PROPOSE).values("finished_at")[:1]
        ),
        "signals": _count(policies.flood_signals_to_see(user).filter(seen_at=None)),
        "arriving": Subquery(policies.imports_under_way(user).order_by("pk").values("pk")[:1]),
    }
    read = User.objects.filter(pk=user.pk).values(
        **{f"figure_{name}": expression for name, expression in alone.items()},
        **{f"group_{rank}": _counts(*group) for rank, group in enumerate(together)},
    )[0]
    found = {name: read[f"figure_{name}"] for name in alone}
    for rank, (_rows, wanted) in enumerate(together):
        found |= read[f"group_{rank}"] or dict.fromkeys(wanted, 0)
    return Figures(**found)


def _together(user: User) -> list[tuple[QuerySet, dict[str, Q]]]:
    """Rows, and what is counted among them."""
    today = timezone.localdate()
    mine = policies.pain_points_to_triage(user).filter(rows.is_to_look_at())
    replies = FollowUp.objects.filter(answer__pain_point__in=policies.pain_points_to_triage(user)).exclude(reply="")
    open_ = {
        "waiting": rows.WAITS,
        "late": rows.WAITS & Q(due_on__lt=today),
        "priorities": rows.is_theirs(user),
        "unanswered": rows.WAITS & rows.NEVER_ANSWERED,
    }
    return [
        (rows.with_due_on(mine), open_),
        (policies.pain_points_to_see(user).living(), {"pain_points": Q(), "across": rows.ACROSS}),
        (policies.fiches_to_sort(user), {"to_sort": Q(), "to_sort_long": Q(received_on__lt=today - LONG_TO_SORT)}),
        (replies, {"replies": Q(), "settled": Q(reply=FollowUpReply.YES)}),
    ]


def _delays(user: User) -> QuerySet[Recipient]:
    """Days from the reception of a fiche to its first answer, for the answers of the last ninety days."""
    earlier = Recipient.objects.filter(fiche=OuterRef("fiche"), pk__lt=OuterRef("pk"))
    given = Recipient.objects.filter(
        answer__pain_point__in=policies.pain_points_to_triage(user),
        answer__created_at__gte=timezone.now() - DELAY_OVER,
        fiche__received_on__lte=TruncDate("answer__created_at"),
    ).exclude(Exists(earlier))
    days = Func(
        TruncDate("answer__created_at"),
        F("fiche__received_on"),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )
    return given.annotate(days=ExpressionWrapper(days, output_field=IntegerField()))


def _value(rows_: QuerySet, aggregate: Aggregate, field: Any) -> Subquery:
    """One aggregate over a whole queryset, as a value of the outer query."""
    return Subquery(
        rows_.order_by().annotate(_all=Value(1)).values("_all").annotate(_it=aggregate).values("_it"),
        output_field=field,
    )


def _counts(rows_: QuerySet, wanted: dict[str, Q]) -> Subquery:
    """Several counts among the same rows, as one value of the outer query: a dictionary, None without rows."""
    counts = {name: Count("pk", filter=condition) if condition else Count("pk") for name, condition in wanted.items()}
    counted = rows_.order_by().annotate(_all=Value(1)).values("_all").annotate(_it=JSONObject(**counts))
    return Subquery(counted.values("_it"), output_field=JSONField())


def _count(rows_: QuerySet) -> Coalesce:
    return Coalesce(_value(rows_, Count("pk"), IntegerField()), 0)
