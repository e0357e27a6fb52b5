"""Publishing a questionnaire, answering it once, changing one's answers until the phase closes.

Texts are masked before anything is written, drafts included: the raw text is kept nowhere. Journal lines name no
participant. From the first answer on, questions keep their shape: publishing waits for those who answer
(``phases.alone``), and the database refuses the rest (migration ``surveys``).
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

import masking
from accounts.models import User
from consult import people, phases, policies, texts
from consult.choices import Act, Channel
from consult.errors import AnswersMissing, QuestionsFrozen, QuestionsWrong
from consult.models import Answer, Consultation, FreeText, Participant, Question, Response, SurveyDraft, SurveyPage
from consult.questionnaires import Given, faults, name_questions, read, says_the_same, shape, unanswered, words
from journal.actions import record
from moderation.actions import open_case
from moderation.choices import CaseState, Timing
from moderation.models import Case

DRAFTS_KEPT_FOR = timedelta(days=30)


# --- the editor ---


@transaction.atomic
def publish(page: SurveyPage, *, then: Callable[[], None]) -> None:
    """Make a draft public by Wagtail's own save (``then``). Once somebody answered, only words are put right.

    Raises ``QuestionsWrong``, ``QuestionsFrozen``.
    """
    phases.alone(policies.consultation_above(page))
    now = in_order(page)
    name_questions(now)
    if found := faults(now):
        raise QuestionsWrong([fault.words for fault in found])
    before = list(Question.objects.filter(page=page.pk).order_by("sort_order", "pk"))
    if Response.objects.filter(survey=page.pk).exists():
        keep_questions(page, before, now)
    by = page.live_revision.user
    reworded = _reworded(before, now) if before else []
    then()
    for was, question in reworded:
        record("survey.reworded", page, by=by, code=question.code, before=words(was), after=words(question))


def in_order(page: SurveyPage) -> list[Question]:
    """The questions of a draft, as they will be asked."""
    return sorted(page.questions.all(), key=lambda one: one.sort_order or 0)


def keep_questions(page: SurveyPage, before: Sequence[Question], now: Sequence[Question]) -> None:
    """Raises ``QuestionsFrozen`` when these questions are not those that people answered, but for their words."""
    kept = SurveyPage.objects.filter(pk=page.pk, hides_results=page.hides_results).exists()
    if not kept or [shape(one) for one in before] != [shape(one) for one in now]:
        raise QuestionsFrozen
    if not all(says_the_same(was, question) for was, question in zip(before, now, strict=True)):
        raise QuestionsFrozen


def _reworded(before: Sequence[Question], now: Sequence[Question]) -> list[tuple[Question, Question]]:
    """Those that people had read in other words."""
    known = {question.code: question for question in before}
    pairs = ((known[question.code], question) for question in now if question.code in known)
    return [(was, question) for was, question in pairs if words(was) != words(question)]


# --- who answers ---


def masked(given: Given) -> Given:
    """The same answers, their texts without personal data."""
    return {code: {**one, "text": _masked(one["text"])} if one.get("text") else one for code, one in given.items()}


def _masked(text: str) -> str:
    return masking.mask(texts.said(text))


@transaction.atomic
def keep(survey: SurveyPage, given: Given, *, by: Participant) -> SurveyDraft:
    """Keep what was answered on a page, beside the other pages. Raises ``PhaseClosed``, ``NotForYou``."""
    people.let_in(by, phases.admit(policies.consultation_above(survey), Act.SURVEY))
    purge_on = timezone.localdate() + DRAFTS_KEPT_FOR
    row = SurveyDraft(survey=survey, participant=by, typed=given_by(survey, by), purge_on=purge_on)
    SurveyDraft.objects.bulk_create([row], ignore_conflicts=True)
    mine = SurveyDraft.objects.select_for_update().get(survey=survey, participant=by)
    mine.typed = {**mine.typed, **masked(given)}
    mine.purge_on, mine.saved_at = purge_on, timezone.now()
    mine.save(update_fields=["typed", "purge_on", "saved_at"])
    return mine


def given_by(survey: SurveyPage, by: Participant) -> Given:
    """What this person sent, as it was typed; {} before."""
    rows = Answer.objects.filter(response__survey=survey, response__participant=by).select_related("question")
    return {row.question.code: _as_typed(row) for row in rows}


def _as_typed(row: Answer) -> dict[str, Any]:
    typed = {"chosen": row.chosen, "text": row.text, "number": row.number, "day": row.day}
    return {name: str(said) if name in ("number", "day") else said for name, said in typed.items() if said}


def forget_draft(survey: SurveyPage, *, by: Participant) -> None:
    SurveyDraft.objects.filter(survey=survey, participant=by).delete()


def purge(*, today: date | None = None) -> int:
    """Erase answers that were never sent, once their time is over; how many. Twice is harmless."""
    return SurveyDraft.objects.filter(purge_on__lte=today or timezone.localdate()).delete()[0]


@transaction.atomic
def send(
    survey: SurveyPage, given: Given, *, by: Participant, channel: Channel = Channel.WEB, keyed_by: User | None = None
) -> Response:
    """Write the answers of one person, in place of those they had sent. Twice, or from two tabs: one response.

    Answers to questions that this person is not asked are left out.
    Raises ``PhaseClosed``, ``NotForYou``, ``AnswersMissing``.
    """
    consultation = policies.consultation_above(survey)
    phase = phases.admit(consultation, Act.SURVEY)
    if keyed_by is None:
        people.let_in(by, phase)
    questions = list(Question.objects.filter(page=survey.pk).order_by("sort_order", "pk"))
    kept = read(questions, masked(given))
    if missing := unanswered(questions, kept):
        raise AnswersMissing([question.label for question in missing])
    response = _held_response(survey, by, channel=channel, keyed_by=keyed_by)
    for question in questions:
        _write(consultation, response, question, kept.get(question.code))
    forget_draft(survey, by=by)
    record("survey.answered", survey, by=keyed_by, response=response.pk)
    return response


def _held_response(survey: SurveyPage, by: Participant, **came: Any) -> Response:
    Response.objects.bulk_create(
        [Response(survey=survey, participant=by, changed_at=Now(), **came)],
        update_conflicts=True,
        unique_fields=["survey", "participant"],
        update_fields=["changed_at"],
    )
    return Response.objects.select_for_update(no_key=True).get(survey=survey, participant=by)


def _write(consultation: Consultation, response: Response, question: Question, said: dict[str, Any] | None) -> None:
    if not said:
        _retire(response, question)
        Answer.objects.filter(response=response, question=question).delete()
        return
    columns = {"chosen": [], "number": None, "day": None, "text": "", **said}
    answer, _new = Answer.objects.update_or_create(response=response, question=question, defaults=columns)
    if question.is_public:
        _submit(consultation, answer)


def _submit(consultation: Consultation, answer: Answer) -> None:
    """A text to publish waits for a moderator, whatever the moderation of the consultation; the same one only once."""
    if FreeText.objects.filter(answer=answer, text=answer.text).exists():
        return
    _retire(answer.response, answer.question)
    case = open_case("survey_text", page=consultation.page, timing=Timing.BEFORE)
    FreeText.objects.create(
        answer=answer,
        question=answer.question,
        author_id=answer.response.participant_id,
        text=answer.text,
        case=case,
        is_shown=case.is_shown,
    )


def _retire(response: Response, question: Question) -> None:
    """Its author wrote something else: one that nobody judged goes, one that was judged keeps its decision."""
    mine = FreeText.objects.filter(answer__response=response, question=question)
    case = Case.objects.select_for_update().filter(pk__in=mine.values("case")).first()
    if case is None:
        return
    if case.state == CaseState.WAITING and not case.decisions.exists():
        mine.delete()
        case.delete()
    else:
        mine.update(answer=None)
