"""The nouns of the room, one file each kind."""

from feedback.models.answers import Answer, AnswerTemplate, FollowUp, Recipient, Transfer
from feedback.models.fiches import Fiche, Original, Segment
from feedback.models.imports import Import
from feedback.models.pain_points import (
    GroupingRun,
    Membership,
    Note,
    PainPoint,
    Ruling,
    SavedView,
    Verbatim,
)

__all__ = [
    "Answer",
    "AnswerTemplate",
    "Fiche",
    "FollowUp",
    "GroupingRun",
    "Import",
    "Membership",
    "Note",
    "Original",
    "PainPoint",
    "Recipient",
    "Ruling",
    "SavedView",
    "Segment",
    "Transfer",
    "Verbatim",
]
