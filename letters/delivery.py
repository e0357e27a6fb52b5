"""Delivering what was promised. Each change of state is committed on its own side of the conversation with the post:

claim (committed) → write → hand over → settle (committed)

A worker that dies in between leaves the letter in flight. ``recover`` then promises a receipt again, under the same
Message-ID, and leaves a mass letter to a person: nobody receives a mass letter twice.
"""

import logging
import time
import traceback
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from letters.carriers import InDoubt, NotCarried, Refused, carry, is_silent
from letters.choices import LetterState
from letters.models import MAX_ATTEMPTS, Letter
from letters.renderers import Message, NothingLeft, in_both_parts, render, with_a_way_out

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 20


def deliver(letter_pk: int) -> bool:
    """Send this letter if it is due and nobody else is at it; whether a server took charge of it now."""
    letter = _claim(letter_pk)
    if letter is None:
        return False
    try:
        carry(letter, _written(letter))
    except NothingLeft:
        Letter.objects.filter(pk=letter.pk, state=LetterState.IN_FLIGHT, attempts=letter.attempts).delete()
        return False
    except NotCarried as error:
        _settle(letter, _state_after(letter, error), error=str(error)[:200])
        logger.warning("letter %s not sent at attempt %s: %s", letter.pk, letter.attempts, error)
        return False
    _settle(letter, LetterState.SENT, error="", sent_at=Now())
    return True


def sweep() -> int:
    """Recover what dead workers held, then deliver what the doorbell missed, for a while; how many were sent."""
    recover()
    stop_at = time.monotonic() + SWEEP_SECONDS
    sent = 0
    for letter_pk in Letter.objects.missed().values_list("pk", flat=True)[:1000]:
        if time.monotonic() > stop_at:
            break
        sent += deliver(letter_pk)
    return sent


def recover() -> None:
    """Decide on the letters whose worker died: receipts are promised again, mass letters wait for a person."""
    abandoned = Letter.objects.abandoned()
    doubt = {"error": _("Sending was interrupted.")}
    abandoned.filter(is_mass=True).update(state=LetterState.UNKNOWN, **doubt)
    abandoned.filter(is_mass=False, attempts__gte=MAX_ATTEMPTS).update(state=LetterState.FAILED, **doubt)
    abandoned.filter(is_mass=False).update(state=LetterState.PROMISED, **doubt)


def _claim(letter_pk: int) -> Letter | None:
    """Take the letter in flight, committed: from here on no other worker can take it."""
    with transaction.atomic(durable=True):
        due = Letter.objects.due().filter(pk=letter_pk).select_for_update(skip_locked=True)
        try:
            letter = due.first()
        except InvalidToken:
            _set_aside(letter_pk)
            return None
        if letter is None or is_silent(letter.channel):
            return None
        Letter.objects.filter(pk=letter.pk).update(
            state=LetterState.IN_FLIGHT, attempts=F("attempts") + 1, tried_at=Now()
        )
        letter.attempts += 1
        letter.state = LetterState.IN_FLIGHT
        return letter


def _set_aside(letter_pk: int) -> None:
    """An address that none of our keys reads leaves the letter to a person: the others leave."""
    logger.error("letter %s set aside: no key of CAHIER_ENCRYPTION_KEYS reads its address", letter_pk)
    error = _("No encryption key reads its address any more (CAHIER_ENCRYPTION_KEYS).")
    Letter.objects.filter(pk=letter_pk).update(state=LetterState.FAILED, error=error, tried_at=Now())


def _written(letter: Letter) -> Message:
    try:
        with translation.override(letter.language):
            return with_a_way_out(letter, in_both_parts(render(letter)))
    except NothingLeft:
        raise
    except Exception as error:  # noqa: BLE001  (whatever a room's renderer does wrong, the letter must not stay in flight)
        # The place without the message, which may quote what somebody wrote.
        trace = "".join(traceback.format_tb(error.__traceback__))
        logger.error("letter %s (%s) cannot be written: %s\n%s", letter.pk, letter.kind, type(error).__name__, trace)
        raise Refused(type(error).__name__) from None


def _state_after(letter: Letter, error: NotCarried) -> LetterState:
    if isinstance(error, Refused):
        return LetterState.FAILED
    if isinstance(error, InDoubt) and letter.is_mass:
        return LetterState.UNKNOWN
    return LetterState.PROMISED if letter.attempts < MAX_ATTEMPTS else LetterState.FAILED


def _settle(letter: Letter, state: LetterState, **fields: object) -> None:
    """Write what became of our attempt, unless the letter has been taken up by somebody else since."""
    origins = [LetterState.IN_FLIGHT, *([LetterState.UNKNOWN] if state == LetterState.SENT else [])]
    ours = Letter.objects.filter(pk=letter.pk, attempts=letter.attempts, state__in=origins)
    ours.update(state=state, **fields)


def forget_sent() -> int:
    """Empty the addresses of letters sent more than ``LETTER_ADDRESS_DAYS`` ago; returns how many."""
    old = Letter.objects.filter(
        state=LetterState.SENT, promised_at__lt=Now() - timedelta(days=settings.LETTER_ADDRESS_DAYS)
    )
    return old.exclude(address="").update(address="")
