"""How well a pain point holds together, kept in line with what it holds."""

from collections.abc import Iterable

from django.db.models import Case, F, Value, When, Window
from django.db.models.functions import RowNumber

from clustering.cohesion import WEAK, WEAK_WORDS, cohesion
from feedback.grouping.passages import vectors_of
from feedback.models import Membership, PainPoint, Segment

_READ = 60  # passages of the one that is measured
_OTHERS, _OF_EACH = 24, 15  # living pain points it is seen among, and passages of each
_TO_SORT = 120  # passages that nothing holds: a group of what is left over resembles them as much as itself


def measure(pain_points: Iterable[PainPoint]) -> None:
    """Give ``cohesion`` and ``is_weak`` again, as each is seen among the largest living pain points.

    Nothing is withdrawn by a machine: what is public stays so, and is not called weak unless a person vouched for it.
    """
    for pain_point in pain_points:
        share, least = _cohesion(pain_point)
        kept = When(is_public=True, vouched_at=None, then=Value(False))
        PainPoint.objects.filter(pk=pain_point.pk).update(
            cohesion=share, is_weak=Case(kept, default=Value(share < least))
        )
        pain_point.refresh_from_db(fields=["cohesion", "is_weak"])


def _cohesion(pain_point: PainPoint) -> tuple[float, float]:
    """Its cohesion, and the least that is not weak; 0 when it holds nothing. Four queries, whatever its size."""
    own = _sample([pain_point.pk], _READ)
    if not own:
        return 0.0, 0.0
    others = PainPoint.objects.living().exclude(pk=pain_point.pk).order_by("-fiche_count", "-pk")
    beside = _sample(list(others.values_list("pk", flat=True)[:_OTHERS]), _OF_EACH)
    beside += Segment.objects.unplaced().only("text", "vector", "vector_version").order_by("-pk")[:_TO_SORT]
    vectors = vectors_of([*own, *beside])
    texts = [segment.text for segment in (*own, *beside)]
    labels = [pain_point.pk] * len(own) + [None] * len(beside)
    return cohesion(texts, labels, vectors=vectors)[pain_point.pk], WEAK_WORDS if vectors is None else WEAK


def _sample(numbers: list[int], most: int) -> list[Segment]:
    """The surest passages of each, at most ``most``."""
    ranked = Membership.objects.filter(pain_point__in=numbers).annotate(
        rank=Window(RowNumber(), partition_by=F("pain_point"), order_by=[F("score").desc(), F("segment").asc()])
    )
    kept = ranked.filter(rank__lte=most).values("segment")
    return list(Segment.objects.filter(pk__in=kept).only("text", "vector", "vector_version").order_by("pk"))
