"""Who files with an account finds the fiches again, with everything kept about them."""

import pytest

from feedback.actions.intake import submit_fiche
from tests.factories import ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def nadia():
    return UserFactory(name="Nadia")


@pytest.fixture
def mine(nadia):
    return submit_fiche(
        text="Le guichet ferme trop tôt.", service=ServiceFactory(name="Guichet Familles"), author=nadia
    )


def test_my_fiches_are_listed_where_one_follows(client, nadia, mine):
    theirs = submit_fiche(text="Une autre.", service=ServiceFactory(), author=UserFactory())
    client.force_login(nadia)
    page = client.get("/suivi/").content.decode()
    assert mine.reference in page
    assert "Guichet Familles" in page
    assert theirs.reference not in page


def test_a_visitor_sees_no_list(client, mine):
    assert mine.reference not in client.get("/suivi/").content.decode()


def test_my_fiche_opens_without_its_key_and_not_to_somebody_else(client, nadia, mine):
    client.force_login(nadia)
    assert "Le guichet ferme trop tôt." in client.get(f"/suivi/{mine.reference}/").content.decode()
    client.force_login(UserFactory())
    assert "Le guichet ferme trop tôt." not in client.get(f"/suivi/{mine.reference}/").content.decode()


def test_the_copy_of_my_account_holds_my_fiches(client, nadia, mine):
    client.force_login(nadia)
    copy = client.get("/compte/mes-donnees/").json()
    assert [fiche["reference"] for fiche in copy["fiches"]] == [mine.reference]
    assert copy["fiches"][0]["original"]["text"] == "Le guichet ferme trop tôt."
