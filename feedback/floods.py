"""Near-identical texts that come in numbers, as those who moderate and steer see them. Nothing is decided here.

A petition, an association's call or a class that writes together look the same as a flood: people judge.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, QuerySet

from feedback.choices import FicheState, IntakeChannel
from feedback.models import FloodSignal, Segment

RECENT = timedelta(days=7)
LEAST = 10  # fiches that say the same within ``RECENT``


@dataclass
class Flood:
    """One text and its copies: fiches by channel, by day and by service."""

    channels: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    services: Counter[int | None] = field(default_factory=Counter)

    def signal(self, text: int) -> FloodSignal:
        return FloodSignal(
            text_id=text,
            service_id=self.services.most_common(1)[0][0],
            fiche_count=self.channels.total(),
            first_on=min(self.days),
            last_on=max(self.days),
            most_in_a_day=max(self.days.values()),
            channels=dict(self.channels.most_common()),
        )


def floods(*, today: date) -> list[FloodSignal]:
    """The texts that many fiches of the last days repeat, unsaved. A file that somebody brought is no flood."""
    sent = Segment.objects.exclude(fold=None).exclude(fiche__channel=IntakeChannel.IMPORT)
    sent = sent.exclude(fiche__state=FicheState.DISMISSED)
    lately = sent.filter(fiche__received_on__gt=today - RECENT).order_by().values("fold")
    many = lately.annotate(n=Count("fiche", distinct=True)).filter(n__gte=LEAST).values_list("fold", flat=True)
    return [flood.signal(text) for text, flood in _counted(sent.filter(fold__in=list(many))).items()]


def ranked(signals: QuerySet[FloodSignal]) -> QuerySet[FloodSignal]:
    """Those that nobody has seen first, then the densest."""
    shown = signals.select_related("text__membership__pain_point", "service", "seen_by").defer("text__vector")
    return shown.order_by("-seen_at", "-most_in_a_day", "-fiche_count", "pk")


def _counted(copies: QuerySet[Segment]) -> dict[int, Flood]:
    found: dict[int, Flood] = defaultdict(Flood)
    columns = ("fold", "fiche__channel", "fiche__received_on", "fiche__service")
    rows: Iterable = copies.order_by().values_list(*columns).annotate(n=Count("fiche", distinct=True))
    for text, channel, day, service, count in rows:
        flood = found[text]
        flood.channels[channel] += count
        flood.days[day] += count
        flood.services[service] += count
    return dict(found)
