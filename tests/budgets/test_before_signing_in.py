"""What is pressed or written before signing in, or without an account, is not lost; the photo of a refused form too."""

import re

import pytest
from django.test import Client

from consult.budgets.actions import idea_drafts
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.models import Budget, BudgetPhase, Suggestion, SuggestionDraft, Support
from consult.choices import Level
from consult.models import Participant, VisitorAct
from consult.people import email_key, participant_of
from consult.personal_data import erase_visitor
from consult.visitor_letters import CONFIRM, render_confirm
from letters.models import Letter
from tests.budgets import world
from tests.budgets.ideas import TITLE, idea
from tests.budgets.test_idea_pages import address, picture, typed
from tests.consult.test_page import words
from tests.consult.test_visitors import links, press
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LEA = "lea@mairie.example"


def open_to_visitors() -> Budget:
    asked = world.budget()
    BudgetPhase.objects.filter(page=asked.page).update(level=Level.VISITOR)
    return asked


def give(client: Client, asked: Budget, **more: str):
    answers = {"email": LEA, "name": "Léa M.", **more}
    return client.post(f"/budgets/{asked.page.slug}/courriel/", answers, follow=True)


def test_a_support_pressed_before_signing_in_waits_for_the_account(client):
    asked = world.budget()
    idea(asked)
    assert "connectez" in words(client.get(address(asked, "1/")))
    assert client.post(address(asked, "1/soutenir/")).url.startswith("/compte/")
    client.force_login(UserFactory())
    page = words(client.get(address(asked, "1/")))
    assert "Vous aviez appuyé avant de vous connecter" in page
    assert not Support.objects.exists()  # reading a page gives nothing
    page = words(client.post(address(asked, "1/soutenir/"), follow=True))
    assert "Vous soutenez cette idée" in page
    assert "Vous aviez appuyé" not in page
    assert Support.objects.count() == 1


def test_a_support_without_an_account_counts_once_the_mailbox_confirms_it(client):
    asked = open_to_visitors()
    idea(asked)
    assert "sans compte" in words(client.get(address(asked, "1/")))
    shown = words(client.post(address(asked, "1/soutenir/"), follow=True))
    assert f"1. {TITLE}" in shown
    assert 'name="name"' not in shown  # a support bears no name
    assert "Votre soutien ne compte pas encore" in words(give(client, asked))
    assert not Support.objects.exists()
    letter = render_confirm(Letter.objects.get(kind=CONFIRM)).text
    assert asked.page.title in letter
    assert TITLE not in letter  # somebody else may have typed the address
    answer = press(client, links()[0])
    assert answer.redirect_chain[-1][0] == f"{address(asked, '1/')}#soutien"
    assert "Vous soutenez cette idée" in words(answer)
    assert Support.objects.get().participant.email_key == email_key(LEA)
    assert VisitorAct.objects.get().typed == ""
    # Known on this device: taken back and given again without a letter; read again, then erased with the address.
    client.post(address(asked, "1/soutenir/"), {"act": "retirer"})
    assert not Support.objects.exists()
    client.post(address(asked, "1/soutenir/"))
    assert TITLE in words(client.get("/consultations/mes-contributions/"))
    erase_visitor(Participant.objects.get(email_key=email_key(LEA)))
    assert not Support.objects.exists()


def test_an_idea_without_an_account_is_filed_once_confirmed_and_is_theirs(client):
    asked = open_to_visitors()
    page = words(client.get(address(asked, "nouvelle/")))
    assert "sans compte" in page
    assert 'type="file"' not in page
    answers = typed(asked, place="Cour du Moulin", latitude="48.85", longitude="2.35", cost="12 500")
    assert client.post(address(asked, "nouvelle/"), {**answers, "title": ""}).status_code == 422
    assert TITLE in words(client.post(address(asked, "nouvelle/"), answers, follow=True))
    assert TITLE in client.get(address(asked, "nouvelle/")).content.decode()  # they come back to it: nothing is lost
    give(client, asked)
    assert not Suggestion.objects.exists()
    answer = press(client, links()[0])
    assert answer.redirect_chain[-1][0] == address(asked, "1/")
    filed = Suggestion.objects.get()
    assert (filed.author.name, filed.place, filed.cost) == ("Léa M.", "Cour du Moulin", 12_500_00)
    assert str(filed.latitude) == "48.85000"
    assert 'type="file"' in words(client.get(address(asked, "nouvelle/")))  # known now: a photo may be added
    assert client.get(address(asked, "1/retirer/")).status_code == 200
    assert Client().get(address(asked, "1/retirer/")).status_code == 302


def test_closed_or_kept_for_accounts_meanwhile_nothing_is_done_and_the_words_are_given_back(client):
    asked = open_to_visitors()
    client.post(address(asked, "nouvelle/"), typed(asked))
    give(client, asked)
    BudgetPhase.objects.filter(page=asked.page, kind=BudgetPhaseKind.IDEAS).update(level=Level.ACCOUNT)
    answer = press(client, links()[0])
    assert answer.status_code == 409
    assert "un compte. Connectez-vous" in words(answer)
    BudgetPhase.objects.filter(page=asked.page, kind=BudgetPhaseKind.IDEAS).update(
        opens_at="2026-11-01T08:00:00+01:00", closes_at="2026-11-02T20:00:00+01:00"
    )
    answer = press(client, links()[0])
    assert "fermée, depuis le 2 novembre 2026 à 20 h" in words(answer)
    assert TITLE in words(answer)
    assert not Suggestion.objects.exists()
    refused = Client().post(address(asked, "nouvelle/"), typed(asked))
    assert refused.status_code == 409
    assert TITLE in words(refused)


def test_a_form_sent_after_the_session_ended_is_given_back_after_signing_in(client):
    asked = world.budget()
    assert client.post(address(asked, "nouvelle/"), typed(asked)).url.startswith("/compte/")
    client.force_login(UserFactory())
    assert TITLE in client.get(address(asked, "nouvelle/")).content.decode()
    client.post(address(asked, "nouvelle/"), typed(asked))
    assert TITLE not in client.get(address(asked, "nouvelle/?vide=1")).content.decode()


def kept_photo(page: str) -> str:
    return re.search(r'name="photo_kept" value="([^"]+)"', page)[1]


def test_the_photo_of_a_refused_form_goes_with_the_idea_and_is_its_authors_alone(client):
    asked, author = world.budget(), UserFactory()
    client.force_login(author)
    answer = client.post(address(asked, "nouvelle/"), typed(asked, title="", photo=picture()))
    assert answer.status_code == 422
    draft = SuggestionDraft.objects.get()
    assert draft.purge_on
    shown = client.get(address(asked, "brouillon/photo/"))
    assert shown["Content-Type"] == "image/jpeg"
    assert b"Marque" not in shown.content
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get(address(asked, "brouillon/photo/")).status_code == 404
    # A description is asked for, and the photo is not chosen again.
    again = typed(asked, photo_kept=kept_photo(answer.content.decode()))
    assert client.post(address(asked, "nouvelle/"), again).status_code == 422
    client.post(address(asked, "nouvelle/"), {**again, "photo_description": "La cour"})
    filed = Suggestion.objects.get()
    with filed.photo.open("rb") as photo:
        assert photo.read() == shown.content
    assert not SuggestionDraft.objects.exists()


def test_a_kept_photo_is_replaced_left_out_or_forgotten(client, django_capture_on_commit_callbacks):
    asked, author = world.budget(), UserFactory()
    client.force_login(author)
    with django_capture_on_commit_callbacks(execute=True):
        first = client.post(address(asked, "nouvelle/"), typed(asked, title="", photo=picture())).content.decode()
        before = SuggestionDraft.objects.get().photo
        client.post(address(asked, "nouvelle/"), typed(asked, title="", photo=picture("PNG")))
    after = SuggestionDraft.objects.get().photo
    assert not before.storage.exists(before.name)
    assert after.storage.exists(after.name)
    # The form of another tab showed the first one: the idea leaves with none rather than with another.
    client.post(address(asked, "nouvelle/"), typed(asked, photo_kept=kept_photo(first), photo_description="La cour"))
    assert not Suggestion.objects.get().photo
    with django_capture_on_commit_callbacks(execute=True):
        idea_drafts.keep(asked, typed(asked), by=participant_of(author), photo=None)
        page = client.post(address(asked, "nouvelle/"), typed(asked, title="", photo=picture())).content.decode()
        told = typed(asked, photo_kept=kept_photo(page), without_photo="on", photo_description="La cour")
        client.post(address(asked, "nouvelle/"), told)
    assert not Suggestion.objects.latest("pk").photo
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address(asked, "nouvelle/"), typed(asked, draft="1", photo=picture()))
        last = SuggestionDraft.objects.get()
        assert idea_drafts.purge(today=last.purge_on) == 1
    assert not last.photo.storage.exists(last.photo.name)
