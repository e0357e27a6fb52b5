"""Counting a participatory budget: ``count(election, regulation)``."""

from tally.budgets.ballots import APPROVAL, GRADES, POINTS, RANKING, Ballots
from tally.budgets.counting import count
from tally.budgets.election import Choice, Election, Project
from tally.budgets.errors import BadFile, BadRegulation, UnsettledTie
from tally.budgets.outcome import Outcome, Reason, Round
from tally.budgets.regulation import Regulation

__all__ = [
    "APPROVAL",
    "GRADES",
    "POINTS",
    "RANKING",
    "BadFile",
    "BadRegulation",
    "Ballots",
    "Choice",
    "Election",
    "Outcome",
    "Project",
    "Reason",
    "Regulation",
    "Round",
    "UnsettledTie",
    "count",
]
