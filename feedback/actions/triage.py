"""What the owner of a service decides about a pain point. About one fiche: ``sorting.py``.

Each act is one transaction and one line of the journal. Asked twice, an act that has nothing left to change writes
nothing; an act that the state no longer allows raises ``NotAllowedNow``. Who may is judged before, by ``policies``.
"""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from directory.models import Service
from feedback import policies
from feedback.actions.sorting import dismiss_fiche, read_original, route_fiche
from feedback.choices import PUBLIC_STATES, Effort, FicheState, PainPointState
from feedback.errors import (
    NobodyThere,
    NotAllowedNow,
    NotYourService,
    ReasonNeeded,
    SameService,
    WeakGroup,
    WrongPassages,
)
from feedback.models import Fiche, Membership, Note, PainPoint, Segment, Transfer, Verbatim
from feedback.moves import lock, move, move_fiches
from journal.actions import record
from letters.actions import promise

__all__ = [
    "assign",
    "confirm",
    "dismiss",
    "dismiss_fiche",
    "note",
    "prioritise",
    "publish",
    "quote",
    "read_original",
    "rename",
    "reopen",
    "restore",
    "route_fiche",
    "transfer",
    "unpublish",
    "unquote",
    "vouch",
]

NO_MORE = (PainPointState.DISMISSED, PainPointState.MERGED)


@transaction.atomic
def confirm(pain_point: PainPoint, *, by: User) -> PainPoint:
    """The owner agrees with a suggestion: people do meet this problem. What was answered is reopened, not confirmed."""
    pain_point = lock(pain_point)
    if pain_point.state != PainPointState.SUGGESTED:
        raise NotAllowedNow(pain_point.get_state_display())
    move(pain_point, PainPointState.CONFIRMED)
    record("pain_point.confirmed", pain_point, by=by)
    return pain_point


@transaction.atomic
def dismiss(pain_point: PainPoint, *, reason: str = "", by: User) -> PainPoint:
    """Not a pain point: no fiche joins it any more, nobody reads it in public, its fiches are read one by one."""
    pain_point = lock(pain_point, PainPointState.DISMISSED)
    move(pain_point, PainPointState.DISMISSED, reason=reason.strip(), is_public=False)
    move_fiches(_fiches_only_in(pain_point), FicheState.IN_REVIEW)
    record("pain_point.dismissed", pain_point, by=by, reason=pain_point.reason)
    return pain_point


@transaction.atomic
def restore(pain_point: PainPoint, *, by: User) -> PainPoint:
    """Undo ``dismiss``: it is a suggestion again, with the same number and the same fiches."""
    pain_point = lock(pain_point, PainPointState.SUGGESTED)
    move(pain_point, PainPointState.SUGGESTED, reason="")
    move_fiches(_fiches_only_in(pain_point), FicheState.GROUPED)
    record("pain_point.restored", pain_point, by=by)
    return pain_point


@transaction.atomic
def reopen(pain_point: PainPoint, *, reason: str = "", by: User | None) -> PainPoint:
    """It is not settled after all. The answers given stay; the fiches wait for the next one."""
    pain_point = lock(pain_point)
    if pain_point.state not in (PainPointState.PLANNED, PainPointState.DONE, PainPointState.REFUSED):
        raise NotAllowedNow(pain_point.get_state_display())
    move(pain_point, PainPointState.CONFIRMED, reason="", planned_for=None)
    move_fiches(_fiches_only_in(pain_point), FicheState.GROUPED)
    record("pain_point.reopened", pain_point, by=by, reason=reason.strip())
    return pain_point


@transaction.atomic
def rename(pain_point: PainPoint, *, title: str, by: User) -> PainPoint:
    """A title given by a person: no regrouping replaces it."""
    pain_point = _lock_living(pain_point)
    before, title = pain_point.title, title.strip()
    if title == before and pain_point.is_title_human:
        return pain_point
    _keep(pain_point, title=title, is_title_human=True)
    record("pain_point.renamed", pain_point, by=by, before=before, after=title)
    return pain_point


@transaction.atomic
def assign(pain_point: PainPoint, *, to: User | None, by: User) -> PainPoint:
    """Say who follows it, or nobody. Raises ``NotYourService`` for somebody outside the service in charge."""
    pain_point = _lock_living(pain_point)
    if to is not None and not policies.members_of(pain_point.service).filter(pk=to.pk).exists():
        raise NotYourService
    if pain_point.assigned_to_id == (to.pk if to else None):
        return pain_point
    _keep(pain_point, assigned_to=to)
    record("pain_point.assigned", pain_point, by=by, to=to.pk if to else None, name=str(to or ""))
    return pain_point


@transaction.atomic
def prioritise(pain_point: PainPoint, *, effort: Effort | None, impact: Effort | None, by: User) -> PainPoint:
    """The effort it asks for and the good it would do; None when nobody knows yet."""
    pain_point = _lock_living(pain_point)
    if (pain_point.effort, pain_point.impact) == (effort, impact):
        return pain_point
    _keep(pain_point, effort=effort, impact=impact)
    record("pain_point.prioritised", pain_point, by=by, effort=effort, impact=impact)
    return pain_point


@transaction.atomic
def publish(pain_point: PainPoint, *, by: User) -> PainPoint:
    """Show it under « Vous avez dit ». Only what a person confirmed; who publishes vouches for it.

    Raises ``WeakGroup`` when its passages hardly resemble one another and nobody has gone through them.
    """
    pain_point = lock(pain_point)
    if pain_point.state not in PUBLIC_STATES:
        raise NotAllowedNow(pain_point.get_state_display())
    if pain_point.is_weak and pain_point.vouched_at is None:
        raise WeakGroup
    if not pain_point.is_public:
        _keep(pain_point, is_public=True, vouched_at=pain_point.vouched_at or timezone.now())
        record("pain_point.published", pain_point, by=by)
    return pain_point


@transaction.atomic
def vouch(pain_point: PainPoint, *, by: User) -> PainPoint:
    """The owner has read its passages: they do say the same thing, whatever the machine makes of them."""
    pain_point = _lock_living(pain_point)
    if pain_point.vouched_at is None:
        _keep(pain_point, vouched_at=timezone.now())
        record("pain_point.vouched", pain_point, by=by)
    return pain_point


@transaction.atomic
def unpublish(pain_point: PainPoint, *, by: User) -> PainPoint:
    pain_point = lock(pain_point)
    if pain_point.is_public:
        _keep(pain_point, is_public=False)
        record("pain_point.unpublished", pain_point, by=by)
    return pain_point


@transaction.atomic
def quote(pain_point: PainPoint, *, segments: list[Segment], by: User) -> None:
    """Choose masked passages to be read in public. Raises ``WrongPassages`` if one left the pain point meanwhile."""
    pain_point = _lock_living(pain_point)
    keys = {segment.pk for segment in segments}
    held = Membership.objects.select_for_update().filter(pain_point=pain_point, segment__in=keys)
    if len(held) != len(keys):
        raise WrongPassages
    new = keys - set(pain_point.verbatims.filter(segment__in=keys).values_list("segment", flat=True))
    if new:
        Verbatim.objects.bulk_create(
            [Verbatim(pain_point=pain_point, segment_id=key, chosen_by=by) for key in sorted(new)]
        )
        record("pain_point.quoted", pain_point, by=by, passages=sorted(new))


@transaction.atomic
def unquote(pain_point: PainPoint, *, segments: list[Segment], by: User) -> None:
    """Take passages back from the public pages."""
    pain_point = lock(pain_point)
    chosen = pain_point.verbatims.filter(segment__in=segments)
    keys = sorted(chosen.values_list("segment", flat=True))
    if keys:
        chosen.delete()
        record("pain_point.unquoted", pain_point, by=by, passages=keys)


@transaction.atomic
def note(pain_point: PainPoint, *, text: str, by: User) -> Note:
    """Write an internal note. The same words sent twice in a row by the same person are one note."""
    pain_point = lock(pain_point)
    last = pain_point.notes.order_by("-pk").first()
    if last and last.author_id == by.pk and last.text == text.strip():
        return last
    written = Note.objects.create(pain_point=pain_point, author=by, text=text.strip())
    record("pain_point.noted", pain_point, by=by, note=written.pk)
    return written


@transaction.atomic
def transfer(pain_point: PainPoint, *, to_service: Service, reason: str, due_on: date, by: User) -> Transfer:
    """Another service takes charge and must answer by ``due_on``; its members are told. Those touched stay touched.

    Raises ``SameService``, ``ReasonNeeded``, or ``NobodyThere`` when no person answers for that service.
    """
    pain_point = _lock_living(pain_point)
    former = pain_point.service
    if to_service == former:
        raise SameService
    if not reason.strip():
        raise ReasonNeeded
    members = list(policies.members_of(to_service))
    if not members:
        raise NobodyThere
    written = Transfer.objects.create(
        pain_point=pain_point, from_service=former, to_service=to_service, reason=reason.strip(), due_on=due_on, by=by
    )
    _keep(pain_point, service=to_service, assigned_to=None)
    pain_point.services.add(former, to_service)
    move_fiches(_fiches_only_in(pain_point), FicheState.TRANSFERRED)
    details = {"from": former.name, "to": to_service.name, "due_on": due_on.isoformat(), "reason": written.reason}
    record("pain_point.transferred", pain_point, by=by, transfer=written.pk, **details)
    _alert(written, members)
    return written


def _alert(written: Transfer, members: list[User]) -> None:
    for member in members:
        promise(
            "feedback.transferred",
            key=written.pk,
            campaign=f"transfer:{written.pk}",
            recipient=member.email,
            address=member.email,
            language=settings.LANGUAGE_CODE,
        )


def _lock_living(pain_point: PainPoint) -> PainPoint:
    """The row, locked; what was merged or said not to be a pain point takes no decision any more."""
    fresh = lock(pain_point)
    if fresh.state in NO_MORE:
        raise NotAllowedNow(fresh.get_state_display())
    return fresh


def _keep(pain_point: PainPoint, **fields: object) -> None:
    for name, value in fields.items():
        setattr(pain_point, name, value)
    pain_point.save(update_fields=list(fields))


def _fiches_only_in(pain_point: PainPoint) -> QuerySet[Fiche]:
    """The fiches of this pain point that no other living one holds: what is decided here is decided for them."""
    # Joins, not NOT IN: right after a load, before statistics, PostgreSQL would run the inner query for each fiche.
    held = Membership.objects.filter(segment__fiche=OuterRef("pk"))
    elsewhere = held.exclude(pain_point=pain_point).exclude(pain_point__state__in=NO_MORE)
    return Fiche.objects.filter(Exists(held.filter(pain_point=pain_point)), ~Exists(elsewhere))
