"""Telling the tools, as letters are sent: claim (committed) → send → settle (committed).

A worker that dies in between leaves the delivery in flight; ``sweep`` promises it again under the same ``event_id``:
a tool may be told twice, and can see that it was.
"""

import logging
import time
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from letters.models import MAX_ATTEMPTS
from webhooks.choices import DeliveryState
from webhooks.formats import request_of
from webhooks.models import Delivery
from webhooks.sending import NotSent, Refused, post

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 20
KEPT = timedelta(days=30)


def deliver(delivery_pk: int) -> bool:
    """Send this event if it is due and nobody else is at it; whether the tool received it now."""
    delivery = _claim(delivery_pk)
    if delivery is None:
        return False
    try:
        status = post(delivery.webhook.url, *request_of(delivery))
    except NotSent as error:
        _settle(delivery, _state_after(delivery, error), error=str(error)[:200], status=error.status)
        logger.warning("delivery %s not sent at attempt %s: %s", delivery.pk, delivery.attempts, type(error).__name__)
        return False
    _settle(delivery, DeliveryState.SENT, error="", status=status, sent_at=Now())
    return True


def sweep() -> int:
    """Take up what dead workers held, send what the doorbell missed, for a while, and forget what is old."""
    abandoned = Delivery.objects.abandoned()
    abandoned.filter(attempts__gte=MAX_ATTEMPTS).update(state=DeliveryState.FAILED)
    abandoned.update(state=DeliveryState.PROMISED)
    Delivery.objects.filter(promised_at__lt=Now() - KEPT).exclude(state=DeliveryState.IN_FLIGHT).delete()
    stop_at = time.monotonic() + SWEEP_SECONDS
    sent = 0
    for key in Delivery.objects.due().order_by("pk").values_list("pk", flat=True)[:500]:
        if time.monotonic() > stop_at:
            break
        sent += deliver(key)
    return sent


def _claim(delivery_pk: int) -> Delivery | None:
    with transaction.atomic(durable=True):
        due = Delivery.objects.due().filter(pk=delivery_pk).select_related("webhook")
        try:
            delivery = due.select_for_update(of=("self",), skip_locked=True).first()
        except InvalidToken:
            _set_aside(delivery_pk)
            return None
        if delivery is None:
            return None
        Delivery.objects.filter(pk=delivery.pk).update(
            state=DeliveryState.IN_FLIGHT, attempts=F("attempts") + 1, tried_at=Now()
        )
        delivery.attempts += 1
        return delivery


def _set_aside(delivery_pk: int) -> None:
    """What goes to an address that none of our keys reads never leaves: the other tools are told."""
    logger.error("delivery %s set aside: no key of CAHIER_ENCRYPTION_KEYS reads the address of its tool", delivery_pk)
    error = _("No encryption key reads its address any more (CAHIER_ENCRYPTION_KEYS).")
    Delivery.objects.filter(pk=delivery_pk).update(state=DeliveryState.FAILED, error=error, tried_at=Now())


def _state_after(delivery: Delivery, error: NotSent) -> DeliveryState:
    if isinstance(error, Refused) or delivery.attempts >= MAX_ATTEMPTS:
        return DeliveryState.FAILED
    return DeliveryState.PROMISED


def _settle(delivery: Delivery, state: DeliveryState, **fields: object) -> None:
    """Write what became of our attempt, unless another worker has taken the delivery up since."""
    ours = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, state=DeliveryState.IN_FLIGHT)
    ours.update(state=state, **fields)
