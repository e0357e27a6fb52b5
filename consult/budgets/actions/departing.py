"""Departing from the count: a project funded, or not, although the count says otherwise. Signed, and shown as such."""

from django.db import transaction

from accounts.models import User
from consult.budgets import phases, results
from consult.budgets.actions.moving import move
from consult.budgets.choices import ProjectState
from consult.budgets.errors import CountNotSigned, ReasonMissing, UnsignedAct
from consult.budgets.models import ByDecision, Project
from journal.actions import record


@transaction.atomic
def depart(project: Project, *, reason: str, signatory: str, by: User) -> ByDecision:
    """Turn what the count says of this project into its contrary, once. The count itself never changes.

    Raises ``CountNotSigned``, ``ReasonMissing``, ``UnsignedAct``, ``MoveRefused``.
    """
    phases.alone(project.budget)
    if not results.is_public(project.budget):
        raise CountNotSigned
    if not reason.strip():
        raise ReasonMissing
    if not signatory.strip():
        raise UnsignedAct
    project.refresh_from_db()
    funded = project.state == ProjectState.NOT_FUNDED
    move(project, ProjectState.FUNDED if funded else ProjectState.NOT_FUNDED, by=by, reason=reason)
    decision = ByDecision.objects.create(
        project=project, funded=funded, reason=reason.strip(), signatory=signatory.strip(), signed_by=by
    )
    record("project.departed", project, by=by, number=project.number, funded=funded)
    return decision
