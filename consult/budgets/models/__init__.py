"""The nouns of budgets, one file each kind."""

from consult.budgets.models.ballots import Ballot, BallotDraft, Mark, RollEntry
from consult.budgets.models.counts import ByDecision, Count, Drawing, ResultTold
from consult.budgets.models.kiosks import Kiosk, KioskDraft, KioskPass
from consult.budgets.models.paper import DeskDay, PaperBatch, PaperSheet
from consult.budgets.models.projects import BallotOption, Project
from consult.budgets.models.realisation import (
    BudgetFollow,
    BudgetTold,
    Milestone,
    ProjectFollow,
    ProjectMove,
    ProjectNews,
    ProjectPhoto,
    Spending,
)
from consult.budgets.models.rolls import RollPreview
from consult.budgets.models.structure import (
    Budget,
    BudgetIndexPage,
    BudgetPage,
    BudgetPhase,
    Condition,
    Envelope,
    FrozenRegulation,
)
from consult.budgets.models.studies import CostLine, Study, StudyNote, StudyPublication, StudySignature
from consult.budgets.models.suggestions import (
    ProjectOrigin,
    Suggestion,
    SuggestionDraft,
    SuggestionNews,
    Support,
)

__all__ = [
    "Ballot",
    "BallotDraft",
    "BallotOption",
    "Budget",
    "BudgetFollow",
    "BudgetIndexPage",
    "BudgetPage",
    "BudgetPhase",
    "BudgetTold",
    "ByDecision",
    "Condition",
    "CostLine",
    "Count",
    "DeskDay",
    "Drawing",
    "Envelope",
    "FrozenRegulation",
    "Kiosk",
    "KioskDraft",
    "KioskPass",
    "Mark",
    "Milestone",
    "PaperBatch",
    "PaperSheet",
    "Project",
    "ProjectFollow",
    "ProjectMove",
    "ProjectNews",
    "ProjectOrigin",
    "ProjectPhoto",
    "ResultTold",
    "RollEntry",
    "RollPreview",
    "Spending",
    "Study",
    "StudyNote",
    "StudyPublication",
    "StudySignature",
    "Suggestion",
    "SuggestionDraft",
    "SuggestionNews",
    "Support",
]
