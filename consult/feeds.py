"""What feeds tell: what everybody may read, the newest first, without any count of votes."""

from datetime import datetime
from typing import Any

from django.db.models import Max, Min, QuerySet

from consult import policies
from consult.models import Argument, Consultation, Decision, Proposition

MANY = 50


def consultations() -> QuerySet[Consultation]:
    """Those that are public, the last published first."""
    read = policies.consultations_to_read().select_related("page__administration")
    return read.order_by("-page__first_published_at", "-pk")[:MANY]


def propositions(consultation: Consultation) -> QuerySet[Proposition]:
    """Those that stand in lists, the newest first."""
    listed = policies.propositions_to_list().filter(consultation=consultation).select_related("author")
    return listed.defer("search").order_by("-created_at", "-pk")[:MANY]


def arguments(proposition: Proposition) -> QuerySet[Argument]:
    """Those that everybody reads, the newest first."""
    readable = policies.arguments_to_read(proposition).select_related("author")
    return readable.order_by("-created_at", "-pk")[:MANY]


def decisions(consultation: Consultation) -> QuerySet[Decision]:
    """What was published, corrections included, the newest first."""
    public = policies.decisions_to_read().filter(proposition__consultation=consultation)
    return public.select_related("proposition").order_by("-publication__published_at", "-pk")[:MANY]


def first_day(consultation: Consultation) -> datetime | None:
    """When it began: what an empty feed is dated of, so that it stays the same until something comes."""
    dates: dict[str, Any] = Consultation.objects.filter(pk=consultation.pk).aggregate(
        published=Min("page__first_published_at"), opened=Max("page__latest_revision_created_at")
    )
    return dates["published"] or dates["opened"]
