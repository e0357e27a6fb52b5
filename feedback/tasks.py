"""Deferred work of the room: keys as arguments, safe to run twice."""

from celery import shared_task


@shared_task
def sweep() -> None:
    """Filled by the grouping module."""


@shared_task
def regroup() -> None:
    """Filled by the grouping module."""


@shared_task
def ask_follow_ups() -> None:
    """Filled by the answering module."""
