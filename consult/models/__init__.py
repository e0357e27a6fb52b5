"""The nouns of the room, one file each kind."""

from consult.models.arguments import Argument, Reply, Useful
from consult.models.attachments import Attachment
from consult.models.decisions import Decision, DecisionNote, Publication, Told
from consult.models.people import Participant
from consult.models.propositions import Draft, Proposition, ReferenceLink, Version
from consult.models.statements import OpinionMap, Statement, StatementAnswer
from consult.models.structure import Consultation, ConsultationIndexPage, ConsultationPage, Phase, Section
from consult.models.votes import Vote, Voter

from consult.models.surveys import Answer, FreeText, Question, Response, SurveyDraft, SurveyPage
from consult.models.visitors import ListPlace, VisitorAct
__all__ = [
    "Argument",
    "Consultation",
    "ConsultationIndexPage",
    "ConsultationPage",
    "Attachment",
    "Decision",
    "DecisionNote",
    "Draft",
    "OpinionMap",
    "Participant",
    "Phase",
    "FreeText",
    "ListPlace",
    "Merge",
    "MergeSource",
    "MergeVoice",
    "News",
    "NewsTo",
    "Proposition",
    "Publication",
    "ReferenceLink",
    "Reply",
    "Section",
    "Statement",
    "StatementAnswer",
    "Told",
    "Useful",
    "Version",
    "Vote",
    "Voter",
]
    "VisitorAct",
