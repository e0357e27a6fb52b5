"""A questionnaire to answer, for tests: published as an editor publishes it."""

from typing import Any

from consult.choices import PhaseKind, QuestionKind
from consult.models import Consultation, Participant, Question, SurveyPage
from consult.people import participant_of
from tests.consult.world import consultation
from tests.factories import UserFactory


def question(code: str, kind: QuestionKind = QuestionKind.ONE, **more: Any) -> Question:
    choices = ["À pied", "À vélo", "En voiture"] if kind in ("one", "several", "scale") else []
    return Question(**{"code": code, "kind": kind, "label": f"Question {code} ?", "choices": choices, **more})


def moving() -> list[Question]:
    """Four questions, on two pages: the last two are asked to cyclists only."""
    return [
        question("transport", takes_other=True),
        question("age", QuestionKind.SCALE, choices=["Moins de 25 ans", "25 à 60 ans", "Plus de 60 ans"]),
        question("velo", QuestionKind.SEVERAL, shown_if="transport", shown_if_answers=[2]),
        question(
            "idee", QuestionKind.LONG, is_required=False, is_public=True, shown_if="transport", shown_if_answers=[2]
        ),
    ]


def survey(asked: Consultation | None = None, *questions: Question, **more: Any) -> SurveyPage:
    asked = asked or consultation(PhaseKind.CONTRIBUTE)
    page = SurveyPage(title="Vos trajets sur le quai", slug="trajets", live=False, **more)
    page.questions = list(questions or moving())
    for place, one in enumerate(page.questions.all()):
        one.sort_order = place
    asked.page.add_child(instance=page)
    page.save_revision().publish()
    return SurveyPage.objects.get(pk=page.pk)


def somebody(**account: Any) -> Participant:
    return participant_of(UserFactory(**account))


def said(transport: int = 1, age: int = 2, **more: Any) -> dict[str, dict[str, Any]]:
    return {"transport": {"chosen": [transport]}, "age": {"chosen": [age]}, **more}
