"""The nouns of budgets, one file each kind."""

from consult.budgets.models.ballots import Ballot, BallotDraft, Mark, RollEntry
from consult.budgets.models.projects import BallotOption, Project
from consult.budgets.models.structure import (
    Budget,
    BudgetIndexPage,
    BudgetPage,
    BudgetPhase,
    Condition,
    Envelope,
    FrozenRegulation,
)

__all__ = [
    "Ballot",
    "BallotDraft",
    "BallotOption",
    "Budget",
    "BudgetIndexPage",
    "BudgetPage",
    "BudgetPhase",
    "Condition",
    "Envelope",
    "FrozenRegulation",
    "Mark",
    "Project",
    "RollEntry",
]
