"""Frequent pain points: proposed as titles, kept by administrators, never forced on anybody."""

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import actions as accounts
from accounts.choices import RoleKind
from clustering import archetypes
from feedback.actions import triage
from feedback.grouping import describe
from feedback.grouping.placing import found
from feedback.models import Archetype, PainPoint, Segment
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import file

pytestmark = pytest.mark.django_db

PHONE = [
    "Quarante minutes d'attente avant qu'on décroche au téléphone.",
    "Je téléphone chaque matin, la ligne est occupée.",
    "on attend des heures au telephone et ca coupe",
    "Impossible de joindre quelqu'un par téléphone, la ligne est occupée.",
]
TITLE = "Attente trop longue au téléphone"


@pytest.fixture
def service():
    return ServiceFactory()


def _machine(service, *texts: str) -> PainPoint:
    fiches = [file(service, text) for text in texts]
    return found(list(Segment.objects.filter(fiche__in=fiches).order_by("pk")), service=service)


@pytest.fixture(params=[None, "clustering.encode"])
def by_words_and_by_meaning(request, settings):
    settings.CLUSTERING_ENCODER = request.param


def test_a_group_near_a_frequent_pain_point_is_proposed_under_its_name(by_words_and_by_meaning, client, service):
    pain_point = _machine(service, *PHONE)
    assert pain_point.title == TITLE
    assert pain_point.archetype.key == "telephone_attente"
    client.force_login(UserFactory(owns=[service]))
    assert "proposé d’après un irritant fréquent" in client.get(pain_point.get_absolute_url()).content.decode()


def test_a_persons_title_and_a_confirmed_one_are_never_touched(service):
    owner = UserFactory(owns=[service])
    named, confirmed = _machine(service, *PHONE), _machine(service, *PHONE)
    triage.rename(named, title="Standard injoignable", by=owner)
    triage.confirm(confirmed, by=owner)
    before = confirmed.title
    Archetype.objects.filter(key="telephone_attente").update(title="Autre titre")
    describe([named, confirmed])
    named.refresh_from_db()
    confirmed.refresh_from_db()
    assert (named.title, confirmed.title) == ("Standard injoignable", before)


def test_two_pain_points_of_a_service_never_bear_the_same_machine_title(service):
    first, second, third = (_machine(service, *PHONE) for _ in range(3))
    elsewhere = _machine(ServiceFactory(), *PHONE)
    assert len({first.title, second.title, third.title}) == 3
    assert second.title.startswith(TITLE)
    assert elsewhere.title == TITLE


def test_one_switched_off_is_proposed_no_more(service):
    Archetype.objects.filter(key="telephone_attente").update(is_active=False)
    assert _machine(service, *PHONE).title != TITLE


def test_a_title_is_never_a_list_of_stems_nor_holds_a_mask(service):
    texts = ["Les lampadaires de la rue sont éteints.", "Les lampadaires sont éteints, Mme Odile Vermorel a peur."]
    pain_point = _machine(service, *texts, "Lampadaires éteints dans la rue.")
    assert "[" not in pain_point.title
    assert "Vermorel" not in pain_point.title


def test_the_catalogue_is_there_once_and_what_people_changed_stays():
    migration = importlib.import_module("feedback.migrations.0012_known_archetypes")
    assert Archetype.objects.count() == len(archetypes.default())
    Archetype.objects.filter(key="telephone_attente").update(title="À nous", is_active=False)
    migration.create(apps, None)
    kept = Archetype.objects.get(key="telephone_attente")
    assert (kept.title, kept.is_active) == ("À nous", False)
    assert Archetype.objects.count() == len(archetypes.default())
    assert Archetype.objects.get(key="rib_redemande").documents.get().key == "rib"


@pytest.mark.parametrize("count", [0, 2, 13])
def test_the_database_wants_several_examples(count):
    with pytest.raises(IntegrityError, match="several_examples"), transaction.atomic():
        Archetype.objects.create(key="k", title="T", examples=["x"] * count)


@pytest.fixture
def administrator():
    person = UserFactory()
    accounts.grant(person, RoleKind.ADMINISTRATOR, by=None)
    return person


def test_an_administrator_keeps_the_catalogue(client, administrator):
    client.force_login(administrator)
    assert "Attente trop longue au téléphone" in client.get(reverse("feedback_archetypes")).content.decode()
    typed = {
        "title": "Piscine froide",
        "examples": "L'eau est froide\n\nEau glacée\nles bassin son froid",
        "is_active": "on",
    }
    assert client.post(reverse("feedback_archetype_new"), typed).status_code == 302
    kept = Archetype.objects.get(title="Piscine froide")
    assert (kept.key, len(kept.examples)) == ("piscine_froide", 3)
    assert client.post(reverse("feedback_archetype", args=[kept.pk]), typed | {"is_active": ""}).status_code == 302
    kept.refresh_from_db()
    assert (kept.key, kept.is_active) == ("piscine_froide", False)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": "Piscine", "examples": "une\ndeux\nune"}, "3 à 12"),
        ({"title": TITLE.lower(), "examples": "une\ndeux\ntrois"}, "porte déjà ce titre"),
        ({"title": "Piscine", "examples": "une\ndeux\n" + "x" * 201}, "200 caractères"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, administrator, typed, said):
    client.force_login(administrator)
    page = client.post(reverse("feedback_archetype_new"), typed).content.decode()
    assert said in page.replace("\u00a0", " ")
    assert typed["title"] in page
