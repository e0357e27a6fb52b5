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
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, TruncDate
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


def figures_of(user: User) -> Figures:
    """All of it, for the services of this person, in one query."""
    seen, mine = policies.pain_points_to_see(user), policies.pain_points_to_triage(user)
    to_sort = policies.fiches_to_sort(user)
    filed = policies.fiches_of(user)
    asked = FollowUp.objects.filter(answer__pain_point__in=mine).exclude(reply="")
    today = timezone.localdate()
    expressions = {
        "to_sort": _count(to_sort),
        "to_sort_long": _count(to_sort.filter(received_on__lt=today - LONG_TO_SORT)),
        "late": _count(rows.with_due_on(rows.waiting(mine)).filter(due_on__lt=today)),
        "waiting": _count(rows.waiting(mine)),
        "median_delay": _value(_delays(user), Median("days"), FloatField()),
        "settled": _count(asked.filter(reply=FollowUpReply.YES)),
        "replies": _count(asked),
        "pain_points": _count(seen.living()),
        "fiches": _count(filed),
        "since": _value(filed, Min("received_on"), DateField()),
        "regrouped_at": Subquery(
            GroupingRun.objects.exclude(finished_at=None).exclude(kind=RunKind.PROPOSE).values("finished_at")[:1]
        ),
        "priorities": _count(rows.priorities_of(mine, user)),
        "across": _count(rows.across_services(seen)),
        "unanswered": _count(rows.never_answered(mine)),
        "signals": _count(policies.flood_signals_to_see(user).filter(seen_at=None)),
    }
    named = {f"figure_{name}": expression for name, expression in expressions.items()}
    read = User.objects.filter(pk=user.pk).values(**named)[0]
    return Figures(**{name: read[f"figure_{name}"] for name in expressions})


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


def _count(rows_: QuerySet) -> Coalesce:
    return Coalesce(_value(rows_, Count("pk"), IntegerField()), 0)
