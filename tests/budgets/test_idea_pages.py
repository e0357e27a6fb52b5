"""Ideas at the door: the list, the form, the draft, the support, the photo; and what must not get through."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from consult.budgets.actions.suggestions import withdraw
from consult.budgets.choices import BudgetPhaseKind, SuggestionState
from consult.budgets.models import Budget, Envelope, Suggestion, SuggestionDraft, Support
from consult.people import participant_of
from moderation.choices import Timing
from tests.budgets import world
from tests.budgets.ideas import BODY, TITLE, idea, prepared
from tests.consult.test_page import words
from tests.consult.test_proposing import LIVE
from tests.consult.test_texts import HOSTILE
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def address(asked: Budget, end: str = "") -> str:
    return f"/budgets/{asked.page.slug}/idees/{end}"


def typed(asked: Budget, **answers: object) -> dict[str, object]:
    said = {"title": TITLE, "body": BODY, "envelope": str(world.envelope_of(asked).pk), "key": str(uuid4())}
    return {**said, **answers}


def picture(kind: str = "JPEG", **more: object) -> SimpleUploadedFile:
    """A photograph that says where it was taken."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Marque secrète"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (60, 40), "green").save(made, kind, **({"exif": exif} if kind == "JPEG" else {}), **more)
    return SimpleUploadedFile("chez moi.jpg", made.getvalue())


def test_an_idea_is_filed_from_its_form_and_read_at_its_address(client):
    asked = world.budget()
    client.force_login(UserFactory(name="Nadia B."))
    assert "Votre idée" in words(client.get(address(asked, "nouvelle/")))
    answers = typed(asked, place="Cour du Moulin", latitude="48,853410", longitude="2.3488", cost="12 500 €")
    page = words(client.post(address(asked, "nouvelle/"), answers, follow=True))
    for said in ("numéro 1", TITLE, "Nadia B.", "Cour du Moulin", "48.85341, 2.34880", "12 500 €"):
        assert said in page
    again = client.post(address(asked, "nouvelle/"), answers)
    assert again.url == address(asked, "1/")
    assert Suggestion.objects.count() == 1


def test_what_is_wrong_is_said_and_what_was_typed_stays(client):
    asked = world.budget()
    client.force_login(UserFactory())
    for wrong in (
        {"title": " \u202e "},
        {"title": "x" * 121},
        {"body": ""},
        {"envelope": "987654"},
        {"latitude": "48.8"},
        {"latitude": "91", "longitude": "2"},
        {"latitude": "NaN", "longitude": "2"},
        {"latitude": "1e999", "longitude": "Infinity"},
        {"cost": "12.500"},
        {"cost": "-3"},
        {"cost": "9" * 13},
        {"photo": SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>"), "photo_description": "Un dessin"},
        {"photo": SimpleUploadedFile("a.pdf", b"%PDF-1.4 %%EOF"), "photo_description": "Un plan"},
        {"photo": picture()},
    ):
        response = client.post(address(asked, "nouvelle/"), typed(asked, **wrong))
        assert response.status_code == 422, wrong
        assert "Planter des tilleuls" in words(response) or "title" in wrong
    assert not Suggestion.objects.exists()


def test_a_photo_loses_what_the_camera_wrote_and_follows_the_right_to_read(client):
    asked, author = world.budget(), UserFactory()
    asked.page.moderation = Timing.BEFORE
    asked.page.save()
    client.force_login(author)
    answers = typed(asked, photo=picture(), photo_description="La cour en plein soleil")
    client.post(address(asked, "nouvelle/"), answers)
    response = client.get(address(asked, "1/photo/"))
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    with Image.open(io.BytesIO(response.content)) as kept:
        assert not kept.getexif()
        assert b"Marque" not in response.content
    assert 'alt="La cour en plein soleil"' in client.get(address(asked, "1/")).content.decode()
    client.logout()
    for end in ("1/", "1/photo/"):
        assert client.get(address(asked, end)).status_code == 404


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_typed_runs(client, hostile):
    asked = world.budget()
    said = {"title": hostile[:120] or "x", "body": hostile, "place": hostile[:160]}
    idea(asked, said["title"], body=said["body"], place=said["place"], photo_description=hostile)
    for end in ("", "1/"):
        page = client.get(address(asked, end)).content.decode()
        assert not [tag for tag in LIVE if tag in page]


def test_the_draft_is_kept_and_what_is_near_is_supported_in_one_act(client):
    asked, someone = world.budget(), UserFactory()
    for title in ("Un skatepark couvert", "Des bancs sur la Lorne", "Une fontaine au marché"):
        idea(asked, title, body="Une phrase.")
    near = idea(asked)
    client.force_login(someone)
    answers = typed(asked, title="Des arbres dans la cour de l’école")
    assert TITLE in words(client.post(address(asked, "proches/"), answers))
    assert "Brouillon gardé" in words(client.post(address(asked, "brouillon/"), answers))
    page = words(client.post(address(asked, "nouvelle/"), {**answers, "support": str(near.number)}, follow=True))
    assert "Vous soutenez l’idée n° 4" in page
    assert Support.objects.get().participant.user == someone
    assert SuggestionDraft.objects.get().typed["title"] == "Des arbres dans la cour de l’école"
    assert "Des arbres dans la cour de l’école" in client.get(address(asked, "nouvelle/")).content.decode()
    assert "Brouillon gardé" in words(client.post(address(asked, "nouvelle/"), {**answers, "draft": "1"}))


def test_a_support_is_given_and_taken_back_by_a_button(client):
    asked = world.budget()
    idea(asked)
    assert client.post(address(asked, "1/soutenir/")).url.startswith("/compte/")
    client.force_login(UserFactory())
    for _each in range(2):
        page = words(client.post(address(asked, "1/soutenir/"), follow=True))
    assert "<strong>1</strong> soutien" in page
    assert "Vous soutenez cette idée" in page
    client.post(address(asked, "1/soutenir/"), {"act": "retirer"})
    assert not Support.objects.exists()


def test_closed_it_says_since_when_and_gives_the_words_back(client):
    asked = world.budget(BudgetPhaseKind.STUDY)
    assert "fermée" in words(client.get(address(asked, "nouvelle/"))) or "close" in words(
        client.get(address(asked, "nouvelle/"))
    )
    client.force_login(UserFactory())
    response = client.post(address(asked, "nouvelle/"), typed(asked))
    assert response.status_code == 409
    assert BODY in words(response)


def test_the_author_withdraws_with_a_reason(client):
    asked, author = world.budget(), UserFactory()
    idea(asked, by=author)
    client.force_login(UserFactory())
    assert client.get(address(asked, "1/retirer/")).status_code == 404
    client.force_login(author)
    assert client.post(address(asked, "1/retirer/"), {"reason": " "}).status_code == 422
    page = words(client.post(address(asked, "1/retirer/"), {"reason": "Déjà fait."}, follow=True))
    assert "Déjà fait." in page
    assert Suggestion.objects.get().state == SuggestionState.WITHDRAWN
    assert TITLE not in words(client.get(address(asked)))


def test_the_list_is_filtered_by_what_is_allowed_and_nothing_else(client):
    asked = world.budget()
    other = Envelope.objects.create(page=asked.page, title="Faubourg", kind="territory", amount=100)
    first, second = idea(asked), idea(asked, "Un four à pain", body="Au Faubourg.", envelope=other)
    idea(asked, "Des bancs", body="Partout.")
    prepared(asked, first)
    for query, seen, gone in (
        (f"?enveloppe={other.pk}", "Un four à pain", TITLE),
        ("?enveloppe=aucune", "Des bancs", "Un four"),
        ("?etat=projet", TITLE, "Des bancs"),
        ("?etat=a-regrouper", "Des bancs", TITLE),
        ("?q=fours", "Un four à pain", "Des bancs"),
        ("?q=%27%29%3B+drop", "Aucune idée", "Des bancs"),
    ):
        page = words(client.get(address(asked) + query))
        assert seen in page, query
        assert gone not in page, query
    everything = words(client.get(address(asked) + "?enveloppe=abc&author=1&ordre=cost&page=-3"))
    assert second.title in everything
    assert "Des bancs" in everything


def test_an_idea_hidden_or_of_a_draft_budget_does_not_exist(client):
    asked = world.budget()
    idea(asked)
    assert client.get(address(asked, "1/")).status_code == 200
    assert client.get(address(asked, f"{2**40}/")).status_code == 404
    asked.page.unpublish()
    for end in ("", "1/", "nouvelle/"):
        assert client.get(address(asked, end)).status_code == 404


@pytest.mark.parametrize("many", [3, 60])
def test_lists_and_pages_ask_as_many_questions_whatever_their_length(client, django_assert_max_num_queries, many):
    asked, someone = world.budget(), UserFactory()
    ideas = [idea(asked, f"{TITLE} {nth}", by=someone, at=(48 + nth / 1000, 2 + nth / 1000)) for nth in range(many)]
    for one in ideas[:20]:
        prepared(asked, *ideas[: many // 2], one)
    client.force_login(UserFactory())
    participant_of(someone)
    for end, most in (("", 18), ("1/", 20), ("?page=2", 18)):
        client.get(address(asked, end))
        with django_assert_max_num_queries(most):
            client.get(address(asked, end))


def test_places_to_choose_from_are_those_that_anybody_may_read(client):
    asked = world.budget()
    for place, shown in (("Stade", True), ("École du Moulin", True), ("Chez le voisin", False)):
        filed = idea(asked)
        Suggestion.objects.filter(pk=filed.pk).update(place=place, latitude="48.85", longitude="2.34")
        if not shown:
            withdraw(filed, reason="Je me suis trompé.", by=filed.author)
    client.force_login(UserFactory())
    page = client.get(address(asked, "nouvelle/")).content.decode()
    assert page.index("École du Moulin") < page.index("Stade")
    assert "Chez le voisin" not in page
