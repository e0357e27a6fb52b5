"""What rises: the counts that are judged, the verdicts, and the sentence everybody reads. One story, told everywhere.

The kernel (``clustering.surges``) judges; ``actions.alerts`` writes down what it says. Boards, pages, letters and
webhooks read the open ``SurgeAlert`` of a pain point, and this sentence.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np
from django.conf import settings
from django.core import checks
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clustering.surges import GUARD, HISTORY, WEEK, Surge, closed_days, school_holidays, surges
from feedback.board import weeks
from feedback.counting import counted_on
from feedback.models import Fiche, Membership, PainPoint, SurgeAlert

DAYS = WEEK * (HISTORY + GUARD + 1)


def verdicts(*, today: date, elapsed: float = 1.0) -> dict[int, Surge]:
    """What the kernel says of each living pain point, by number, for the days up to ``today``."""
    living = list(PainPoint.objects.living().filter(fiche_count__gt=0).order_by("pk").values_list("pk", "service"))
    if not living:
        return {}
    rows = {service: row for row, service in enumerate(sorted({service for _pk, service in living}))}
    first = today - timedelta(days=DAYS - 1)
    found = surges(
        _daily_of_pain_points([number for number, _service in living], first, today),
        last=today,
        of=[rows[service] for _number, service in living],
        volumes=_daily_of_services(rows, first, today),
        closed=closed_days(first, today, country=settings.HOLIDAYS_COUNTRY, region=settings.HOLIDAYS_REGION),
        holidays_at_school=_school_holidays(first, today),
        elapsed=elapsed,
    )
    return dict(zip((number for number, _service in living), found, strict=True))


def _school_holidays(first: date, last: date) -> frozenset[date]:
    """None where the site names no zone."""
    if not settings.SCHOOL_ZONE:
        return frozenset()
    return school_holidays(first, last, zone=settings.SCHOOL_ZONE, country=settings.HOLIDAYS_COUNTRY)


def calendar_is_known(**_options: object) -> list[checks.Error]:
    """A system check: a zone that nobody knows stops the start, rather than the alerts one night."""
    try:
        _school_holidays(date(2026, 1, 1), date(2026, 12, 31))
    except NotImplementedError:
        said = "CAHIER_SCHOOL_ZONE: no school holidays are known for %s in %s."
        return [checks.Error(said % (settings.SCHOOL_ZONE, settings.HOLIDAYS_COUNTRY), id="feedback.E001")]
    return []


def elapsed_today() -> float:
    """How much of the day is over."""
    now = timezone.localtime()
    return (now.hour * 60 + now.minute) / (24 * 60)


def rising(pain_points: QuerySet[PainPoint]) -> list[SurgeAlert]:
    """The alerts of these pain points that hold today, the steepest first, in one query."""
    alerts = SurgeAlert.objects.rising().filter(pain_point__in=pain_points.living().values("pk"))
    found = alerts.select_related("pain_point", "acknowledged_by")
    return sorted(found, key=lambda one: (-one.observed / max(one.expected, 0.5), one.pk))


def sentence(*, observed: int, expected: float, days: int) -> str:
    """« 41 fiches cette semaine, 9 attendues. »"""
    counted = {"observed": number_format(observed, force_grouping=True), "days": days}
    if days == WEEK:
        said = ngettext("%(observed)s fiche this week", "%(observed)s fiches this week", observed) % counted
    else:
        said = (
            ngettext("%(observed)s fiche in %(days)s days", "%(observed)s fiches in %(days)s days", observed) % counted
        )
    return _("%(said)s, %(awaited)s.") % {"said": said, "awaited": awaited(expected)}


def awaited(expected: float) -> str:
    """« 9 attendues »"""
    usual = round(expected)
    if not usual:
        return _("none expected")
    words = ngettext("%(usual)s expected", "%(usual)s expected", usual)
    return words % {"usual": number_format(usual, force_grouping=True)}


def sentence_of(alert: SurgeAlert) -> str:
    return sentence(observed=alert.observed, expected=alert.expected, days=alert.days)


def _daily_of_pain_points(numbers: Sequence[int], first: date, last: date) -> np.ndarray:
    row_of = {number: row for row, number in enumerate(numbers)}
    held = weeks.within(Membership.objects.filter(pain_point__in=numbers), first, last)
    told = held.values_list("pain_point", "counted_on").annotate(n=Count("segment__fiche", distinct=True)).order_by()
    return _table(row_of, told, first)


def _daily_of_services(row_of: dict[int, int], first: date, last: date) -> np.ndarray:
    filed = Fiche.objects.filter(service__in=row_of, received_on__gte=first).annotate(counted_on=counted_on(""))
    told = filed.filter(counted_on__range=(first, last)).values_list("service", "counted_on")
    return _table(row_of, told.annotate(n=Count("pk")).order_by(), first)


def _table(row_of: dict[int, int], told: Iterable[tuple[int, date, int]], first: date) -> np.ndarray:
    counts = np.zeros((len(row_of), DAYS))
    for key, day, count in told:
        counts[row_of[key], (day - first).days] = count
    return counts
