"""The nouns of the room, one file each kind."""

from consult.models.arguments import Argument, Reply, Useful
from consult.models.decisions import Decision, DecisionNote, Publication, Told
from consult.models.people import Participant
from consult.models.propositions import Draft, Proposition, ReferenceLink, Version
from consult.models.structure import Consultation, ConsultationIndexPage, ConsultationPage, Phase, Section
from consult.models.votes import Vote, Voter

__all__ = [
    "Argument",
    "Consultation",
    "ConsultationIndexPage",
    "ConsultationPage",
    "Decision",
    "DecisionNote",
    "Draft",
    "Participant",
    "Phase",
    "Proposition",
    "Publication",
    "ReferenceLink",
    "Reply",
    "Section",
    "Told",
    "Useful",
    "Version",
    "Vote",
    "Voter",
]
