"""The nouns of the room, one file each kind."""

from consult.models.arguments import Argument, Reply, Useful
from consult.models.attachments import Attachment
from consult.models.decisions import Decision, DecisionNote, Publication, Told
from consult.models.editions import Edition
from consult.models.follows import Digest, Follow, Happening
from consult.models.imports import ContributionImport, Provenance
from consult.models.meetings import MeetingPage, Said, Seat
from consult.models.merging import Merge, MergeSource, MergeVoice
from consult.models.news import News, NewsTo
from consult.models.panels import Criterion, Draw, PanelPage, Volunteer
from consult.models.people import Participant
from consult.models.propositions import Draft, Proposition, ReferenceLink, Version
from consult.models.statements import OpinionMap, Statement, StatementAnswer
from consult.models.structure import Consultation, ConsultationIndexPage, ConsultationPage, Phase, Section
from consult.models.surveys import Answer, FreeText, Question, Response, SurveyDraft, SurveyPage
from consult.models.synthesis import Citation, SynthesisPage
from consult.models.themes import Theme, ThemeMember, ThemeRun
from consult.models.visitors import ListPlace, VisitorAct
from consult.models.votes import Vote, Voter

__all__ = [
    "Answer",
    "Argument",
    "Attachment",
    "Citation",
    "Consultation",
    "ConsultationIndexPage",
    "ConsultationPage",
    "ContributionImport",
    "Criterion",
    "Decision",
    "DecisionNote",
    "Digest",
    "Draft",
    "Draw",
    "Edition",
    "Follow",
    "FreeText",
    "Happening",
    "ListPlace",
    "MeetingPage",
    "Merge",
    "MergeSource",
    "MergeVoice",
    "News",
    "NewsTo",
    "OpinionMap",
    "PanelPage",
    "Participant",
    "Phase",
    "Proposition",
    "Provenance",
    "Publication",
    "Question",
    "ReferenceLink",
    "Reply",
    "Response",
    "Said",
    "Seat",
    "Section",
    "Statement",
    "StatementAnswer",
    "SurveyDraft",
    "SurveyPage",
    "SynthesisPage",
    "Theme",
    "ThemeMember",
    "ThemeRun",
    "Told",
    "Useful",
    "Version",
    "VisitorAct",
    "Volunteer",
    "Vote",
    "Voter",
]
