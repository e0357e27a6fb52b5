"""Who may read what of a budget, and who may act: the list first, the yes/no derived from it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.choices import RoleKind
from accounts.models import User
from accounts.policies import holds
from consult.budgets.models import (
    Budget,
    BudgetIndexPage,
    BudgetPage,
    Project,
    ProjectOrigin,
    Suggestion,
    SuggestionDraft,
    Support,
)
from consult.policies import of
from moderation.choices import CaseState
from moderation.policies import may_moderate


def pages() -> QuerySet[BudgetPage]:
    """The pages that everybody may read, in every language."""
    return BudgetPage.objects.live().public()


def index_pages() -> QuerySet[BudgetIndexPage]:
    return BudgetIndexPage.objects.live().public()


def budgets() -> QuerySet[Budget]:
    """Those that everybody may read: the page written first is live."""
    return Budget.objects.filter(page__live=True)


def projects(budget: Budget) -> QuerySet[Project]:
    """Those that everybody may read."""
    return Project.objects.filter(budget=budget).select_related("envelope")


def may_run(user: User) -> bool:
    """Set a budget up, freeze its regulation, publish the studies, count."""
    return holds(user, RoleKind.EDITOR) or holds(user, RoleKind.ADMINISTRATOR)


def ideas_to_read_by(reader: Any) -> QuerySet[Suggestion]:
    """Those that everybody may read, and this reader's own that wait for a moderator."""
    rows = Suggestion.objects.filter(budget__page__live=True)
    mine = of(reader, "author")
    if mine is None:
        return rows.filter(is_shown=True)
    return rows.filter(Q(is_shown=True) | mine & Q(case__state=CaseState.WAITING))


def ideas(budget: Budget) -> QuerySet[Suggestion]:
    """Those of the lists and counts, whatever came of them; not those that their authors withdrew."""
    return Suggestion.objects.listed().filter(budget=budget).select_related("envelope", "author").defer("search")


def with_what_came_of_them(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """``is_project``: a project came of the idea."""
    return rows.annotate(is_project=Exists(ProjectOrigin.objects.filter(suggestion=OuterRef("pk"))))


def photos_to_read_by(reader: Any, *, moderator: User) -> QuerySet[Suggestion]:
    """Ideas whose photo this reader may see: those they may read, and all of them for who judges them."""
    rows = Suggestion.objects.filter(budget__page__live=True) if may_moderate(moderator) else ideas_to_read_by(reader)
    return rows.exclude(photo="")


def supported_by(reader: Any, ideas: Iterable[int]) -> set[int]:
    """Which of these ideas, by key, this reader supports."""
    mine = of(reader, "participant")
    if mine is None:
        return set()
    return set(Support.objects.filter(mine, suggestion__in=list(ideas)).values_list("suggestion", flat=True))


def projects_of(idea: Suggestion) -> QuerySet[Project]:
    """What came of an idea, in the order of numbers."""
    return Project.objects.filter(origins__suggestion=idea).select_related("budget__page").order_by("number")


def origins_of(project: Project) -> QuerySet[Suggestion]:
    """The ideas that a project comes of, as everybody reads them."""
    rows = Suggestion.objects.public().filter(became__project=project).select_related("author").defer("search")
    return rows.order_by("number")


def draft_of(reader: Any, budget: Budget) -> SuggestionDraft | None:
    """What this reader was writing."""
    mine = of(reader, "participant")
    return None if mine is None else SuggestionDraft.objects.filter(mine, budget=budget).first()
