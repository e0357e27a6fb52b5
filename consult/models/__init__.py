"""The nouns of the room, one file each kind."""

from consult.models.arguments import Argument, Reply, Useful
from consult.models.people import Participant
from consult.models.propositions import Draft, Proposition, ReferenceLink, Version
from consult.models.structure import Consultation, ConsultationIndexPage, ConsultationPage, Phase, Section
from consult.models.votes import Vote, Voter

__all__ = [
    "Argument",
    "Consultation",
    "ConsultationIndexPage",
    "ConsultationPage",
    "Draft",
    "Participant",
    "Phase",
    "Proposition",
    "ReferenceLink",
    "Reply",
    "Section",
    "Useful",
    "Version",
    "Vote",
    "Voter",
]
