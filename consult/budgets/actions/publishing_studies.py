"""Studies made public together: now, or at a planned hour by the clock. Nothing of them is public before.

Lock order, as everywhere: phase (``alone``) → studies, by key → projects, by key.
"""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from consult.budgets import phases, studies, tasks, telling
from consult.budgets.actions.moving import move
from consult.budgets.choices import ProjectState, StudyVerdict
from consult.budgets.errors import CostAboveEnvelope, HourPassed, NoStudyReady, RegulationFrozen, StudyChanged
from consult.budgets.models import Budget, FrozenRegulation, Project, Study, StudyPublication
from consult.errors import RuleBroken
from journal.actions import record


@transaction.atomic
def plan(budget: Budget, *, at: datetime, by: User) -> StudyPublication:
    """Publish at that hour what will be signed by then; a hour planned before is replaced. Raises ``HourPassed``."""
    phases.alone(budget)
    if at <= phases.clock():
        raise HourPassed
    theirs = {"planned_for": at, "by": by}
    planned, _made = StudyPublication.objects.update_or_create(budget=budget, published_at=None, defaults=theirs)
    record("studies.planned", budget, by=by, at=at.isoformat())
    return planned


@transaction.atomic
def call_off(budget: Budget, *, by: User) -> None:
    """Forget the planned hour."""
    phases.alone(budget)
    if StudyPublication.objects.filter(budget=budget, published_at=None).delete()[0]:
        record("studies.unplanned", budget, by=by)


@transaction.atomic
def publish(budget: Budget, *, seen: str, by: User, on: datetime | None = None) -> StudyPublication:
    """Make every signed study public at once, move its project, and promise one letter to each person concerned.

    ``seen``: the fingerprint of what was confirmed (``studies.batch_fingerprint``). ``on``: when it was made public,
    if not now. Raises ``NoStudyReady``, ``CostAboveEnvelope``, ``StudyChanged``.
    """
    phases.alone(budget)
    rows = _held(budget)
    if studies.batch_fingerprint(rows) != seen:
        raise StudyChanged
    StudyPublication.objects.filter(budget=budget, published_at=None).delete()
    return _published(budget, rows, StudyPublication(budget=budget, by=by), by=by, on=on)


@transaction.atomic
def publish_planned(planned: int) -> StudyPublication | None:
    """What was planned, by the clock, once its hour has come; None when it was done or called off meanwhile.

    Raises ``NoStudyReady`` and ``CostAboveEnvelope``: the editor finds the publication still waiting.
    """
    budget = Budget.objects.get(study_publications=planned)
    phases.alone(budget)
    due = StudyPublication.objects.filter(pk=planned, published_at=None, planned_for__lte=phases.clock()).first()
    if due is None:
        return None
    return _published(budget, _held(budget), due, by=None, on=None)


def publish_due() -> int:
    """Every publication whose hour has come; how many. What cannot be published waits, and the journal says it once."""
    done = 0
    for planned in StudyPublication.objects.filter(published_at=None, planned_for__lte=Now()).values_list(
        "pk", flat=True
    ):
        try:
            done += publish_planned(planned) is not None
        except RuleBroken as broken:
            _held_up(planned, str(broken))
    return done


@transaction.atomic
def _held_up(planned: int, why: str) -> None:
    """The hour is taken back, so that an editor sees why nothing left and chooses another."""
    row = StudyPublication.objects.select_for_update(no_key=True).filter(pk=planned, published_at=None).first()
    if row is not None:
        StudyPublication.objects.filter(pk=planned).delete()
        record("studies.held_up", row.budget, by=None, why=why)


def _held(budget: Budget) -> list[Study]:
    """The studies to publish: nobody writes in them, nor signs, meanwhile."""
    keys = studies.of_budget(budget).values_list("pk", flat=True)
    list(Study.objects.select_for_update(no_key=True).filter(pk__in=list(keys)).order_by("pk"))
    rows = studies.ready(budget)
    if not rows:
        raise NoStudyReady
    if FrozenRegulation.objects.filter(budget=budget).exists():
        raise RegulationFrozen
    if dear := studies.above_envelope(rows):
        raise CostAboveEnvelope([one.project.title for one in dear])
    return rows


def _published(
    budget: Budget, rows: list[Study], publication: StudyPublication, *, by: User | None, on: datetime | None
) -> StudyPublication:
    publication.published_at = on or phases.clock()
    publication.save()
    Study.objects.filter(pk__in=[one.pk for one in rows]).update(publication=publication)
    for one in sorted(rows, key=lambda study: study.project_id):
        _apply(one, by=by, on=on)
    record("studies.published", budget, by=by, count=len(rows), publication=publication.pk)
    telling.tell_of_studies(publication)
    transaction.on_commit(lambda: tasks.ring(tasks.tell_studies, publication.pk))
    return publication


def _apply(study: Study, *, by: User | None, on: datetime | None) -> None:
    """The project as the study leaves it: words, costs, then its state with the public reason."""
    feasible = study.verdict != StudyVerdict.NOT_FEASIBLE
    words = {"title": study.revised_title, "summary": study.revised_summary}
    Project.objects.filter(pk=study.project_id).update(
        **{name: value for name, value in words.items() if value},
        **({"cost": study.invest, "running_cost": study.running} if feasible else {}),
    )
    to = ProjectState.RETAINED if feasible else ProjectState.NOT_RETAINED
    move(study.project, to, by=by, reason=study.reason, on=on)
