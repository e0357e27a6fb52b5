"""The pages of whoever answers: the form, reading again, sending, the print tray; and who may not enter."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.actions import triage
from feedback.actions.answering import answer_pain_point
from feedback.actions.printing import mark_printed
from feedback.choices import Outcome, PainPointState
from feedback.models import Answer, AnswerTemplate, PainPoint, Recipient
from journal.models import Entry
from letters.choices import LetterState
from letters.models import Letter
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import CHANGES, file, gather

pytestmark = pytest.mark.django_db

SAID = {"outcome": "planned", "changes": CHANGES, "planned_for": "2090-02-01", "follow_up_weeks": "4"}


@pytest.fixture
def canteen():
    return ServiceFactory(name="Cantine scolaire")


@pytest.fixture
def owner(canteen, client):
    owner = UserFactory(owns=[canteen])
    client.force_login(owner)
    return owner


@pytest.fixture
def pain_point(canteen, owner):
    return gather(canteen, file(canteen, email="nadia@demo.example"), file(canteen), by=owner)


def answer_path(pain_point):
    return f"/pilotage/irritants/{pain_point.pk}/repondre/"


def test_nothing_leaves_before_it_was_read_again(client, pain_point):
    page = client.post(answer_path(pain_point), {**SAID, "step": "preview"})
    assert page.status_code == 200
    assert CHANGES in page.content.decode()
    assert not Answer.objects.exists()
    response = client.post(answer_path(pain_point), {**SAID, "step": "send"})
    assert response.url == f"/pilotage/irritants/{pain_point.pk}/"
    pain_point.refresh_from_db()
    assert (pain_point.state, str(pain_point.planned_for)) == (PainPointState.PLANNED, "2090-02-01")


def test_the_preview_carries_all_that_was_typed_to_the_sending(client, pain_point):
    first = client.get(answer_path(pain_point)).context["form"]
    typed = {**SAID, "does_not_change": "La CAF garde sa demande.", "publish": "on", "seen": first["seen"].value()}
    page = client.post(answer_path(pain_point), {**typed, "step": "preview"})
    hidden = {field.name: field.value() for field in page.context["form"]}
    client.post(answer_path(pain_point), {**{k: v for k, v in hidden.items() if v}, "step": "send"})
    answer = Answer.objects.get()
    assert answer.does_not_change == "La CAF garde sa demande."
    assert answer.follow_up_weeks == 4
    assert answer.pain_point.is_public


@pytest.mark.parametrize(
    "fault",
    [{"outcome": ""}, {"changes": " "}, {"planned_for": ""}, {"planned_for": "2001-01-01"}, {"planned_for": "demain"}],
)
def test_a_fault_is_said_and_what_was_typed_stays(client, pain_point, fault):
    page = client.post(answer_path(pain_point), {**SAID, "does_not_change": "Mots gardés", **fault, "step": "send"})
    assert page.status_code == 422
    assert "Mots gardés" in page.content.decode()
    assert not Answer.objects.exists()


def test_correcting_comes_back_to_the_form_with_the_words(client, pain_point):
    page = client.post(answer_path(pain_point), {**SAID, "step": "edit"}).content.decode()
    assert CHANGES in page
    assert 'value="preview"' in page


def test_sending_twice_gives_one_answer_and_the_same_page(client, pain_point):
    responses = [client.post(answer_path(pain_point), {**SAID, "step": "send"}) for _ in range(2)]
    assert [response.status_code for response in responses] == [302, 302]
    assert Answer.objects.count() == 1


def test_an_old_page_does_not_answer_over_a_colleague_and_keeps_the_words(client, pain_point, canteen):
    seen = client.get(answer_path(pain_point)).context["form"]["seen"].value()
    answer_pain_point(pain_point, outcome=Outcome.DONE, changes="Déjà dit.", by=UserFactory(owns=[canteen]))
    page = client.post(answer_path(pain_point), {**SAID, "seen": seen, "step": "send"})
    assert page.status_code == 409
    assert CHANGES in page.content.decode()
    assert Answer.objects.count() == 1


def test_several_pain_points_are_answered_together(client, pain_point, canteen, owner):
    other = gather(canteen, file(canteen), by=owner, title="Autre")
    PainPoint.objects.filter(pk=other.pk).update(state=PainPointState.SUGGESTED)
    path = f"/pilotage/repondre/?irritants={pain_point.pk},{other.pk}"
    assert "Autre" in client.get(path).content.decode()
    assert client.post(path, {**SAID, "step": "send"}).url == "/pilotage/reponses/"
    assert Answer.objects.count() == 2
    assert client.get("/pilotage/repondre/").status_code == 404


def test_a_state_that_takes_no_answer_says_what_to_do(client, pain_point, owner):
    answer_pain_point(pain_point, outcome=Outcome.REFUSED, changes="Non.", by=owner)
    page = client.get(answer_path(pain_point))
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()


def test_the_board_may_propose_an_outcome_and_a_template_its_words(client, pain_point, canteen):
    client.post(
        "/pilotage/reponses/modeles/", {"service": canteen.pk, "name": "Copie unique", "changes": "Une copie suffit."}
    )
    template = AnswerTemplate.objects.get()
    page = client.get(answer_path(pain_point), {"outcome": "refused", "modele": template.pk})
    assert page.context["form"]["outcome"].value() == "refused"
    assert "Une copie suffit." in page.content.decode()
    assert "Copie unique" in client.get("/pilotage/reponses/modeles/").content.decode()
    client.post(f"/pilotage/reponses/modeles/{template.pk}/supprimer/")
    assert not AnswerTemplate.objects.exists()


def test_a_template_kept_under_the_same_name_is_replaced(client, canteen, owner):
    for words in ("Avant.", "Après."):
        client.post("/pilotage/reponses/modeles/", {"service": canteen.pk, "name": "Copie", "changes": words})
    assert AnswerTemplate.objects.get().changes == "Après."


@pytest.fixture
def on_paper(canteen, owner):
    """Three people who wrote on paper, answered."""
    fiches = [file(canteen, postal_name=f"M. Lopez {rank}\n3 rue Haute\n99000 Valbourg") for rank in range(3)]
    answer_pain_point(gather(canteen, *fiches, by=owner), outcome=Outcome.DONE, changes=CHANGES, by=owner)
    return list(Letter.objects.filter(channel="print").order_by("pk"))


def test_paper_letters_wait_in_the_tray_are_printed_and_leave_it_once(client, on_paper):
    assert "M. Lopez 1" in client.get("/pilotage/courriers/").content.decode()
    keys = [letter.pk for letter in on_paper[:2]]
    sheets = client.get("/pilotage/courriers/imprimer/", {"lettre": keys}).content.decode()
    assert sheets.count('class="f-sheet"') == 2
    assert "3 rue Haute" in sheets
    assert CHANGES in sheets
    for _ in range(2):
        assert client.post("/pilotage/courriers/imprimes/", {"lettre": keys}).status_code == 302
    assert list(Letter.objects.filter(state=LetterState.SENT, channel="print").values_list("pk", flat=True)) == keys
    assert Entry.objects.filter(verb="letter.printed").count() == 2
    assert "M. Lopez 1" not in client.get("/pilotage/courriers/").content.decode()
    assert client.get("/pilotage/courriers/imprimer/", {"lettre": [keys[0], "rubbish"]}).status_code == 302


def test_looking_at_the_sheets_does_not_print_them(client, on_paper):
    client.get("/pilotage/courriers/imprimer/", {"lettre": [letter.pk for letter in on_paper]})
    assert not Letter.objects.filter(channel="print", state=LetterState.SENT).exists()


def test_letters_of_another_service_are_neither_seen_nor_marked(client, on_paper):
    stranger = UserFactory(owns=[ServiceFactory()])
    client.force_login(stranger)
    assert "Lopez" not in client.get("/pilotage/courriers/").content.decode()
    assert client.get("/pilotage/courriers/imprimer/", {"lettre": on_paper[0].pk}).status_code == 302
    assert mark_printed([letter.pk for letter in on_paper], by=stranger) == 0


def test_the_list_of_answers_says_who_heard_and_out_of_how_many(client, pain_point, owner):
    answer_pain_point(pain_point, outcome=Outcome.DONE, changes=CHANGES, by=owner)
    Letter.objects.filter(kind="feedback.answer").update(state=LetterState.UNKNOWN)
    (row,) = client.get("/pilotage/reponses/").context["rows"]
    assert (row.told, row.promised, row.sent, row.unknown) == (2, 1, 0, 1)


def paths(pain_point):
    yield answer_path(pain_point)
    yield f"/pilotage/repondre/?irritants={pain_point.pk}"


def test_who_is_of_another_service_meets_what_does_not_exist(client, pain_point):
    client.force_login(UserFactory(owns=[ServiceFactory()]))
    for path in paths(pain_point):
        assert client.get(path).status_code == 404
        assert client.post(path, {**SAID, "step": "send"}).status_code == 404
    assert not Answer.objects.exists()


def test_a_citizen_meets_nothing_and_a_visitor_is_asked_to_sign_in(client, pain_point):
    own = ["/pilotage/reponses/", "/pilotage/reponses/modeles/", "/pilotage/courriers/", *paths(pain_point)]
    client.force_login(UserFactory())
    assert {client.get(path).status_code for path in own} == {404}
    client.logout()
    assert {client.get(path).status_code for path in own} == {302}


def test_a_service_that_is_only_touched_reads_but_does_not_answer(client, pain_point):
    touched = ServiceFactory()
    pain_point.services.add(touched)
    client.force_login(UserFactory(owns=[touched]))
    assert client.get(answer_path(pain_point)).status_code == 404


def test_three_or_three_hundred_answers_cost_the_same_questions(client, canteen, owner):
    counts = []
    for more in (3, 297):
        rows = PainPoint.objects.bulk_create(
            [PainPoint(title=f"Irritant {rank}", service=canteen, state="done") for rank in range(more)]
        )
        Answer.objects.bulk_create(
            [Answer(pain_point=row, outcome="done", changes="Fait.", author=owner) for row in rows]
        )
        client.get("/pilotage/reponses/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/pilotage/reponses/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_three_or_sixty_letters_cost_the_same_questions(client, canteen, owner):
    fiche = file(canteen, postal_name="M. Lopez")
    pain_point = gather(canteen, fiche, by=owner)
    counts = []
    for more in (3, 57):
        answers = Answer.objects.bulk_create(
            [Answer(pain_point=pain_point, outcome="done", changes="Fait.", author=owner) for _ in range(more)]
        )
        told = Recipient.objects.bulk_create([Recipient(answer=answer, fiche=fiche) for answer in answers])
        Letter.objects.bulk_create(
            [
                Letter(
                    kind="feedback.answer",
                    key=one.pk,
                    campaign=f"answer:{one.answer_id}",
                    channel="print",
                    recipient_key="x",
                    message_id=f"<{one.pk}@x>",
                )
                for one in told
            ]
        )
        client.get("/pilotage/courriers/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/pilotage/courriers/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_an_answer_of_a_dismissed_pain_point_cannot_be_given(client, pain_point, owner):
    triage.dismiss(pain_point, by=owner)
    page = client.post(answer_path(pain_point), {**SAID, "step": "send"})
    assert page.status_code == 409
    assert not Answer.objects.exists()
