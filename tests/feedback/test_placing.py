"""Fiches come in one by one; within seconds they stand where their likes stand."""

import pytest
from django.utils import timezone

from feedback import grouping
from feedback.actions import privacy, reshaping
from feedback.actions.intake import submit_fiche
from feedback.choices import FicheState, PainPointState, Source
from feedback.grouping import passages, placing
from feedback.models import Membership, PainPoint, Segment
from tests.factories import ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db

PROOF = [
    "On me redemande un justificatif de domicile alors que je l’ai déjà donné en juin pour l’école.",
    "Encore une fois il faut fournir le justificatif de domicile, je n’ai pas déménagé depuis dix ans !",
    "Pourquoi redonner un justificatif de domicile chaque année quand l’adresse est la même ?",
]
LIFT = "L’ascenseur de la station Gare est en panne depuis trois semaines, impossible avec une poussette."


@pytest.fixture(autouse=True)
def _meaning(settings):
    settings.CLUSTERING_ENCODER = "clustering.encode"


@pytest.fixture
def canteen():
    return ServiceFactory(name="Cantine scolaire")


def file_and_place(service, *texts):
    fiches = [submit_fiche(text=text, service=service) for text in texts]
    for fiche in fiches:
        grouping.place(fiche)
        fiche.refresh_from_db()
    return fiches


def test_three_fiches_that_say_the_same_thing_become_a_pain_point_and_a_fourth_stays_out(canteen):
    fiches = file_and_place(canteen, *PROOF, LIFT)
    pain_point = PainPoint.objects.get()
    assert pain_point.state == PainPointState.SUGGESTED
    assert pain_point.service == canteen
    assert pain_point.fiche_count == 3
    assert "justificatif" in pain_point.title.lower()
    for fiche in fiches:
        fiche.refresh_from_db()
    assert [fiche.state for fiche in fiches] == [FicheState.GROUPED] * 3 + [FicheState.IN_REVIEW]


def test_a_new_fiche_joins_the_pain_point_that_exists(canteen):
    file_and_place(canteen, *PROOF)
    file_and_place(canteen, "Il a fallu refournir un justificatif de domicile pour la cantine, comme tous les ans.")
    assert PainPoint.objects.get().fiche_count == 4


def test_a_number_that_means_something_else_once_a_database_is_restored_is_read_again(canteen):
    """What a process knows of the pain points outlives the database it was read in."""
    file_and_place(canteen, *PROOF, LIFT)
    other = Segment.objects.get(text=LIFT)
    Segment.objects.update(text=LIFT, vector=other.vector)
    PainPoint.objects.update(created_at=timezone.now())
    file_and_place(canteen, LIFT)
    assert PainPoint.objects.get().fiche_count == 4


def test_the_most_typical_passages_are_shown_first_and_the_odd_one_last(canteen, client):
    """In the order of their arrival, the odd one would be the first thing an owner reads."""
    owner = UserFactory(owns=[canteen])
    odd, *_ = fiches = [submit_fiche(text=text, service=canteen) for text in (LIFT, *PROOF)]
    segments = [segment for fiche in fiches for segment in passages.cut(fiche)]
    found = placing.found(segments, service=canteen)
    client.force_login(owner)
    for order, place in (("typical", -1), ("far", 0)):
        shown = client.get(found.get_absolute_url(), {"order": order}).context["passages"]
        assert shown[place].segment.fiche == odd


def test_placing_twice_changes_nothing(canteen):
    (fiche, *_) = file_and_place(canteen, *PROOF)
    before = list(Membership.objects.values_list("pk", "segment", "pain_point"))
    assert grouping.place(fiche) == []
    assert list(Membership.objects.values_list("pk", "segment", "pain_point")) == before


def test_one_insistent_person_is_not_a_recurring_pain_point(canteen):
    file_and_place(canteen, " ".join(PROOF))
    assert not PainPoint.objects.exists()


def test_a_fiche_that_could_not_be_masked_is_not_grouped(canteen):
    fiche = submit_fiche(text=PROOF[0], service=canteen)
    fiche.masked_text = None
    fiche.save()
    assert grouping.place(fiche) == []
    assert not Segment.objects.exists()


def test_an_encoder_that_fails_does_not_stop_the_fiche(canteen, settings):
    settings.CLUSTERING_ENCODER = "tests.feedback.test_placing.broken_encoder"
    file_and_place(canteen, *PROOF)
    assert Segment.objects.filter(vector=None).count() == Segment.objects.count() > 0
    assert not Segment.objects.filter(fiche__placed_at=None).exists()


def broken_encoder(texts):
    raise RuntimeError("no model here")


def test_a_passage_that_a_person_excluded_never_comes_back(canteen):
    owner = UserFactory(owns=[canteen])
    fiches = file_and_place(canteen, *PROOF)
    pain_point = PainPoint.objects.get()
    excluded = fiches[0].segments.get()
    reshaping.set_apart(pain_point, segments=[excluded], by=owner)
    grouping.regroup()
    assert not Membership.objects.filter(segment=excluded, pain_point=pain_point).exists()
    grouping.regroup(full=True)
    assert not Membership.objects.filter(segment=excluded, pain_point=pain_point).exists()


def test_a_dismissed_pain_point_takes_no_new_fiche(canteen):
    file_and_place(canteen, *PROOF)
    PainPoint.objects.update(state=PainPointState.DISMISSED)
    file_and_place(canteen, "Il a fallu refournir un justificatif de domicile pour la cantine, comme tous les ans.")
    assert PainPoint.objects.get(state=PainPointState.DISMISSED).memberships.count() == 3


def test_what_the_machine_attached_says_so(canteen):
    file_and_place(canteen, *PROOF)
    assert set(Membership.objects.values_list("source", flat=True)) == {Source.MACHINE}


def test_words_that_their_author_took_back_are_not_grouped(canteen):
    fiche = submit_fiche(text=PROOF[0], service=canteen)
    privacy.erase(fiche, by=None)
    fiche.refresh_from_db()
    fiche.placed_at = None
    fiche.save()
    grouping.place(fiche)
    fiche.refresh_from_db()
    assert fiche.placed_at
    assert not Segment.objects.exists()


ODDS = [
    "Un grand trou devant la boulangerie, mon vélo y a laissé une roue.",
    "Merci pour les bancs neufs du parc, ma mère peut enfin s’asseoir.",
    "Le panneau de la rue Haute est tagué depuis l’été.",
    "Trois platanes abattus sans prévenir personne.",
    "La fontaine fuit et l’eau gèle le matin.",
    "Pourquoi des ralentisseurs alors que personne ne roule vite ici ?",
]
STREET_LIGHTS = [
    "Le lampadaire de la rue des Forges est éteint depuis trois semaines, on ne voit plus rien le soir.",
    "Eclairage en panne rue des Forges : tous les soirs c’est le noir complet, ma fille a peur de rentrer.",
    "Les lampadaires de la rue des Forges ne s’allument plus, je suis tombée dans l’obscurité hier soir.",
]


def test_what_only_a_service_holds_together_is_left_to_sort_and_draws_nobody(canteen):
    roads = ServiceFactory(name="Rues, trottoirs et éclairage")
    for fiche in [submit_fiche(text=text, service=canteen) for text in PROOF * 2]:
        passages.cut(fiche)
    for text in ODDS:
        grouping.cut(submit_fiche(text=text, service=roads))
    grouping.regroup()
    assert not PainPoint.objects.filter(service=roads).exists()
    file_and_place(roads, *STREET_LIGHTS)
    lights = PainPoint.objects.get(service=roads)
    assert lights.fiche_count == 3
    assert Segment.objects.filter(fiche__service=roads).unplaced().count() == len(ODDS)
