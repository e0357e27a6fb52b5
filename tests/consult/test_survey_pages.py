"""A questionnaire through its doors: answered page by page without a script, closed to the minute, told at its time."""

import csv
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from accounts.choices import RoleKind
from consult.actions import surveys as acts
from consult.choices import Level, PhaseKind, QuestionKind
from consult.models import Answer, Phase, Question, Response, SurveyDraft, SurveyPage, VisitorAct
from consult.policies import consultation_above
from moderation.actions import decide
from moderation.choices import Outcome
from tests.consult.surveying import moving, question, said, somebody, survey
from tests.consult.test_editing import entering
from tests.consult.test_page import words
from tests.consult.world import close, consultation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def member() -> Client:
    client = Client()
    client.force_login(UserFactory())
    return client


def url(asks: SurveyPage, name: str = "survey", /, **more: Any) -> str:
    slug = consultation_above(asks).page.slug
    return reverse(f"consult:{name}", kwargs={"slug": slug, "survey": asks.slug, **more})


def test_it_is_answered_page_by_page_checked_then_sent() -> None:
    asks, client = survey(), member()
    assert "Vos trajets" in words(client.get(url(asks)))
    first = client.post(url(asks, "survey_page", number=1), {"transport": "2", "age": "1"})
    assert first.url == url(asks, "survey_page", number=2)
    second = client.post(first.url, {"velo": ["1", "3"], "idee": "Écrire à lea@demo.example"})
    assert second.url == url(asks, "survey_check")
    read = words(client.get(second.url))
    assert "[courriel masqué]" in read
    assert "lea@demo.example" not in read
    assert not Response.objects.exists(), "nothing counts before it is sent"
    assert client.post(second.url).url == url(asks)
    assert "Vous avez répondu" in words(client.get(url(asks)))
    assert Answer.objects.count() == 4


def test_the_server_decides_the_pages() -> None:
    asks, client = survey(), member()
    answer = client.post(url(asks, "survey_page", number=1), {"transport": "1", "age": "1"})
    assert answer.url == url(asks, "survey_check")
    assert client.get(url(asks, "survey_page", number=2)).url == url(asks, "survey_check")
    assert client.get(url(asks, "survey_page", number=3)).status_code == 404


def test_a_page_left_incomplete_says_what_is_missing_and_keeps_the_rest() -> None:
    asks, client = survey(), member()
    answer = client.post(url(asks, "survey_page", number=1), {"transport": "0", "transport-other": "Trottinette"})
    assert answer.status_code == 422
    assert 'value="Trottinette"' in answer.content.decode()
    assert not SurveyDraft.objects.exists()
    other = client.post(url(asks, "survey_page", number=1), {"transport": "0", "age": "2"})
    assert other.status_code == 422, "« autre » says which"
    unticked = client.post(url(asks, "survey_page", number=1), {"transport-other": "Trottinette", "age": "2"})
    assert unticked.status_code == 302, "who wrote another answer chose it"
    both = client.post(url(asks, "survey_page", number=1), {"transport": "1", "transport-other": "Roller", "age": "2"})
    assert both.status_code == 422, "nothing that was written is dropped in silence"
    assert "Roller" in both.content.decode()


def test_going_back_keeps_what_was_answered() -> None:
    asks, client = survey(), member()
    client.post(url(asks, "survey_page", number=1), {"transport": "2", "age": "1"})
    back = client.post(url(asks, "survey_page", number=2), {"velo": ["2"], "back": "1"})
    assert back.url == url(asks, "survey_page", number=1)
    assert SurveyDraft.objects.get().typed["velo"] == {"chosen": [2]}


def test_what_is_missing_is_not_sent() -> None:
    asks, client = survey(), member()
    client.post(url(asks, "survey_page", number=1), {"transport": "2", "age": "1"})
    answer = client.post(url(asks, "survey_check"))
    assert answer.status_code == 422
    assert not Response.objects.exists()


def test_every_door_closes_with_the_phase_and_gives_back_what_was_typed() -> None:
    asks, client = survey(), member()
    client.post(url(asks, "survey_page", number=1), {"transport": "2", "age": "1"})
    close(consultation_above(asks))
    for answer in (
        client.get(url(asks, "survey_page", number=1)),
        client.post(url(asks, "survey_page", number=2), {"velo": ["1"], "idee": "Des arceaux"}),
        client.post(url(asks, "survey_check")),
    ):
        assert answer.status_code == 409
        assert "fermé" in words(answer)
    assert not Response.objects.exists()
    assert "Des arceaux" in words(client.post(url(asks, "survey_page", number=2), {"idee": "Des arceaux"}))
    assert "Répondre" not in words(client.get(url(asks)))


def test_a_visitor_signs_in_first_where_an_account_is_needed() -> None:
    asks = survey()
    assert Client().get(url(asks)).status_code == 200
    assert (
        "/connexion/" in Client().get(url(asks, "survey_page", number=1)).url
        or "login" in Client().get(url(asks, "survey_page", number=1)).url
    )


def test_a_visitor_answers_then_confirms_an_address(django_capture_on_commit_callbacks: Callable) -> None:
    asks = survey()
    Phase.objects.update(level=Level.VISITOR)
    client = Client()
    client.post(url(asks, "survey_page", number=1), {"transport": "1", "age": "1"})
    asking = client.post(url(asks, "survey_check"))
    assert asking.url == reverse("consult:visitor", args=[consultation_above(asks).page.slug])
    client.post(asking.url, {"email": "lea@demo.example"})
    act = VisitorAct.objects.get()
    assert json.loads(act.typed)["given"]["transport"] == {"chosen": [1]}
    assert not Response.objects.exists()


@pytest.mark.parametrize("state", ["draft", "nowhere"])
def test_a_questionnaire_that_is_not_published_is_a_404(state: str) -> None:
    asks = survey()
    address = url(asks)
    if state == "draft":
        asks.unpublish()
    else:
        address = address.replace("trajets", "personne")
    assert member().get(address).status_code == 404


def answered(asks: SurveyPage, many: int, **more: Any) -> None:
    for place in range(many):
        acts.send(asks, said(transport=place % 3 + 1, age=place % 2 + 1, velo={"chosen": [1]}, **more), by=somebody())


def test_results_are_told_from_five_people() -> None:
    asks = survey()
    answered(asks, 4)
    assert "Moins de 5 personnes" in words(Client().get(url(asks, "survey_results")))
    assert Client().get(url(asks, "survey_csv", name="reponses")).status_code == 404
    answered(asks, 1)
    read = words(Client().get(url(asks, "survey_results")))
    assert "5 personnes ont répondu" in read
    assert "À pied" in read


def test_hidden_results_are_read_nowhere_before_the_end() -> None:
    asks = survey(None, *moving(), hides_results=True)
    answered(asks, 6)
    doors = [
        url(asks, "survey_results"),
        url(asks, "survey_csv", name="reponses"),
        url(asks, "survey_json", name="reponses"),
        url(asks, "survey_texts", code="idee"),
        url(asks, "survey_private_texts"),
    ]
    editor = entering(RoleKind.EDITOR)
    for client in (Client(), editor):
        assert "À pied" not in words(client.get(doors[0]))
        assert [client.get(door).status_code for door in doors[1:]][:3] == [404, 404, 404]
    assert editor.get(doors[4]).status_code == 404
    close(consultation_above(asks))
    assert "À pied" in words(Client().get(doors[0]))
    assert f'href="{doors[4]}"' in editor.get(doors[0]).content.decode()
    assert doors[4] not in Client().get(doors[0]).content.decode()
    assert editor.get(doors[4]).status_code == 200
    assert member().get(doors[4]).status_code == 404


def test_crossed_cells_under_five_are_not_told() -> None:
    asks = survey()
    answered(asks, 18)
    answered(asks, 6)
    read = words(Client().get(url(asks, "survey_results") + "?ligne=transport&colonne=age"))
    assert "non communiqué" in read
    assert Client().get(url(asks, "survey_results") + "?ligne=idee&colonne=velo").context["crossed"] is None


def test_a_text_is_public_once_it_was_read_and_its_csv_runs_no_formula() -> None:
    asks = survey()
    answered(asks, 6)
    idea = {"idee": {"text": "=SOMME(1;2) des arceaux"}}
    sent = acts.send(asks, said(transport=2, velo={"chosen": [1]}, **idea), by=somebody())
    page = url(asks, "survey_texts", code="idee")
    assert "arceaux" not in words(Client().get(page))
    text = sent.answers.get(question__code="idee").free_text
    decide(text.case, outcome=Outcome.KEEP, after=None, by=UserFactory())
    assert "arceaux" in words(Client().get(page))
    body = b"".join(Client().get(url(asks, "survey_csv", name="textes")).streaming_content).decode("utf-8-sig")
    assert list(csv.reader(body.splitlines()))[1][1].startswith("'=")


def test_open_data_counts_and_never_gives_a_line_a_person() -> None:
    asks = survey()
    answered(asks, 6)
    rows = json.loads(b"".join(Client().get(url(asks, "survey_json", name="reponses")).streaming_content))
    walking = next(row for row in rows if row["question"] == "transport" and row["number"] == 1)
    assert (walking["answer"], walking["count"], walking["out_of"]) == ("À pied", 2, 6)
    told = json.loads(b"".join(Client().get(url(asks, "survey_json", name="dictionnaire")).streaming_content))
    assert {row["column"] for row in told if row["table"] == "reponses"} == set(rows[0])
    assert Client().get(url(asks, "survey_csv", name="personnes")).status_code == 404


def test_numbers_and_dates_have_their_charts() -> None:
    asks = survey(None, question("km", QuestionKind.NUMBER, maximum=200), question("depuis", QuestionKind.DAY))
    for place in range(8):
        given = {"km": {"number": str(place * 7)}, "depuis": {"day": f"2025-0{place + 1}-10"}}
        acts.send(asks, given, by=somebody())
    read = words(Client().get(url(asks, "survey_results")))
    assert "janvier 2025" in read
    assert "La moitié des réponses" in read


def test_on_paper_conditions_are_said() -> None:
    read = words(Client().get(url(survey(), "survey_printed")))
    assert "Seulement si vous avez répondu « À vélo » à la question 1" in read


@pytest.mark.parametrize("name", ["survey", "survey_results", "survey_printed", "survey_csv"])
def test_as_many_questions_to_the_database_whatever_the_numbers(name: str) -> None:
    few, many = survey(None, *moving()), survey(None, *moving(), *[question(f"q{n}") for n in range(20)])
    answered(few, 5)
    more = {f"q{n}": {"chosen": [1]} for n in range(20)}
    answered(many, 30, **more)
    extra = {"name": "reponses"} if name == "survey_csv" else {}
    counts = []
    for asks in (few, many):
        client = member()
        client.get(url(asks, name, **extra))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(url(asks, name, **extra))
            b"".join(answer.streaming_content) if answer.streaming else answer.content
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


# --- the editor ---


def typed(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    rows = [
        {
            "label": f"Question {place} ?",
            "kind": "one",
            "help": "",
            "choices": "À pied\nÀ vélo, en tribu",
            "code": "",
            "is_required": "on",
            "minimum": "",
            "maximum": "",
            "shown_if": "",
            "shown_if_answers": "",
            **one,
        }
        for place, one in enumerate(questions, start=1)
    ]
    return nested_form_data(
        {
            "title": "Vos trajets",
            "slug": "trajets",
            "intro": rich_text("<p>Dix minutes.</p>"),
            "questions": inline_formset(rows, initial=sum("id" in one for one in rows)),
            "comments": inline_formset([]),
            **more,
        }
    )


def test_an_editor_writes_it_in_wagtail() -> None:
    editor, asked = entering(RoleKind.ADMINISTRATOR), consultation(PhaseKind.CONTRIBUTE)
    add = reverse("wagtailadmin_pages:add", args=["consult", "surveypage", asked.page.pk])
    assert editor.get(add).status_code == 200
    data = typed({"code": "transport"}, {"shown_if": "transport", "shown_if_answers": "2"})
    editor.post(add, {**data, "action-publish": "1"}, follow=True)
    first, second = Question.objects.order_by("sort_order")
    assert first.choices == ["À pied", "À vélo, en tribu"]
    assert (second.code, second.shown_if, second.shown_if_answers) == ("q2", "transport", [2])
    assert SurveyPage.objects.get().live


@pytest.mark.parametrize(
    ("condition", "said_so"),
    [
        ({"shown_if": "q2", "shown_if_answers": "1"}, "vient plus tard"),
        ({"shown_if": "rien", "shown_if_answers": "1"}, "Aucune question"),
        ({"shown_if": "q1", "shown_if_answers": "9"}, "Personne ne peut"),
    ],
)
def test_a_condition_that_nobody_could_meet_is_refused_in_words(condition: dict[str, str], said_so: str) -> None:
    editor, asked = entering(RoleKind.ADMINISTRATOR), consultation(PhaseKind.CONTRIBUTE)
    add = reverse("wagtailadmin_pages:add", args=["consult", "surveypage", asked.page.pk])
    answer = editor.post(add, typed({}, condition))
    assert not SurveyPage.objects.exists()
    assert said_so in words(answer)


def test_what_people_answered_is_neither_changed_nor_deleted_in_wagtail() -> None:
    asks, editor = survey(), entering(RoleKind.ADMINISTRATOR)
    answered(asks, 1)
    edit = reverse("wagtailadmin_pages:edit", args=[asks.pk])
    assert editor.get(edit).status_code == 200
    answer = editor.post(edit, {**typed({}), "action-publish": "1"})
    assert "Des personnes ont répondu" in words(answer)
    editor.post(reverse("wagtailadmin_pages:delete", args=[asks.pk]))
    assert SurveyPage.objects.filter(pk=asks.pk).exists()
    editor.post(reverse("wagtailadmin_pages:delete", args=[consultation_above(asks).page_id]))
    assert SurveyPage.objects.filter(pk=asks.pk).exists()


def test_an_editor_previews_it_whole() -> None:
    asks = survey()
    editor = entering(RoleKind.ADMINISTRATOR)
    answer = editor.get(reverse("wagtailadmin_pages:view_draft", args=[asks.pk]))
    assert "Question velo ?" in words(answer)
