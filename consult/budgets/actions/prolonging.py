"""Prolonging an open ballot: an emergency (a site that did not answer, a closed counter), signed and told to everybody.

The closing hour is in the frozen regulation, which does not change: the journal keeps both hours, who signed and why,
and the page of the budget says it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from consult.actions.announcing import as_announced
from consult.budgets import phases
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.errors import NotLater
from consult.budgets.models import Budget, BudgetPhase
from consult.errors import ReasonMissing
from journal.actions import record


@transaction.atomic
def prolong(budget: Budget, closes_at: datetime, *, reason: str, by: User) -> None:
    """While it is open, to a later hour. Raises ``NotLater``, ``ReasonMissing``."""
    if not reason.strip():
        raise ReasonMissing
    phases.alone(budget)
    ballot = BudgetPhase.objects.get(page_id=budget.page_id, kind=BudgetPhaseKind.BALLOT)
    before = ballot.closes_at
    if not (ballot.opens_at <= phases.clock() < before < closes_at):
        raise NotLater
    ballot.closes_at = closes_at
    ballot.save(update_fields=["closes_at"])
    _keep_announced(budget, ballot)
    _in_the_draft(budget, ballot, by)
    told = {"before": before.isoformat(), "after": closes_at.isoformat(), "reason": reason, "signed_as": by.name}
    record("budget.prolonged", budget, by=by, **told)


def _keep_announced(budget: Budget, ballot: BudgetPhase) -> None:
    """As public now: publishing the page later moves nothing more."""
    known = Budget.objects.get(pk=budget.pk)
    known.announced = known.announced | {str(ballot.translation_key): as_announced(ballot)}
    known.save(update_fields=["announced"])


def _in_the_draft(budget: Budget, ballot: BudgetPhase, by: User) -> None:
    """An editor who was writing goes on with the new hour."""
    draft: Any = budget.page.get_latest_revision_as_object()
    rows = list(draft.phases.all())
    for one in rows:
        if one.pk == ballot.pk:
            one.closes_at = ballot.closes_at
    draft.phases.set(rows)
    draft.save_revision(user=by, changed=False)
