"""Who may read what of a budget, and who may act: the list first, the yes/no derived from it."""

from django.db.models import QuerySet

from accounts.choices import RoleKind
from accounts.models import User
from accounts.policies import holds
from consult.budgets.models import Budget, BudgetIndexPage, BudgetPage, Project


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
