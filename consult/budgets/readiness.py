"""What a budget lacks before its ballot may be made ready, as sentences."""

from django.utils.translation import gettext as _

from consult.budgets.choices import BudgetPhaseKind, ProjectState
from consult.budgets.models import Budget, BudgetPhase, Envelope, Project
from consult.budgets.rules import Rules
from tally.budgets import BadRegulation


def missing(budget: Budget) -> list[str]:
    """Empty when everything is there."""
    lacking = []
    if not BudgetPhase.objects.filter(page_id=budget.page_id, kind=BudgetPhaseKind.BALLOT).exists():
        lacking.append(_("No ballot phase has dates."))
    envelopes = Envelope.objects.filter(page_id=budget.page_id)
    if not envelopes.exists():
        lacking.append(_("No envelope holds money."))
    retained = Project.objects.filter(budget=budget, state=ProjectState.RETAINED)
    for envelope in envelopes:
        if not retained.filter(envelope=envelope).exists():
            lacking.append(_("No project is on the ballot for « %(envelope)s ».") % {"envelope": envelope})
    try:
        Rules.from_json(budget.page.rules)
    except BadRegulation:
        lacking.append(_("The regulation is not complete."))
    return lacking
