"""A service is found by the words people use."""

import pytest

from directory.models import Service
from directory.search import find_services, suggest_services
from tests.factories import ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town():
    ServiceFactory(name="Piscines", slug="piscines", search_words="natation nager bassin")
    ServiceFactory(name="Poubelles et déchèteries", slug="dechets", search_words="ordures bac jaune collecte camion")
    ServiceFactory(name="Passeports, cartes d’identité", slug="papiers", search_words="CNI pièce d’identité voyage")
    ServiceFactory(name="Petite enfance", slug="creches", search_words="crèche assistante maternelle bébé")
    ServiceFactory(name="Hôpital", slug="hopital", description="Admissions, rendez-vous, urgences.")


def found(words: str) -> list[str]:
    return [service.slug for service in find_services(words, among=Service.objects.all())]


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("piscine", "piscines"),
        ("PISCINES", "piscines"),
        ("picsine", "piscines"),
        ("piscne", "piscines"),
        ("creche", "creches"),
        ("Crèches", "creches"),
        ("poubele", "dechets"),
        ("la poubelle jaune", "dechets"),
        ("ma carte d'identité", "papiers"),
        ("passport", "papiers"),
        ("hopital", "hopital"),
        ("urgence", "hopital"),
        ("nager", "piscines"),
    ],
)
def test_accents_plurals_and_typing_mistakes_are_forgiven(words, slug):
    assert found(words)[0] == slug


@pytest.mark.parametrize("words", ["zzzz", "xylophone", "12345"])
def test_what_is_nowhere_finds_nothing(words):
    assert found(words) == []


@pytest.mark.parametrize("words", ["", "   ", "de la", "🙂", "'", "& | !"])
def test_no_word_at_all_leaves_every_service(words):
    assert len(found(words)) == 5


@pytest.mark.parametrize("words", ["a & b", "':*", "\\", "%", "_", "x" * 5000, "<-> ! ( ) |", "\u202e"])
def test_no_word_breaks_the_search(words):
    found(words)
    list(suggest_services(words, among=Service.objects.all()))


def test_a_text_suggests_the_services_it_is_about():
    text = "Le camion n'est pas passé mardi rue des Cordiers. Les bacs débordent."
    assert [service.slug for service in suggest_services(text, among=Service.objects.all())] == ["dechets"]
    assert not suggest_services("Bonjour, merci beaucoup.", among=Service.objects.all()).exists()


def test_only_the_services_given_are_searched():
    assert not find_services("piscine", among=Service.objects.exclude(slug="piscines")).exists()
