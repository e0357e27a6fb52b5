"""Near-identical passages, told once: each knows the first of those that say the same (``Segment.fold``).

Only newcomers are read: an index of bands finds the few first passages that each may repeat, and
``clustering.duplicates`` decides. Nothing is dropped: a fold counts, shows and unfolds.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F, QuerySet

import clustering
from clustering.folds import bands
from feedback.models import Segment

_BATCH = 1000
_REPEATED = 5  # first passages that one newcomer is compared with, those with the most bands in common


def fold(passages: QuerySet[Segment]) -> int:
    """Compare those of these passages that never were; how many. Twice, or by two workers at once, nothing changes."""
    waiting = list(passages.filter(fold=None).order_by("pk").values_list("pk", flat=True))
    batches = range(0, len(waiting), _BATCH)
    return sum(_fold_batch(waiting[start : start + _BATCH]) for start in batches)


@transaction.atomic
def _fold_batch(keys: Sequence[int]) -> int:
    # Whoever holds the row folds it, or the next passer-by does: nobody waits here, whatever is locked elsewhere.
    rows = Segment.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=keys, fold=None)
    newcomers = list(rows.only("pk", "text").order_by("pk"))
    if not newcomers:
        return 0
    of_each = dict(zip((one.pk for one in newcomers), bands([one.text for one in newcomers]), strict=True))
    known = _first_passages(of_each)
    for one, first in _firsts(newcomers, known).items():
        one.fold_id, one.bands = first, of_each[one.pk] if first == one.pk else None
    Segment.objects.bulk_update(newcomers, ["fold", "bands"])
    return len(newcomers)


def _first_passages(of_each: dict[int, list[int]]) -> dict[int, str]:
    """Texts of the first passages that share bands with these newcomers, by key."""
    wanted = defaultdict(set)
    for key, found in of_each.items():
        for band in found:
            wanted[band].add(key)
    alike = Segment.objects.filter(bands__overlap=list(wanted), fold=F("pk"))
    # Held until we point at them: one that its author is erasing is passed over.
    first = alike.select_for_update(of=("self",), skip_locked=True, no_key=True).values_list("pk", "bands", "text")
    shared: dict[int, dict[int, int]] = defaultdict(dict)
    texts = {}
    for key, theirs, text in first:
        texts[key] = text
        for newcomer in (one for band in theirs for one in wanted.get(band, ())):
            shared[newcomer][key] = shared[newcomer].get(key, 0) + 1
    nearest = {key for found in shared.values() for key in sorted(found, key=lambda k: (-found[k], k))[:_REPEATED]}
    return {key: texts[key] for key in sorted(nearest)}


def _firsts(newcomers: Iterable[Segment], known: dict[int, str]) -> dict[Segment, int]:
    """The key of the first passage of each newcomer's group: a known one, else the oldest of the newcomers."""
    newcomers = list(newcomers)
    labels = clustering.duplicates([*known.values(), *(one.text for one in newcomers)]).tolist()
    first: dict[int, int] = {}
    for label, key in zip(labels, [*known, *(one.pk for one in newcomers)], strict=True):
        first.setdefault(label, key)
    return {one: first[label] for one, label in zip(newcomers, labels[len(known) :], strict=True)}
