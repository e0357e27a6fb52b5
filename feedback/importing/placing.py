"""What a file brought is grouped together, once it is all there.

One worker leads: it cuts the fiches from the last one, calls others that cut them from the first one, then groups them
all, alone. The others do a little at a time: a fiche that a person files meanwhile waits for none of this.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from feedback import grouping
from feedback.folding import fold
from feedback.importing import progress
from feedback.models import Fiche, Import, Segment

BATCH = 400  # fiches that the one who leads locks, cuts and encodes together: two seconds
HELPED = 100  # those of a helper: half a second, since a fiche that a person files comes after it
COMPARED = 1000  # passages compared together while others cut: the one who leads alone, copies must not miss each other
HEARD = 1000  # passages from which what people say most is shown while the others are still cut; twice as many follow
HEARD_FIRST = 5  # things said of them
HELPERS = 3  # workers called to help, at most
_FAMILY = 0x0CA420  # first key of the lock that says who places a file; the second is the file's


def place(import_: Import, *, call_help: Callable[[], None] = lambda: None) -> None:
    """Cut the fiches, then group them with those of the service. Interrupted, or done twice, nothing is done twice.

    One worker leads: another one that comes meanwhile leaves it alone. ``call_help`` asks one for ``help_cutting``.
    """
    with _alone(import_) as is_ours:
        if is_ours:
            _place(import_, call_help)


def help_cutting(import_: Import, *, after: int) -> int | None:
    """Cut the next few fiches that nobody cuts; the key of the last one, None when there is none left to look at."""
    with transaction.atomic():
        fiches = _uncut(import_).filter(pk__gt=after).order_by("pk")
        some = list(fiches.select_for_update(of=("self",), skip_locked=True)[:HELPED])
        grouping.cut_many(some)
    return some[-1].pk if some else None


def waiting() -> list[Import]:
    """The files whose fiches wait to be grouped: being grouped now, or left by a worker that was killed."""
    fiches = Fiche.objects.waiting_for_placement().exclude(imported_in=None)
    return list(Import.objects.filter(pk__in=fiches.values("imported_in")).select_related("service").order_by("pk"))


def _place(import_: Import, call_help: Callable[[], None]) -> None:
    fiches = import_.fiches.waiting_for_placement()
    has_some = fiches.filter(original__erased_at=None).exists()
    progress.tell_cut(import_.pk, 0, fiches.count())
    _count_rows()
    _cut(import_, call_help)
    if has_some:
        _count_rows()
        fold(Segment.objects.filter(fiche__imported_in=import_))
        grouping.regroup(service=import_.service)
    for fiche in fiches.all():  # their authors took the words back meanwhile: nothing to group
        grouping.place(fiche)


def _count_rows() -> None:
    """Thousands of rows have just come: PostgreSQL plans with what it knew before until it counts them again.

    Measured: without it, finding ten thousand passages of a file took 2.7 s instead of .02, ten times over.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE feedback_fiche (id, imported_in_id, placed_at), feedback_segment (id, fiche_id, fold_id)"
        )


def _cut(import_: Import, call_help: Callable[[], None]) -> None:
    keys = list(_uncut(import_).order_by("-pk").values_list("pk", flat=True))
    if len(keys) > BATCH:
        for _helper in range(HELPERS):
            call_help()
    is_heard = len(keys) < 3 * HEARD
    for start in range(0, len(keys), BATCH):
        _cut_some(import_, keys[start : start + BATCH], skip_locked=True)
        progress.tell_cut(import_.pk, len(keys) - _uncut(import_).count(), len(keys))
        is_heard = is_heard or _tell_heard(import_)
        if fold(Segment.objects.filter(fiche__imported_in=import_), at_least=COMPARED):
            _count_rows()
    # What is left is held by a helper, who finishes or dies.
    left = list(_uncut(import_).values_list("pk", flat=True))
    for start in range(0, len(left), BATCH):
        _cut_some(import_, left[start : start + BATCH], skip_locked=False)
    progress.tell_cut(import_.pk, len(keys), len(keys))


def _tell_heard(import_: Import) -> bool:
    """Say what its first passages say most, once there are enough. Nothing is founded before all is there: what comes
    first would decide what the rest is compared with."""
    passages = Segment.objects.filter(fiche__imported_in=import_).select_related("fiche")
    some = list(passages.only(*grouping.COLUMNS).order_by("pk")[:HEARD])
    if len(some) == HEARD:
        progress.tell_heard(import_.pk, grouping.heard(some, most=HEARD_FIRST))
    return len(some) == HEARD


def _cut_some(import_: Import, keys: list[int], *, skip_locked: bool) -> None:
    with transaction.atomic():
        rows = _uncut(import_).filter(pk__in=keys).order_by("pk")
        grouping.cut_many(list(rows.select_for_update(of=("self",), skip_locked=skip_locked)))


def _uncut(import_: Import) -> QuerySet[Fiche]:
    """Its fiches to group that have no passage yet."""
    waiting = import_.fiches.waiting_for_placement().filter(original__erased_at=None)
    return waiting.exclude(Exists(Segment.objects.filter(fiche=OuterRef("pk"))))


@contextmanager
def _alone(import_: Import) -> Iterator[bool]:
    """Whether this connection holds the file. PostgreSQL frees it at once when its worker dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_FAMILY, import_.pk])
        (is_ours,) = cursor.fetchone()
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_FAMILY, import_.pk])
