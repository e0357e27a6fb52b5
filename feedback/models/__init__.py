"""The nouns of the room, one file each kind."""

from feedback.models.alerts import FloodSignal, SurgeAlert
from feedback.models.answers import Answer, AnswerTemplate, FollowUp, Recipient, Transfer
from feedback.models.archetypes import Archetype
from feedback.models.documents import DocumentCase, DocumentMention, DocumentReading
from feedback.models.fiches import Fiche, Original, Segment
from feedback.models.grouping import GroupingChoice, GroupingPart, GroupingRun, Proposal, ProposedChange
from feedback.models.imports import Import
from feedback.models.pain_points import (
    Membership,
    Note,
    PainPoint,
    Ruling,
    SavedView,
    Verbatim,
)
from feedback.models.themes import Theme

__all__ = [
    "Answer",
    "AnswerTemplate",
    "Archetype",
    "DocumentCase",
    "DocumentMention",
    "DocumentReading",
    "Fiche",
    "FloodSignal",
    "FollowUp",
    "GroupingChoice",
    "GroupingPart",
    "GroupingRun",
    "Import",
    "Membership",
    "Note",
    "Original",
    "PainPoint",
    "Proposal",
    "ProposedChange",
    "Recipient",
    "Ruling",
    "SavedView",
    "Segment",
    "SurgeAlert",
    "Theme",
    "Transfer",
    "Verbatim",
]
