"""Deferred delivery: a task takes a key, may run twice, decides nothing."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from webhooks import delivery

logger = logging.getLogger(__name__)


def ring(delivery_pk: int) -> None:
    """Ask the worker to send now. A silent broker only means that ``sweep`` sends it a little later."""
    try:
        deliver.delay(delivery_pk)
    except OperationalError:
        logger.warning("the broker does not answer; delivery %s waits for the sweeper", delivery_pk)


@shared_task
def deliver(delivery_pk: int) -> None:
    delivery.deliver(delivery_pk)


@shared_task
def sweep() -> None:
    delivery.sweep()
