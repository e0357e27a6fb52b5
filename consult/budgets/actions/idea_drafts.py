"""What somebody is writing, kept for them alone until they file it or forget it: one idea a person and budget."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from consult import texts
from consult.actions.drafts import KEPT_FOR
from consult.budgets import pictures
from consult.budgets.models import Budget, SuggestionDraft
from consult.models import Participant
from consult.uploads import Prepared

# What is kept of the form, and how much of each.
KEPT = {
    "title": 120,
    "body": 6000,
    "envelope": 12,
    "place": 160,
    "latitude": 12,
    "longitude": 12,
    "cost": 40,
    "photo_description": 160,
}


def fields(typed: Mapping[str, str]) -> dict[str, str]:
    """What is kept of a form."""
    return {name: texts.said(typed.get(name, ""))[:most] for name, most in KEPT.items()}


@transaction.atomic
def keep(
    budget: Budget,
    typed: Mapping[str, str],
    *,
    by: Participant,
    photo: Prepared | None = None,
    drops_photo: bool = False,
) -> SuggestionDraft | None:
    """Keep what was typed, instead of what was; and this ``photo``, or the one that was there. None: nothing was."""
    kept = fields(typed)
    if not photo and not any(kept[name] for name in ("title", "body", "place")):
        return None
    row = SuggestionDraft(
        budget=budget, participant=by, typed=kept, purge_on=timezone.localdate() + KEPT_FOR, saved_at=Now()
    )
    SuggestionDraft.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["budget", "participant"],
        update_fields=["typed", "saved_at", "purge_on"],
    )
    draft = SuggestionDraft.objects.select_for_update().get(budget=budget, participant=by)
    if photo or drops_photo:
        pictures.put(draft, photo)
    return draft


@transaction.atomic
def forget(budget: Budget, *, by: Participant) -> None:
    """Its author throws it away."""
    pictures.throw_away(SuggestionDraft.objects.filter(budget=budget, participant=by))


@transaction.atomic
def purge(*, today: date | None = None) -> int:
    """Erase drafts whose time is over; how many. Twice is harmless."""
    return pictures.throw_away(SuggestionDraft.objects.filter(purge_on__lte=today or timezone.localdate()))
