"""What people may ask about their own data, and what the calendar asks for them: a copy, erasure, purge."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from accounts.models import User
from feedback import tasks
from feedback.counting import recount
from feedback.grouping.placing import holding, lock_grouping
from feedback.intake_text import ERASED, EXPIRED
from feedback.models import Fiche, FollowUp, Original, PainPoint
from feedback.moves import lock_pain_points
from feedback.personal_data import everything_about, letters_about
from journal.actions import record
from letters.choices import LetterState

BATCH = 200
CONTACT = {"contact_email": "", "contact_phone": "", "postal_name": "", "on_behalf_of": ""}


@transaction.atomic
def export(fiche: Fiche, *, by: User | None) -> dict[str, Any]:
    """Everything kept about one fiche, ready for JSON, for its author only. Journalled."""
    record("fiche.exported", fiche, by=by)
    return everything_about(fiche)


@transaction.atomic
def erase(fiche: Fiche, *, by: User | None) -> Fiche:
    """Leave nothing of what its author wrote, nor of how to reach them. Doing it twice changes nothing.

    The fiche keeps its reference, service, dates and state, and leaves the pain points that held its passages.
    """
    lock_grouping()
    held_by = lock_pain_points(holding(fiche))
    fiche = Fiche.objects.select_for_update(of=("self",)).select_related("original").get(pk=fiche.pk)
    if _is_erased(fiche):
        return fiche
    _forget_passages(fiche, held_by)
    Fiche.objects.filter(pk=fiche.pk).update(
        masked_text=ERASED,
        mask_spans=[],
        flags=[],
        step="",
        author=None,
        wants_answer=False,
        placed_at=Coalesce("placed_at", Now()),
    )
    FollowUp.objects.filter(fiche=fiche).update(text="")
    _forget_addresses(fiche)
    Original.objects.filter(fiche=fiche).update(text="", **CONTACT, erased_at=Now())
    record("fiche.erased", fiche, by=by)
    fiche.refresh_from_db()
    return fiche


def _is_erased(fiche: Fiche) -> bool:
    return fiche.original.erased_at is not None


@dataclass(frozen=True)
class Purged:
    """How many texts and how many contacts were erased because their time was over."""

    texts: int = 0
    contacts: int = 0


def purge_expired(*, today: date | None = None) -> Purged:
    """Erase what was kept as long as announced (``RETENTION_DAYS``), by batches, each in its transaction."""
    today = today or timezone.localdate()
    done: Counter[str] = Counter()
    while batch := _purge_batch(today):
        done += batch
    return Purged(texts=done["text"], contacts=done["contact"])


@transaction.atomic
def _purge_batch(today: date) -> Counter[str]:
    held = ~Q(text="", **CONTACT)
    due = Original.objects.filter(held, purge_on__lte=today).select_related("fiche").order_by("purge_on", "pk")
    done: Counter[str] = Counter()
    # With its fiche: what follows writes there too, and waits for nobody.
    for original in due.select_for_update(of=("self", "fiche"), skip_locked=True)[:BATCH]:
        done += Counter(["seen", *_purge(original, today)])
    return done


def _purge(original: Original, today: date) -> list[str]:
    """Empty the kinds that are due, and write when the next one is; returns the kinds that held something."""
    ends = {kind: original.fiche.received_on + timedelta(days=days) for kind, days in settings.RETENTION_DAYS.items()}
    kinds: list[str] = []
    if ends["fiche_original"] <= today and original.text:
        kinds.append("text")
        Original.objects.filter(pk=original.pk).update(text="")
        # Never masked in all that time: nobody will read it any more.
        Fiche.objects.filter(pk=original.fiche_id, masked_text=None).update(masked_text=EXPIRED)
    if ends["fiche_contact"] <= today and any(getattr(original, column) for column in CONTACT):
        kinds.append("contact")
        Original.objects.filter(pk=original.pk).update(**CONTACT)
        _forget_addresses(original.fiche)
    later = [end for end in ends.values() if end > today]
    Original.objects.filter(pk=original.pk).update(purge_on=min(later, default=original.purge_on))
    if kinds:
        record("fiche.purged", original.fiche, by=None, kinds=kinds)
    return kinds


def _forget_passages(fiche: Fiche, left: list[PainPoint]) -> None:
    """The passages, their vectors and where they were quoted; the pain points are counted and named again."""
    fiche.segments.all().delete()
    recount(left)
    _forget_names(left)


def _forget_names(left: Iterable[PainPoint]) -> None:
    """A title given by the machine may be somebody's words: it is found again among the words that remain."""
    numbers = [one.pk for one in left if one.fiche_count]
    empty = PainPoint.objects.filter(pk__in=[one.pk for one in left if not one.fiche_count])
    empty.update(keyphrases=[])
    empty.filter(is_title_human=False).update(title=ERASED)
    if numbers:
        transaction.on_commit(lambda: tasks.ring(tasks.describe, numbers))


def _forget_addresses(fiche: Fiche) -> None:
    """Letters about this fiche lose their address; those that had not left will not leave."""
    letters = letters_about(fiche)
    letters.filter(state=LetterState.PROMISED).update(state=LetterState.FAILED, error="the address was erased")
    letters.update(address="")
