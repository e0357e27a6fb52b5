"""How well a pain point holds together, kept in line with what it holds."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

from django.db.models import Case, F, Value, When, Window
from django.db.models.functions import RowNumber

from clustering.cohesion import WEAK, WEAK_WORDS, cohesions
from feedback.grouping.passages import vectors_of
from feedback.models import Membership, PainPoint, Segment

_READ = 60  # passages of the one that is measured
_OTHERS, _OF_EACH = 24, 15  # living pain points it is seen among, and passages of each
_TO_SORT = 120  # passages that nothing holds: a group of what is left over resembles them as much as itself


def measure(pain_points: Iterable[PainPoint]) -> None:
    """Give ``cohesion`` and ``is_weak`` again, as each is seen among the largest living pain points. A few queries,
    for one as for dozens.

    Nothing is withdrawn by a machine: what is public stays so, and is not called weak unless a person vouched for it.
    """
    points = {one.pk: one for one in pain_points}
    if not points:
        return
    shares, least = _cohesions(list(points))
    weak = [number for number, share in shares.items() if share < least]
    kept = When(is_public=True, vouched_at=None, then=Value(False))
    rows = PainPoint.objects.filter(pk__in=points)
    rows.update(
        cohesion=Case(*(When(pk=number, then=Value(share)) for number, share in shares.items()), default=Value(0.0)),
        is_weak=Case(kept, When(pk__in=weak, then=Value(True)), default=Value(False)),
    )
    for number, share, is_weak in rows.values_list("pk", "cohesion", "is_weak"):
        points[number].cohesion, points[number].is_weak = share, is_weak


def _cohesions(numbers: list[int]) -> tuple[dict[int, float], float]:
    """The cohesion of each that holds something, and the least that is not weak."""
    own = _sample(numbers, _READ)
    living = PainPoint.objects.living().filter(fiche_count__gt=0).order_by("-fiche_count", "-pk")
    largest = list(living.values_list("pk", flat=True)[: _OTHERS + 1])
    others = _sample(largest, _OF_EACH)
    free = list(Segment.objects.unplaced().only("text", "vector", "vector_version").order_by("-pk")[:_TO_SORT])
    read = {one.pk: one for one in chain(*own.values(), *others.values(), free)}
    row = {key: rank for rank, key in enumerate(read)}
    groups = []
    for number, segments in own.items():
        beside = [other for other in largest if other != number][:_OTHERS]
        among = [*chain(*(others[other] for other in beside)), *free]
        groups.append(([row[one.pk] for one in segments], [row[one.pk] for one in among]))
    vectors = vectors_of(list(read.values()))
    found = cohesions([one.text for one in read.values()], groups, vectors=vectors)
    return dict(zip(own, found, strict=True)), WEAK_WORDS if vectors is None else WEAK


def _sample(numbers: list[int], most: int) -> dict[int, list[Segment]]:
    """The first passages of each that holds some, at most ``most``: the most typical would flatter it."""
    ranked = Membership.objects.filter(pain_point__in=numbers).annotate(
        rank=Window(RowNumber(), partition_by=F("pain_point"), order_by=F("segment").asc())
    )
    kept = ranked.filter(rank__lte=most).values("segment")
    rows = Segment.objects.filter(pk__in=kept).annotate(number=F("membership__pain_point"))
    found: dict[int, list[Segment]] = defaultdict(list)
    for one in rows.only("text", "vector", "vector_version").order_by("pk"):
        found[one.number].append(one)
    return found
