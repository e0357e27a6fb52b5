"""What a file brought is grouped together, once it is all there."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from feedback import grouping
from feedback.models import Fiche, Import

BATCH = 500  # fiches locked and cut together
_FAMILY = 0x0CA420  # first key of the lock that says who places a file; the second is the file's


def place(import_: Import) -> None:
    """Cut the fiches, then group them with those of the service. Interrupted, or done twice, nothing is done twice.

    One worker at a time: another one that comes meanwhile leaves it alone.
    """
    with _alone(import_) as is_ours:
        if is_ours:
            _place(import_)


def waiting() -> list[Import]:
    """The files whose fiches wait to be grouped: being grouped now, or left by a worker that was killed."""
    fiches = Fiche.objects.waiting_for_placement().exclude(imported_in=None)
    return list(Import.objects.filter(pk__in=fiches.values("imported_in")).select_related("service").order_by("pk"))


def _place(import_: Import) -> None:
    fiches = import_.fiches.waiting_for_placement()
    keys = list(fiches.filter(original__erased_at=None).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            rows = Fiche.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk")
            grouping.cut_many(list(rows.select_for_update(of=("self",))))
    if keys:
        grouping.regroup(service=import_.service)
    for fiche in fiches.all():  # their authors took the words back meanwhile: nothing to group
        grouping.place(fiche)


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
