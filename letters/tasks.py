"""Deferred delivery: a task takes a key, may run twice, decides nothing."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from letters import delivery

logger = logging.getLogger(__name__)


def ring(letter_pk: int) -> None:
    """Ask the worker to deliver now. A silent broker only means that ``sweep`` delivers it a little later."""
    try:
        deliver.delay(letter_pk)
    except OperationalError:
        logger.warning("the broker does not answer; letter %s waits for the sweeper", letter_pk)


@shared_task
def deliver(letter_pk: int) -> None:
    delivery.deliver(letter_pk)


@shared_task
def sweep() -> None:
    delivery.sweep()


@shared_task
def forget_sent() -> None:
    delivery.forget_sent()
