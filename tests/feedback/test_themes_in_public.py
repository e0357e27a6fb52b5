"""« Vous avez dit » by theme, the API, the export: names that say nothing unpublished, figures that tell of nobody."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.actions import themes
from feedback.models import Membership, PainPoint, Segment, Theme
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import file

pytestmark = pytest.mark.django_db
SAID = "/vous-avez-dit/"


@pytest.fixture
def service():
    return ServiceFactory(name="Cantine", slug="cantine")


def published(service, name, titles, *, fiches=5, is_public=True):
    """Confirmed pain points under one theme, each with fiches of its own."""
    theme = Theme.objects.create(name=name)
    state = {"state": "confirmed", "is_public": is_public}
    made = PainPoint.objects.bulk_create(
        [PainPoint(title=title, service=service, theme=theme, fiche_count=fiches, **state) for title in titles]
    )
    for one in made:
        for n in range(fiches):
            hold(one, file(service, f"{one.title}, c’est la {n}e fois."))
    return theme


def hold(pain_point, fiche):
    position = 50 + Segment.objects.filter(fiche=fiche).count()
    said = Segment.objects.create(fiche=fiche, position=position, start=0, end=1, text="x")
    Membership.objects.create(segment=said, pain_point=pain_point, source="machine")


def headings(response):
    return [(one["label"].replace("\xa0", " "), one["counts"]) for one in response.context["shelves"]]


def test_citizens_are_offered_themes_once_the_list_is_long_and_keep_their_filters(client, service):
    published(service, "Pièces justificatives", [f"Papier {n}" for n in range(5)], fiches=1)
    assert not client.get(SAID).context["ways"]
    published(service, "Accueil et horaires", [f"Porte {n}" for n in range(3)], fiches=1)
    listed = client.get(SAID, {"service": "cantine", "page": "1"})
    address = listed.context["ways"][1]["url"]
    assert address == "?service=cantine&par=theme"
    page = client.get(SAID + address)
    assert headings(page) == [("Accueil et horaires", "3 irritants"), ("Pièces justificatives", "5 irritants")]
    text = page.content.decode()
    assert text.count('<details class="c-shelf" open>') == 1
    assert '<input type="hidden" name="par" value="theme">' in text
    assert text.count('<article class="c-marge">') == 8
    assert client.get(SAID, {"par": "theme", "service": "nulle-part"}).status_code == 200


def test_a_name_drawn_from_unpublished_titles_is_never_said(client, service):
    theme = published(service, "Jaurès", ["Menus de la cantine", "Cantine trop chère"])
    PainPoint.objects.create(title="École Jaurès fermée", service=service, theme=theme, state="confirmed")
    hidden = published(service, "Caché", ["Jamais publié"], is_public=False)
    ((label, _counts),) = headings(client.get(SAID, {"par": "theme"}))
    assert label == "Cantine"
    listed = client.get("/api/v1/pain-points").json()["items"]
    assert {one["theme"]["name"] for one in listed} == {"Cantine"}
    assert hidden.name not in client.get(SAID, {"par": "theme"}).content.decode()
    themes.rename(theme, name="Le midi à l’école", by=UserFactory())
    assert headings(client.get(SAID, {"par": "theme"}))[0][0] == "Le midi à l’école"


def test_fiches_are_counted_only_where_they_tell_of_nobody(client, service):
    published(service, "Emploi", ["Radié", "Convoqué"], fiches=6)
    published(service, "Santé", ["Borne", "Attente"], fiches=4)
    shared = published(service, "Cadre de vie", ["Poubelles", "Trottoirs"], fiches=6)
    one, other = shared.pain_points.order_by("pk")
    hold(other, one.memberships.first().segment.fiche)  # one person said both: nobody reads it by subtraction
    found = dict(headings(client.get(SAID, {"par": "theme"})))
    assert found["Emploi"] == "2 irritants, 12 fiches"
    assert found["Santé"] == "2 irritants"
    assert found["Cadre de vie"] == "2 irritants"


def test_the_api_gives_the_theme_or_null(client, service):
    theme = published(service, "Santé", ["Borne en panne"])
    loose = PainPoint.objects.create(title="Seul", service=service, state="confirmed", is_public=True)
    by_number = {one["number"]: one["theme"] for one in client.get("/api/v1/pain-points").json()["items"]}
    number = theme.pain_points.get().number
    assert by_number == {number: {"id": theme.pk, "name": "Santé"}, loose.number: None}
    assert client.get(f"/api/v1/pain-points/{number}").json()["theme"]["name"] == "Santé"
    assert client.get(f"/api/v1/pain-points/{loose.number}").json()["theme"] is None


def test_the_export_of_the_board_has_the_theme_last(client, service):
    published(service, "Santé", ["Borne en panne"])
    published(service, "", ["Menu froid"])
    client.force_login(UserFactory(owns=[service]))
    sent = client.post("/pilotage/export.csv?view=all").getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sent), delimiter=";"))
    assert rows[0][-1] == "Thème"
    assert {row[1]: row[-1].replace("\xa0", " ") for row in rows[1:]} == {
        "Borne en panne": "Santé",
        "Menu froid": "Autour de « Menu froid »",
    }


@pytest.mark.parametrize("address", [f"{SAID}?par=theme", SAID, "/api/v1/pain-points"])
def test_as_many_questions_for_few_themes_as_for_many(client, service, address):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    for n in range(3):
        published(service, f"Peu {n}", [f"Un {n}", f"Deux {n}"], fiches=1)
    asked()  # what is read once for all pages
    few = asked()
    for n in range(9):
        published(service, f"Beaucoup {n}", [f"Sujet {n}, {m}" for m in range(6)], fiches=1)
    assert asked() == few <= 20
