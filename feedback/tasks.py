"""Deferred work of the room: keys as arguments, safe to run twice. Acts ring after commit."""

import logging
from typing import Any

from celery import Signature, Task, shared_task
from kombu.exceptions import OperationalError

from feedback import grouping, importing, letters
from feedback.models import Fiche, Import, PainPoint
from feedback.radar import reading

logger = logging.getLogger(__name__)


def ring(task: Task | Signature, *keys: Any) -> None:
    """Ask the worker. A silent broker is no error: the clock comes by and finds what waits."""
    try:
        task.delay(*keys)
    except OperationalError:
        logger.warning("the broker does not answer; %s%s waits for the clock", task.name, keys)


@shared_task
def place_fiche(fiche_pk: int) -> None:
    fiche = Fiche.objects.filter(pk=fiche_pk).first()
    if fiche:
        grouping.place(fiche)
        letters.tell_latecomer(fiche)


@shared_task
def tell_latecomer(fiche_pk: int) -> None:
    fiche = Fiche.objects.filter(pk=fiche_pk).first()
    if fiche:
        letters.tell_latecomer(fiche)


@shared_task
def describe(numbers: list[int]) -> None:
    grouping.describe(PainPoint.objects.filter(pk__in=numbers))


@shared_task
def read_documents(reading_pk: int) -> None:
    if reading.run(reading_pk):
        ring(read_documents, reading_pk)


@shared_task
def place_import(import_pk: int) -> None:
    brought = Import.objects.filter(pk=import_pk).select_related("service").first()
    if brought:
        importing.place(brought, call_help=lambda: ring(help_import, import_pk, 0))


@shared_task
def help_import(import_pk: int, after: int) -> None:
    """A little at a time, then behind whatever came meanwhile."""
    brought = Import.objects.filter(pk=import_pk).first()
    last = importing.help_cutting(brought, after=after) if brought else None
    if last is not None:
        ring(help_import, import_pk, last)
