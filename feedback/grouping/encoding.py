"""The vectors of the passages, by the batch, and only here and in the worker that receives a fiche.

A passage whose vector is of another encoder is encoded again: a new model is taken up by the next night, each batch
saved at once, so that a worker killed in the middle loses one batch.
"""

from collections.abc import Callable

from django.db.models import QuerySet

from feedback.grouping import passages
from feedback.models import Segment

BATCH = 256
Tell = Callable[[int, int], None]  # passages read, out of how many


def complete(segments: QuerySet[Segment], *, tell: Tell) -> int:
    """Give the vectors that are missing or of another encoder; returns how many. Stops at an encoder that fails."""
    version = passages.version()
    if not version:
        return 0
    stale = segments.exclude(vector_version=version).order_by("pk")
    total, done, last = stale.count(), 0, 0
    while batch := list(stale.filter(pk__gt=last).only("text", "vector_version")[:BATCH]):
        passages.give_vectors(batch)
        given = [segment for segment in batch if segment.vector_version == version]
        Segment.objects.bulk_update(given, ["vector", "vector_version"])
        done, last = done + len(given), batch[-1].pk
        tell(done, total)
        if len(given) < len(batch):
            break  # it was logged; words alone still group, and the next night tries again
    return done
