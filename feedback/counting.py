"""The kept counters of pain points: so that boards and public pages never count."""

from collections.abc import Iterable

from django.db.models import Count, Max, Min

from directory.models import Service, SupportingDocument
from feedback.models import Fiche, Membership, PainPoint, Segment


def recount(pain_points: Iterable[PainPoint]) -> None:
    """Bring number of fiches, dates, services touched and documents in line with the memberships, by number."""
    for pain_point in sorted(pain_points, key=lambda one: one.pk):
        held = Fiche.objects.filter(segments__membership__pain_point=pain_point)
        figures = held.aggregate(count=Count("pk", distinct=True), first=Min("received_on"), last=Max("received_on"))
        pain_point.fiche_count = figures["count"]
        pain_point.first_on, pain_point.last_on = figures["first"], figures["last"]
        pain_point.save(update_fields=["fiche_count", "first_on", "last_on"])
        pain_point.services.set(services_of(pain_point))
        pain_point.documents.set(documents_of(pain_point))


def services_of(pain_point: PainPoint) -> list[Service]:
    """The services its fiches are about, and the one in charge."""
    touched = Service.objects.filter(fiches__segments__membership__pain_point=pain_point)
    return list((touched | Service.objects.filter(pk=pain_point.service_id)).distinct())


def documents_of(pain_point: PainPoint) -> list[SupportingDocument]:
    """The documents named by at least two of its passages, or by half of them."""
    named: dict[str, int] = {}
    passages = Segment.objects.filter(membership__pain_point=pain_point).values_list("documents", flat=True)
    for documents in passages:
        for key in documents:
            named[key] = named.get(key, 0) + 1
    total = Membership.objects.filter(pain_point=pain_point).count()
    enough = [key for key, count in named.items() if count >= max(2, total // 10) or 2 * count >= total]
    return list(SupportingDocument.objects.filter(key__in=enough))
