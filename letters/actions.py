"""Promising letters, and what people decide about those that a machine could not send.

Delivery is in ``delivery.py``; tasks and the sweeper call it.
"""

import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from letters import tasks
from letters.choices import MOVES, MOVES_ON_PAPER, Channel, LetterState
from letters.models import Letter
from letters.preferences import recipient_key, wants


class AlreadyDecided(Exception):
    """The letter no longer waits for this decision; ``str(error)`` is a sentence for people."""

    def __init__(self, letter: Letter) -> None:
        super().__init__(_("This letter is now “%(state)s”.") % {"state": letter.get_state_display()})


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
    hashed. Returns None when this person was already promised this campaign, or chose not to receive such letters.
    """
    key_of_person = recipient_key(recipient)
    if not wants(kind, key_of_person):
        return None
    letter = Letter(
        kind=kind,
        key=key,
        campaign=campaign,
        recipient_key=key_of_person,
        channel=channel,
        address=address,
        is_mass=is_mass,
        language=language or get_language() or settings.LANGUAGE_CODE,
        message_id=f"<{uuid.uuid4().hex}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>",
    )
    Letter.objects.bulk_create([letter], ignore_conflicts=True)
    kept = Letter.objects.filter(message_id=letter.message_id).values_list("pk", "promised_at").first()
    if kept is None:
        return None
    letter.pk, letter.promised_at = kept
    letter._state.adding = False
    if channel != Channel.PRINT:
        transaction.on_commit(lambda: tasks.ring(letter.pk))
    return letter


@transaction.atomic
def mark_sent(letter: Letter) -> None:
    """A person checked that a doubtful letter did leave. Raises ``AlreadyDecided``."""
    letter = _lock(letter, LetterState.SENT)
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENT, sent_at=Now(), error="")


@transaction.atomic
def mark_printed(letters: QuerySet[Letter]) -> list[Letter]:
    """Those of these letters that leave the print tray now; the others had left it, or are not paper."""
    tray = Letter.objects.filter(pk__in=letters.values("pk"), channel=Channel.PRINT)
    # Judged under the lock: a colleague may have printed some of them meanwhile.
    locked = list(tray.select_for_update().order_by("pk"))
    printed = [one for one in locked if LetterState.SENT in MOVES_ON_PAPER[LetterState(one.state)]]
    gone = Letter.objects.filter(pk__in=[one.pk for one in printed])
    gone.update(state=LetterState.SENT, sent_at=Now(), attempts=1)
    return printed


@transaction.atomic
def send_again(letter: Letter) -> None:
    """A person decided that a doubtful or failed letter leaves again, as if never tried. Raises ``AlreadyDecided``."""
    letter = _lock(letter, LetterState.PROMISED)
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.PROMISED, attempts=0, tried_at=None, error="")
    transaction.on_commit(lambda: tasks.ring(letter.pk))


@transaction.atomic
def forget(recipient: str, *, kinds: str = "") -> None:
    """Erase this person from the letters whose kind begins with ``kinds``; what was not sent yet never will be."""
    letters = Letter.objects.filter(recipient_key=recipient_key(recipient), kind__startswith=kinds)
    waiting = letters.filter(state=LetterState.PROMISED).select_for_update()
    Letter.objects.filter(pk__in=waiting.values("pk")).update(
        state=LetterState.FAILED, error=_("Withdrawn: the person asked to be erased.")
    )
    letters.exclude(state=LetterState.IN_FLIGHT).update(address="")


def _lock(letter: Letter, target: LetterState) -> Letter:
    fresh = Letter.objects.to_look_at().select_for_update().filter(pk=letter.pk).first()
    if fresh is None or target not in MOVES[LetterState(fresh.state)] or not fresh.has_address:
        letter.refresh_from_db()
        raise AlreadyDecided(letter)
    return fresh
