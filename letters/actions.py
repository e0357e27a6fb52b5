"""Promising letters. Delivery is in ``delivery.py``; tasks and the sweeper call it."""

import uuid

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from letters import tasks
from letters.choices import Channel
from letters.models import Letter


def promise(
    kind: str,
    *,
    key: int,
    campaign: str,
    recipient: str,
    channel: Channel = Channel.EMAIL,
    address: str = "",
    is_mass: bool = False,
    language: str | None = None,
) -> Letter | None:
    """Write the promise in the caller's transaction and ring the doorbell after commit.

    ``recipient`` identifies the person within ``campaign`` (the address, or ``fiche:12`` for paper); it is stored
    hashed. Returns None when this person was already promised this campaign.
    """
    letter = Letter(
        kind=kind,
        key=key,
        campaign=campaign,
        recipient_key=recipient_key(recipient),
        channel=channel,
        address=address,
        is_mass=is_mass,
        language=language or get_language() or settings.LANGUAGE_CODE,
        message_id=f"<{uuid.uuid4().hex}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>",
    )
    Letter.objects.bulk_create([letter], ignore_conflicts=True)
    letter = Letter.objects.filter(message_id=letter.message_id).first()
    if letter and channel != Channel.PRINT:
        transaction.on_commit(lambda: tasks.ring(letter.pk))
    return letter


def recipient_key(recipient: str) -> str:
    """A keyed hash: the outbox can tell the same person without knowing them."""
    return salted_hmac("letters.recipient", recipient.strip().lower(), algorithm="sha256").hexdigest()
