"""Following a project, and stopping. Nobody else ever learns who follows what."""

from django.db.models.functions import Now

from consult.budgets.models import Project, ProjectFollow
from consult.models import Participant


def follow(project: Project, *, by: Participant) -> None:
    """Hear about it from now on. Twice changes nothing; whoever had stopped begins again now."""
    ProjectFollow.objects.bulk_create([ProjectFollow(participant=by, project=project)], ignore_conflicts=True)
    theirs = ProjectFollow.objects.filter(participant=by, project=project)
    theirs.filter(stopped_at__isnull=False).update(stopped_at=None, since=Now())


def stop(project: Project, *, by: Participant) -> None:
    """Hear no more of it."""
    ProjectFollow.objects.filter(participant=by, project=project, stopped_at=None).update(stopped_at=Now())
