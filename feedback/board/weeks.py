"""Twelve weeks back from today, in steps of seven days: the last one always holds the last seven days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Func, IntegerField, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.counting import counted_on
from feedback.models import Membership

WEEKS, DAYS = 12, 7


@dataclass(frozen=True)
class Weeks:
    """Fiches a week, oldest first, of one pain point."""

    counts: tuple[int, ...]

    @property
    def last(self) -> int:
        return self.counts[-1]

    @property
    def usual(self) -> float:
        """A usual week: the mean of those before the last one."""
        return sum(self.counts[:-1]) / (len(self.counts) - 1)

    @property
    def label(self) -> str:
        return _("Fiches a week over %(weeks)d weeks: from %(first)d to %(last)d, %(most)d at most") % {
            "weeks": len(self.counts),
            "first": self.counts[0],
            "last": self.last,
            "most": max(self.counts),
        }


def first_day(today: date) -> date:
    """The first day counted."""
    return today - timedelta(days=7 * WEEKS - 1)


def starts(today: date) -> list[date]:
    """The first day of each week, oldest first."""
    return [first_day(today) + timedelta(days=7 * week) for week in range(WEEKS)]


def within(memberships: QuerySet[Membership], first: date, last: date) -> QuerySet[Membership]:
    """Those of fiches that count between these days, with ``counted_on``."""
    # Counted on a day is received on that day or later: an index may help.
    received = memberships.filter(segment__fiche__received_on__gte=first)
    return received.annotate(counted_on=counted_on()).filter(counted_on__range=(first, last))


def weeks_ago(today: date) -> Func:
    """For a membership of ``within``: 0 for a fiche that counts in the last seven days, 1 for the seven before…"""
    return Func(
        Value(today),
        F("counted_on"),
        template="((%(expressions)s) / 7)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )


def of_pain_points(numbers: Iterable[int], *, today: date | None = None) -> dict[int, Weeks]:
    """The weeks of each of these pain points, in one query."""
    today = today or timezone.localdate()
    counts = {number: [0] * WEEKS for number in numbers}
    recent = within(Membership.objects.filter(pain_point__in=counts), first_day(today), today)
    grouped = recent.annotate(ago=weeks_ago(today)).values("pain_point", "ago")
    for row in grouped.annotate(n=Count("segment__fiche", distinct=True)).order_by():
        counts[row["pain_point"]][WEEKS - 1 - row["ago"]] = row["n"]
    return {number: Weeks(tuple(row)) for number, row in counts.items()}
