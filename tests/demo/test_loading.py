"""The demo town loads whole, by acts, and tells the stories it should."""

import gc
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.test import override_settings

from accounts.models import User
from accounts.policies import services_owned_by
from config import demo
from consult.models import OpinionMap
from feedback.choices import PainPointState
from feedback.models import Answer, DocumentCase, Fiche, FloodSignal, FollowUp, PainPoint, SurgeAlert
from journal.models import Entry
from tests.standing import standing

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of a new rendition to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    files = {"MEDIA_ROOT": tmp_path_factory.mktemp("media"), "OPEN_DATA_ROOT": tmp_path_factory.mktemp("open-data")}
    here = override_settings(CLUSTERING_ENCODER=None, **files)
    with here, standing(lambda: demo.load(say=lambda _: None), blocker=django_db_blocker):
        gc.collect()  # here, and not in a test that does not expect it
        yield


@pytest.fixture
def town(_loaded, db) -> None:
    """The whole town, loaded once for the file."""


def test_the_demo_town_lives(town, client):
    assert Fiche.objects.count() >= 300
    assert not Fiche.objects.filter(masked_text=None).exists()
    assert PainPoint.objects.living().count() >= 10
    states = set(PainPoint.objects.values_list("state", flat=True))
    assert {PainPointState.DONE, PainPointState.PLANNED, PainPointState.REFUSED, PainPointState.SUGGESTED} <= states
    assert Answer.objects.count() >= 4
    assert FollowUp.objects.exclude(reply="").exists()
    assert services_owned_by(User.objects.get(email="pilote@demo.example")).count() == 5
    assert client.login(email="citoyenne@demo.example", password="cahier-demo")
    assert "Valbourg" in client.get("/").content.decode()
    drawn = OpinionMap.objects.done().get()
    assert (drawn.refusal, drawn.people) == ("", 300)
    assert "groupes de personnes" in client.get("/consultations/quai-des-tanneurs/carte/resultats/").content.decode()
    assert "Guichet Familles fermé après le travail" in client.get("/vous-avez-dit/").content.decode()


def test_what_rises_and_what_many_send_are_told(town, client):
    rising = SurgeAlert.objects.rising().values_list("pain_point__title", flat=True)
    assert any("aiement" in title for title in rising), list(rising)
    signal = FloodSignal.objects.get()
    assert signal.fiche_count >= 25
    held = PainPoint.objects.get(memberships__segment=signal.text)
    assert held.distinct_count <= held.fiche_count - 20
    client.login(email="pilote@demo.example", password="cahier-demo")
    board = client.get("/pilotage/").content.decode()
    assert "Ça monte vite" in board
    assert "attend votre regard" in board
    assert "textes distincts" in client.get("/pilotage/?view=all").content.decode()


def test_what_one_service_asks_and_another_issues_is_seen_by_both_owners_and_by_everybody(town, client):
    case = DocumentCase.objects.get(document__key="attestation_caf", service__slug="france-travail")
    raised = case.pain_point
    assert (raised.service.slug, case.issuing_service.slug) == ("france-travail", "caf")
    for owner in ("pilote.emploi", "pilote.caf"):
        assert client.login(email=f"{owner}@demo.example", password="cahier-demo")
        assert raised.title in client.get("/pilotage/?view=all").content.decode()
        assert raised.title in client.get("/pilotage/justificatifs/attestation_caf/").content.decode()
    client.logout()
    told = client.get("/vous-avez-dit/justificatifs/").content.decode()
    for words in (
        "Attestation de la Caf",
        "Recherche d’emploi",
        raised.title,
        "votre conseiller lit votre attestation",
    ):
        assert words in told


def test_loading_twice_changes_nothing(town, capsys):
    before = (Fiche.objects.count(), Entry.objects.count())
    call_command("load_demo")
    assert (Fiche.objects.count(), Entry.objects.count()) == before
    assert "déjà là" in capsys.readouterr().out


def test_open_data_need_not_wait_for_the_night(town, client):
    for year in (2024, 2026):
        page = f"/budgets/budget-participatif-{year}/"
        assert "donnees.zip" in client.get(f"{page}projets/").content.decode()
        given = BytesIO(b"".join(client.get(f"{page}donnees.zip").streaming_content))
        assert any("depouillement" in name for name in ZipFile(given).namelist()) == (year == 2024)


def test_the_budgets_take_paper(town, client):
    """One whose paper was counted with the others and told; one whose desk is open, with a batch to key again."""
    told = client.get("/budgets/budget-participatif-2024/resultats/participation/").content.decode()
    assert "311 bulletins papier" in told
    assert "Borne au guichet" in told
    assert client.login(email="guichet@demo.example", password="cahier-demo")
    desk = "/guichet/budgets/budget-participatif-2026/"
    assert f"{desk}emargement/" in client.get(desk).content.decode()
    assert "Mairie, accueil" in client.get(f"{desk}bornes/").content.decode()
    assert "Feuille 1 sur 12" in client.get(f"{desk}lots/1/saisir/").content.decode()
