"""Near-identical passages, told once: each knows the first of those that say the same (``Segment.fold``).

Only newcomers are read: an index of bands finds the few first passages that each may repeat, and
``clustering.duplicates`` decides. Nothing is dropped: a fold counts, shows and unfolds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import BigIntegerField, F, Q, QuerySet, Value

import clustering
from clustering.folds import bands
from feedback.models import Segment
from feedback.moves import among

_BATCH = 1000
_FEW_BANDS = 160  # looked up at once: ten newcomers
_FEW = 50  # newcomers sharing a band, for each to be compared with each
_REPEATED = 5  # first passages that one newcomer is compared with, those with the most bands in common
_LOOK_UP = """
SELECT DISTINCT alike.id
FROM unnest(%s::bigint[]) AS asked (band)
CROSS JOIN LATERAL (
    SELECT id, fold_id FROM feedback_segment WHERE bands @> ARRAY[asked.band] OFFSET 0
) AS alike
WHERE alike.fold_id = alike.id
"""


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
    wanted: dict[int, list[int]] = defaultdict(list)
    for one in newcomers:
        for band in set(one.bands):
            wanted[band].append(one.pk)
    known, met = _first_passages(wanted)
    pairs = {pair for keys in wanted.values() for pair in _side_by_side(keys)} | met
    texts = {one.pk: one.text for one in newcomers} | known
    read = [*sorted(known), *sorted({key for pair in pairs for key in pair} - set(known))]
    row = {key: rank for rank, key in enumerate(read)}
    compared = [(row[one], row[other]) for one, other in sorted(pairs)]
    first = {one.pk: one.pk for one in newcomers}
    heads: dict[int, int] = {}
    labels = clustering.duplicates([texts[key] for key in read], pairs=compared)
    for label, key in zip(labels.tolist(), read, strict=True):
        head = heads.setdefault(label, key)
        if key in first:
            first[key] = head
    return first


def _side_by_side(keys: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The pairs to compare among those that share a band: all while they are few; in a campaign, each with the
    oldest and with the one before it, so that a thousand copies are two thousand pairs."""
    if len(keys) <= _FEW:
        yield from combinations(keys, 2)
    else:
        yield from pairwise(keys)
        yield from ((keys[0], key) for key in keys[2:])


def _first_passages(wanted: Mapping[int, Sequence[int]]) -> tuple[dict[int, str], set[tuple[int, int]]]:
    """Texts, by key, of the first passages that newcomers may repeat (``wanted``: keys by band), and the pairs
    (newcomer, first passage) to compare."""
    shared: dict[int, Counter[int]] = defaultdict(Counter)
    texts = {}
    for key, theirs, text in _sharing(list(wanted)):
        texts[key] = text
        for newcomer in (one for band in theirs for one in wanted.get(band, ())):
            shared[newcomer][key] += 1
    met = {
        (newcomer, key)
        for newcomer, found in shared.items()
        for key in sorted(found, key=lambda k: (-found[k], k))[:_REPEATED]
    }
    return {key: texts[key] for _newcomer, key in met}, met


def _sharing(bands_: list[int]) -> Iterator[tuple[int, list[int], str]]:
    """Key, bands and text of the first passages that have one of these bands."""
    if len(bands_) <= _FEW_BANDS:
        # One parameter: a plain list is written as thousands of them.
        met = Q(bands__overlap=Value(bands_, output_field=ArrayField(BigIntegerField())))
    else:
        met = Q(among("pk", _looked_up(bands_)))
    # Held until we point at them: one that its author is erasing is passed over.
    first = Segment.objects.filter(met, fold=F("pk")).select_for_update(of=("self",), skip_locked=True, no_key=True)
    return iter(first.values_list("pk", "bands", "text"))


def _looked_up(bands_: list[int]) -> list[int]:
    """Keys of the first passages that have one of these thousands of bands, each band looked up in the index alone.

    Asked for all of them at once, PostgreSQL compares each with each band of each row: half a minute for a file.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_LOOK_UP, [bands_])
        keys = [key for (key,) in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")
    return keys
