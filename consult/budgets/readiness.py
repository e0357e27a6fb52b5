"""What a budget lacks before its ballot may be made ready, as sentences."""

from django.utils.translation import gettext as _

from consult.budgets.choices import BudgetPhaseKind, EnvelopeKind, ProjectState
from consult.budgets.models import Budget, BudgetPhase, Envelope, Project
from consult.budgets.rules import read_rules
from consult.count_words import amount


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
    for project in retained.select_related("envelope"):
        lacking += _wrong(project)
    if read_rules(budget.page.rules) is None:
        lacking.append(_("The regulation is not complete."))
    return lacking


def _wrong(project: Project) -> list[str]:
    """A project that could not win whatever the votes, or that would be voted in the wrong place."""
    said = {
        "number": project.number,
        "title": project.title,
        "envelope": project.envelope,
        "cost": amount(project.cost or 0),
        "money": amount(project.envelope.amount),
        "territory": project.territory,
    }
    wrong = []
    if (project.cost or 0) > project.envelope.amount:
        wrong.append(_("Project %(number)d, “%(title)s”, costs %(cost)s: more than its envelope, %(money)s.") % said)
    stands_in = project.envelope.title if project.envelope.kind == EnvelopeKind.TERRITORY else project.territory
    if project.territory and project.territory != stands_in:
        told = _("Project %(number)d, “%(title)s”, is of %(territory)s and stands in the envelope of %(envelope)s.")
        wrong.append(told % said)
    return wrong
