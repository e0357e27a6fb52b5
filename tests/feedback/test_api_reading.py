"""What programs read is what anybody reads on the pages, by stable pages of bounded size; errors are documents."""

import json

import pytest
from django.core.exceptions import BadRequest
from django.test import Client

from feedback.actions import answering, triage
from feedback.actions.intake import submit_fiche
from feedback.choices import Outcome
from feedback.figures import FEW
from feedback.models import PainPoint
from tests.factories import OfficeFactory, ServiceFactory, UserFactory
from tests.feedback.scenes import CHANGES, file, gather

pytestmark = pytest.mark.django_db
CANARY = "Zyxwvut"
PROBLEM = "application/problem+json"


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def service():
    return ServiceFactory(slug="mediatheque", name="Médiathèque")


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service])


def get(client, path, status=200):
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == status, response.content
    if status >= 400:
        assert response["Content-Type"] == PROBLEM
        assert response.json()["status"] == status
    return response.json()


def published(service, owner, count=1, title="Fermé le lundi", **details):
    fiches = [
        file(service, f"La médiathèque ferme le lundi, jour de repos, fois {n}.", **details) for n in range(count)
    ]
    pain_point = gather(service, *fiches, by=owner, title=title)
    triage.publish(pain_point, by=owner)
    pain_point.refresh_from_db()
    return pain_point


def test_services_come_by_pages_each_once_in_order(client):
    for n in range(7):
        ServiceFactory(slug=f"service-{n:02}")
    seen, cursor = [], ""
    while cursor is not None:
        page = get(client, f"services?limit=3&cursor={cursor}")
        seen += [one["slug"] for one in page["items"]]
        cursor = page["next"]
    assert seen == [f"service-{n:02}" for n in range(7)]


def test_a_service_tells_what_its_page_tells(client, service):
    OfficeFactory(service=service, name="Centre")
    for n in range(FEW):
        submit_fiche(text=f"Texte {n}", service=service, satisfaction=4)
    told = get(client, "services/mediatheque")
    assert (told["name"], told["phone"], told["is_open"]) == (service.name, service.phone, True)
    assert [office["name"] for office in told["offices"]] == ["Centre"]
    assert told["figures"] == {"fiches": FEW, "rated": FEW, "satisfaction": 4.0, "answered": None, "median_days": None}


def test_fewer_than_five_are_not_counted(client, service, owner):
    submit_fiche(text="Seul", service=service, satisfaction=1)
    assert set(get(client, "services/mediatheque")["figures"].values()) == {None}
    assert get(client, f"pain-points/{published(service, owner, FEW - 2).number}")["fiches"] is None
    assert get(client, f"pain-points/{published(service, owner, FEW).number}")["fiches"] == FEW


def test_only_public_pain_points_are_read_as_on_the_page(client, service, owner):
    shown = published(service, owner)
    hidden = gather(service, file(service, f"{CANARY} caché"), by=owner, title=f"{CANARY} à garder")
    assert [one["number"] for one in get(client, "pain-points")["items"]] == [shown.number]
    for pain_point, status in ((shown, 200), (hidden, 404)):
        assert client.get(f"/vous-avez-dit/{pain_point.number}/").status_code == status
        get(client, f"pain-points/{pain_point.number}", status)
    triage.unpublish(shown, by=owner)
    get(client, f"pain-points/{shown.number}", 404)
    assert get(client, "pain-points")["items"] == []


def test_a_pain_point_tells_what_was_decided_and_the_passages_chosen(client, service, owner):
    pain_point = published(service, owner, 3)
    passage = pain_point.memberships.first().segment
    triage.quote(pain_point, segments=[passage], by=owner)
    answering.answer_pain_point(pain_point, outcome=Outcome.DONE, changes=CHANGES, by=owner)
    told = get(client, f"pain-points/{pain_point.number}")
    assert told["said"] == [passage.text]
    assert (told["state"], told["answers"][0]["changes"]) == ("done", CHANGES)
    assert told["first_month"] == f"{pain_point.first_on:%Y-%m}"
    assert str(pain_point.first_on) not in json.dumps({**told, "answers": []}), "a day says too much about a person"


def test_pain_points_are_filtered_by_service_and_state_only(client, service, owner):
    mine = published(service, owner)
    other = ServiceFactory(slug="cantine")
    published(other, UserFactory(owns=[other]))
    assert [one["number"] for one in get(client, "pain-points?service=mediatheque")["items"]] == [mine.number]
    assert get(client, "pain-points?state=done")["items"] == []
    assert get(client, "pain-points?service=nowhere")["items"] == []
    for wrong in ("state=suggested", "state=dismissed", "limit=0", "limit=101", "limit=x", "cursor=!!", "cursor=YWJj"):
        assert get(client, f"pain-points?{wrong}", 422)["errors"][0]["field"] == wrong.partition("=")[0]


def test_a_merged_pain_point_leads_to_the_one_that_took_it(client, service, owner):
    from feedback.actions import reshaping

    kept, gone = published(service, owner), published(service, owner, title="Lundi fermé")
    reshaping.merge(gone, into=kept, by=owner)
    response = client.get(f"/api/v1/pain-points/{gone.number}")
    assert (response.status_code, response["Location"]) == (301, f"/api/v1/pain-points/{kept.number}")


def test_no_private_word_is_read_anywhere(client, service, owner):
    details = {"email": f"{CANARY}@exemple.fr", "wants_answer": True, "on_behalf_of": CANARY}
    public = published(service, owner, 2, **details)
    triage.note(public, text=f"{CANARY} note interne", by=owner)
    hidden = gather(service, file(service, f"{CANARY} secret"), by=owner, title=f"{CANARY} titre")
    paths = [
        "services", "services/mediatheque", "pain-points", "pain-points?service=mediatheque",
        f"pain-points/{public.number}", f"pain-points/{hidden.number}", f"fiches/{fiche_of(public).reference}",
        "openapi.json", "docs",
    ]  # fmt: skip
    for reader in (client, signed_in(owner)):
        for path in paths:
            assert CANARY.lower() not in reader.get(f"/api/v1/{path}").content.decode().lower(), path


def fiche_of(pain_point):
    return pain_point.memberships.first().segment.fiche


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_lists_ask_the_same_number_of_questions_with_3_rows_and_300(
    client, service, owner, django_assert_max_num_queries
):
    made = [PainPoint(title=f"n° {n}", service=service, state="confirmed", is_public=True) for n in range(300)]
    PainPoint.objects.bulk_create(made)
    for n in range(100):
        ServiceFactory(slug=f"s{n}", administration=service.administration)
    for path in ("pain-points", "services"):
        for limit in (3, 100):
            with django_assert_max_num_queries(1):
                assert len(get(client, f"{path}?limit={limit}")["items"]) == limit


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "nothing", 404),
        ("get", "services/nowhere", 404),
        ("get", "services/a%00b", 400),
        ("get", "services?cursor=a%00b", 400),
        ("get", "pain-points/0", 404),
        ("get", "pain-points/99999999999999999999999999", 404),
        ("get", "fiches/rubbish", 404),
        ("get", "fiches/F-26-0412-7K", 404),
        ("delete", "services", 405),
        ("put", "services/mediatheque/fiches", 405),
        ("post", "pain-points", 405),
    ],
)
def test_every_error_is_a_problem_document(client, service, method, path, status):
    response = getattr(client, method)(f"/api/v1/{path}")
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM)
    told = response.json()
    assert (told["type"], told["status"], bool(told["title"])) == ("about:blank", status, True)


def test_a_fault_of_ours_is_a_problem_document_without_its_cause(client, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError(CANARY)

    client.raise_request_exception = False
    monkeypatch.setattr("feedback.api.page_of", broken)
    response = client.get("/api/v1/services")
    assert (response.status_code, response["Content-Type"]) == (500, PROBLEM)
    assert CANARY not in response.content.decode()
    monkeypatch.setattr("feedback.api.page_of", lambda *_, **__: (_ for _ in ()).throw(BadRequest("x")))
    assert client.get("/api/v1/services")["Content-Type"] == PROBLEM


def test_the_pages_of_people_keep_their_errors_in_html(client):
    assert client.get("/services/nowhere/")["Content-Type"].startswith("text/html")


@pytest.mark.usefixtures("standing_clock")
def test_too_many_readings_from_one_address_wait_and_others_do_not(client, monkeypatch):
    from config.api import THROTTLES

    monkeypatch.setattr(THROTTLES[0], "most", 3)
    answers = [client.get("/api/v1/services", REMOTE_ADDR="192.0.2.1").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    spoofed = client.get("/api/v1/services", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": "192.0.2.77"})
    assert (spoofed.status_code, spoofed["Content-Type"]) == (429, PROBLEM)
    assert int(spoofed["Retry-After"]) > 0
    assert client.get("/api/v1/services", REMOTE_ADDR="192.0.2.2").status_code == 200


def test_the_reference_names_every_address_and_loads_nothing_from_elsewhere(client):
    schema = client.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.")
    page = client.get("/api/v1/docs").content.decode()
    for path in schema["paths"]:
        assert path in page
    for name in schema["components"]["schemas"]:
        assert name.startswith("Page_") or f'id="{name}"' in page
    assert "cdn" not in page
    assert "<style" not in page
