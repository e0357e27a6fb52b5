"""Supporting an idea: once a person, taken back as long as one may support.

The database counts (``0004_ideas_kept``).
"""

from django.db import transaction

from consult import people
from consult.budgets import phases
from consult.budgets.choices import BudgetAct, SuggestionState
from consult.budgets.models import Budget, Suggestion, Support
from consult.errors import NotAllowedNow
from consult.models import Participant


@transaction.atomic
def support(budget: Budget, number: int, *, by: Participant) -> Suggestion:
    """Support the idea of this number. Twice, or from fifty tabs at once: one support.

    Raises ``PhaseClosed``, ``NotForYou``, ``NotAllowedNow``, ``Suggestion.DoesNotExist``.
    """
    people.let_in(by, phases.admit(budget, BudgetAct.SUPPORT))
    found = Suggestion.objects.public().select_for_update(no_key=True).get(budget=budget, number=number)
    if found.state != SuggestionState.PUBLISHED:
        raise NotAllowedNow(found.get_state_display())
    Support.objects.bulk_create([Support(suggestion=found, participant=by)], ignore_conflicts=True)
    return found


@transaction.atomic
def withdraw_support(budget: Budget, number: int, *, by: Participant) -> Suggestion:
    """Take one's support back; nothing when there is none. Raises ``PhaseClosed``, ``NotForYou``."""
    people.let_in(by, phases.admit(budget, BudgetAct.SUPPORT))
    found = Suggestion.objects.public().get(budget=budget, number=number)
    Support.objects.filter(suggestion=found, participant=by).delete()
    return found
