"""The kept counters of pain points: so that boards and public pages never count."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from math import sqrt

from django.db import connection
from django.db.models import Case, Count, DateField, F, Model, When
from django.db.models.functions import Coalesce

from directory.models import SupportingDocument
from feedback.choices import IntakeChannel
from feedback.folding import fold
from feedback.models import DocumentCase, Fiche, Membership, PainPoint, Segment

SHARE = 0.15  # of the fiches of a pain point, to count as one of its services
_Z = 1.959964  # 95 % of a normal law
Wanted = dict[int, set[int]]  # keys to point to, by pain point
_KEPT = ("fiche_count", "distinct_count", "first_on", "last_on", "awaited_since", "is_cross_service")
_FIGURES = """
SELECT pain_point_id, count(*), count(DISTINCT said), min(first_on), max(last_on), min(awaited_since)
FROM (
    SELECT held.pain_point_id, array_agg(DISTINCT passage.fold_id) AS said,
           min(fiche.received_on) AS first_on, max(fiche.received_on) AS last_on,
           min(fiche.received_on) FILTER (WHERE fiche.channel <> 'import') AS awaited_since
    FROM feedback_membership AS held
    JOIN feedback_segment AS passage ON passage.id = held.segment_id
    JOIN feedback_fiche AS fiche ON fiche.id = passage.fiche_id
    WHERE held.pain_point_id = ANY(%s)
    GROUP BY held.pain_point_id, passage.fiche_id
) AS by_fiche
GROUP BY pain_point_id
"""
# Filed together one day, written on many: a box emptied, a register brought.
_BY_THE_BOX = (IntakeChannel.PAPER, IntakeChannel.IMPORT)


def recount(pain_points: Iterable[PainPoint]) -> None:
    """Bring number of fiches and of different texts, dates, services touched and documents in line with the
    memberships. A dozen queries, for one as for hundreds."""
    points = {one.pk: one for one in sorted(pain_points, key=lambda one: one.pk)}
    if not points:
        return
    fold(Segment.objects.filter(membership__pain_point__in=points))
    by_service, issued = _by_service(points), _issued_elsewhere(points)
    figures = _figures(list(points))
    for number, one in points.items():
        one.fiche_count, one.distinct_count, *days = figures.get(number, (0, 0, None, None, None))
        one.first_on, one.last_on, one.awaited_since = days
        one.is_cross_service = number in issued or _is_shared(by_service[number])
    PainPoint.objects.bulk_update(points.values(), _KEPT)
    _link(PainPoint.services.through, "service_id", _touched(points, by_service))
    _link(PainPoint.documents.through, "supportingdocument_id", _documents(points))


def _figures(numbers: list[int]) -> dict[int, tuple[int, int, date | None, date | None, date | None]]:
    """Of each pain point that holds something: its fiches; those that say it in words of their own (those whose
    passages are copies of another's are one); the first day and the last; the first that no file brought."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [numbers])
        return {number: tuple(figures) for number, *figures in cursor.fetchall()}


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


def _by_service(points: Iterable[int]) -> dict[int, dict[int, int]]:
    """Of each pain point, its fiches by the service they are about."""
    held = Fiche.objects.filter(segments__membership__pain_point__in=points, service__isnull=False).order_by()
    counted = held.values_list("segments__membership__pain_point", "service").annotate(n=Count("pk", distinct=True))
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for number, service, count in counted:
        found[number][service] = count
    return found


def _issued_elsewhere(points: Iterable[int]) -> set[int]:
    """Those about which a document asked by one service and issued by another was raised."""
    cases = DocumentCase.objects.filter(pain_point__in=points, issuing_service__isnull=False)
    return set(cases.values_list("pain_point", flat=True))


def _is_shared(by_service: Mapping[int, int]) -> bool:
    """Whether two services or more each hold a real share: ``SHARE`` of the fiches at least, the lower bound of the
    95 % interval (Wilson, 1927)."""
    whole = sum(by_service.values())
    return sum(at_least(count, whole) >= SHARE for count in by_service.values()) >= 2


def _touched(points: Mapping[int, PainPoint], by_service: Mapping[int, Mapping[int, int]]) -> Wanted:
    """The services the fiches are about, the one in charge, and those of a document raised."""
    found = {number: {one.service_id, *by_service.get(number, ())} for number, one in points.items()}
    cases = DocumentCase.objects.filter(pain_point__in=points)
    for number, *services in cases.values_list("pain_point", "service", "issuing_service"):
        found[number] |= {service for service in services if service}
    return found


def at_least(part: int, whole: int) -> float:
    """The share that ``part`` out of ``whole`` shows at least: the lower bound of Wilson's 95 % interval, 0 to 1."""
    if not whole:
        return 0.0
    share, z2 = part / whole, _Z * _Z
    middle = share + z2 / (2 * whole)
    spread = _Z * sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    return max(0.0, (middle - spread) / (1 + z2 / whole))


def _documents(points: Iterable[int]) -> Wanted:
    """The documents named by at least two of its passages and a tenth of them, or by half of them; and those raised."""
    found: Wanted = {number: set() for number in points}
    held = Membership.objects.filter(pain_point__in=points).order_by()
    named: dict[int, Counter[str]] = defaultdict(Counter)
    for number, documents in held.exclude(segment__documents=[]).values_list("pain_point", "segment__documents"):
        named[number].update(documents)
    totals = dict(held.filter(pain_point__in=named).values_list("pain_point").annotate(n=Count("pk")))
    keys = dict(SupportingDocument.objects.values_list("key", "pk"))
    for number, counted in named.items():
        total = totals[number]
        enough = [key for key, count in counted.items() if count >= max(2, total // 10) or 2 * count >= total]
        found[number] = {keys[key] for key in enough if key in keys}
    for number, document in DocumentCase.objects.filter(pain_point__in=points).values_list("pain_point", "document"):
        found[number].add(document)
    return found


def _link(through: type[Model], column: str, wanted: Wanted) -> None:
    """Make these pain points point to these rows, and to no other."""
    rows = through._default_manager.filter(painpoint__in=wanted)
    held = {(number, key): pk for pk, number, key in rows.values_list("pk", "painpoint_id", column)}
    pairs = {(number, key) for number, keys in wanted.items() for key in keys}
    gone = [pk for pair, pk in held.items() if pair not in pairs]
    if gone:
        rows.filter(pk__in=gone).delete()
    new = [through(**{"painpoint_id": number, column: key}) for number, key in sorted(pairs - set(held))]
    through._default_manager.bulk_create(new, ignore_conflicts=True)
