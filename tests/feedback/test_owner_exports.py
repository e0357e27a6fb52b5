"""What owners take away: what the page shows and no more, in cells that do not run, with a line in the journal."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.models import Fiche, PainPoint
from journal.models import Entry
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import file, gather
from tests.feedback.test_owner_board import made, many

pytestmark = pytest.mark.django_db
EXPORT = "/pilotage/export.csv"


@pytest.fixture
def service():
    return ServiceFactory(name="Cantine")


@pytest.fixture
def owner(client, service):
    owner = UserFactory(owns=[service], name="Inès R.")
    client.force_login(owner)
    return owner


def table(response):
    """The rows as a French spreadsheet opens them."""
    assert response.status_code == 200
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline=""), delimiter=";"))


def test_the_board_is_taken_away_with_its_filters_and_its_order(client, service, owner):
    made(service, "Petit", count=1)
    made(service, "Grand", count=3)
    made(service, "Fait", count=2, state="done")
    rows = table(client.post(f"{EXPORT}?view=all&sort=size"))
    assert [row["Titre"] for row in rows] == ["Grand", "Fait", "Petit"]
    today = timezone.localdate().isoformat()
    first = [rows[0][name] for name in ("État", "Fiches des 7 derniers jours", "Première fiche")]
    assert first == ["confirmé", "3", today]
    assert [row["Titre"] for row in table(client.post(f"{EXPORT}?state=done"))] == ["Fait"]


def test_every_page_of_the_board_is_in_one_file_for_the_same_queries(client, service, owner):
    client.post(EXPORT)
    many(service, 3)
    few = _queries(client, f"{EXPORT}?view=all", 3)
    many(service, 297)
    assert _queries(client, f"{EXPORT}?view=all", 300) == few <= 10


def test_three_or_three_hundred_passages_cost_the_same_queries(client, service, owner):
    one = made(service, "Redemandé", count=3)
    address = f"/pilotage/irritants/{one.number}/export.csv"
    client.post(address)
    few = _queries(client, address, 3)
    for other in many(service, 60):
        other.memberships.update(pain_point=one)
    assert _queries(client, address, 63) == few <= 10


def _queries(client, address, rows):
    with CaptureQueriesContext(connection) as captured:
        assert len(table(client.post(address))) == rows
    return len(captured)


def test_no_cell_runs_as_a_formula(client, service, owner):
    one = made(service, "Redemandé")
    PainPoint.objects.update(title='=HYPERLINK("http://ailleurs.example";"lire")')
    one.memberships.get().segment.fiche.segments.update(text="@SUM(1+1)*cmd|' /C calc'!A0")
    assert table(client.post(EXPORT))[0]["Titre"].startswith("'=HYPERLINK")
    assert table(client.post(f"/pilotage/irritants/{one.number}/export.csv"))[0]["Passage"].startswith("'@SUM")


def test_the_passages_of_a_pain_point_are_masked(client, service, owner):
    fiche = file(service, "On me rappelle au 06 12 34 56 78 pour la même facture.")
    one = gather(service, fiche, by=owner)
    (row,) = table(client.post(f"/pilotage/irritants/{one.number}/export.csv"))
    assert "06 12 34 56 78" not in row["Passage"]
    assert (row["Service"], row["Canal"], row["Fiche"]) == ("Cantine", "en ligne", fiche.reference)


def test_a_service_that_is_touched_is_not_given_the_numbers_of_the_fiches_of_others(client, service, owner):
    elsewhere = ServiceFactory()
    one = gather(elsewhere, file(elsewhere))
    one.services.add(service)
    (row,) = table(client.post(f"/pilotage/irritants/{one.number}/export.csv"))
    assert row["Passage"]
    assert row["Fiche"] == ""


def test_each_export_leaves_a_line_that_keeps_no_word_typed(client, service, owner):
    one = made(service, "Redemandé", count=2)
    table(client.post(f"{EXPORT}?view=all&state=confirmed&words=Dupont"))
    table(client.post(f"/pilotage/irritants/{one.number}/export.csv"))
    board, passages = Entry.objects.filter(verb__endswith=".exported").order_by("pk")
    assert board.details == {"pain_points": 0, "filters": ["all", "state", "words"]}
    assert (passages.subject_key, passages.details) == (str(one.pk), {"passages": 2})


def test_reading_an_address_exports_nothing(client, owner):
    assert client.get(EXPORT).status_code == 405
    assert not Entry.objects.filter(verb="board.exported").exists()


def test_nobody_else_takes_anything_away(client, service):
    one = made(service, "Redemandé")
    addresses = [EXPORT, f"/pilotage/irritants/{one.number}/export.csv"]
    assert all("next=" in client.post(address).url for address in addresses)
    client.force_login(UserFactory())
    assert [client.post(address).status_code for address in addresses] == [404, 404]
    client.force_login(UserFactory(owns=[ServiceFactory()]))
    assert table(client.post(f"{EXPORT}?view=all")) == []
    assert client.post(addresses[1]).status_code == 404


def test_the_file_is_private_dated_and_named(client, service, owner):
    response = client.post(EXPORT)
    assert {"private", "no-store"} <= set(response["Cache-Control"].replace(" ", "").split(","))
    assert f'filename="irritants-{timezone.localdate()}.csv"' in response["Content-Disposition"]
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_programs_may_ask_for_commas(client, service, owner):
    made(service, "Redemandé")
    content = b"".join(client.post(f"{EXPORT}?separateur=virgule").streaming_content).decode("utf-8-sig")
    assert content.splitlines()[0].startswith("Numéro,Titre,")


def test_the_board_offers_the_export_of_what_it_shows(client, service, owner):
    made(service, "Redemandé")
    page = client.get("/pilotage/?view=all&state=confirmed").content.decode()
    assert 'action="/pilotage/export.csv?view=all&amp;state=confirmed"' in page
    assert 'data-key="E"' in page
    assert Fiche.objects.count() == 1
