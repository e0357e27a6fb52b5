"""What people say about which passage belongs where. Every act here outlives every later regrouping."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from directory.models import Service
from feedback import tasks
from feedback.choices import PainPointState, Source
from feedback.counting import recount
from feedback.errors import NotAllowedNow, WrongPassages
from feedback.grouping.placing import lock_grouping, majority_service, settle
from feedback.models import GroupingRun, Membership, PainPoint, Ruling, Segment, Verbatim
from feedback.moves import lock, lock_pain_points, move
from journal.actions import record


@transaction.atomic
def merge(pain_point: PainPoint, *, into: PainPoint, by: User) -> PainPoint:
    """Put all passages of one pain point into another; the emptied number stays and says where it went.

    The person answers for both halves: no machine takes one of them away later.
    """
    if pain_point.pk == into.pk:
        raise WrongPassages
    lock_grouping()
    _lock_living([pain_point, into])
    emptied = lock(pain_point, PainPointState.MERGED)
    moved = Segment.objects.filter(membership__pain_point=emptied)
    Ruling.objects.filter(pain_point=into, segment__in=moved).delete()
    _inherit_rulings(emptied, into=into, by=by)
    fiches = [segment.fiche_id for segment in moved]
    Membership.objects.filter(pain_point=emptied).update(pain_point=into, source=Source.PERSON, confirmed_by=by)
    into.memberships.filter(source=Source.MACHINE).update(source=Source.PERSON, confirmed_by=by)
    Verbatim.objects.filter(pain_point=emptied).delete()
    move(emptied, PainPointState.MERGED, merged_into=into, is_public=False)
    record("pain_point.merged", emptied, by=by, into=into.pk)
    _refresh([emptied, into])
    _tell_latecomers(fiches)
    return into


@transaction.atomic
def split(pain_point: PainPoint, *, segments: Sequence[Segment], title: str, by: User) -> PainPoint:
    """Make a new pain point of some passages of this one (not all); it says where it comes from."""
    lock_grouping()
    _lock_living([pain_point])
    held = _held(pain_point, segments)
    if len(held) == pain_point.memberships.count():
        raise WrongPassages
    new = _create(title, service=pain_point.service, by=by, split_from=pain_point)
    _hand_over(held, from_=pain_point, to=new, by=by)
    record("pain_point.split", pain_point, by=by, into=new.pk, passages=len(held))
    _refresh([pain_point, new])
    return new


@transaction.atomic
def move_passages(segments: Sequence[Segment], *, from_: PainPoint, to: PainPoint, by: User) -> None:
    """These passages belong to the other one, and not to this one."""
    if from_.pk == to.pk:
        raise WrongPassages
    lock_grouping()
    _lock_living([from_, to])
    held = _held(from_, segments)
    _hand_over(held, from_=from_, to=to, by=by)
    record("pain_point.moved_passage", from_, by=by, into=to.pk, passages=len(held))
    _refresh([from_, to])
    _tell_latecomers([segment.fiche_id for segment in held])


@transaction.atomic
def set_apart(pain_point: PainPoint, *, segments: Sequence[Segment], by: User) -> None:
    """These passages do not belong to this pain point; they go back to « à trier »."""
    lock_grouping()
    _lock_living([pain_point])
    held = _held(pain_point, segments)
    _rule_out(held, pain_point=pain_point, by=by)
    Membership.objects.filter(segment__in=held).delete()
    record("pain_point.moved_passage", pain_point, by=by, into=None, passages=len(held))
    _refresh([pain_point])


@transaction.atomic
def attach(segments: Sequence[Segment], *, to: PainPoint, by: User, run: GroupingRun | None = None) -> None:
    """Passages of « à trier » belong to this pain point.

    ``run``: proposed by the machine, and accepted among many by this person: another proposal may move them.
    """
    lock_grouping()
    _lock_living([to])
    free = _unplaced(segments)
    Ruling.objects.filter(pain_point=to, segment__in=free).delete()
    _hold(free, pain_point=to, by=by, run=run)
    record("pain_point.took_fiche", to, by=by, passages=len(free))
    _refresh([to])
    _tell_latecomers([segment.fiche_id for segment in free])


@transaction.atomic
def found(
    segments: Sequence[Segment],
    *,
    title: str,
    by: User,
    service: Service | None = None,
    run: GroupingRun | None = None,
) -> PainPoint:
    """A new, confirmed pain point made by a person from passages of « à trier ». ``run`` as for ``attach``."""
    lock_grouping()
    free = _unplaced(segments)
    service = service or majority_service(free)
    if service is None:
        raise WrongPassages
    new = _create(title, service=service, by=by)
    _hold(free, pain_point=new, by=by, run=run)
    _refresh([new])
    return new


def _create(title: str, *, service: Service, by: User, split_from: PainPoint | None = None) -> PainPoint:
    new = PainPoint.objects.create(
        title=title,
        is_title_human=True,
        service=service,
        state=PainPointState.CONFIRMED,
        split_from=split_from,
        vouched_at=timezone.now(),
    )
    record("pain_point.confirmed", new, by=by)
    return new


def _lock_living(pain_points: Iterable[PainPoint]) -> None:
    """Lock the rows in one order; a merged or dismissed one takes no passages any more."""
    for one in lock_pain_points([one.pk for one in pain_points]):
        if one.state in (PainPointState.MERGED, PainPointState.DISMISSED):
            raise NotAllowedNow(one.get_state_display())


def _held(pain_point: PainPoint, segments: Sequence[Segment]) -> list[Segment]:
    """The chosen passages, all of this pain point; the page was old otherwise."""
    keys = {segment.pk for segment in segments}
    held = list(Segment.objects.filter(pk__in=keys, membership__pain_point=pain_point).select_related("fiche"))
    if not keys or len(held) != len(keys):
        raise WrongPassages
    return held


def _unplaced(segments: Sequence[Segment]) -> list[Segment]:
    keys = {segment.pk for segment in segments}
    free = list(Segment.objects.unplaced().filter(pk__in=keys).select_related("fiche"))
    if not keys or len(free) != len(keys):
        raise WrongPassages
    return free


def _hand_over(segments: Sequence[Segment], *, from_: PainPoint, to: PainPoint, by: User) -> None:
    _rule_out(segments, pain_point=from_, by=by)
    Ruling.objects.filter(pain_point=to, segment__in=segments).delete()
    Membership.objects.filter(segment__in=segments).update(
        pain_point=to, source=Source.PERSON, confirmed_by=by, score=1
    )


def _rule_out(segments: Sequence[Segment], *, pain_point: PainPoint, by: User) -> None:
    Ruling.objects.bulk_create(
        [Ruling(segment=segment, pain_point=pain_point, by=by) for segment in segments], ignore_conflicts=True
    )
    Verbatim.objects.filter(pain_point=pain_point, segment__in=segments).delete()
    # Who takes strangers out has gone through the passages.
    PainPoint.objects.filter(pk=pain_point.pk, vouched_at=None).update(vouched_at=timezone.now())


def _hold(segments: Sequence[Segment], *, pain_point: PainPoint, by: User, run: GroupingRun | None) -> None:
    source = Source.PERSON if run is None else Source.MACHINE
    Membership.objects.bulk_create(
        [
            Membership(segment=segment, pain_point=pain_point, source=source, confirmed_by=by, score=1, run=run)
            for segment in segments
        ]
    )
    settle(one.fiche_id for one in segments)


def _refresh(pain_points: Iterable[PainPoint]) -> None:
    """Counters now, in the act; key phrases a moment later, by the worker."""
    fresh = list(PainPoint.objects.filter(pk__in=[one.pk for one in pain_points]))
    recount(fresh)
    numbers = [one.pk for one in fresh]
    transaction.on_commit(lambda: tasks.ring(tasks.describe, numbers))


def _inherit_rulings(emptied: PainPoint, *, into: PainPoint, by: User) -> None:
    """What was said not to belong to the emptied one does not belong to the one that took it, either."""
    outside = Segment.objects.filter(rulings__pain_point=emptied).exclude(membership__pain_point__in=[emptied, into])
    Ruling.objects.bulk_create(
        [Ruling(segment=segment, pain_point=into, by=by) for segment in outside], ignore_conflicts=True
    )


def _tell_latecomers(fiches: Iterable[int]) -> None:
    """Authors who arrive in an answered pain point receive its last answer."""
    keys = sorted(set(fiches))
    transaction.on_commit(lambda: [tasks.ring(tasks.tell_latecomer, key) for key in keys])
