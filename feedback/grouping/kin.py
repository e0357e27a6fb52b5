"""Pain points that seem to say the same thing, in one service or in several: compared by what they mean on average.

Only proposed: two services that meet the same problem may each want their own number.
"""

from collections.abc import Iterable

import numpy as np

from directory.models import Service
from feedback.choices import ChangeKind
from feedback.grouping.drafts import Draft
from feedback.grouping.links import split_by_people
from feedback.grouping.passages import vectors_of, version
from feedback.models import PainPoint, Segment

ALIKE = 0.8  # cosine of the centred means; a document in common lowers it
ALIKE_WITH_A_DOCUMENT = 0.65
_READ = 60  # passages by which a pain point is known
_MOST = 400  # pain points of other services compared, the largest
_PAIRS = 20
_ENOUGH = 5  # pain points, for their common part to mean something


def alike(service: Service, *, besides: Iterable[Draft] = ()) -> list[tuple[int, int]]:
    """(the smaller, the larger) of pairs of living pain points of this service, nearest first; with one of another
    service, the own one comes first.

    Pairs that ``besides`` already merges are left out, and those that somebody took apart.
    """
    own = list(PainPoint.objects.living().filter(service=service, fiche_count__gt=0).order_by("-fiche_count"))
    others = PainPoint.objects.living().exclude(service=service).filter(fiche_count__gt=0).order_by("-fiche_count")
    points = [*own, *others[:_MOST]]
    middles = _middles(points)
    if middles is None:
        return []
    likeness = middles[: len(own)] @ middles.T
    documents = _documents(points)
    merged = {one.number for one in besides if one.kind == ChangeKind.MERGE}
    apart = split_by_people({one.pk for one in points})
    found = []
    for i, first in enumerate(own):
        for j in range(i + 1, len(points)):
            second = points[j]
            needed = ALIKE_WITH_A_DOCUMENT if documents[first.pk] & documents[second.pk] else ALIKE
            if likeness[i, j] >= needed and not _is_told(first, second, merged, apart):
                small, large = _ordered(first, second)
                found.append((float(likeness[i, j]), small.pk, large.pk))
    return _each_once(sorted(found, reverse=True))


def _ordered(first: PainPoint, second: PainPoint) -> tuple[PainPoint, PainPoint]:
    if first.service_id != second.service_id or (second.fiche_count, -second.pk) > (first.fiche_count, -first.pk):
        return first, second
    return second, first


def _is_told(first: PainPoint, second: PainPoint, merged: set[int | None], apart: set[frozenset[int]]) -> bool:
    return first.pk in merged or second.pk in merged or frozenset((first.pk, second.pk)) in apart


def _each_once(found: list[tuple[float, int, int]]) -> list[tuple[int, int]]:
    """A pain point is merged once at most, and what is merged takes nothing."""
    emptied: set[int] = set()
    taking: set[int] = set()
    pairs = []
    for _, small, large in found:
        if small not in emptied | taking and large not in emptied:
            emptied.add(small)
            taking.add(large)
            pairs.append((small, large))
    return pairs[:_PAIRS]


def _middles(points: list[PainPoint]) -> np.ndarray | None:
    """The centred unit mean of the vectors of each (zeros for one that has none); None with too few to centre them."""
    means = [_mean(point) for point in points]
    known = [rank for rank, mean in enumerate(means) if mean is not None]
    if len(known) < _ENOUGH:
        return None
    stacked = np.stack([means[rank] for rank in known])
    stacked -= stacked.mean(axis=0)
    norms = np.linalg.norm(stacked, axis=1, keepdims=True)
    middles = np.zeros((len(points), stacked.shape[1]), dtype=np.float32)
    middles[known] = stacked / np.where(norms > 0, norms, 1)
    return middles


def _mean(point: PainPoint) -> np.ndarray | None:
    held = Segment.objects.filter(membership__pain_point=point, vector_version=version())
    vectors = vectors_of(list(held.order_by("-membership__score", "pk").only("vector", "vector_version")[:_READ]))
    return None if vectors is None else vectors.mean(axis=0)


def _documents(points: list[PainPoint]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {point.pk: set() for point in points}
    pairs = PainPoint.documents.through.objects.filter(painpoint__in=found)
    for number, document in pairs.values_list("painpoint", "supportingdocument"):
        found[number].add(document)
    return found
