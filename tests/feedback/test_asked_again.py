"""« Ce qu’on vous redemande »: who asks again for what others issue, for everybody; never a small number, never a word
that nobody chose to publish."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import SupportingDocument
from feedback.actions import sorting, triage
from feedback.actions.answering import answer_pain_point
from feedback.actions.intake import submit_fiche
from feedback.choices import Outcome
from feedback.grouping.placing import cut_once
from feedback.models import DocumentMention, Fiche, PainPoint, Segment, Verbatim
from tests.factories import AdministrationFactory, ServiceFactory, UserFactory
from tests.feedback.scenes import gather

pytestmark = pytest.mark.django_db

PATH, TABLE = "/vous-avez-dit/justificatifs/", "/vous-avez-dit/justificatifs.csv"
AGAIN = "On me redemande l’attestation de la Caf, je l’ai déjà donnée."
ONCE = "Il fallait une attestation de la Caf."
DECIDED = "Depuis mars, nous la demandons nous-mêmes à la Caf."


class Scene:
    """France Travail, the buses and the Caf, which issues what both ask for."""

    def __init__(self) -> None:
        self.caf = ServiceFactory(name="Caf", slug="caf", administration=AdministrationFactory(name="Caf du lieu"))
        self.jobs = ServiceFactory(name="Recherche d’emploi", slug="emploi")
        self.bus = ServiceFactory(name="Métro et bus", slug="bus")
        self.document = SupportingDocument.objects.get(key="attestation_caf")
        self.document.name, self.document.issuer = "Attestation de la Caf", self.caf.administration
        self.document.save()
        self.owner = UserFactory(owns=[self.jobs, self.bus, self.caf])

    def file(self, service, *texts: str) -> list[Fiche]:
        made = [submit_fiche(text=text, service=service) for text in texts]
        for fiche in made:
            cut_once(fiche)
        return made

    def asked(self, service, times: int, *, text: str = AGAIN) -> list[Fiche]:
        return self.file(service, *(f"{text} Dossier {rank}." for rank in range(times)))


@pytest.fixture
def scene() -> Scene:
    return Scene()


def read(client, path: str = PATH, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def table(client) -> list[dict[str, str]]:
    content = b"".join(client.get(f"{TABLE}?separateur=virgule")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_it_says_who_asks_for_what_another_issues_and_how_many_fiches_say_so(client, scene):
    scene.asked(scene.jobs, 12)
    scene.asked(scene.jobs, 30, text=ONCE)
    page = read(client)
    assert "Attestation de la Caf" in page
    assert "Délivré par\N{NO-BREAK SPACE}: Caf du lieu" in page
    assert "Recherche d’emploi" in page
    assert ">12<" in page
    assert ">42<" not in page, "to name a document is not to be asked for it again"
    assert PATH in read(client, "/vous-avez-dit/")


def test_under_five_the_number_is_neither_written_nor_to_be_worked_out(client, scene):
    scene.asked(scene.jobs, 7)
    scene.asked(scene.bus, 4)
    page = read(client)
    assert "moins de 5" in page
    assert "au moins 7" in page
    assert ">11<" not in page
    rows = {row["service"]: row for row in table(client)}
    assert (rows["emploi"]["fiches_asked_again"], rows["emploi"]["fewer_than_5"]) == ("7", "0")
    assert (rows["bus"]["fiches_asked_again"], rows["bus"]["fewer_than_5"]) == ("", "1")


def test_a_document_that_few_were_asked_again_for_is_not_there(client, scene):
    scene.asked(scene.jobs, 4)
    scene.asked(scene.bus, 4)
    assert "Attestation de la Caf" not in read(client)
    assert table(client) == []
    assert "Rien à montrer" in read(client)


def test_what_the_service_issues_itself_and_what_nobody_here_holds_is_not_there(client, scene):
    scene.asked(scene.caf, 9)
    scene.asked(scene.bus, 9, text="On me redemande encore mon RIB.")
    assert "Rien à montrer" in read(client)
    SupportingDocument.objects.filter(key="rib").update(is_held_by_state=True)
    assert "RIB" in read(client)


def test_fiches_set_aside_are_not_counted(client, scene):
    first, *_rest = scene.asked(scene.jobs, 5)
    assert "Recherche d’emploi" in read(client)
    sorting.dismiss_fiche(first, reason="Hors sujet.", by=scene.owner)
    assert "Rien à montrer" in read(client)


def test_only_published_pain_points_and_chosen_passages_about_it_are_read(client, scene):
    fiches = scene.asked(scene.jobs, 6)
    other = scene.file(scene.jobs, "Le canari attend au guichet fermé.")[0]
    pain_point = gather(scene.jobs, *fiches, other, by=scene.owner, title="Attestation redemandée")
    assert "Attestation redemandée" not in read(client)
    assert table(client)[0]["pain_points"] == ""
    answer_pain_point(pain_point, outcome=Outcome.DONE, changes=DECIDED, by=scene.owner)
    triage.publish(pain_point, by=scene.owner)
    triage.quote(pain_point, segments=[*fiches[0].segments.all(), *other.segments.all()], by=scene.owner)
    page = read(client)
    assert "Attestation redemandée" in page
    assert DECIDED in page
    assert "Dossier 0" in page
    assert "Dossier 1" not in page, "nobody chose it"
    assert "canari" not in page, "published, of the same pain point, but about something else"
    assert table(client)[0]["pain_points"] == str(pain_point.number)
    triage.unpublish(pain_point, by=scene.owner)
    assert DECIDED not in read(client)


def test_two_services_that_few_speak_of_are_listed_by_name_not_by_number(client, scene):
    scene.asked(scene.jobs, 6)
    scene.asked(scene.bus, 3)
    scene.asked(ServiceFactory(name="Accueil", slug="accueil"), 1)
    page = read(client).split("<tbody>")[1]
    assert page.index("Recherche d’emploi") < page.index("Accueil") < page.index("Métro et bus")


def many(scene: Scene, number: int) -> None:
    """Fiches, services, public pain points and passages in number."""
    known = list(SupportingDocument.objects.order_by("pk"))
    SupportingDocument.objects.update(is_held_by_state=True)
    service = ServiceFactory()
    start = Fiche.objects.count()
    fiches = Fiche.objects.bulk_create(
        Fiche(reference=f"F-{start + n}", channel="web", service=service, received_on="2026-01-05", masked_text="RIB")
        for n in range(number)
    )
    said = Segment.objects.bulk_create(
        Segment(fiche=one, position=0, start=0, end=1, text="RIB", documents=["rib"]) for one in fiches
    )
    DocumentMention.objects.bulk_create(
        DocumentMention(fiche=one.fiche, segment=one, document=known[n % 20], asked_again=True)
        for n, one in enumerate(said)
    )
    for rank in range(number // 50):
        shown = PainPoint.objects.create(title=f"Irritant {rank}", service=service, state="done", is_public=True)
        shown.documents.set(known)
        Verbatim.objects.create(pain_point=shown, segment=said[rank], chosen_by=scene.owner)


@pytest.mark.parametrize("path", [PATH, TABLE])
def test_three_hundred_or_three_thousand_fiches_cost_the_same_questions(client, scene, path):
    seen = []
    for size in (300, 2700):
        many(scene, size)
        client.get(path).getvalue()
        with CaptureQueriesContext(connection) as asked:
            client.get(path).getvalue()
        seen.append([one["sql"][:150] for one in asked])
    assert len(seen[0]) == len(seen[1]) <= 12, "\n".join(seen[1])


def test_it_reads_in_english_too(client, scene):
    scene.asked(scene.jobs, 6)
    assert "What you are asked for again" in read(client, **{"accept-language": "en"})
