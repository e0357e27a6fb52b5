"""One's own account: seen, renamed, copied, closed; by its owner only."""

import pytest

from accounts import actions, personal_data
from accounts.choices import RoleKind
from accounts.models import User
from letters.models import Letter
from tests.factories import OfficeFactory, ServiceFactory

pytestmark = pytest.mark.django_db
PASSWORD = "trois mots rien qu’à moi"


@pytest.fixture
def nadia(client):
    person = actions.create_person(email="nadia@demo.example", name="Nadia", password=PASSWORD, by=None)
    client.post("/compte/connexion/", {"login": person.email, "password": PASSWORD})
    return person


@pytest.mark.parametrize(
    "path", ["", "nom/", "mes-donnees/", "fermer/", "adresse/", "mot-de-passe/", "second-facteur/"]
)
def test_a_visitor_is_led_to_sign_in(client, path):
    assert client.get(f"/compte/{path}").url.startswith("/compte/connexion/")


@pytest.mark.parametrize("path", ["", "nom/", "mes-donnees/"])
def test_no_cache_keeps_these_pages(client, nadia, path):
    assert "no-store" in client.get(f"/compte/{path}").headers["Cache-Control"]


def test_the_account_says_who_i_am_and_what_i_may_do(client, nadia, django_assert_max_num_queries):
    for number in range(12):
        actions.grant(nadia, RoleKind.CLERK, office=OfficeFactory(name=f"Guichet n° {number}"), by=None)
    actions.grant(nadia, RoleKind.SERVICE_OWNER, service=ServiceFactory(name="Cantine"), by=None)
    with django_assert_max_num_queries(14):
        page = client.get("/compte/").text
    assert "nadia@demo.example" in page
    assert "Cantine" in page
    assert page.count("Guichet n°") == 12
    assert 'href="/pilotage/"' in page


def test_a_name_is_changed_and_an_empty_one_refused(client, nadia):
    assert client.post("/compte/nom/", {"name": "  "}).status_code == 200
    assert client.post("/compte/nom/", {"name": "Nadia B."}).url == "/compte/"
    nadia.refresh_from_db()
    assert nadia.name == "Nadia B."


def test_a_name_cannot_carry_markup_to_the_page(client, nadia):
    client.post("/compte/nom/", {"name": "<b onclick=x>Nadia"})
    assert "<b onclick" not in client.get("/compte/").text


def test_the_copy_holds_everything_and_what_rooms_add(client, nadia, monkeypatch):
    monkeypatch.setattr(personal_data, "_copiers", {})
    personal_data.declare("fiches", lambda user: [{"reference": user.pk}])
    answer = client.get("/compte/mes-donnees/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.json()["account"]["email"] == "nadia@demo.example"
    assert answer.json()["fiches"] == [{"reference": nadia.pk}]


def test_closing_asks_who_it_is_then_erases_and_signs_out(client, nadia):
    assert client.get("/compte/fermer/").url.startswith("/compte/verification/")
    assert User.objects.get(pk=nadia.pk).is_active
    client.post("/compte/verification/", {"password": PASSWORD, "next": "/compte/fermer/"})
    assert client.get("/compte/fermer/").status_code == 200
    client.post("/compte/fermer/")
    nadia.refresh_from_db()
    assert not nadia.is_active
    assert client.get("/compte/").status_code == 302


def test_closing_withdraws_the_letters_about_the_account_and_leaves_those_about_fiches(client, nadia):
    from letters.actions import promise

    client.post("/compte/mot-de-passe/oublie/", {"email": nadia.email})
    promise("feedback.receipt", key=1, campaign="fiche:1", recipient=nadia.email, address=nadia.email)
    actions.close_account(nadia, by=nadia)
    kept = {letter.kind: letter.address for letter in Letter.objects.all()}
    assert kept["accounts.reset"] == ""
    assert kept["feedback.receipt"] == "nadia@demo.example"


def test_only_post_closes(client, nadia):
    client.post("/compte/verification/", {"password": PASSWORD, "next": "/compte/fermer/"})
    client.get("/compte/fermer/")
    nadia.refresh_from_db()
    assert nadia.is_active
