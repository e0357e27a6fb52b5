"""Publishing a budget: its dates moved in front of everybody, and nothing of a frozen regulation changed."""

from collections.abc import Callable

from django.db import transaction

from consult.budgets import phases
from consult.budgets.models import Budget, BudgetPage


@transaction.atomic
def publish(page: BudgetPage, *, then: Callable[[], None]) -> None:
    """Make a draft public by Wagtail's own save (``then``), whoever asks: an editor, a workflow, the clock."""
    budget = Budget.objects.filter(page=page).first()
    if budget is not None:  # otherwise a translation: words only
        phases.alone(budget)
    then()
