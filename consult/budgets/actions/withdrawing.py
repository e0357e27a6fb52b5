"""Withdrawing a project that should not be voted on, or built: said in public, and counted as withdrawn."""

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from consult.budgets import phases
from consult.budgets.actions.moving import move
from consult.budgets.choices import ProjectState
from consult.budgets.errors import ReasonMissing
from consult.budgets.models import BallotOption, Project
from journal.actions import record

REASON = 300  # characters: the option keeps it for good


@transaction.atomic
def withdraw(project: Project, *, reason: str, by: User) -> Project:
    """Before, during or after the vote, until it is counted; the ballots already cast are not touched.

    A frozen option keeps its place and says that it is withdrawn: the count passes over it. Waits for the votes being
    written, so that every ballot was cast before, or by somebody who read it.
    Raises ``MoveRefused``, ``ReasonMissing``.
    """
    said = " ".join(reason.split())[:REASON]
    if not said:
        raise ReasonMissing
    phases.alone(project.budget)
    withdrawn = move(project, ProjectState.WITHDRAWN, by=by, reason=said)
    options = BallotOption.objects.filter(project=withdrawn, withdrawn_at=None)
    was_on_ballot = options.update(withdrawn_at=Now(), withdrawn_reason=said)
    record("project.withdrawn", withdrawn, by=by, number=withdrawn.number, was_on_ballot=bool(was_on_ballot))
    return withdrawn
