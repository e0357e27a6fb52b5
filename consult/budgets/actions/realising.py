"""Building what was voted: steps, money spent, pictures, news; then the opening day, or giving up and saying why."""

from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from consult.budgets import tasks, telling
from consult.budgets.actions.moving import move
from consult.budgets.choices import ProjectState
from consult.budgets.errors import NotBeingBuilt, ReasonMissing
from consult.budgets.models import Milestone, Project, ProjectNews, ProjectPhoto, Spending
from journal.actions import record

BUILT = (ProjectState.FUNDED, ProjectState.UNDERWAY, ProjectState.REALISED)


@transaction.atomic
def add_milestone(
    project: Project,
    *,
    title: str,
    by: User,
    planned_on: date | None = None,
    done_on: date | None = None,
    note: str = "",
) -> Milestone:
    """A step to come, or one that is done. Raises ``NotBeingBuilt``."""
    held = _held(project)
    made = Milestone.objects.create(
        project=held, title=title.strip(), planned_on=planned_on, done_on=done_on, note=note.strip()
    )
    record("project.milestone_added", held, by=by, milestone=made.pk, done=done_on is not None)
    return made


@transaction.atomic
def finish_milestone(milestone: Milestone, *, by: User, on: date | None = None) -> None:
    """``on``: the day it was done, if not today."""
    held = _held(milestone.project)
    if Milestone.objects.filter(pk=milestone.pk, done_on=None).update(done_on=on or timezone.localdate()):
        record("project.milestone_done", held, by=by, milestone=milestone.pk)


@transaction.atomic
def remove_milestone(milestone: Milestone, *, by: User) -> None:
    held = _held(milestone.project)
    Milestone.objects.filter(pk=milestone.pk).delete()
    record("project.milestone_removed", held, by=by, title=milestone.title)


@transaction.atomic
def spend(project: Project, *, on: date, label: str, amount: int, by: User) -> Spending:
    """``amount`` in cents; a credit note is below zero. Raises ``NotBeingBuilt``."""
    held = _held(project)
    spent = Spending.objects.create(project=held, on=on, label=label.strip(), amount=amount)
    record("project.spent", held, by=by, amount=amount)
    return spent


@transaction.atomic
def remove_spending(spending: Spending, *, by: User) -> None:
    held = _held(spending.project)
    Spending.objects.filter(pk=spending.pk).delete()
    record("project.spending_removed", held, by=by, amount=spending.amount, label=spending.label)


@transaction.atomic
def add_photo(
    project: Project, *, content: bytes, extension: str, description: str, taken_on: date, by: User, caption: str = ""
) -> ProjectPhoto:
    """``content``: already drawn again (``uploads.prepared``). Raises ``NotBeingBuilt``."""
    held = _held(project)
    made = ProjectPhoto(project=held, description=description.strip(), caption=caption.strip(), taken_on=taken_on)
    made.file.save(f"projet-{held.number}.{extension}", ContentFile(content), save=False)
    made.width, made.height = made.file.width, made.file.height
    made.save()
    record("project.photo_added", held, by=by, photo=made.pk)
    return made


@transaction.atomic
def remove_photo(photo: ProjectPhoto, *, by: User) -> None:
    """The row now, the file once it is committed."""
    held = _held(photo.project)
    ProjectPhoto.objects.filter(pk=photo.pk).delete()
    record("project.photo_removed", held, by=by, description=photo.description)
    transaction.on_commit(lambda: photo.file.storage.delete(photo.file.name))


@transaction.atomic
def tell(project: Project, *, title: str, text: str, by: User, on: datetime | None = None) -> ProjectNews:
    """Public at once, and one letter to each person who follows the project; ``on``: when it was told, if not now."""
    news = ProjectNews.objects.create(
        project=project, title=title.strip(), text=text.strip(), by=by, published_at=on or Now()
    )
    record("project.news_told", project, by=by, news=news.pk)
    telling.tell_of_news(news)
    transaction.on_commit(lambda: tasks.ring(tasks.tell_project_news, news.pk))
    return news


@transaction.atomic
def begin(project: Project, *, by: User, on: datetime | None = None) -> Project:
    """Works begin. Raises ``MoveRefused``."""
    return move(project, ProjectState.UNDERWAY, by=by, on=on)


@transaction.atomic
def open_to_people(project: Project, *, by: User, on: datetime | None = None) -> Project:
    """It is there: the opening day. Raises ``MoveRefused``."""
    return move(project, ProjectState.REALISED, by=by, on=on)


@transaction.atomic
def abandon(project: Project, *, reason: str, by: User, on: datetime | None = None) -> Project:
    """It will not be built, and everybody reads why. Raises ``MoveRefused``, ``ReasonMissing``."""
    if not reason.strip():
        raise ReasonMissing
    return move(project, ProjectState.ABANDONED, by=by, reason=reason, on=on)


def _held(project: Project) -> Project:
    """The project, whose state stays until the end of the transaction."""
    held = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if held.state not in BUILT:
        raise NotBeingBuilt
    return held
