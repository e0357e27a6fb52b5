"""Alerts and signals: the machine raises them, people say that they have seen them. None changes a pain point.

Alerts are debounced: one letter a surge, however many days it lasts; one that ended less than ``CALM`` days ago and
rises again is the same.
"""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from clustering.surges import Surge
from feedback import announcing, floods, letters, policies, surges
from feedback.counting import recount
from feedback.folding import fold
from feedback.models import FloodSignal, PainPoint, Segment, SurgeAlert
from feedback.moves import lock_pain_points
from journal.actions import record
from webhooks.choices import EventKind

CALM = timedelta(days=7)
AT_ONCE = 5000


def watch(*, today: date | None = None, elapsed: float | None = None) -> list[SurgeAlert]:
    """Judge every living pain point on the days up to ``today``; the alerts opened. Twice, or two at once: one each.

    ``elapsed`` is how much of that day is over: all of it when the day is given.
    """
    over = elapsed if elapsed is not None else surges.elapsed_today() if today is None else 1.0
    today = today or timezone.localdate()
    found = surges.verdicts(today=today, elapsed=over)
    followed = set(SurgeAlert.objects.open().values_list("pain_point", flat=True))
    for number in sorted(followed - found.keys()):
        _end(number)
    told = [number for number, one in found.items() if one.is_surge or number in followed]
    opened = (_follow(number, found[number], today) for number in sorted(told))
    return [alert for alert in opened if alert]


@transaction.atomic
def acknowledge(pain_point: PainPoint, *, by: User) -> None:
    """« J'ai vu »: the line leaves the top of the board. Nothing when there is none, or when it was seen already."""
    alert = _open_alerts(pain_point.pk).filter(acknowledged_at=None).first()
    if alert is None:
        return
    alert.acknowledged_by, alert.acknowledged_at = by, Now()
    alert.save(update_fields=["acknowledged_by", "acknowledged_at"])
    record("surge.acknowledged", pain_point, by=by, alert=alert.pk)
    announcing.surge(alert, EventKind.SURGE_ACKNOWLEDGED)


def watch_floods(*, today: date | None = None) -> int:
    """Compare the passages that never were, then raise or bring up to date the signals; how many there are."""
    fold(Segment.objects.filter(pk__in=Segment.objects.filter(fold=None).order_by("pk").values("pk")[:AT_ONCE]))
    _count_texts_once()
    found = floods.floods(today=today or timezone.localdate())
    kept = ["service", "fiche_count", "first_on", "last_on", "most_in_a_day", "channels"]
    FloodSignal.objects.bulk_create(found, update_conflicts=True, unique_fields=["text"], update_fields=kept)
    _show_again()
    return len(found)


@transaction.atomic
def see_flood(signal: FloodSignal, *, by: User) -> None:
    """Somebody has looked at these texts. Nothing becomes of them; twice is once."""
    signal = FloodSignal.objects.select_for_update(of=("self",)).get(pk=signal.pk)
    if signal.seen_at:
        return
    signal.seen_by, signal.seen_at, signal.seen_count = by, Now(), signal.fiche_count
    signal.save(update_fields=["seen_by", "seen_at", "seen_count"])
    record("flood.seen", signal, by=by, fiches=signal.fiche_count)


def _show_again() -> None:
    """What has doubled since somebody saw it waits to be seen again."""
    doubled = FloodSignal.objects.filter(seen_at__isnull=False, fiche_count__gte=2 * F("seen_count"))
    doubled.update(seen_at=None, seen_by=None)


def _count_texts_once() -> None:
    """Pain points counted before passages were compared."""
    for pain_point in PainPoint.objects.filter(distinct_count=0, fiche_count__gt=0).order_by("pk")[:AT_ONCE]:
        with transaction.atomic():
            (locked,) = lock_pain_points([pain_point.pk])
            recount([locked])


@transaction.atomic
def _follow(number: int, found: Surge, today: date) -> SurgeAlert | None:
    """Open, keep up to date or end the alert of one pain point; the alert when it was opened here."""
    alert = _open_alerts(number).first()
    if alert is None:
        return _open(number, found, today) if found.is_surge else None
    if found.is_high and found.observed > found.expected:
        _keep(alert, calm_since=None, **_figures(found, today))
    elif alert.calm_since is None:
        _keep(alert, calm_since=today)
    elif today - alert.calm_since >= CALM:
        _close(alert)
    return None


def _open(number: int, found: Surge, today: date) -> SurgeAlert | None:
    """None when another worker was faster: the constraint knows."""
    pain_point = PainPoint.objects.select_related("service").get(pk=number)
    try:
        with transaction.atomic():
            alert = SurgeAlert.objects.create(pain_point=pain_point, **_figures(found, today))
    except IntegrityError:
        if not _open_alerts(number).exists():
            raise
        return None
    record("surge.opened", pain_point, by=None, alert=alert.pk, reason=surges.sentence_of(alert))
    announcing.surge(alert, EventKind.SURGE_OPENED)
    if letters.tell_surge(alert, policies.members_of(pain_point.service)):
        _keep(alert, told_at=Now())
    return alert


def _figures(found: Surge, today: date) -> dict[str, object]:
    return {
        "day": today,
        "days": found.days,
        "observed": found.observed,
        "expected": round(found.expected, 2),
        "q": found.q,
    }


def _end(number: int) -> None:
    """The pain point lives no more, or holds no fiche."""
    with transaction.atomic():
        for alert in _open_alerts(number):
            _close(alert)


def _close(alert: SurgeAlert) -> None:
    _keep(alert, closed_at=Now())
    record("surge.closed", alert.pain_point, by=None, alert=alert.pk)
    announcing.surge(alert, EventKind.SURGE_CLOSED)


def _keep(alert: SurgeAlert, **fields: object) -> None:
    for name, value in fields.items():
        setattr(alert, name, value)
    alert.save(update_fields=list(fields))


def _open_alerts(number: int) -> QuerySet[SurgeAlert]:
    alerts = SurgeAlert.objects.open().select_for_update(of=("self",)).filter(pain_point=number)
    return alerts.select_related("pain_point__service")
