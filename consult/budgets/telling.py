"""What was decided of ideas, and what is new of a project, told to those concerned: one letter each.

A row a person is written in the transaction of the act, which rings a task; the worker promises the letters. The
outbox holds keys only: words are put together when the letter leaves.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import recipients
from consult.budgets.choices import ProjectState, SuggestionState
from consult.budgets.models import (
    BudgetTold,
    Project,
    ProjectFollow,
    ProjectNews,
    ProjectOrigin,
    StudyPublication,
    Suggestion,
    Support,
)
from consult.models import Participant
from letters.actions import promise
from letters.choices import Frequency
from letters.models import Letter
from letters.renderers import Message, NothingLeft, from_templates
from letters.topics import Topic

STUDIES, NEWS = "budgets.studies", "budgets.news"
AT_ONCE = 200  # letters promised in one transaction
NAMED = 10  # projects one supported that the letter names; the page of the budget has them all


def people_behind(projects: QuerySet[Project]) -> QuerySet[Participant]:
    """Who wrote the ideas of these projects, or supported them, and can be reached."""
    ideas = list(_standing(projects).values_list("pk", flat=True))
    authors = Suggestion.objects.filter(pk__in=ideas).order_by().values("author")
    supporters = Support.objects.filter(suggestion__in=ideas).order_by().values("participant")
    return recipients.reachable().filter(pk__in=authors.union(supporters))


def _standing(projects: QuerySet[Project]) -> QuerySet[Suggestion]:
    origins = ProjectOrigin.objects.filter(project__in=projects.order_by().values("pk"))
    shown = Suggestion.objects.filter(pk__in=origins.values("suggestion"), is_shown=True)
    return shown.exclude(state=SuggestionState.WITHDRAWN).order_by()


def tell_of_studies(publication: StudyPublication) -> int:
    """A row for each person concerned by a publication; how many."""
    people = people_behind(Project.objects.filter(studies__publication=publication))
    return _write(
        BudgetTold(publication=publication, participant_id=key) for key in people.values_list("pk", flat=True)
    )


def tell_of_news(news: ProjectNews) -> int:
    """A row for each person who follows the project; how many."""
    following = ProjectFollow.objects.filter(project=news.project_id, stopped_at=None)
    people = recipients.reachable().filter(pk__in=following.values("participant"))
    return _write(BudgetTold(news=news, participant_id=key) for key in people.values_list("pk", flat=True))


def _write(rows: Any) -> int:
    return len(BudgetTold.objects.bulk_create(rows, batch_size=1000))


def tell(waiting: QuerySet[BudgetTold]) -> int:
    """Promise the letters of these that are not promised yet; how many. Twice at once tells nobody twice."""
    promised = 0
    while count := _tell_some(waiting):
        promised += count
    return promised


def late() -> QuerySet[BudgetTold]:
    """Those whom a doorbell that did not ring left untold."""
    return BudgetTold.objects.filter(is_promised=False)


@transaction.atomic
def _tell_some(waiting: QuerySet[BudgetTold]) -> int:
    rows = waiting.select_for_update(of=("self",), skip_locked=True).select_related("participant__user")
    some = list(rows.filter(is_promised=False).order_by("pk")[:AT_ONCE])
    for one in some:
        if address := recipients.address_of(one.participant):
            kind, key = (STUDIES, one.publication_id) if one.publication_id else (NEWS, one.news_id)
            promise(
                kind,
                key=one.pk,
                campaign=f"{kind}:{key}",
                recipient=address,
                address=address,
                is_mass=True,
                language=settings.LANGUAGE_CODE,
            )
    BudgetTold.objects.filter(pk__in=[one.pk for one in some]).update(is_promised=True)
    return len(some)


def render_studies(letter: Letter) -> Message:
    """What became of the ideas of this person, then of those they supported. Raises ``NothingLeft``."""
    told = BudgetTold.objects.select_related("publication__budget__page").get(pk=letter.key)
    page = told.publication.budget.page
    mine, supported = _projects_of(told)
    if not mine and not supported:
        raise NothingLeft
    context = {
        "page": page,
        "mine": [_said(one) for one in mine],
        "supported": [_said(one) for one in supported[:NAMED]],
        "more": max(0, len(supported) - NAMED),
        "link": settings.BASE_URL + page.get_absolute_url(),
    }
    subject = _("What became of your idea") if mine else _("What became of the ideas you supported")
    return from_templates("budgets_studies", subject=subject, context=context)


def _projects_of(told: BudgetTold) -> tuple[list[Project], list[Project]]:
    projects = Project.objects.filter(studies__publication=told.publication_id).distinct().order_by("number")
    ideas = _standing(projects)
    mine = projects.filter(origins__suggestion__in=ideas.filter(author=told.participant_id))
    theirs = ideas.filter(supports__participant=told.participant_id)
    supported = projects.filter(origins__suggestion__in=theirs).exclude(pk__in=mine.values("pk"))
    return list(mine.select_related("budget__page")), list(supported.select_related("budget__page"))


def _said(project: Project) -> dict[str, Any]:
    return {
        "project": project,
        "is_retained": project.state == ProjectState.RETAINED,
        "link": link_to(project),
    }


def link_to(project: Project) -> str:
    return settings.BASE_URL + reverse("budgets:project", args=[project.budget.page.slug, project.number])


def render_news(letter: Letter) -> Message:
    """What the administration told of a project that this person follows."""
    told = BudgetTold.objects.select_related("news__project__budget__page").get(pk=letter.key)
    news = told.news
    context = {"news": news, "project": news.project, "page": news.project.budget.page, "link": link_to(news.project)}
    subject = _("News of “%(title)s”") % {"title": news.project.title}
    return from_templates("budgets_news", subject=subject, context=context)


RENDERERS = {STUDIES: render_studies, NEWS: render_news}
TOPICS = (
    Topic(
        "budgets.studies",
        gettext_lazy("What became of your ideas for a participatory budget"),
        gettext_lazy("One letter when the studies of what you proposed or supported are published."),
        (STUDIES,),
        choices=(Frequency.AT_ONCE, Frequency.NEVER),
    ),
    Topic(
        "budgets.news",
        gettext_lazy("News of the projects you follow"),
        gettext_lazy("One letter for each news: a step of the works, the opening day."),
        (NEWS,),
        choices=(Frequency.AT_ONCE, Frequency.NEVER),
    ),
)
