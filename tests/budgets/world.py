"""A budget to take part in, for tests: set up as an editor would, at the phase wanted."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from consult.budgets.actions.freezing import freeze
from consult.budgets.choices import BallotKind, BudgetPhaseKind, ProjectState
from consult.budgets.models import Budget, BudgetIndexPage, BudgetPage, BudgetPhase, Envelope, Project
from consult.budgets.rules import Rules
from moderation.choices import Timing
from pages.models import HomePage
from tally.budgets import Regulation

DAY = timedelta(days=1)
ORDER = list(BudgetPhaseKind)
EUROS = 100


def index() -> BudgetIndexPage:
    """/budgets/, made once."""
    page = BudgetIndexPage.objects.first()
    return page or HomePage.objects.earliest("pk").add_child(
        instance=BudgetIndexPage(title="Ce qui se partage", slug="budgets")
    )


def budget(
    now: BudgetPhaseKind = BudgetPhaseKind.IDEAS,
    *,
    rules: Rules | None = None,
    amount: int = 600_000 * EUROS,
    **page: Any,
) -> Budget:
    """Live, with one envelope; the phase ``now`` is open since yesterday, each phase lasts ten days."""
    slug = f"budget-{uuid4().hex[:8]}"
    made = BudgetPage(title="Le budget des quartiers, 2026", slug=slug, moderation=Timing.AFTER, **page)
    made.rules = (rules or ballot_rules()).as_json()
    made.envelopes = [Envelope(title="Toute la ville", kind="whole", amount=amount)]
    begins = timezone.now() - DAY - 10 * DAY * ORDER.index(now)
    made.phases = [
        BudgetPhase(kind=kind, opens_at=begins + 10 * rank * DAY, closes_at=begins + 10 * (rank + 1) * DAY)
        for rank, kind in enumerate(ORDER)
    ]
    index().add_child(instance=made)
    return Budget.objects.get(page=made)


def ballot_rules(kind: BallotKind = BallotKind.KNAPSACK, **given: Any) -> Rules:
    """Equal Shares with the greedy completion, as mock-up 06 shows, unless other ``given``."""
    shares = Regulation(rule="equal_shares", completion="first_over_budget", top_up="greedy", ties=("lower_cost",))
    return Rules(kind=kind, **{"count": shares, **given})


def envelope_of(asked: Budget) -> Envelope:
    return asked.page.envelopes.first()


def project(asked: Budget, *, cost: int = 50_000, title: str = "", **columns: Any) -> Project:
    """On the ballot. ``cost`` in euros."""
    asked.last_project += 1
    asked.save(update_fields=["last_project"])
    number = asked.last_project
    values = {
        "envelope": envelope_of(asked),
        "title": title or f"Projet {number}",
        "summary": "Une phrase.",
        "cost": cost * EUROS,
        "state": ProjectState.RETAINED,
    }
    return Project.objects.create(budget=asked, number=number, **values | columns)


def ballot(*costs: int, frozen: bool = True, **options: Any) -> Budget:
    """In its ballot phase, with a project for each cost in euros, the regulation frozen."""
    asked = budget(BudgetPhaseKind.BALLOT, **options)
    for cost in costs or (112_000, 86_000, 148_000, 38_000, 64_000, 310_000):
        project(asked, cost=cost)
    if frozen:
        freeze(asked)
    return asked
