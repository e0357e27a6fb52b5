"""« Dites-le-nous une fois »: what fiches say about documents is kept, counted, compared, and raised once."""

import csv
import io
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import grant
from accounts.choices import RoleKind
from directory import documents
from directory.models import SupportingDocument
from feedback import policies
from feedback.actions import radar as acts
from feedback.actions import reshaping, sorting
from feedback.actions.intake import submit_fiche
from feedback.counting import at_least, recount
from feedback.errors import NothingToRaise
from feedback.grouping.placing import cut_once
from feedback.models import DocumentCase, DocumentMention, DocumentReading, Fiche, PainPoint, Segment
from feedback.radar import cases, matrix, reading
from journal.models import Entry
from letters.models import Letter
from tests.factories import AdministrationFactory, ServiceFactory, SupportingDocumentFactory, UserFactory

pytestmark = pytest.mark.django_db
AGAIN = "On me redemande l’attestation de la Caf, je l’ai déjà donnée."
ONCE = "Il fallait une attestation de la Caf, je ne le savais pas."


def filed(service, *texts: str, **details) -> list[Fiche]:
    made = [submit_fiche(text=text, service=service, **details) for text in texts]
    for fiche in made:
        cut_once(fiche)
    return made


class Scene:
    """France Travail asks for what the Caf issues; each has an owner."""

    def __init__(self) -> None:
        self.caf = ServiceFactory(name="Caf", slug="caf", administration=AdministrationFactory(name="Caf du lieu"))
        self.jobs = ServiceFactory(name="Recherche d’emploi", slug="emploi")
        self.bus = ServiceFactory(name="Métro et bus", slug="bus")
        self.document = SupportingDocumentFactory(
            key="attestation_caf", name="Attestation de la Caf", issuer=self.caf.administration
        )
        self.owner = UserFactory(owns=[self.jobs], name="Inès R.")
        self.caf_owner = UserFactory(owns=[self.caf], name="Paul C.")
        self.agent = UserFactory(holds=[RoleKind.AGENT])


@pytest.fixture
def scene() -> Scene:
    return Scene()


def page(client, user, name: str, *args, query: str = ""):
    client.force_login(user)
    return client.get(reverse(f"feedback:{name}", args=args) + query)


def test_a_fiche_names_a_document_once_and_the_passage_that_says_again_is_kept(scene):
    (fiche,) = filed(scene.jobs, f"{ONCE}\n\nLe guichet ferme trop tôt le vendredi soir.\n\n{AGAIN}")
    (mention,) = DocumentMention.objects.filter(fiche=fiche)
    assert (mention.document, mention.asked_again) == (scene.document, True)
    assert "redemande" in mention.segment.text
    reading.keep([(one, reading.named_in(one.text, reading.gazetteer())) for one in fiche.segments.all()])
    assert DocumentMention.objects.count() == 1


def test_whoever_works_here_reads_the_counts_and_only_owners_the_words(client, scene):
    filed(scene.jobs, AGAIN, ONCE)
    shown = page(client, scene.agent, "radar").content.decode()
    assert "Attestation de la Caf" in shown
    assert "1 redemandé" in shown
    cell = ["radar_cell", "attestation_caf", "emploi"]
    assert "je ne le savais pas" not in page(client, scene.agent, *cell).content.decode()
    assert "je ne le savais pas" not in page(client, scene.caf_owner, *cell).content.decode()
    owners = page(client, scene.owner, *cell).content.decode()
    assert "je ne le savais pas" in owners
    assert "Inès R." in owners
    assert "Paul C." in owners
    assert page(client, UserFactory(), "radar").status_code == 404


def test_a_fiche_set_aside_or_of_no_service_is_not_counted(scene):
    first, _second = filed(scene.jobs, AGAIN, ONCE)
    filed(None, AGAIN)
    sorting.dismiss_fiche(first, reason="Hors sujet.", by=scene.owner)
    (cell,) = matrix.counted(policies.mentions_to_count())
    assert (cell.fiches, cell.again, cell.is_elsewhere) == (1, 0, True)


def test_filters_narrow_the_table_and_unknown_ones_change_nothing(client, scene):
    old, _new = filed(scene.jobs, AGAIN, ONCE)
    filed(scene.bus, "Il faut un RIB.")
    Fiche.objects.filter(pk=old.pk).update(received_on=timezone.localdate() - timedelta(days=40))

    def named(query: str) -> dict[str, int]:
        rows = page(client, scene.agent, "radar", query=query).context["matrix"].rows
        return {row.document.key: row.fiches for row in rows}

    assert named("") == {"attestation_caf": 2, "rib": 1}
    assert named("?again=1") == {"attestation_caf": 1}
    assert named("?period=28") == {"attestation_caf": 1, "rib": 1}
    assert named(f"?administration={scene.bus.administration_id}") == {"rib": 1}
    assert named("?again=%27&sort=drop&period=zz") == {"attestation_caf": 2, "rib": 1}
    assert list(named("?sort=name")) == ["attestation_caf", "rib"]


def more_mentions(scene: Scene, services: int, fiches: int) -> None:
    known = list(SupportingDocument.objects.order_by("pk"))
    for _ in range(services):
        service = ServiceFactory()
        made = Fiche.objects.bulk_create(
            Fiche(reference=f"F-{service.pk}-{n}", channel="web", service=service, received_on=timezone.localdate())
            for n in range(fiches)
        )
        said = Segment.objects.bulk_create(Segment(fiche=one, position=0, start=0, end=1, text="RIB") for one in made)
        DocumentMention.objects.bulk_create(
            DocumentMention(fiche=one.fiche, segment=one, document=known[n % len(known)], asked_again=n % 3 == 0)
            for n, one in enumerate(said)
        )


MOST_QUERIES = {"radar": 8, "radar_document": 11, "radar_cell": 12, "radar_declares": 11}


@pytest.mark.parametrize("name", MOST_QUERIES)
def test_three_mentions_or_three_hundred_cost_the_same_queries(client, scene, name):
    args = {"radar_document": ["attestation_caf"], "radar_cell": ["attestation_caf", "emploi"]}.get(name, [])
    args = ["emploi"] if name == "radar_declares" else args
    filed(scene.jobs, AGAIN, ONCE)
    page(client, scene.owner, name, *args)
    seen = []
    for size in (1, 40):
        more_mentions(scene, size, 8)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"feedback:{name}", args=args)).status_code == 200
        seen.append([one["sql"][:120] for one in asked])
    assert len(seen[0]) == len(seen[1]) <= MOST_QUERIES[name], seen[1]


def test_a_table_written_once_for_all_never_shows_yesterday_s_figures(client, scene):
    """Its lines are kept under a name made of all that they say."""
    (first,) = filed(scene.jobs, AGAIN)
    assert "1 redemandé" in page(client, scene.agent, "radar").content.decode()
    filed(scene.jobs, AGAIN)
    assert "2 redemandés" in page(client, scene.owner, "radar").content.decode()
    sorting.dismiss_fiche(first, reason="Hors sujet.", by=scene.owner)
    scene.jobs.name = "Emploi du lieu"
    scene.jobs.save()
    shown = page(client, scene.agent, "radar").content.decode()
    assert "1 redemandé" in shown
    assert "Emploi du lieu" in shown
    assert "/chez/emploi/?sort=name" in page(client, scene.agent, "radar", query="?sort=name").content.decode()
    assert "1 again" in client.get(reverse("feedback:radar"), headers={"accept-language": "en"}).content.decode()


def test_the_table_is_taken_away_and_written_in_the_journal(client, scene):
    filed(scene.jobs, AGAIN, ONCE)
    client.force_login(scene.agent)
    got = b"".join(client.post(reverse("feedback:radar_export"))).decode("utf-8-sig")
    (line,) = list(csv.reader(io.StringIO(got), delimiter=";"))[1:]
    assert line[0] == "Attestation de la Caf"
    assert line[4:] == ["2", "1", "oui"]
    assert Entry.objects.filter(verb="radar.exported").count() == 1
    assert client.get(reverse("feedback:radar_export")).status_code == 405


def test_what_a_service_declares_is_compared_with_what_people_tell(client, scene):
    scene.jobs.required_documents.set(SupportingDocument.objects.filter(key__in=["rib", "livret_famille"]))
    filed(scene.jobs, "Il faut un RIB.", ONCE, AGAIN)
    compared = page(client, scene.owner, "radar_declares", "emploi").context["compared"]
    assert [cell.document.key for cell in compared.both] == ["rib"]
    assert [cell.document.key for cell in compared.told_only] == ["attestation_caf"]
    assert [one.key for one in compared.declared_only] == ["livret_famille"]


def test_the_owner_alone_changes_what_is_declared_and_it_is_journalled_once(client, scene):
    address = reverse("feedback:radar_declares", args=["emploi"])
    for user, status in ((scene.caf_owner, 404), (scene.agent, 404), (scene.owner, 302), (scene.owner, 302)):
        client.force_login(user)
        assert client.post(address, {"documents": ["rib"]}).status_code == status
    assert [one.key for one in scene.jobs.required_documents.all()] == ["rib"]
    (line,) = Entry.objects.filter(verb="service.documents_declared")
    assert (line.details["added"], line.details["removed"]) == (["rib"], [])
    assert client.post(address, {"documents": ["nulle_part"]}).status_code == 200


def test_a_document_is_raised_with_both_owners_told_once(client, scene, django_capture_on_commit_callbacks):
    filed(scene.jobs, AGAIN, AGAIN + " Encore.")
    filed(scene.bus, AGAIN)
    client.force_login(scene.owner)
    address = reverse("feedback:radar_raise", args=["attestation_caf"])
    client.post(address)
    (raised,) = PainPoint.objects.all()
    assert (raised.service, raised.state, raised.fiche_count, raised.is_cross_service) == (
        scene.jobs,
        "confirmed",
        3,
        True,
    )
    assert set(raised.services.all()) == {scene.jobs, scene.bus, scene.caf}
    assert list(raised.documents.all()) == [scene.document]
    told = Letter.objects.filter(kind="feedback.raised")
    assert sorted(told.values_list("address", flat=True)) == sorted([scene.owner.email, scene.caf_owner.email])
    client.post(address)
    assert (PainPoint.objects.count(), told.count()) == (1, 2)
    filed(scene.bus, AGAIN)
    with pytest.raises(NothingToRaise):
        acts.raise_document(scene.document, by=scene.owner)
    recount([raised])
    assert scene.caf in raised.services.all()


def test_each_owner_reads_their_own_words_and_the_counts_of_the_other(client, scene):
    filed(scene.jobs, AGAIN)
    filed(scene.bus, AGAIN + " Même au dépôt des bus.")
    raised = acts.raise_document(scene.document, by=scene.owner)
    shown = page(client, scene.caf_owner, "pain_point", raised.pk)
    assert shown.status_code == 200
    assert "redemande" not in shown.content.decode().split("<aside")[0].split("<main")[1].split("c-passage")[-1][:50]
    assert list(policies.passages_to_read(raised, scene.caf_owner)) == []
    bus_owner = UserFactory(owns=[scene.bus])
    in_charge = UserFactory(owns=[raised.service])
    assert policies.passages_to_read(raised, bus_owner).count() in (1, 2)
    assert policies.passages_to_read(raised, in_charge).count() == 2


def test_only_who_asks_or_issues_raises_it(client, scene):
    filed(scene.jobs, AGAIN)
    address = reverse("feedback:radar_raise", args=["attestation_caf"])
    for user in (scene.agent, UserFactory(owns=[scene.bus]), UserFactory()):
        client.force_login(user)
        assert client.post(address).status_code == 404
    client.force_login(scene.caf_owner)
    assert client.post(address).status_code == 302
    assert PainPoint.objects.count() == 1


def test_one_that_people_already_grouped_is_taken_instead_of_a_new_one(scene):
    first, _second = filed(scene.jobs, AGAIN, AGAIN + " Encore.")
    made = reshaping.found(list(first.segments.all()), title="La Caf et nous", by=scene.owner)
    assert acts.raise_document(scene.document, by=scene.owner) == made
    made.refresh_from_db()
    assert (made.title, made.fiche_count) == ("La Caf et nous", 2), "a title given by a person stays"
    filed(scene.bus, AGAIN)
    assert acts.raise_document(scene.document, by=scene.owner) == made, "another service joins it"


def test_the_machine_suggests_what_enough_people_say_and_only_once(scene):
    filed(scene.jobs, *[f"{AGAIN} Dossier {n}." for n in range(cases.ENOUGH - 1)])
    assert acts.suggest() == []
    filed(scene.jobs, AGAIN)
    (suggested,) = acts.suggest()
    assert (suggested.state, suggested.fiche_count) == ("suggested", cases.ENOUGH)
    assert acts.suggest() == []
    # Said not to be a pain point, it is never suggested again.
    PainPoint.objects.filter(pk=suggested.pk).update(state="dismissed")
    filed(scene.jobs, *[AGAIN] * 6)
    assert acts.suggest() == []


def test_one_service_that_asks_for_what_nobody_here_issues_is_not_suggested(scene):
    filed(scene.jobs, *["On me redemande encore mon RIB."] * 6)
    assert acts.suggest() == []
    filed(scene.bus, "On me redemande encore mon RIB.")
    assert len(acts.suggest()) == 1


def test_a_pair_is_raised_once_whatever_the_code_says(scene):
    one = PainPoint.objects.create(title="Un", service=scene.jobs)
    DocumentCase.objects.create(document=scene.document, service=scene.jobs, pain_point=one)
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentCase.objects.create(document=scene.document, service=scene.jobs, pain_point=one)


def raised_at_once(scene: Scene) -> list[object]:
    """Two owners press the button together; what each met."""
    met: list[object] = []
    start = threading.Barrier(2)

    def press() -> None:
        start.wait()
        try:
            met.append(acts.raise_document(scene.document, by=scene.owner))
        except (NothingToRaise, IntegrityError) as broken:
            met.append(type(broken))
        finally:
            connection.close()

    people = [threading.Thread(target=press) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return met


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_owners_raise_it_together_and_there_is_one_pain_point():
    scene = Scene()
    filed(scene.jobs, AGAIN, AGAIN + " Encore.")
    met = raised_at_once(scene)
    assert PainPoint.objects.count() == 1
    assert NothingToRaise in met


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_control_without_the_lock_the_constraint_alone_stops_the_second(monkeypatch):
    scene = Scene()
    filed(scene.jobs, AGAIN, AGAIN + " Encore.")
    together = threading.Barrier(2, timeout=5)
    monkeypatch.setattr(acts, "lock_grouping", lambda: None)
    before = acts.cases.deserving

    def both_have_looked(mentions):
        found = before(mentions)
        together.wait()
        return found

    monkeypatch.setattr(acts.cases, "deserving", both_have_looked)
    met = raised_at_once(scene)
    assert IntegrityError in met, "both looked before either wrote: the database refused the second"
    assert DocumentCase.objects.count() == 1


@pytest.mark.parametrize(
    ("part", "whole", "least"),
    [(0, 0, 0.0), (0, 10, 0.0), (10, 10, 0.7225), (5, 10, 0.2366), (3, 10, 0.1078), (150, 1000, 0.1292)],
)
def test_the_lower_bound_is_wilsons(part, whole, least):
    assert at_least(part, whole) == pytest.approx(least, abs=1e-4)


def test_two_services_must_hold_a_real_share_to_make_it_a_matter_of_several(scene):
    many = filed(scene.jobs, *[f"Le portail ferme à midi, dossier {n}." for n in range(9)])
    (one,) = filed(scene.bus, "Le portail ferme à midi au bus.")
    segments = list(Segment.objects.filter(fiche__in=many)) + list(one.segments.all())
    made = reshaping.found(segments, title="Portail", by=scene.owner)
    made.refresh_from_db()
    assert (made.is_cross_service, made.services.count()) == (False, 2)
    more = filed(scene.bus, *[f"Le portail ferme à midi au bus {n}." for n in range(8)])
    reshaping.attach(list(Segment.objects.filter(fiche__in=more)), to=made, by=scene.owner)
    made.refresh_from_db()
    assert made.is_cross_service


def test_a_word_added_by_the_site_is_found_in_all_fiches_after_the_worker_read_them(scene, monkeypatch):
    (fiche,) = filed(scene.bus, "On me redemande le macaron riverain.")
    assert not DocumentMention.objects.exists()
    rung = []
    monkeypatch.setattr("feedback.actions.radar.tasks.ring", lambda task, *keys: rung.append(keys))
    acts.take_up_the_reading()
    for key in reading.unfinished():
        reading.run(key)
    own = SupportingDocument(key="macaron", name="Macaron résident", synonyms=["macaron riverain"])
    acts.save_document(own, by=scene.owner)
    assert not DocumentMention.objects.exists(), "the request reads nothing again"
    (waiting,) = reading.unfinished()
    monkeypatch.setattr(reading, "BATCH", 1)
    assert not reading.run(waiting)
    assert not reading.run(waiting)
    (mention,) = DocumentMention.objects.all()
    assert (mention.document, mention.asked_again) == (own, True)
    fiche.segments.get().refresh_from_db()
    assert fiche.segments.get().documents == ["macaron"]
    last = DocumentReading.objects.get(pk=waiting)
    assert last.done == Fiche.objects.count()
    assert last.finished_at


def test_a_newer_reading_makes_the_former_one_stop(scene):
    filed(scene.bus, "Il faut un RIB.")
    reading.start()
    (former,) = reading.unfinished()
    acts.save_document(SupportingDocument(key="macaron", name="Macaron résident"), by=None)
    reading.run(former)
    assert DocumentReading.objects.get(pk=former).done == 0
    assert former not in reading.unfinished()


def test_words_that_mean_another_document_or_nothing_are_refused():
    (said,) = documents.refusals(key="rib", names=["avis d’impôt", "relevé d'identité bancaire"])
    assert "avis d’impôt" in said
    assert documents.refusals(key="rib", names=["de la", "avis de passage"]) != []
    assert documents.refusals(key="macaron", names=["macaron riverain"]) == []


def test_documents_everybody_knows_are_there_and_may_be_renamed():
    known = set(SupportingDocument.objects.values_list("key", flat=True))
    assert known >= documents.CANONICAL
    row = SupportingDocument.objects.get(key="rib")
    row.name = "Coordonnées de compte"
    row.save()
    named = {one.id: one for one in documents.gazetteer()}["rib"]
    assert (named.name, documents.gazetteer() is documents.gazetteer()) == ("Coordonnées de compte", True)
    assert reading.named_in("mon rib", documents.gazetteer()) == {"rib": False}


def test_administrators_change_words_and_a_taken_one_is_refused_with_a_sentence(client):
    boss = UserFactory()
    grant(boss, RoleKind.ADMINISTRATOR, by=None)
    client.force_login(boss)
    rib = SupportingDocument.objects.get(key="rib")
    address = reverse("feedback_document", args=[rib.pk])
    refused = client.post(address, {"name": "RIB", "synonyms": "papier bleu\navis d’impôt"})
    assert "désigne déjà" in refused.content.decode()
    assert client.post(address, {"name": "RIB", "synonyms": "papier bleu"}).status_code == 302
    assert reading.named_in("le papier bleu", documents.gazetteer()) == {"rib": False}
    assert reading.unfinished() != []
    assert Entry.objects.filter(verb="document.changed").count() == 1
    client.post(reverse("feedback_document_delete", args=[rib.pk]))
    assert SupportingDocument.objects.filter(key="rib").exists(), "everybody knows this one"
    client.post(reverse("feedback_document_new"), {"name": "Macaron résident", "synonyms": ""})
    own = SupportingDocument.objects.get(key="macaron_resident")
    client.post(reverse("feedback_document_delete", args=[own.pk]))
    assert not SupportingDocument.objects.filter(key="macaron_resident").exists()
    client.force_login(UserFactory(holds=[RoleKind.EDITOR]))
    assert client.get(reverse("feedback_documents")).status_code == 404


def test_programs_read_the_matrix_without_its_small_cells(client, scene):
    filed(scene.jobs, *[f"{AGAIN} Dossier {n}." for n in range(5)])
    filed(scene.bus, *[f"{ONCE} Ligne {n}." for n in range(4)])
    told = client.get("/api/v1/documents/matrix").json()
    (cell,) = told["cells"]
    assert (cell["document"], cell["service"], cell["fiches"], cell["asked_again"]) == (
        "attestation_caf",
        "emploi",
        5,
        5,
    )
    assert cell["issued_elsewhere"]
    filed(scene.jobs, ONCE, ONCE)
    (cell,) = client.get("/api/v1/documents/matrix?document=attestation_caf").json()["cells"]
    assert (cell["fiches"], cell["asked_again"]) == (7, None), "two people would be known not to say so"
    assert client.get("/api/v1/documents/matrix?service=nulle-part").json()["cells"] == []
    assert client.get("/api/v1/documents/matrix?document=%00").status_code in (200, 422, 400)
    with CaptureQueriesContext(connection) as asked:
        client.get("/api/v1/documents/matrix")
    assert len(asked) <= 4


def test_the_issuer_sees_the_pain_point_without_the_words_of_others(client, scene):
    filed(scene.jobs, AGAIN, ONCE + " C’est redemandé.")
    raised = acts.raise_document(scene.document, by=scene.owner)
    theirs = page(client, scene.caf_owner, "pain_point", raised.pk).content.decode()
    assert "lus par le pilote de service" in theirs
    assert "je l’ai déjà donnée" not in theirs
    assert "je l’ai déjà donnée" in page(client, scene.owner, "pain_point", raised.pk).content.decode()
    client.force_login(scene.caf_owner)
    taken = b"".join(client.post(reverse("feedback:pain_point_export", args=[raised.pk])))
    assert "redemande" not in taken.decode()
