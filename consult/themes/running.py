"""A search for themes done by the worker: once at a time, its progress told, its end always written."""

import logging
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from consult.choices import RunState
from consult.models import ThemeRun
from consult.themes.finding import find

logger = logging.getLogger(__name__)
GONE_AFTER = timedelta(minutes=10)  # without a word from the worker


def run(pk: int) -> None:
    """What a worker does with the key of a search; nothing when another one does it, or did."""
    mine = ThemeRun.objects.filter(pk=pk).filter(
        Q(state=RunState.WAITING) | Q(state=RunState.WORKING, seen_at__lt=Now() - GONE_AFTER)
    )
    if not mine.update(state=RunState.WORKING, seen_at=Now()):
        return
    row = ThemeRun.objects.select_related("consultation").get(pk=pk)

    def say(step: str, done: int, total: int) -> None:
        ThemeRun.objects.filter(pk=pk).update(step=step, done=done, total=total, seen_at=Now())

    try:
        figures = find(row.consultation, say=say)
    except Exception:  # whatever goes wrong, the page says so, and somebody may ask again
        logger.exception("search %s for themes failed", pk)
        ThemeRun.objects.filter(pk=pk).update(state=RunState.FAILED, finished_at=Now())
        return
    ThemeRun.objects.filter(pk=pk).update(state=RunState.DONE, finished_at=Now(), figures=figures)


def late() -> list[int]:
    """Searches that nobody does: a doorbell that did not ring, a worker that was killed."""
    silent = Q(state=RunState.WAITING, asked_at__lt=Now() - timedelta(minutes=1))
    silent |= Q(state=RunState.WORKING, seen_at__lt=Now() - GONE_AFTER)
    return list(ThemeRun.objects.filter(silent).values_list("pk", flat=True))
