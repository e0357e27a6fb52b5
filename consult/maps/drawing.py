"""Counting a map, by the worker: asked for when something changed, one at a time, taken up again after a crash.

A run says what it does (``step``) on its own row, which the page reads; its result is never changed afterwards.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from consult.choices import MapState, MapStep
from consult.maps import answers, telling
from consult.models import Consultation, OpinionMap
from consult.phases import clock
from tally import opinion_map
from tally.opinions import METHOD

_LOCK = 0xC0117  # the first half of our advisory locks; the second is the consultation
AFTER_A_FAILURE = timedelta(hours=1)
LATELY = timedelta(days=2)  # after the end: answers let in at the last moment, statements judged since


def to_draw() -> list[int]:
    """The consultations whose map changed since it was last drawn, or was left in the middle: for the clock."""
    near = {"page__phases__opens_at__lte": Now(), "page__phases__closes_at__gt": timezone.now() - LATELY}
    asked = Consultation.objects.filter(page__live=True, page__has_map=True, **near).distinct()
    return [consultation.pk for consultation in asked if _changed(consultation)]


def draw(consultation_pk: int) -> OpinionMap | None:
    """Count the map of a consultation; None when another worker is at it, or when nothing changed.

    May be called twice, and again after a crash: the run that was left is the one that is finished.
    """
    with _alone(consultation_pk) as is_alone:
        consultation = Consultation.objects.get(pk=consultation_pk)
        if not is_alone or not _changed(consultation):
            return None
        run = _begun(consultation)
        try:
            return _counted(run, consultation)
        except Exception:
            OpinionMap.objects.filter(pk=run.pk).update(state=MapState.FAILED, done_at=Now())
            raise


def _changed(consultation: Consultation) -> bool:
    """Whether the last run counted something else, or was not finished."""
    last = OpinionMap.objects.filter(consultation=consultation).order_by("-pk").first()
    if last is None or last.state in (MapState.ASKED, MapState.WORKING):
        return True
    if last.state == MapState.FAILED and last.done_at and last.done_at < timezone.now() - AFTER_A_FAILURE:
        return True
    return last.seen != answers.seen(consultation)


def _begun(consultation: Consultation) -> OpinionMap:
    OpinionMap.objects.bulk_create([OpinionMap(consultation=consultation)], ignore_conflicts=True)
    run = OpinionMap.objects.unfinished().get(consultation=consultation)
    # What is written here before the answers are read: a change in between makes another run, never a wrong one.
    OpinionMap.objects.filter(pk=run.pk).update(
        state=MapState.WORKING, step=MapStep.READING, seen=answers.seen(consultation), read_at=clock()
    )
    return run


def _counted(run: OpinionMap, consultation: Consultation) -> OpinionMap:
    votes = answers.votes_of(consultation)
    _step(run, MapStep.GROUPING, answers=len(votes), people=len(votes.people))
    found = opinion_map(votes)
    _step(run, MapStep.TELLING, grouped=found.grouped)
    with transaction.atomic():
        OpinionMap.objects.filter(pk=run.pk).update(
            state=MapState.DONE,
            done_at=Now(),
            input_hash=votes.digest(),
            method=METHOD,
            refusal=found.refusal or "",
            result=telling.told(found),
        )
        run.refresh_from_db()
        _forget_those_of_the_day(run)
    return run


def _step(run: OpinionMap, step: MapStep, **figures: int) -> None:
    OpinionMap.objects.filter(pk=run.pk).update(step=step, **figures)


def _forget_those_of_the_day(run: OpinionMap) -> None:
    """One map a day is kept: the last."""
    day = timezone.localdate(run.read_at)
    before = OpinionMap.objects.filter(consultation=run.consultation_id, pk__lt=run.pk, read_at__date=day)
    before.exclude(state__in=(MapState.ASKED, MapState.WORKING)).delete()


@contextmanager
def _alone(consultation_pk: int) -> Iterator[bool]:
    """Whether nobody else draws this map. The lock goes with the connection: a killed worker holds nothing."""
    is_mine = _asked("SELECT PG_TRY_ADVISORY_LOCK(%s, %s)", consultation_pk)
    try:
        yield is_mine
    finally:
        if is_mine:
            _asked("SELECT PG_ADVISORY_UNLOCK(%s, %s)", consultation_pk)


def _asked(statement: str, consultation_pk: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, [_LOCK, consultation_pk])
        return cursor.fetchone()[0]
