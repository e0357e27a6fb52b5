"""Who works on a part of a regrouping: nobody guesses, PostgreSQL says.

An advisory lock of the worker's own connection says that it lives: killed, it holds nothing any more, at once. A number
that grows at each attempt says whose results count: a worker that lost its connection and came back writes nothing.
(Behind a connection pooler, workers need a session of their own: session pooling.)
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models.functions import Now

from feedback.choices import PartState
from feedback.models import GroupingPart

MOST_ATTEMPTS = 3
UNFINISHED = (PartState.WAITING, PartState.RUNNING)
_FAMILY = 0x0CA41F  # the first key of the lock; the second is the number of the part


class TakenOver(Exception):
    """Another worker took the part up, or it is over: what this one found does not count."""


@contextmanager
def taken(part_pk: int) -> Iterator[GroupingPart | None]:
    """The part, ours until the end of the block; None when somebody works on it, or nothing is to be done."""
    if not _ask("SELECT pg_try_advisory_lock(%s, %s)", part_pk):
        yield None
        return
    try:
        yield _taken_up(part_pk)
    finally:
        _ask("SELECT pg_advisory_unlock(%s, %s)", part_pk)


def fence(part: GroupingPart) -> None:
    """In the transaction that writes: nobody else took the part up since. Raises ``TakenOver``."""
    ours = GroupingPart.objects.select_for_update(of=("self",)).filter(
        pk=part.pk, attempt=part.attempt, state=PartState.RUNNING
    )
    if not ours.exists():
        raise TakenOver


def finish(part: GroupingPart, **fields: object) -> None:
    """It is over, once. Raises ``TakenOver``."""
    with transaction.atomic():
        fence(part)
        fields = {"state": PartState.DONE, **fields}
        GroupingPart.objects.filter(pk=part.pk).update(**fields, finished_at=Now())


def held_now() -> set[int]:
    """Keys of the parts that a living worker holds."""
    statement = (
        "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 AND granted "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [_FAMILY])
        return {key for (key,) in cursor.fetchall()}


def _taken_up(part_pk: int) -> GroupingPart | None:
    with transaction.atomic():
        rows = GroupingPart.objects.select_for_update(of=("self",)).filter(pk=part_pk, state__in=UNFINISHED)
        part = rows.select_related("run", "service", "administration").first()
        if part is None or _is_too_early(part):
            return None
        part.attempt += 1
        part.state = PartState.RUNNING
        part.save(update_fields=["attempt", "state"])
        if part.started_at is None:
            GroupingPart.objects.filter(pk=part.pk).update(started_at=Now())
    return part


def _is_too_early(part: GroupingPart) -> bool:
    return part.run.parts.filter(stage__lt=part.stage, state__in=UNFINISHED).exists()


def _ask(statement: str, part_pk: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [_FAMILY, part_pk])
        return cursor.fetchone()[0]
