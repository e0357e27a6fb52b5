"""The page of a proposition, as people read it."""

import pytest

from consult.choices import PhaseKind
from consult.models import Proposition, ReferenceLink, Version
from moderation.choices import CaseState, Timing
from moderation.models import Case
from tests.consult.test_page import words
from tests.consult.world import consultation, proposition

pytestmark = pytest.mark.django_db


def test_a_proposition_is_read_with_its_author_and_its_sources(client):
    one = proposition(consultation(PhaseKind.CONTRIBUTE), number=693)
    ReferenceLink.objects.create(proposition=one, label="Comptages de 2025", url="https://exemple.example/comptages")
    page = words(client.get(one.get_absolute_url()))
    for said in ("Proposition #693", one.title, one.author.name, "Comptages de 2025", "Déposée le"):
        assert said in page


def test_what_waits_is_read_by_its_author_alone(client):
    one = proposition(consultation(PhaseKind.CONTRIBUTE), timing=Timing.BEFORE)
    assert client.get(one.get_absolute_url()).status_code == 404
    client.force_login(one.author.user)
    assert "Votre texte est relu avant d’être publié" in words(client.get(one.get_absolute_url()))
    Case.objects.filter(pk=one.case_id).update(state=CaseState.REMOVED, is_shown=False)
    assert client.get(one.get_absolute_url()).status_code in (404, 410)


def test_a_number_of_another_consultation_is_not_found(client):
    one = proposition(consultation(PhaseKind.CONTRIBUTE), number=5)
    other = consultation(PhaseKind.CONTRIBUTE)
    assert client.get(f"/consultations/{other.page.slug}/propositions/{one.number}/").status_code == 404


def test_what_changed_is_shown_word_by_word(client):
    one = proposition(consultation(PhaseKind.CONTRIBUTE))
    Version.objects.create(
        proposition=one,
        number=2,
        title="Fermer le quai le samedi",
        body=one.body,
        reason="Le marché a lieu le dimanche.",
    )
    Proposition.objects.filter(pk=one.pk).update(version=2)
    page = words(client.get(f"{one.get_absolute_url()}versions/"))
    assert "dimanche" in page.split("<del>")[1].split("</del>")[0]
    assert "samedi" in page.split("<ins>")[1].split("</ins>")[0]
    assert "Le marché a lieu le dimanche." in page


def test_a_merged_one_leads_to_the_one_that_took_it(client):
    asked = consultation(PhaseKind.CONTRIBUTE)
    into, merged = proposition(asked, number=1), proposition(asked, number=2)
    Proposition.objects.filter(pk=merged.pk).update(state="merged", merged_into=into)
    assert into.get_absolute_url() in words(client.get(merged.get_absolute_url()))
    assert "#2" in words(client.get(into.get_absolute_url()))


def test_the_page_asks_few_questions(client, django_assert_max_num_queries):
    one = proposition(consultation(PhaseKind.CONTRIBUTE))
    client.get(one.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(one.get_absolute_url())
