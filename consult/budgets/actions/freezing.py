"""Freezing what voters are promised: rules, money, conditions, and the projects as they are on the ballot."""

from typing import Any

from django.db import transaction

from accounts.models import User
from consult.budgets import late_freezing, phases
from consult.budgets.choices import BudgetPhaseKind, EnvelopeKind, ProjectState
from consult.budgets.errors import NotReadyToFreeze, RegulationFrozen
from consult.budgets.models import BallotOption, Budget, BudgetPhase, Envelope, FrozenRegulation, Project
from consult.budgets.readiness import missing
from consult.budgets.rules import Rules, digest
from journal.actions import record


@transaction.atomic
def freeze(budget: Budget, *, by: User | None = None) -> FrozenRegulation:
    """Keep the regulation and the retained projects as they are now, hashed, for good.

    By an editor, or by the clock at the opening hour (``by`` None). Nobody votes before.
    Raises ``NotReadyToFreeze`` and, when it was done before, ``RegulationFrozen``.
    """
    phases.alone(budget)
    budget = Budget.objects.select_related("page").get(pk=budget.pk)  # as it is now that nobody changes it
    if FrozenRegulation.objects.filter(budget=budget).exists():
        raise RegulationFrozen
    if lacking := missing(budget):
        raise NotReadyToFreeze(lacking)
    options = [_option(project, rank) for rank, project in enumerate(_retained(budget))]
    BallotOption.objects.bulk_create(options)
    content = _content(budget, options)
    frozen = FrozenRegulation.objects.create(budget=budget, content=content, hash=digest(content), frozen_by=by)
    record("budget.frozen", budget, by=by, hash=frozen.hash)
    return frozen


def freeze_due() -> int:
    """Those whose ballot opened and that nobody froze; how many are now. Run twice, it does the same.

    Where something is missing, editors and administrators receive one letter, and nobody votes meanwhile.
    """
    done = 0
    for budget in late_freezing.due():
        try:
            freeze(budget)
            done += 1
        except NotReadyToFreeze:
            late_freezing.alert(budget)
        except RegulationFrozen:
            continue  # an editor was faster
    return done


def _retained(budget: Budget) -> list[Project]:
    rows = Project.objects.filter(budget=budget, state=ProjectState.RETAINED).select_related("envelope")
    return list(rows.order_by("created_at", "number"))


def _option(project: Project, rank: int) -> BallotOption:
    territory = project.envelope.title if project.envelope.kind == EnvelopeKind.TERRITORY else project.territory
    return BallotOption(
        project=project,
        budget_id=project.budget_id,
        envelope=project.envelope,
        number=project.number,
        title=project.title,
        cost=project.cost,
        territory=territory,
        theme=project.theme,
        site=project.site,
        deposit=rank,
    )


def _content(budget: Budget, options: list[BallotOption]) -> dict[str, Any]:
    """Plain values, in an order that nothing changes."""
    ballot = BudgetPhase.objects.get(page_id=budget.page_id, kind=BudgetPhaseKind.BALLOT)
    envelopes = Envelope.objects.filter(page_id=budget.page_id).order_by("pk")
    return {
        "rules": Rules.from_json(budget.page.rules).as_json(),
        "closes_at": ballot.closes_at.isoformat(),
        "conditions": [[one.kind, one.value, one.words] for one in budget.page.conditions.all()],
        "envelopes": [[one.pk, one.title, one.kind, one.amount] for one in envelopes],
        "projects": [
            [one.number, one.envelope_id, one.title, one.cost, one.territory, one.theme, one.site]
            for one in sorted(options, key=lambda option: option.number)
        ],
    }
