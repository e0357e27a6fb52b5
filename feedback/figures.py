"""The figures of a service that everybody may read, each with what it was counted on."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Aggregate, Avg, Count, DateField, DurationField, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from directory.models import Service
from feedback.choices import IntakeChannel
from feedback.models import Fiche, Recipient

FEW = 5  # under this many, a mean says more about people than about the service


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class ServiceFigures:
    """``satisfaction`` (1 to 5) and ``median_days`` are None when too few fiches hold them."""

    fiches: int
    rated: int
    satisfaction: float | None
    answered: int
    median_days: int | None


def of_service(service: Service) -> ServiceFigures:
    """Counted at once, on everything this service ever received."""
    fiches = Fiche.objects.filter(service=service)
    counted = fiches.aggregate(fiches=Count("pk"), rated=Count("satisfaction"), mean=Avg("satisfaction"))
    delays = _delays(fiches)
    return ServiceFigures(
        fiches=counted["fiches"],
        rated=counted["rated"],
        satisfaction=round(counted["mean"], 1) if counted["rated"] >= FEW else None,
        answered=delays["answered"],
        median_days=delays["median"].days if delays["answered"] >= FEW else None,
    )


def _delays(fiches: QuerySet[Fiche]) -> dict[str, Any]:
    """Days from reception to the first answer. Past feedback that was imported says nothing of today's delays."""
    first = Recipient.objects.filter(fiche=OuterRef("pk")).order_by().values("fiche").annotate(on=Min("created_at"))
    timed = (
        fiches.exclude(channel=IntakeChannel.IMPORT)
        .annotate(answered_at=Subquery(first.values("on")))
        .filter(answered_at__isnull=False)
        .annotate(delay=TruncDate("answered_at", output_field=DateField()) - F("received_on"))
    )
    counted = timed.aggregate(answered=Count("pk"), median=Median("delay", output_field=DurationField()))
    return {"answered": counted["answered"], "median": counted["median"] or timedelta()}
