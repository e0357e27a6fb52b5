"""The logic of a questionnaire: conditions that can be met, pages, what counts; and what never changes afterwards."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.actions import surveys as acts
from consult.choices import QuestionKind
from consult.errors import AnswersMissing, PhaseClosed, QuestionsFrozen, QuestionsWrong
from consult.models import Answer, FreeText, Question, Response, SurveyDraft, SurveyPage
from consult.policies import consultation_above
from consult.questionnaires import asked, faults, page_after, pages, read, unanswered
from consult.survey_results import FEW, suppressed
from journal.models import Entry
from moderation.actions import decide
from moderation.choices import CaseState, Outcome
from moderation.models import Case
from tests.consult.surveying import moving, question, said, somebody, survey
from tests.consult.world import close
from tests.factories import UserFactory


def fields(questions: list[Question]) -> list[tuple[int, str]]:
    return [(fault.place, fault.field) for fault in faults(questions)]


def test_a_condition_looks_back_and_names_answers_that_exist() -> None:
    first, second = question("un"), question("deux")
    assert fields([first, second]) == []
    second.shown_if, second.shown_if_answers = "un", [2, 3]
    assert fields([first, second]) == []
    assert fields([second, first]) == [(0, "shown_if")]
    second.shown_if_answers = [4]
    assert fields([first, second]) == [(1, "shown_if_answers")]
    second.shown_if_answers = [0]
    assert fields([first, second]) == [(1, "shown_if_answers")]
    first.takes_other = True
    assert fields([first, second]) == []
    second.shown_if = "deux"
    assert fields([first, second]) == [(1, "shown_if")], "a question does not depend on itself"
    second.shown_if = "trois"
    assert fields([first, second]) == [(1, "shown_if")]


def test_a_condition_rests_on_answers_that_can_be_chosen() -> None:
    text = question("un", QuestionKind.SHORT)
    assert fields([text, question("deux", shown_if="un", shown_if_answers=[1])]) == [(1, "shown_if")]
    assert fields([question("un", choices=["Oui", "oui"])]) == [(0, "choices")]
    assert fields([question("un"), question("un")]) == [(1, "code")]


def test_who_is_asked_what() -> None:
    questions = moving()
    assert [one.code for one in asked(questions, said(transport=1))] == ["transport", "age"]
    assert [one.code for one in asked(questions, said(transport=2))] == ["transport", "age", "velo", "idee"]


def test_a_question_never_stands_on_the_page_of_the_one_it_depends_on() -> None:
    made = pages(moving())
    assert [[one.code for one in page] for page in made] == [["transport", "age"], ["velo", "idee"]]
    assert page_after(made, 1, said(transport=1)) is None
    assert page_after(made, 1, said(transport=2)) == 2


def test_a_condition_on_a_question_that_is_not_asked_is_not_met() -> None:
    chain = [
        question("un"),
        question("deux", shown_if="un", shown_if_answers=[1]),
        question("trois", shown_if="deux", shown_if_answers=[1]),
    ]
    answers = {"un": {"chosen": [2]}, "deux": {"chosen": [1]}, "trois": {"chosen": [1]}}
    assert set(read(chain, answers)) == {"un"}
    assert unanswered(chain, read(chain, answers)) == []


SAID = st.fixed_dictionaries(
    {},
    optional={
        "chosen": st.lists(st.integers(-3, 9), max_size=4),
        "text": st.text(max_size=9),
        "number": st.text(max_size=5),
        "day": st.text(max_size=5),
    },
)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["transport", "age", "velo", "idee", "x"]), SAID, max_size=5))
def test_whatever_is_sent_only_answers_that_exist_are_read(answers: dict[str, Any]) -> None:
    questions = moving()
    kept = read(questions, answers)
    for code, columns in kept.items():
        one = next(question for question in questions if question.code == code)
        assert set(columns.get("chosen", [])) <= set(one.numbers())
        assert len(columns.get("chosen", [])) <= (1 if one.kind != QuestionKind.SEVERAL else 9)
    assert set(kept) <= {one.code for one in asked(questions, kept)}


@settings(max_examples=200)
@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_a_hidden_cell_is_never_alone_in_its_line(rows: int, columns: int, data: st.DataObject) -> None:
    cells = {(row, column): data.draw(st.integers(0, 12)) for row in range(rows) for column in range(columns)}
    shown = suppressed(cells)
    assert all(shown[place] is None for place, count in cells.items() if 0 < count < FEW)
    assert all(shown[place] in (None, count) for place, count in cells.items())
    for axis, lines, width in ((0, rows, columns), (1, columns, rows)):
        for line in range(lines):
            hidden = [place for place in cells if place[axis] == line and shown[place] is None]
            assert len(hidden) != 1 or width == 1


# --- in the database ---


@pytest.mark.django_db
def test_one_person_answers_once_and_changes_until_the_end() -> None:
    asks, person = survey(), somebody()
    acts.send(asks, said(transport=2, velo={"chosen": [1, 3]}), by=person)
    acts.send(asks, said(transport=3, velo={"chosen": [1]}), by=person)
    assert Response.objects.count() == 1
    kept = {row.question.code: row.chosen for row in Answer.objects.select_related("question")}
    assert kept == {"transport": [3], "age": [2]}, "what is no longer asked no longer counts"
    close(consultation_above(asks))
    with pytest.raises(PhaseClosed):
        acts.send(asks, said(), by=person)
    with pytest.raises(PhaseClosed):
        acts.keep(asks, said(), by=person)


@pytest.mark.django_db
def test_the_database_refuses_a_second_response() -> None:
    asks, person = survey(), somebody()
    Response.objects.create(survey=asks, participant=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.create(survey=asks, participant=person)


@pytest.mark.django_db
def test_what_must_be_answered_is_asked_for() -> None:
    with pytest.raises(AnswersMissing) as missing:
        acts.send(survey(), said(transport=2), by=somebody())
    assert missing.value.labels == ["Question velo ?"]


@pytest.mark.django_db
def test_a_draft_is_kept_page_by_page_without_personal_data_and_goes_when_it_is_sent() -> None:
    asks, person = survey(), somebody()
    acts.keep(asks, said(transport=2), by=person)
    acts.keep(asks, {"velo": {"chosen": [1]}, "idee": {"text": "Appelez-moi au 06 12 34 56 78."}}, by=person)
    draft = SurveyDraft.objects.get()
    assert draft.typed["transport"] == {"chosen": [2]}
    assert "06 12" not in draft.typed["idee"]["text"]
    acts.send(asks, draft.typed, by=person)
    assert not SurveyDraft.objects.exists()
    assert "06 12" not in Answer.objects.exclude(text="").get().text


@pytest.mark.django_db
def test_a_text_is_read_by_nobody_before_a_moderator() -> None:
    asks, person = survey(), somebody()
    cyclist = said(transport=2, velo={"chosen": [1]})
    acts.send(asks, cyclist | {"idee": {"text": "Des arceaux."}}, by=person)
    first = FreeText.objects.get()
    assert not first.is_shown
    acts.send(asks, cyclist | {"idee": {"text": "Des arceaux couverts."}}, by=person)
    second = FreeText.objects.get()
    assert (second.text, second.is_shown) == ("Des arceaux couverts.", False)
    assert Case.objects.count() == 1, "what nobody read yet leaves no case behind"
    decide(second.case, outcome=Outcome.KEEP, after=None, by=UserFactory())
    acts.send(asks, cyclist | {"idee": {"text": "Des arceaux couverts."}}, by=person)
    second.refresh_from_db()
    assert second.is_shown
    acts.send(asks, cyclist | {"idee": {"text": "Des arceaux et une pompe."}}, by=person)
    second.refresh_from_db()
    assert second.answer is None
    assert FreeText.objects.get(answer__isnull=False).case.state == CaseState.WAITING


def change(asks: SurveyPage, put: Callable[[list[Question]], None], **page: Any) -> None:
    """An editor publishes another draft."""
    draft = asks.get_latest_revision_as_object()
    questions = list(draft.questions.all())
    put(questions)
    draft.questions.set(questions)
    for name, value in page.items():
        setattr(draft, name, value)
    draft.save_revision(user=UserFactory()).publish()


@pytest.mark.django_db
def test_before_anybody_answers_everything_changes_and_nonsense_does_not_open() -> None:
    asks = survey()
    change(asks, lambda questions: setattr(questions[1], "is_required", False))
    assert not Question.objects.get(code="age").is_required
    with pytest.raises(QuestionsWrong):
        change(asks, lambda questions: setattr(questions[2], "shown_if_answers", [9]))


@pytest.mark.django_db
def test_from_the_first_answer_on_only_words_are_put_right_and_everybody_sees_it() -> None:
    asks = survey()
    acts.send(asks, said(), by=somebody())
    change(asks, lambda questions: setattr(questions[0], "choices", ["A pied", "À vélo", "En voiture"]))
    assert Question.objects.get(code="transport").choices[0] == "A pied"
    assert Entry.objects.get(verb="survey.reworded").details["code"] == "transport"
    for put in (
        lambda questions: setattr(questions[0], "label", "Aimez-vous les pigeons de la place ?"),
        lambda questions: setattr(questions[0], "choices", ["À pied", "À vélo"]),
        lambda questions: setattr(questions[1], "is_required", False),
        lambda questions: questions.insert(0, questions.pop(1)),
        lambda questions: questions.pop(),
        lambda questions: questions.append(question("neuf")),
    ):
        with pytest.raises(QuestionsFrozen), transaction.atomic():
            change(asks, reordered(put))
    with pytest.raises(QuestionsFrozen), transaction.atomic():
        change(asks, lambda questions: None, hides_results=True)


def reordered(put: Callable[[list[Question]], None]) -> Callable[[list[Question]], None]:
    """Numbered again, as Wagtail does when questions move."""

    def then(questions: list[Question]) -> None:
        put(questions)
        for place, one in enumerate(questions):
            one.sort_order = place

    return then


@pytest.mark.django_db
@pytest.mark.parametrize(
    "column", [{"is_required": False}, {"shown_if_answers": [1]}, {"code": "autre"}, {"kind": "several"}]
)
def test_the_database_itself_keeps_what_was_answered(column: dict[str, Any]) -> None:
    asks = survey()
    acts.send(asks, said(), by=somebody())
    rows = Question.objects.filter(code="velo" if "shown_if_answers" in column else "transport")
    column = {**column, **({"takes_other": False} if column.get("kind") else {})}
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**column)
    with pytest.raises(IntegrityError), transaction.atomic():
        question("neuf", page=asks).save()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE consult_question DISABLE TRIGGER consult_question_kept")
    assert rows.update(**column) == 1, "the control: without the trigger the question changes under the answers"
