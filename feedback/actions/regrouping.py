"""A service regroups safely: somebody asks, a worker prepares, somebody reads and accepts, a worker applies.

Nothing changes on the board before an acceptance. What changed since the proposal was prepared is left as it is, and
the page says so. Each accepted change is one transaction, made by the acts that people use.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta

from celery import signature
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from directory.models import Service
from feedback import grouping, policies, tasks
from feedback.actions import reshaping
from feedback.choices import (
    PROPOSAL_MOVES,
    ChangeKind,
    ProposalState,
    Resolution,
    RunKind,
    Source,
)
from feedback.errors import NotAllowedNow, RuleBroken, WrongPassages
from feedback.models import GroupingChoice, GroupingRun, PainPoint, Proposal, ProposedChange, Ruling, Segment
from journal.actions import record

KEPT_DAYS = 7
ENOUGH = 3  # fiches that make a pain point
ONE_AT_A_TIME = "one_living_proposal_per_service"
# By their names: the tasks stand above the acts, with the other doors of the clock.
RUN_PART = signature("feedback.clock.run_part")
APPLY = signature("feedback.clock.apply_proposal")


class AlreadyProposed(RuleBroken):
    """One proposal at a time for a service."""

    def __init__(self) -> None:
        super().__init__(_("A new grouping is already waiting for this service. Accept it or leave it aside first."))


class NothingTicked(RuleBroken):
    """Accepting nothing is leaving it aside: the two are not the same button."""

    def __init__(self) -> None:
        super().__init__(_("Tick at least one change, or leave the whole proposal aside."))


def resolution_of(service: Service) -> Resolution:
    """How finely this service is grouped: what it last accepted, or the middle."""
    chosen = GroupingChoice.objects.filter(service=service).values_list("resolution", flat=True).first()
    return Resolution(chosen or Resolution.MEDIUM)


@transaction.atomic
def ask(service: Service, *, resolution: Resolution, by: User | None) -> Proposal:
    """Ask for a new grouping to be prepared; a worker does it. Raises ``AlreadyProposed``."""
    run = grouping.plan(RunKind.PROPOSE, service=service, resolution=resolution)
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                service=service,
                run=run,
                resolution=resolution,
                asked_by=by,
                expires_at=timezone.now() + timedelta(days=KEPT_DAYS),
            )
    except IntegrityError as error:
        if ONE_AT_A_TIME not in str(error):
            raise
        raise AlreadyProposed from error
    record("regroup.asked", proposal, by=by, resolution=resolution.value, service=service.name)
    transaction.on_commit(lambda: _ring(run))
    return proposal


@transaction.atomic
def accept(
    proposal: Proposal, *, positions: Collection[int], titles: Mapping[int, str] | None = None, by: User
) -> Proposal:
    """Accept the changes at these positions, under these titles; a worker applies them. One acceptance, one person.

    Raises ``NotAllowedNow`` for whoever comes second, ``NothingTicked``.
    """
    proposal = _lock(proposal, ProposalState.APPLYING)
    chosen = list(proposal.changes.filter(position__in=positions))
    if not chosen and proposal.changes.exists():
        raise NothingTicked
    for change in chosen:
        change.is_accepted = True
        change.title = (titles or {}).get(change.position, "").strip()[:160] or change.title
    ProposedChange.objects.bulk_update(chosen, ["is_accepted", "title"])
    _move(proposal, ProposalState.APPLYING, decided_by=by, decided_at=Now())
    record("regroup.accepted", proposal, by=by, changes=len(chosen), resolution=proposal.resolution)
    transaction.on_commit(lambda: tasks.ring(APPLY, proposal.pk))
    return proposal


@transaction.atomic
def discard(proposal: Proposal, *, by: User) -> None:
    """Leave it aside: nothing of it is done."""
    proposal = _lock(proposal, ProposalState.DISCARDED)
    _move(proposal, ProposalState.DISCARDED, decided_by=by, decided_at=Now())
    record("regroup.discarded", proposal, by=by)


def apply(proposal_pk: int) -> None:
    """Do what was accepted, one change after the other; killed in the middle, or asked for twice, each is done once."""
    while _apply_next(proposal_pk):
        pass


def start_the_night() -> None:
    """Regroup all that nothing holds. A night that is not over goes on instead."""
    unfinished = GroupingRun.objects.filter(kind=RunKind.ADD, service=None, finished_at=None, parts__isnull=False)
    _ring(unfinished.first() or grouping.plan(RunKind.ADD))


def run_part(part_pk: int) -> None:
    """One part of a regrouping, then the bell of those that waited for it."""
    if run := grouping.run_part(part_pk):
        _ring(run)


def take_up_the_rest() -> None:
    """By the clock: parts whose worker died or never heard, acceptances half applied, proposals nobody read in time."""
    for run in GroupingRun.objects.filter(finished_at=None, parts__isnull=False).distinct():
        grouping.close(run)
        _ring(run)
    for key in Proposal.objects.filter(state=ProposalState.APPLYING).values_list("pk", flat=True):
        tasks.ring(APPLY, key)
    expired = Proposal.objects.filter(state=ProposalState.READY, expires_at__lt=Now())
    expired.update(state=ProposalState.EXPIRED)


def _ring(run: GroupingRun) -> None:
    for key in grouping.to_ring(run):
        tasks.ring(RUN_PART, key)


@transaction.atomic
def _apply_next(proposal_pk: int) -> bool:
    """Do the next change that was accepted; False when none is left, or when somebody else is at it."""
    rows = Proposal.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=proposal_pk)
    proposal = rows.filter(state=ProposalState.APPLYING).select_related("service", "run", "decided_by").first()
    if proposal is None:
        return False
    waiting = proposal.changes.filter(is_accepted=True, done_at=None).select_related("pain_point", "other")
    change = waiting.first()
    if change is None:
        _close(proposal)
        return False
    change.proposal = proposal
    try:
        with transaction.atomic():
            change.made, used = _DO[ChangeKind(change.kind)](change)
            change.left_out = max(0, len(change.segments) - used)
    except RuleBroken:  # it is said on the page: what it was about has changed since
        change.is_skipped = True
    change.done_at = Now()
    change.save(update_fields=["made", "left_out", "is_skipped", "done_at"])
    return True


def _close(proposal: Proposal) -> None:
    """All is done: the choice of the service is kept for the next regroupings."""
    _move(proposal, ProposalState.APPLIED)
    GroupingChoice.objects.update_or_create(
        service=proposal.service, defaults={"resolution": proposal.resolution, "by": proposal.decided_by}
    )
    done = proposal.changes.filter(done_at__isnull=False)
    skipped = done.filter(is_skipped=True).count()
    record("regroup.applied", proposal, by=None, changes=done.count() - skipped, skipped=skipped)
    transaction.on_commit(grouping.arrange)


Outcome = tuple[PainPoint | None, int]  # what it gave, and how many passages it took


def _found(change: ProposedChange) -> Outcome:
    free = _free(change)
    if len({segment.fiche_id for segment in free}) < ENOUGH:
        raise WrongPassages
    proposal = change.proposal
    new = reshaping.found(free, title=change.title, by=proposal.decided_by, service=proposal.service, run=proposal.run)
    return new, len(free)


def _grow(change: ProposedChange) -> Outcome:
    free = _free(change, into=_in_charge(change, change.pain_point))
    reshaping.attach(free, to=change.pain_point, by=change.proposal.decided_by, run=change.proposal.run)
    return change.pain_point, len(free)


def _split(change: ProposedChange) -> Outcome:
    held = _held(change)
    if len({segment.fiche_id for segment in held}) < ENOUGH:
        raise WrongPassages
    by, run = change.proposal.decided_by, change.proposal.run
    new = reshaping.split(_in_charge(change, change.pain_point), segments=held, title=change.title, by=by)
    if extra := _free(change):
        reshaping.attach(extra, to=new, by=by, run=run)
    return new, len(held) + len(extra)


def _merge(change: ProposedChange) -> Outcome:
    emptied, into = _in_charge(change, change.pain_point), _in_charge(change, change.other)
    by = change.proposal.decided_by
    taken = reshaping.merge(emptied, into=into, by=by)
    if extra := _free(change, into=taken):
        reshaping.attach(extra, to=taken, by=by, run=change.proposal.run)
    return taken, len(extra)


def _move_passages(change: ProposedChange) -> Outcome:
    into = _in_charge(change, change.other)
    held = _held(change, into=into)
    reshaping.move_passages(held, from_=_in_charge(change, change.pain_point), to=into, by=change.proposal.decided_by)
    return into, len(held)


def _set_apart(change: ProposedChange) -> Outcome:
    held = _held(change)
    reshaping.set_apart(_in_charge(change, change.pain_point), segments=held, by=change.proposal.decided_by)
    return None, len(held)


_DO = {
    ChangeKind.NEW: _found,
    ChangeKind.GROWN: _grow,
    ChangeKind.SPLIT: _split,
    ChangeKind.MERGE: _merge,
    ChangeKind.MOVE: _move_passages,
    ChangeKind.LEAVE: _set_apart,
}


def _in_charge(change: ProposedChange, pain_point: PainPoint) -> PainPoint:
    """The pain point, while whoever accepted still answers for it."""
    if not policies.may_triage(change.proposal.decided_by, pain_point):
        raise WrongPassages
    return pain_point


def _free(change: ProposedChange, *, into: PainPoint | None = None) -> list[Segment]:
    """Its passages that nothing holds today, and that nobody ruled out of ``into``."""
    rows = Segment.objects.unplaced().filter(pk__in=change.segments).select_related("fiche")
    return list(rows.exclude(pk__in=_ruled_out(into)).order_by("pk"))


def _held(change: ProposedChange, *, into: PainPoint | None = None) -> list[Segment]:
    """Its passages that are still where they were, and that no person put there meanwhile."""
    rows = Segment.objects.filter(
        pk__in=change.segments, membership__pain_point=change.pain_point, membership__source=Source.MACHINE
    )
    return list(rows.exclude(pk__in=_ruled_out(into)).order_by("pk"))


def _ruled_out(pain_point: PainPoint | None) -> list[int]:
    return list(Ruling.objects.filter(pain_point=pain_point).values_list("segment", flat=True)) if pain_point else []


def _lock(proposal: Proposal, target: ProposalState) -> Proposal:
    """The row, locked, after checking that it may go there; too old, it goes nowhere."""
    fresh = Proposal.objects.select_for_update(of=("self",)).select_related("service", "run").get(pk=proposal.pk)
    if target not in PROPOSAL_MOVES[ProposalState(fresh.state)]:
        raise NotAllowedNow(fresh.get_state_display())
    if fresh.state == ProposalState.READY and fresh.expires_at < timezone.now():
        raise NotAllowedNow(str(ProposalState.EXPIRED.label))
    return fresh


def _move(proposal: Proposal, state: ProposalState, **fields: object) -> None:
    for name, value in {**fields, "state": state}.items():
        setattr(proposal, name, value)
    proposal.save(update_fields=["state", *fields])
