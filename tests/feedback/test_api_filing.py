"""A program files a fiche as a person does: the same rules, the same receipt, once however many times it is sent."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from feedback import references, tasks
from feedback.actions import answering
from feedback.choices import IntakeChannel, Outcome
from feedback.models import Fiche
from letters.models import Letter
from tests.factories import OfficeFactory, ServiceFactory, UserFactory
from tests.feedback.scenes import CHANGES, gather

WORDS = "Deux heures d’attente au guichet du centre."
PROBLEM = "application/problem+json"


@pytest.fixture
def service(db):
    return ServiceFactory(slug="mediatheque")


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


def file(client, payload=None, *, slug="mediatheque", key="", **headers):
    if key:
        headers["idempotency-key"] = key
    body = payload if isinstance(payload, (str, bytes)) else json.dumps(payload or {"text": WORDS})
    return client.post(f"/api/v1/services/{slug}/fiches", body, content_type="application/json", headers=headers)


def problem(response, status):
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM), response.content
    return response.json()


def test_a_fiche_is_filed_with_its_receipt(client, service):
    office = OfficeFactory(service=service)
    payload = {
        "text": f"{WORDS} Appelez le 06 12 34 56 78.",
        "satisfaction": 2,
        "occurred_on": "2026-01-05",
        "step": "waiting",
        "office": office.pk,
        "contact": "nadia@exemple.fr",
    }
    response = file(client, payload)
    assert response.status_code == 201
    told, fiche = response.json(), Fiche.objects.get()
    assert (told["reference"], told["service"]["phone"]) == (fiche.reference, service.phone)
    assert references.is_tracking_key(fiche, told["key"])
    assert told["expected_on"] > told["received_on"]
    assert "no-store" in response["Cache-Control"]
    assert (fiche.channel, fiche.office, fiche.satisfaction, fiche.step) == (IntakeChannel.API, office, 2, "waiting")
    assert "06 12 34 56 78" not in fiche.masked_text
    assert fiche.original.contact_email == "nadia@exemple.fr"
    assert Letter.objects.count() == 1


def test_the_same_key_gives_the_same_fiche_and_other_words_are_refused(client, service):
    first, again = file(client, key="k1"), file(client, key="k1")
    assert first.json() == again.json()
    assert (again.status_code, Fiche.objects.count()) == (201, 1)
    problem(file(client, {"text": "Autre chose"}, key="k1"), 409)
    assert file(client, key="k2").json()["reference"] != first.json()["reference"]
    assert file(client).json()["reference"] != file(client).json()["reference"]


def test_a_key_drawn_by_somebody_else_opens_nothing(client, service):
    """A weak key, « 1 », must not hand over the tracking key of another author."""
    mine = file(client, {"text": "Ce que j’ai vécu"}, key="1").json()
    told = problem(file(Client(), {"text": "Autre chose"}, key="1"), 409)
    assert mine["key"] not in json.dumps(told)
    ServiceFactory(slug="cantine")
    assert file(client, {"text": "Ce que j’ai vécu"}, key="1", slug="cantine").json()["reference"] != mine["reference"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_same_key_twenty_times_at_once_gives_one_fiche(monkeypatch):
    ServiceFactory(slug="mediatheque")
    monkeypatch.setattr(tasks, "ring", lambda *_: None)
    together = threading.Barrier(20, timeout=30)

    def send(_):
        try:
            together.wait()
            response = file(Client(), key="k")
            return response.status_code, response.json().get("reference")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(send, range(20)))
    assert answers == {(201, Fiche.objects.get().reference)}


def test_a_closed_service_says_so_and_keeps_what_it_acknowledged(client, service):
    first = file(client, key="k").json()
    service.is_open = False
    service.save()
    assert "does not receive fiches" in problem(file(client), 409)["detail"]
    again = file(client, key="k").json()
    assert (again["reference"], again["key"]) == (first["reference"], first["key"])
    problem(file(client, slug="nowhere"), 404)


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "a" * 10_001}, "text"),
        ({"text": "a" * 30_000}, "text"),
        ({"text": 12}, "text"),
        ({"text": None}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "a\ud800b"}, "text"),
        ({}, "text"),
        ({"text": WORDS, "satisfaction": 6}, "satisfaction"),
        ({"text": WORDS, "satisfaction": "x"}, "satisfaction"),
        ({"text": WORDS, "occurred_on": "31/02/2026"}, "occurred_on"),
        ({"text": WORDS, "occurred_on": "2925-01-01"}, "occurred_on"),
        ({"text": WORDS, "occurred_on": "0005-01-01"}, "occurred_on"),
        ({"text": WORDS, "office": 10**30}, "office"),
        ({"text": WORDS, "office": 99_999_999}, "office"),
        ({"text": WORDS, "step": "nowhere"}, "step"),
        ({"text": WORDS, "contact": "nadia@"}, "contact"),
        ({"text": WORDS, "wants_answer": True}, "contact"),
        ({"text": WORDS, "state": "answered"}, "state"),
        ({"text": WORDS, "author": 1}, "author"),
        ([WORDS], "body"),
    ],
)
def test_what_must_be_corrected_is_said_field_by_field(client, service, payload, field):
    body = json.dumps(payload) if payload else "{}"
    told = problem(file(client, body), 422)
    assert field in [error["field"] for error in told["errors"]]
    assert all(error["message"] for error in told["errors"])
    assert Fiche.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b'{"text": "\xff"}', 400),
        (b"[" * 100_000, 400),
        (b'{"text": ' + b"1" * 5_000 + b"}", 400),
        (b'{"text": "' + b"a" * 2_600_000 + b'"}', 413),
    ],
    ids=["nothing", "half", "not utf-8", "deep", "huge number", "large"],
)
def test_what_cannot_be_read_is_refused_and_never_breaks(client, service, body, status):
    problem(file(client, body), status)
    assert Fiche.objects.count() == 0


def test_a_form_is_no_json(client, service):
    problem(client.post("/api/v1/services/mediatheque/fiches", {"text": WORDS}), 415)
    problem(client.post("/api/v1/services/mediatheque/fiches", "text=a", content_type="multipart/form-data"), 400)


def test_no_session_needs_no_token_and_a_session_needs_one(service):
    strict = Client(enforce_csrf_checks=True)
    assert file(strict).status_code == 201
    person = UserFactory()
    strict.force_login(person)
    problem(file(strict), 403)
    assert Fiche.objects.filter(author=person).count() == 0
    strict.get("/services/mediatheque/fiche/")
    token = strict.cookies["csrftoken"].value
    assert file(strict, **{"x-csrftoken": token}).status_code == 201
    assert Fiche.objects.filter(author=person).count() == 1


def test_who_holds_the_key_follows_the_fiche_and_nobody_else_does(client, service):
    filed = file(client, {"text": WORDS, "contact": "nadia@exemple.fr"}).json()
    address = f"/api/v1/fiches/{filed['reference']}"
    told = client.get(address, {"key": filed["key"]}).json()
    assert (told["reference"], told["state"], told["service"]) == (filed["reference"], "received", "mediatheque")
    wrong, nobody = (
        client.get(address, {"key": "AAAAAAAA"}),
        client.get("/api/v1/fiches/F-26-9999-AA", {"key": filed["key"]}),
    )
    assert problem(wrong, 404) == problem(nobody, 404) == problem(client.get(address), 404)
    assert "nadia" not in json.dumps(told)
    assert WORDS not in json.dumps(told)


def test_the_answer_is_read_by_who_follows(client, service):
    from feedback.grouping.placing import cut_once

    filed = file(client, {"text": WORDS, "contact": "nadia@exemple.fr"}).json()
    fiche = Fiche.objects.get()
    cut_once(fiche)
    owner = UserFactory(owns=[service])
    pain_point = gather(service, fiche, by=owner)
    answering.answer_pain_point(pain_point, outcome=Outcome.DONE, changes=CHANGES, by=owner)
    told = client.get(f"/api/v1/fiches/{filed['reference']}", {"key": filed["key"].lower()}).json()
    assert [answer["changes"] for answer in told["answers"]] == [CHANGES]
    assert told["pain_points"] == [], "the pain point is not public"
