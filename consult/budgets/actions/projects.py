"""Making projects of ideas: one of several (merging), several of one (splitting), with the trace of each.

A project being written is changed at will and given up freely; nobody is told. Sending it to study tells the authors of
its ideas, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F

from accounts.models import User
from consult import texts
from consult.budgets import idea_news, phases
from consult.budgets.actions.moving import move
from consult.budgets.actions.suggestions import Point
from consult.budgets.choices import IdeaNews, ProjectState, SuggestionState
from consult.budgets.errors import IdeaMissing, RegulationFrozen
from consult.budgets.models import Budget, Envelope, FrozenRegulation, Project, ProjectOrigin, Suggestion
from consult.errors import NotAllowedNow
from consult.uploads import Prepared
from journal.actions import record


@dataclass(frozen=True)
class Content:
    """What a project says, as it was typed. ``at`` is latitude, longitude."""

    title: str
    summary: str
    body: str
    envelope: Envelope
    theme: str = ""
    territory: str = ""
    site: str = ""
    place: str = ""
    at: Point | None = None
    picture: Prepared | None = None  # None leaves the one there is
    picture_description: str = ""


@transaction.atomic
def make(budget: Budget, content: Content, *, of: Sequence[int], by: User) -> Project:
    """A project, under the next number, of the ideas of these numbers. Raises ``IdeaMissing``, ``RegulationFrozen``."""
    _not_frozen(budget)
    ideas = _held(budget, of)
    held = Budget.objects.select_for_update(no_key=True).get(pk=budget.pk)
    Budget.objects.filter(pk=held.pk).update(last_project=F("last_project") + 1)
    made = Project.objects.create(budget=held, number=held.last_project + 1, **_columns(content))
    _illustrate(made, content)
    _trace(made, ideas)
    record("project.made", made, by=by, number=made.number, ideas=sorted(of))
    return made


@transaction.atomic
def edit(project: Project, content: Content, *, of: Sequence[int], by: User) -> Project:
    """Change a project being written, and the ideas it comes of. Raises as ``make``, and ``NotAllowedNow``."""
    _not_frozen(project.budget)
    ideas = _held(project.budget, of)
    held = _prepared(project)
    Project.objects.filter(pk=held.pk).update(**_columns(content))
    _illustrate(held, content)
    ProjectOrigin.objects.filter(project=held).exclude(suggestion__in=ideas).delete()
    _trace(held, ideas)
    held.refresh_from_db()
    record("project.edited", held, by=by, number=held.number, ideas=sorted(of))
    return held


@transaction.atomic
def send_to_study(project: Project, *, by: User) -> Project:
    """The services study it from now on; the authors of its ideas are told, each once. Raises ``NotAllowedNow``."""
    _not_frozen(project.budget)
    _prepared(project)
    sent = move(project, ProjectState.STUDIED, by=by)
    ideas = Suggestion.objects.filter(became__project=sent).select_related("author__user").order_by("number")
    idea_news.tell(IdeaNews.PROJECT, list(ideas), project=sent)
    record("project.studied", sent, by=by, number=sent.number)
    return sent


@transaction.atomic
def dissolve(project: Project, *, reason: str, by: User) -> Project:
    """Give up a project being written: its ideas are free again, its number and the reason stay.

    Raises ``NotAllowedNow``.
    """
    _not_frozen(project.budget)
    held = _prepared(project)
    ProjectOrigin.objects.filter(project=held).delete()
    gone = move(held, ProjectState.WITHDRAWN, by=by, reason=texts.said(reason))
    record("project.dissolved", gone, by=by, number=gone.number)
    return gone


def _not_frozen(budget: Budget) -> None:
    phases.beside(budget)
    if FrozenRegulation.objects.filter(budget=budget).exists():
        raise RegulationFrozen


def _held(budget: Budget, numbers: Sequence[int]) -> list[Suggestion]:
    """These ideas, each listed and not set aside; nobody sets them aside meanwhile."""
    wanted = set(numbers)
    rows = Suggestion.objects.public().filter(budget=budget, number__in=wanted, state=SuggestionState.PUBLISHED)
    ideas = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if not ideas or len(ideas) != len(wanted):
        raise IdeaMissing(sorted(wanted - {one.number for one in ideas}))
    return ideas


def _prepared(project: Project) -> Project:
    held = Project.objects.select_for_update(of=("self",), no_key=True).select_related("budget").get(pk=project.pk)
    if held.state != ProjectState.PREPARED:
        raise NotAllowedNow(held.get_state_display())
    return held


def _trace(project: Project, ideas: Sequence[Suggestion]) -> None:
    rows = [ProjectOrigin(project=project, suggestion=one) for one in ideas]
    ProjectOrigin.objects.bulk_create(rows, ignore_conflicts=True)


def _illustrate(project: Project, content: Content) -> None:
    """The picture is public. The one before goes from the disk once this is committed."""
    if content.picture is None:
        Project.objects.filter(pk=project.pk).update(picture_description=texts.line(content.picture_description))
        return
    storage, former = project.picture.storage, project.picture.name
    name = f"budgets/{uuid4().hex}.{content.picture.kind}"
    kept = storage.save(name, ContentFile(content.picture.content))
    described = texts.line(content.picture_description)
    Project.objects.filter(pk=project.pk).update(picture=kept, picture_description=described)
    project.picture, project.picture_description = kept, described
    if former:
        transaction.on_commit(lambda: storage.delete(former))


def _columns(content: Content) -> dict[str, object]:
    latitude, longitude = content.at or (None, None)
    return {
        "title": texts.line(content.title),
        "summary": texts.line(content.summary),
        "body": texts.body_of(content.body),
        "envelope": content.envelope,
        "theme": texts.line(content.theme),
        "territory": texts.line(content.territory),
        "site": texts.line(content.site),
        "place": texts.line(content.place),
        "latitude": latitude,
        "longitude": longitude,
    }
