"""What somebody is writing, kept for them alone until they file it or forget it."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from consult import texts
from consult.models import Consultation, Draft, Section

KEPT_FOR = timedelta(days=30)
MOST = 20  # drafts of one account in one consultation
TITLE, BODY = 160, 10_000


@transaction.atomic
def keep(
    consultation: Consultation, *, key: UUID, title: str, body: str, section: Section | None, by: User | None
) -> Draft | None:
    """Keep what was typed, under the key of its form. None when this key is somebody else's, or nothing was typed."""
    title, body = texts.line(title)[:TITLE], texts.said(body)[:BODY]
    if not title and not body:
        return None
    purge_on = timezone.localdate() + KEPT_FOR
    row = Draft(consultation=consultation, key=key, user=by, title=title, body=body, section=section, purge_on=purge_on)
    Draft.objects.bulk_create([row], ignore_conflicts=True)
    mine = Draft.objects.filter(key=key, user=by, consultation=consultation)
    mine.update(title=title, body=body, section=section, purge_on=purge_on, saved_at=Now())
    if by is not None:
        _forget_the_oldest(consultation, by)
    return mine.first()


def _forget_the_oldest(consultation: Consultation, user: User) -> None:
    theirs = Draft.objects.filter(consultation=consultation, user=user).order_by("-saved_at", "-pk")
    Draft.objects.filter(pk__in=list(theirs.values_list("pk", flat=True)[MOST:])).delete()


def forget(draft: Draft) -> None:
    """Its author throws it away."""
    draft.delete()


def purge(*, today: date | None = None) -> int:
    """Erase drafts whose time is over; how many. Twice is harmless."""
    return Draft.objects.filter(purge_on__lte=today or timezone.localdate()).delete()[0]
