"""Questionnaires and meetings, below a consultation: who may read what, as ``policies`` says for the rest."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from wagtail.models import Page

from accounts.choices import RoleKind
from accounts.policies import holds
from consult.choices import SeatState, VolunteerState
from consult.models import (
    Answer,
    Consultation,
    Draw,
    FreeText,
    MeetingPage,
    PanelPage,
    Participant,
    Proposition,
    Question,
    Response,
    Said,
    Seat,
    SurveyDraft,
    SurveyPage,
    Volunteer,
)
from journal.models import Entry


def surveys_to_read(consultation: Consultation) -> QuerySet[SurveyPage]:
    """The public questionnaires of a consultation, in the order of the editor."""
    return SurveyPage.objects.live().child_of(consultation.page).order_by("path")


def questions_of(survey: SurveyPage) -> QuerySet[Question]:
    return Question.objects.filter(page=survey.pk).order_by("sort_order", "pk")


def response_of(survey: SurveyPage, person: Participant | None) -> Response | None:
    """What this person sent, told to them alone."""
    return Response.objects.filter(survey=survey, participant=person).first() if person else None


def draft_of(survey: SurveyPage, person: Participant | None) -> SurveyDraft | None:
    return SurveyDraft.objects.filter(survey=survey, participant=person).first() if person else None


def responses_to_count(survey: SurveyPage) -> QuerySet[Response]:
    """Those that were sent."""
    return Response.objects.filter(survey=survey)


def answers_to_count(survey: SurveyPage) -> QuerySet[Answer]:
    return Answer.objects.filter(response__survey=survey)


def texts_to_read(survey: SurveyPage) -> QuerySet[FreeText]:
    """Texts that a moderator kept, of answers that stand."""
    return FreeText.objects.filter(question__page=survey, is_shown=True, answer__isnull=False)


def rewordings_of(survey: SurveyPage) -> QuerySet[Entry]:
    """Each time its words were put right once it was public."""
    return Entry.objects.filter(
        subject_type="consult.surveypage", subject_key=str(survey.pk), verb="survey.reworded"
    ).order_by("pk")


def is_answered(survey: SurveyPage) -> bool:
    """Whether somebody answered: its questions are then what they are."""
    return bool(survey.pk) and Response.objects.filter(survey=survey.pk).exists()


def meetings_to_read(consultation: Consultation) -> QuerySet[MeetingPage]:
    """The public meetings of a consultation, the first to begin first."""
    return MeetingPage.objects.live().child_of(consultation.page).order_by("starts_at", "pk")


def seats() -> QuerySet[Seat]:
    """Registrations for meetings that everybody may read, for whoever holds the link of a letter."""
    return Seat.objects.filter(meeting__live=True).select_related("meeting")


def seat_of(meeting: MeetingPage, person: Participant | None) -> Seat | None:
    """The registration of this person, told to them alone."""
    seats = Seat.objects.filter(meeting=meeting, participant=person).select_related("meeting")
    return seats.first() if person else None


def seats_taken(meeting: MeetingPage) -> int:
    return Seat.objects.filter(meeting=meeting.pk, state=SeatState.SEATED).count()


def said_in(meeting: MeetingPage) -> QuerySet[Said]:
    """What was keyed in, the latest first: for those who key in."""
    return Said.objects.filter(meeting=meeting).select_related("proposition", "argument__proposition").order_by("-pk")


def said_to_read(meeting: MeetingPage) -> QuerySet[Said]:
    """The same, what everybody may read."""
    shown = Q(proposition__is_shown=True) | Q(argument__is_shown=True, argument__withdrawn_at=None)
    return said_in(meeting).filter(shown).order_by("pk")


def numbers_said(meetings: Iterable[MeetingPage]) -> dict[int, list[int]]:
    """Key of a meeting → numbers of the propositions said there that everybody may read."""
    rows = Said.objects.filter(meeting__in=list(meetings), proposition__is_shown=True).order_by("proposition__number")
    found: dict[int, list[int]] = {}
    for meeting, number in rows.values_list("meeting", "proposition__number"):
        found.setdefault(meeting, []).append(number)
    return found


def responses_by_survey(surveys: Iterable[SurveyPage]) -> dict[int, int]:
    """Key of a questionnaire → people who answered it."""
    rows = Response.objects.filter(survey__in=list(surveys)).order_by().values("survey")
    return dict(rows.annotate(many=Count("pk")).values_list("survey", "many"))


def origin_of(proposition: Proposition) -> Said | None:
    """The meeting in which it was said, if it was."""
    return Said.objects.filter(proposition=proposition, meeting__live=True).select_related("meeting").first()


def may_key_in(user: Any) -> bool:
    """Whether this person writes what was said in a meeting: clerks, editors, administrators."""
    return holds(user, RoleKind.CLERK, RoleKind.EDITOR, RoleKind.ADMINISTRATOR)


def panels_to_read(consultation: Consultation) -> QuerySet[PanelPage]:
    """The public panels of a consultation, the first to close first."""
    return PanelPage.objects.live().child_of(consultation.page).order_by("closes_at", "pk")


def draws() -> QuerySet[Draw]:
    """Lists frozen, drawn or not, of panels that everybody may read. Nothing personal is in them."""
    return Draw.objects.filter(panel__live=True)


def draw_told(draw: Draw) -> dict[str, Any]:
    """What anybody may read of a list frozen and of its draw, and needs to draw again. Nothing personal."""
    names = (
        "fingerprint",
        "frozen_at",
        "seed_source",
        "seed_at",
        "seed",
        "method",
        "drawn_at",
        "chosen",
        "gone",
        "reached",
    )
    return {**draw.rules, **{name: getattr(draw, name) for name in names}}


def draw_of(panel: PanelPage) -> Draw | None:
    return Draw.objects.filter(panel=panel.pk).first()


def volunteers() -> QuerySet[Volunteer]:
    """Those of public panels, those who left too, for whoever holds the link of a letter."""
    return Volunteer.objects.filter(panel__live=True).select_related("panel", "participant")


def volunteer_of(panel: PanelPage, person: Participant | None) -> Volunteer | None:
    """The place of this person in the list, told to them alone."""
    staying = volunteers().exclude(state=VolunteerState.LEFT)
    return staying.filter(panel=panel, participant=person).first() if person else None


def called_since(draw: Draw) -> list[str]:
    """Numbers of those called to the places given back, as they were called; [] once volunteers are erased."""
    called = Volunteer.objects.filter(panel=draw.panel_id, called__isnull=False).exclude(code__in=draw.chosen)
    return list(called.order_by("called").values_list("code", flat=True))


def volunteers_counted(panel: PanelPage) -> int:
    return Volunteer.objects.filter(panel=panel.pk).count()


def taken_part_below(pages: Iterable[Page]) -> bool:
    """Whether people answered a questionnaire, registered for a meeting or volunteered, in these pages or below."""
    below = Q(pk=None)
    for page in pages:
        below |= Q(path__startswith=page.path)
    found = Page.objects.filter(below)
    return (
        Response.objects.filter(survey__in=found.values("pk")).exists()
        or Seat.objects.filter(meeting__in=found.values("pk")).exists()
        or Said.objects.filter(meeting__in=found.values("pk")).exists()
        or Volunteer.objects.filter(panel__in=found.values("pk")).exists()
        or Draw.objects.filter(panel__in=found.values("pk")).exists()
    )
