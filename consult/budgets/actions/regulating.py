"""Writing the regulation of a ballot, as long as it is not frozen."""

from django.db import transaction

from accounts.models import User
from consult.budgets import phases
from consult.budgets.actions.publishing import refuse
from consult.budgets.errors import RegulationFrozen
from consult.budgets.models import Budget, BudgetPage, FrozenRegulation
from consult.budgets.rules import Rules, digest
from journal.actions import record


def regulate(budget: Budget, rules: Rules, *, by: User) -> None:
    """Kept at once, on the page that is public as on its draft. Raises ``RegulationFrozen``, which is journalled."""
    try:
        with transaction.atomic():
            _regulate(budget, rules, by)
    except RegulationFrozen:
        refuse(budget, ["rules"], by=by)
        raise


def _regulate(budget: Budget, rules: Rules, by: User) -> None:
    phases.alone(budget)
    if FrozenRegulation.objects.filter(budget=budget).exists():
        raise RegulationFrozen
    BudgetPage.objects.filter(pk=budget.page_id).update(rules=rules.as_json())
    record("budget.rules_changed", budget, by=by, hash=digest(rules.as_json()))
