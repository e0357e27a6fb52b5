"""Deferred work: run by the clock every minute."""

from celery import shared_task

from journal import sealing


@shared_task
def seal() -> None:
    sealing.seal()
