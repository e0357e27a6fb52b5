"""The one way by which a project changes state: along the table, under its lock, dated and journalled."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from consult.budgets.choices import PROJECT_MOVES, ProjectState
from consult.budgets.errors import MoveRefused
from consult.budgets.models import Project
from journal.actions import record


@transaction.atomic
def move(
    project: Project, to: ProjectState, *, by: User | None, reason: str = "", on: datetime | None = None
) -> Project:
    """The project as it is now, in its new state; the reason that everybody reads is replaced, and may be empty.

    ``on``: when it happened, if not now (a past told again). ``by`` None: the clock. Raises ``MoveRefused``.
    """
    locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    came_from = ProjectState(locked.state)
    if to not in PROJECT_MOVES[came_from]:
        raise MoveRefused(came_from, to)
    Project.objects.filter(pk=locked.pk).update(state=to, reason=reason.strip(), state_changed_at=on or Now())
    locked.refresh_from_db()
    record("project.moved", locked, by=by, came_from=came_from, to=to, number=locked.number)
    return locked
