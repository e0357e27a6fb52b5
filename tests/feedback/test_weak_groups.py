"""A group whose passages hardly resemble one another is said to be weak, and is not published unread."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from feedback.actions import reshaping, triage
from feedback.errors import WeakGroup
from feedback.grouping.measuring import measure
from feedback.grouping.placing import found
from feedback.models import PainPoint, Segment
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import file

pytestmark = pytest.mark.django_db

PHONE = ["Le téléphone sonne occupé.", "Téléphone toujours occupé.", "Occupé, le téléphone est occupé."]
LIGHTS = ["Le lampadaire est éteint.", "Lampadaire éteint dans ma rue.", "Un lampadaire éteint depuis lundi."]
BINS = ["La poubelle déborde.", "Poubelle pleine qui déborde.", "Ma poubelle déborde encore."]


def _machine(service, *texts: str) -> PainPoint:
    """A pain point as the machine founds it."""
    fiches = [file(service, text) for text in texts]
    segments = list(Segment.objects.filter(fiche__in=fiches).order_by("pk"))
    return found(segments, service=service)


@pytest.fixture
def service():
    return ServiceFactory()


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service])


@pytest.fixture
def weak(service, owner):
    """One passage of each of three groups that hold together, taken for one by a machine; confirmed by its owner."""
    for texts in (PHONE, LIGHTS, BINS):
        _machine(service, *texts)
    mixed = _machine(service, "Téléphone occupé.", "Lampadaire éteint.", "Poubelle qui déborde.")
    triage.confirm(mixed, by=owner)
    mixed.refresh_from_db()
    assert mixed.is_weak
    return mixed


def test_groups_that_hold_together_are_not_weak(weak):
    others = PainPoint.objects.exclude(pk=weak.pk)
    assert [one.is_weak for one in others] == [False] * 3
    assert min(one.cohesion for one in others) > weak.cohesion


def test_confirming_a_weak_group_is_not_reading_it(weak, owner):
    with pytest.raises(WeakGroup):
        triage.publish(weak, by=owner)
    weak.refresh_from_db()
    assert not weak.is_public


def test_whoever_vouches_for_it_publishes_it(weak, owner):
    triage.vouch(weak, by=owner)
    assert triage.publish(weak, by=owner).is_public


def test_whoever_took_strangers_out_publishes_it(weak, owner):
    stranger = Segment.objects.filter(membership__pain_point=weak).first()
    reshaping.set_apart(weak, segments=[stranger], by=owner)
    weak.refresh_from_db()
    assert triage.publish(weak, by=owner).is_public


def test_the_database_refuses_it_whatever_the_code_says(weak):
    with pytest.raises(IntegrityError, match="a_weak_group_is_vouched_for"), transaction.atomic():
        PainPoint.objects.filter(pk=weak.pk).update(is_public=True)
    PainPoint.objects.filter(pk=weak.pk).update(is_public=True, is_weak=False)  # the control


def test_the_door_answers_with_a_sentence(client, weak, owner):
    client.force_login(owner)
    refused = client.post(reverse("feedback:act", args=[weak.number, "publier"]), {"sent": "1"}, follow=True)
    assert "Ce groupe est fragile" in refused.content.decode()
    weak.refresh_from_db()
    assert not weak.is_public


def test_the_owner_reads_that_it_is_weak_on_the_board_and_on_its_page(client, weak, owner):
    client.force_login(owner)
    assert "Groupe fragile" in client.get("/pilotage/").content.decode()
    page = client.get(weak.get_absolute_url()).content.decode()
    assert "Groupe fragile" in page
    assert "repondre-du-groupe" in page
    clear = PainPoint.objects.exclude(pk=weak.pk).first()
    assert "Groupe net" in client.get(clear.get_absolute_url()).content.decode()


def test_what_a_person_published_stays_public_when_it_becomes_weak(weak, owner):
    clear = PainPoint.objects.exclude(pk=weak.pk).first()
    triage.confirm(clear, by=owner)
    triage.publish(clear, by=owner)
    PainPoint.objects.filter(pk=weak.pk).update(is_weak=False)
    triage.publish(weak, by=owner)
    measure([weak])
    weak.refresh_from_db()
    assert (weak.is_public, weak.is_weak) == (True, True)
    PainPoint.objects.filter(pk=weak.pk).update(is_weak=False)
    PainPoint.objects.filter(pk=weak.pk).update(vouched_at=None)  # as before this rule existed
    measure([weak])
    weak.refresh_from_db()
    assert (weak.is_public, weak.is_weak) == (True, False)


def test_cohesion_follows_what_it_holds(weak, owner):
    before = weak.cohesion
    lights = PainPoint.objects.filter(memberships__segment__text=LIGHTS[0]).get()
    stray = Segment.objects.get(text="Lampadaire éteint.")
    reshaping.move_passages([stray], from_=weak, to=lights, by=owner)
    measure([weak, lights])
    lights.refresh_from_db()
    assert lights.cohesion > before
