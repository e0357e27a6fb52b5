"""What somebody is writing, kept for them alone until they file it or forget it: one idea a person and budget."""

from collections.abc import Mapping
from datetime import date

from django.db.models.functions import Now
from django.utils import timezone

from consult import texts
from consult.actions.drafts import KEPT_FOR
from consult.budgets.models import Budget, SuggestionDraft
from consult.models import Participant

# What is kept of the form, and how much of each. The photo is not: it is chosen again.
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


def keep(budget: Budget, typed: Mapping[str, str], *, by: Participant) -> SuggestionDraft | None:
    """Keep what was typed, instead of what was. None when nothing was."""
    kept = {name: texts.said(typed.get(name, ""))[:most] for name, most in KEPT.items()}
    if not any(kept[name] for name in ("title", "body", "place")):
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
    return SuggestionDraft.objects.get(budget=budget, participant=by)


def forget(budget: Budget, *, by: Participant) -> None:
    """Its author throws it away."""
    SuggestionDraft.objects.filter(budget=budget, participant=by).delete()


def purge(*, today: date | None = None) -> int:
    """Erase drafts whose time is over; how many. Twice is harmless."""
    return SuggestionDraft.objects.filter(purge_on__lte=today or timezone.localdate()).delete()[0]
