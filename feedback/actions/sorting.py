"""What the owner of a service decides about one fiche: set it aside, send it where it belongs, read it unmasked."""

from django.db import transaction

from accounts.models import User
from directory.models import Service
from feedback import policies, tasks
from feedback.choices import FicheState
from feedback.counting import recount
from feedback.errors import NobodyThere, NotAllowedNow, ReasonNeeded
from feedback.grouping.placing import holding, lock_grouping
from feedback.models import Fiche, Membership, Original, Verbatim
from feedback.moves import lock_fiche, lock_pain_points, move_fiche
from journal.actions import record

REASON_AT_LEAST = 10


@transaction.atomic
def dismiss_fiche(fiche: Fiche, *, reason: str, by: User) -> Fiche:
    """Set it aside, with a reason that its author reads. It leaves the pain points that held it."""
    if not reason.strip():
        raise ReasonNeeded
    lock_grouping()
    left = lock_pain_points(holding(fiche))
    fiche = lock_fiche(fiche, FicheState.DISMISSED)
    Verbatim.objects.filter(segment__fiche=fiche).delete()
    Membership.objects.filter(segment__fiche=fiche).delete()
    move_fiche(fiche, FicheState.DISMISSED, dismissed_reason=reason.strip())
    recount(left)
    record("fiche.dismissed", fiche, by=by, reason=fiche.dismissed_reason)
    return fiche


@transaction.atomic
def restore_fiche(fiche: Fiche, *, by: User) -> Fiche:
    """Undo ``dismiss_fiche``: it is read again, among those to sort."""
    fiche = lock_fiche(fiche, FicheState.IN_REVIEW)
    if fiche.state != FicheState.DISMISSED:
        raise NotAllowedNow(fiche.get_state_display())
    move_fiche(fiche, FicheState.IN_REVIEW, dismissed_reason="")
    record("fiche.restored", fiche, by=by)
    return fiche


@transaction.atomic
def route_fiche(fiche: Fiche, *, service: Service, by: User) -> Fiche:
    """Give the fiche to the service it is about, which groups it with its own. Its author sees it passed on.

    Asked again for the same service, nothing changes. Raises ``NobodyThere`` when no person answers for it.
    """
    lock_grouping()  # while it is being placed, nobody knows yet who holds it
    fiche = lock_fiche(fiche)
    if fiche.service_id == service.pk:
        return fiche
    if fiche.state == FicheState.DISMISSED or Membership.objects.filter(segment__fiche=fiche).exists():
        raise NotAllowedNow(fiche.get_state_display())
    if not policies.members_of(service).exists():
        raise NobodyThere
    former = fiche.service
    fiche.service, fiche.office, fiche.placed_at = service, None, None
    fiche.save(update_fields=["service", "office", "placed_at"])
    if former:
        move_fiche(fiche, FicheState.TRANSFERRED)
    record("fiche.routed", fiche, by=by, **{"from": former.name if former else "", "to": service.name})
    transaction.on_commit(lambda: tasks.ring(tasks.place_fiche, fiche.pk))
    return fiche


@transaction.atomic
def read_original(fiche: Fiche, *, reason: str, by: User) -> Original:
    """The text as typed, for a member of the fiche's service and a written reason; each reading is journalled."""
    if len(reason.strip()) < REASON_AT_LEAST:
        raise ReasonNeeded
    fiche = policies.fiches_to_unmask(by).select_related("original").get(pk=fiche.pk)
    record("fiche.read_raw", fiche, by=by, reason=reason.strip())
    return fiche.original
