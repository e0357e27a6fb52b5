"""Projects being studied, for tests: concluded and signed by the acts of the pages."""

from typing import Any

from accounts.choices import RoleKind
from accounts.models import User
from consult.budgets import studies
from consult.budgets.actions import publishing_studies, studying
from consult.budgets.actions.studying import Concluded
from consult.budgets.choices import BudgetPhaseKind, CostKind, ProjectState, StudyVerdict
from consult.budgets.models import Budget, Study, StudyPublication
from tests.budgets import world
from tests.factories import UserFactory

REASON = "Le sol le permet, et le service des espaces verts l’entretiendra."


def evaluator(**fields: Any) -> User:
    return UserFactory(holds=[RoleKind.EVALUATOR], **fields)


def editor() -> User:
    return UserFactory(holds=[RoleKind.EDITOR])


def being_studied(*, signatures: int = 1, title: str = "", asked: Budget | None = None, **assigned: Any) -> Study:
    """Entrusted to an evaluator, nothing written yet."""
    asked = asked or world.budget(BudgetPhaseKind.STUDY, signatures=signatures)
    project = world.project(asked, state=ProjectState.STUDIED, title=title)
    return studying.assign(project, by=editor(), **{"evaluator": evaluator(), **assigned})


def concluded(study: Study, cost: int | None = 112_000, verdict: StudyVerdict = StudyVerdict.FEASIBLE) -> Study:
    """``cost`` in euros; None: no line."""
    by = study.evaluator
    if cost is not None:
        studying.add_line(study, label="Travaux", kind=CostKind.INVEST, amount=cost * world.EUROS, by=by)
    return studying.conclude(study, Concluded(verdict, REASON), by=by)


def signed(study: Study, *others: User) -> Study:
    for person in (study.evaluator, *others):
        studying.sign(study, seen=studies.fingerprint(study), by=person)
    return study


def publish(asked: Budget, by: User | None = None) -> StudyPublication:
    seen = studies.batch_fingerprint(studies.ready(asked))
    return publishing_studies.publish(asked, seen=seen, by=by or editor())
