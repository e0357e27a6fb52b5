"""Following a project, or the result of a budget, and stopping. Nobody else ever learns who follows what."""

from django.db.models.functions import Now

from consult.budgets.models import Budget, BudgetFollow, Project, ProjectFollow
from consult.models import Participant


def follow(project: Project, *, by: Participant) -> None:
    """Hear about it from now on. Twice changes nothing; whoever had stopped begins again now."""
    ProjectFollow.objects.bulk_create([ProjectFollow(participant=by, project=project)], ignore_conflicts=True)
    theirs = ProjectFollow.objects.filter(participant=by, project=project)
    theirs.filter(stopped_at__isnull=False).update(stopped_at=None, since=Now())


def stop(project: Project, *, by: Participant) -> None:
    """Hear no more of it."""
    ProjectFollow.objects.filter(participant=by, project=project, stopped_at=None).update(stopped_at=Now())


def follow_result(budget: Budget, *, by: Participant) -> None:
    """One letter once the count is signed, whether they vote or not. Twice changes nothing."""
    BudgetFollow.objects.bulk_create([BudgetFollow(participant=by, budget=budget)], ignore_conflicts=True)


def stop_result(budget: Budget, *, by: Participant) -> None:
    BudgetFollow.objects.filter(participant=by, budget=budget).delete()
