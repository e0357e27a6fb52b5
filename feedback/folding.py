"""Near-identical passages, told once: each knows the first of those that say the same (``Segment.fold``).

Only newcomers are read: an index of bands finds the few first passages that each may repeat, and
``clustering.duplicates`` decides. Nothing is dropped: a fold counts, shows and unfolds.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import BigIntegerField, F, QuerySet, Value

import clustering
from clustering.folds import bands
from feedback.models import Segment

_BATCH = 1000
_REPEATED = 5  # first passages that one newcomer is compared with, those with the most bands in common


def fold(passages: QuerySet[Segment], *, at_least: int = 1) -> int:
    """Compare those of these passages that never were, when they are ``at_least`` that many; how many. Twice, or by
    two workers at once, nothing changes."""
    waiting = list(passages.filter(fold=None).order_by("pk").values_list("pk", flat=True))
    batches = range(0, len(waiting) if len(waiting) >= at_least else 0, _BATCH)
    return sum(_fold_batch(waiting[start : start + _BATCH]) for start in batches)


def lay_out(passages: Sequence[Segment]) -> None:
    """Give unsaved passages what finds them again; ``fold`` compares them once they are saved."""
    for one, found in zip(passages, bands([one.text for one in passages]), strict=True):
        one.bands = found


@transaction.atomic
def _fold_batch(keys: Sequence[int]) -> int:
    # Whoever holds the row folds it, or the next passer-by does: nobody waits here, whatever is locked elsewhere.
    rows = Segment.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=keys, fold=None)
    newcomers = list(rows.only("pk", "text", "bands").order_by("pk"))
    if not newcomers:
        return 0
    missing = [one for one in newcomers if one.bands is None]
    lay_out(missing)
    first = _firsts(newcomers)
    copies = [one for one in newcomers if first[one.pk] != one.pk]
    for one in copies:
        one.fold_id, one.bands = first[one.pk], None
    Segment.objects.bulk_update(copies, ["fold", "bands"])
    own = [one for one in newcomers if first[one.pk] == one.pk]
    if own:
        Segment.objects.filter(pk__in=[one.pk for one in own]).update(fold=F("pk"))
    Segment.objects.bulk_update([one for one in missing if first[one.pk] == one.pk], ["bands"])
    return len(newcomers)


def _firsts(newcomers: Sequence[Segment]) -> dict[int, int]:
    """The key of the first passage of each newcomer's group: a known one, else the oldest of the newcomers.

    Only those that share a band with another passage are read: the others resemble none.
    """
    wanted = defaultdict(set)
    for one in newcomers:
        for band in one.bands:
            wanted[band].add(one.pk)
    known, met = _first_passages(wanted)
    met = met.union(*(keys for keys in wanted.values() if len(keys) > 1))
    read = [*known.items(), *((one.pk, one.text) for one in newcomers if one.pk in met)]
    first = {one.pk: one.pk for one in newcomers}
    heads: dict[int, int] = {}
    for label, (key, _text) in zip(clustering.duplicates([text for _, text in read]).tolist(), read, strict=True):
        head = heads.setdefault(label, key)
        if key in first:
            first[key] = head
    return first


def _first_passages(wanted: dict[int, set[int]]) -> tuple[dict[int, str], set[int]]:
    """Texts, by key, of the first passages that share bands with newcomers (``wanted``: keys by band); and the keys
    of these newcomers."""
    # One parameter: a plain list is written as thousands of them.
    met = Value(list(wanted), output_field=ArrayField(BigIntegerField()))
    alike = Segment.objects.filter(bands__overlap=met, fold=F("pk"))
    # Held until we point at them: one that its author is erasing is passed over.
    first = alike.select_for_update(of=("self",), skip_locked=True, no_key=True).values_list("pk", "bands", "text")
    shared: dict[int, Counter[int]] = defaultdict(Counter)
    texts = {}
    for key, theirs, text in first:
        texts[key] = text
        for newcomer in (one for band in theirs for one in wanted.get(band, ())):
            shared[newcomer][key] += 1
    nearest = {key for found in shared.values() for key in sorted(found, key=lambda k: (-found[k], k))[:_REPEATED]}
    return {key: texts[key] for key in sorted(nearest)}, set(shared)
