"""The kept counters of pain points: so that boards and public pages never count."""

from collections.abc import Iterable
from math import sqrt

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Count, DateField, F, Max, Min, Q, When
from django.db.models.functions import Coalesce

from directory.models import Service, SupportingDocument
from feedback.choices import IntakeChannel
from feedback.folding import fold
from feedback.models import Fiche, Membership, PainPoint, Segment

SHARE = 0.15  # of the fiches of a pain point, to count as one of its services
_Z = 1.959964  # 95 % of a normal law
# Filed together one day, written on many: a box emptied, a register brought.
_BY_THE_BOX = (IntakeChannel.PAPER, IntakeChannel.IMPORT)


def recount(pain_points: Iterable[PainPoint]) -> None:
    """Bring number of fiches and of different texts, dates, services touched and documents in line with the
    memberships, by number."""
    for pain_point in sorted(pain_points, key=lambda one: one.pk):
        held = Fiche.objects.filter(segments__membership__pain_point=pain_point)
        figures = held.aggregate(count=Count("pk", distinct=True), first=Min("received_on"), last=Max("received_on"))
        pain_point.fiche_count = figures["count"]
        pain_point.distinct_count = count_texts(pain_point)
        pain_point.first_on, pain_point.last_on = figures["first"], figures["last"]
        pain_point.is_cross_service = is_cross_service(pain_point)
        pain_point.save(update_fields=["fiche_count", "distinct_count", "first_on", "last_on", "is_cross_service"])
        pain_point.services.set(services_of(pain_point))
        pain_point.documents.set(documents_of(pain_point))


def count_texts(pain_point: PainPoint) -> int:
    """How many of its fiches say it in words of their own: those whose passages are copies of another's are one."""
    held = Membership.objects.filter(pain_point=pain_point).order_by()
    fold(Segment.objects.filter(membership__pain_point=pain_point))
    said = held.values("segment__fiche").annotate(said=ArrayAgg("segment__fold", distinct=True))
    return said.values("said").distinct().count()


def counted_on(fiche: str = "segment__fiche__") -> Case:
    """The day a fiche counts for, in weeks and surges: when it was received, never when it was keyed in.

    On paper or in a file, the day it happened when it is known: many are received on the same one. ``fiche`` is the
    way to it; a day counted is never after the day received.
    """
    received = F(f"{fiche}received_on")
    by_the_box = When(
        **{f"{fiche}channel__in": _BY_THE_BOX},
        then=Coalesce(F(f"{fiche}occurred_on"), received),
    )
    return Case(by_the_box, default=received, output_field=DateField())


def services_of(pain_point: PainPoint) -> list[Service]:
    """The services its fiches are about, and the one in charge."""
    touched = Service.objects.filter(fiches__segments__membership__pain_point=pain_point).values("pk")
    cases = pain_point.document_cases.all()
    raised = Q(pk__in=cases.values("service")) | Q(pk__in=cases.values("issuing_service"))
    return list(Service.objects.filter(Q(pk__in=touched) | Q(pk=pain_point.service_id) | raised))


def is_cross_service(pain_point: PainPoint) -> bool:
    """Whether two services or more each hold a real share of it: ``SHARE`` of its fiches at least, the lower bound of
    the 95 % interval (Wilson, 1927); or a document asked by one and issued by another was raised about it."""
    fiches = Fiche.objects.filter(segments__membership__pain_point=pain_point, service__isnull=False)
    by_service = fiches.order_by().values("service").annotate(n=Count("pk", distinct=True)).values_list("n", flat=True)
    counts = list(by_service)
    if sum(at_least(count, sum(counts)) >= SHARE for count in counts) >= 2:
        return True
    return pain_point.document_cases.filter(issuing_service__isnull=False).exists()


def at_least(part: int, whole: int) -> float:
    """The share that ``part`` out of ``whole`` shows at least: the lower bound of Wilson's 95 % interval, 0 to 1."""
    if not whole:
        return 0.0
    share, z2 = part / whole, _Z * _Z
    middle = share + z2 / (2 * whole)
    spread = _Z * sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    return max(0.0, (middle - spread) / (1 + z2 / whole))


def documents_of(pain_point: PainPoint) -> list[SupportingDocument]:
    """The documents named by at least two of its passages, or by half of them."""
    named: dict[str, int] = {}
    passages = Segment.objects.filter(membership__pain_point=pain_point).values_list("documents", flat=True)
    for documents in passages:
        for key in documents:
            named[key] = named.get(key, 0) + 1
    total = Membership.objects.filter(pain_point=pain_point).count()
    raised = Q(cases__pain_point=pain_point)
    enough = [key for key, count in named.items() if count >= max(2, total // 10) or 2 * count >= total]
    return list(SupportingDocument.objects.filter(Q(key__in=enough) | raised).distinct())
