"""A run, part by part: on this machine alone, or on as many workers as there are.

A part may be asked for twice, killed in the middle, or taken up by another worker: it is finished once.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Now

from directory.models import Service
from feedback.choices import PartProblem, PartState, PartStep, ProposalState, RunKind
from feedback.grouping import adding, partition, proposing, rewriting, theming
from feedback.grouping.leases import MOST_ATTEMPTS, TakenOver, finish, taken
from feedback.models import GroupingPart, GroupingRun, Proposal
from journal.actions import record

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
_WORK = {RunKind.ADD: adding.add, RunKind.PROPOSE: proposing.propose, RunKind.REWRITE: rewriting.rewrite}


def regroup(
    *,
    service: Service | None = None,
    full: bool = False,
    resolution: str = "",
    progress: Progress | None = None,
) -> GroupingRun:
    """Group again the passages of ``service`` (of all when None), here and now; return the run with its figures.

    Without ``full`` it only adds: unplaced passages join a living pain point or found new ones. With it, everything
    that no person decided is grouped again and written: an owner is offered a proposal instead.
    """
    kind = RunKind.REWRITE if full else RunKind.ADD
    run = partition.plan(kind, service=service, resolution=resolution)
    finish_here(run, progress=progress)
    return run


def finish_here(run: GroupingRun, *, progress: Progress | None = None) -> None:
    """Do every part that no other worker does, and wait for the others. What goes wrong is raised."""
    while not partition.is_over(run):
        for part_pk in partition.ready(run):
            with taken(part_pk) as part:
                if part is not None:
                    _work(part, progress)
        if not partition.is_over(run) and not partition.ready(run):
            time.sleep(0.5)
    close(run)


def run_part(part_pk: int) -> GroupingRun | None:
    """What a worker does with the key of a part. Returns its run; None when there was nothing to do.

    What goes wrong is logged, and tried again by the clock; after ``MOST_ATTEMPTS`` the part says so and is over.
    """
    with taken(part_pk) as part:
        if part is None:
            return None
        try:
            _attempt(part)
        except TakenOver:
            logger.info("part %s of a regrouping was finished by another worker", part_pk)
    close(part.run)
    return part.run


def close(run: GroupingRun) -> None:
    """Once every part is over: figures, the end, one line in the journal, once."""
    with transaction.atomic():
        waiting = GroupingRun.objects.select_for_update(of=("self",)).filter(pk=run.pk, finished_at__isnull=True)
        if not waiting.exists() or not partition.is_over(run):
            return
        _tell_a_failed_proposal(run)
        run.figures = _figures(run)
        run.total = run.done = run.figures.get("passages", 0)
        run.finished_at = Now()
        run.save(update_fields=["figures", "total", "done", "finished_at"])
        record("regroup.done", run, by=None, **run.figures)
    if run.kind != RunKind.PROPOSE:
        theming.arrange()
    run.refresh_from_db()


def _attempt(part: GroupingPart) -> None:
    if part.attempt > MOST_ATTEMPTS:
        finish(part, state=PartState.FAILED, problem=part.problem or PartProblem.STOPPED)
        return
    try:
        _work(part, None)
    except TakenOver:
        raise
    except Exception:  # whatever goes wrong in one part leaves the others, and the clock tries again
        logger.exception("part %s of a regrouping failed", part.pk)
        is_last = part.attempt >= MOST_ATTEMPTS
        GroupingPart.objects.filter(pk=part.pk, attempt=part.attempt).update(problem=PartProblem.BROKE)
        if is_last:
            finish(part, state=PartState.FAILED, problem=PartProblem.BROKE)


def _work(part: GroupingPart, progress: Progress | None) -> None:
    def say(step: PartStep, done: int, total: int) -> None:
        GroupingPart.objects.filter(pk=part.pk, attempt=part.attempt).update(step=step, done=done, total=total)
        if progress:
            progress(done, total)

    began = time.process_time()
    figures = _WORK[RunKind(part.run.kind)](part, say=say)
    spent = {"cpu_seconds": round(time.process_time() - began, 2), "figures": figures, "problem": ""}
    fields = {"done": figures["passages"], "total": figures["passages"], **spent}
    finish(part, **fields)


def _figures(run: GroupingRun) -> dict[str, int]:
    total: Counter[str] = Counter()
    for part in run.parts.order_by("stage"):
        # What a stage left to sort is looked at again by the next one: it is not counted twice.
        fresh = part.figures if part.stage == 0 else {k: v for k, v in part.figures.items() if k != "passages"}
        total.update({name: count for name, count in fresh.items() if name != "unplaced"})
        if "unplaced" in part.figures:
            total["unplaced"] = part.figures["unplaced"] if part.stage else total["unplaced"] + part.figures["unplaced"]
    return dict(total)


def _tell_a_failed_proposal(run: GroupingRun) -> None:
    if run.parts.filter(state=PartState.FAILED).exists():
        Proposal.objects.filter(run=run, state=ProposalState.COMPUTING).update(state=ProposalState.FAILED)


def spent(run: GroupingRun) -> float:
    """Processor seconds of all its parts."""
    return run.parts.aggregate(n=Sum("cpu_seconds"))["n"] or 0.0
