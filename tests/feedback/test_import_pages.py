"""An owner brings a file, chooses its columns, reads what would be refused, imports; others meet a 404."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback import clock, grouping, importing, tasks
from feedback.actions.intake import submit_fiche
from feedback.choices import ImportState, IntakeChannel
from feedback.models import Fiche, Import, Original, PainPoint
from journal.models import Entry
from letters.models import Letter
from tests.factories import OfficeFactory, ServiceFactory, UserFactory
from tests.feedback.past import bring, checked, line, many, signed_in, table

pytestmark = pytest.mark.django_db
PAST = Path(__file__).resolve().parents[2] / "demo" / "past_feedback.csv"
CANARY = "Zyxwvut Canaribus"


@pytest.fixture
def service():
    return ServiceFactory(name="Médiathèque")


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service], name="Inès R.")


@pytest.fixture
def client(owner):
    return signed_in(owner)


def started(client, brought, **data):
    return client.post(reverse("feedback:import_start", args=[brought.pk]), data)


def page(client, brought, name="import"):
    return client.get(reverse(f"feedback:{name}", args=[brought.pk])).content.decode()


def test_the_old_register_of_the_demo_town_comes_in_but_for_three_lines(service, client):
    OfficeFactory(service=service, name="Médiathèque centrale")
    OfficeFactory(service=service, name="Bibliothèque du Moulin")
    brought = checked(
        client,
        service,
        PAST.read_bytes(),
    )
    report = page(client, brought)
    assert "Import the 37 good lines, leave the 3 refused lines" in report
    for words in ("30/02/2025", "Annexe Saint-Éloi", "The text is missing."):
        assert words in report
    assert Fiche.objects.count() == 0
    started(client, brought, leave="yes")
    assert "Import under way" in page(client, brought)
    clock.run_import(brought.pk)
    brought.refresh_from_db()
    assert (brought.state, brought.imported) == (ImportState.DONE, 37)
    assert [reject["line"] for reject in brought.rejects] == [12, 20, 31]
    assert "37 fiches imported" in page(client, brought)
    fiche = Fiche.objects.get(received_on="2025-02-11")
    assert (fiche.channel, fiche.satisfaction, str(fiche.occurred_on)) == (IntakeChannel.IMPORT, 2, "2025-02-10")
    assert (fiche.office.name, fiche.imported_in) == ("Médiathèque centrale", brought)
    assert Entry.objects.filter(verb="import.done").count() == 1


def test_the_fiches_of_a_file_are_grouped_together_at_the_end(
    service, client, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr(tasks, "ring", lambda task, *keys: rung.append((task.name, keys)))
    lines = [line(f"On me redemande le justificatif de domicile à chaque inscription, fois {n}.") for n in range(6)]
    brought = checked(client, service, table(*lines))
    with django_capture_on_commit_callbacks(execute=True):
        started(client, brought)
        clock.run_import(brought.pk)
    assert rung == [("feedback.clock.run_import", (brought.pk,)), ("feedback.tasks.place_import", (brought.pk,))]
    tasks.place_import(brought.pk)
    tasks.place_import(brought.pk)
    assert Fiche.objects.filter(placed_at__isnull=True).count() == 0
    (pain_point,) = PainPoint.objects.all()
    assert pain_point.fiche_count >= 3


def test_a_fiche_filed_while_a_file_is_cut_founds_nothing_out_of_it(service, client, settings):
    settings.CLUSTERING_ENCODER = "clustering.encode"
    again = "On me redemande le justificatif de domicile à chaque inscription"
    brought = checked(client, service, table(*(line(f"{again}, fois {n}.") for n in range(6))))
    started(client, brought)
    clock.run_import(brought.pk)
    importing.help_cutting(brought, after=0)
    grouping.place(submit_fiche(text=f"{again}, encore.", service=service))
    assert not PainPoint.objects.exists()
    board = client.get(reverse("feedback:board"))
    assert reverse("feedback:import", args=[brought.pk]) in board.content.decode()
    assert [one["value"] for one in board.context["figures"] if one["label"] == "To sort"] == [1]
    importing.place(brought)
    pain_point = PainPoint.objects.get()
    assert pain_point.fiche_count == 7
    assert reverse("feedback:import", args=[brought.pk]) not in client.get(reverse("feedback:board")).content.decode()
    told = page(client, brought)
    assert pain_point.title in told
    assert "of which 1 new" in told


def test_nobody_receives_a_receipt_because_of_an_import(service, client):
    brought = checked(client, service, table(line(rest=";;;nadia@exemple.fr;oui")))
    started(client, brought)
    clock.run_import(brought.pk)
    assert Original.objects.get().contact_email == "nadia@exemple.fr"
    assert Fiche.objects.get().wants_answer
    assert Letter.objects.count() == 0


def test_a_file_with_refused_lines_is_not_imported_by_default(service, client):
    brought = checked(client, service, table(line(), line(received="hier")))
    response = client.post(reverse("feedback:import_start", args=[brought.pk]), follow=True)
    assert "1 line is refused: nothing was imported." in response.content.decode()
    brought.refresh_from_db()
    assert (brought.state, Fiche.objects.count()) == (ImportState.UPLOADED, 0)


def test_an_unchecked_file_and_a_file_without_a_good_line_are_not_imported(service, client):
    bring(client, service, table(line()))
    unchecked = Import.objects.get()
    assert (
        "Check the file again"
        in client.post(reverse("feedback:import_start", args=[unchecked.pk]), follow=True).content.decode()
    )
    bad = checked(client, service, table(line(text="")))
    assert (
        "No line of this file"
        in client.post(reverse("feedback:import_start", args=[bad.pk]), {"leave": "yes"}, follow=True).content.decode()
    )
    assert not Import.objects.exclude(state=ImportState.UPLOADED).exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04zip", b"\x00\x01\x02;\x00\n", b"Remarque;Date\n", many(20_001)])
def test_a_file_that_is_no_table_is_refused_with_a_sentence_beside_the_field(service, client, content):
    response = bring(client, service, content)
    assert response.status_code == 422
    assert response.context["form"].errors["file"]
    assert Import.objects.count() == 0


def test_a_file_too_large_is_refused_before_it_is_read(service, client, monkeypatch):
    monkeypatch.setattr(importing, "text_of", lambda _content: pytest.fail("read"))
    response = bring(client, service, b"a" * (10 * 1024 * 1024 + 1))
    assert "10 MB at most" in response.content.decode()


def test_columns_must_hold_a_text_and_a_day_and_differ(service, client):
    bring(client, service, table(line()))
    address = reverse("feedback:import_columns", args=[Import.objects.get().pk])
    for wrong in (
        {"text": "", "received_on": "Date de dépôt"},
        {"text": "Remarque"},
        {"text": "Remarque", "received_on": "Remarque"},
        {"text": "nowhere", "received_on": "Date de dépôt"},
        {"text": "Remarque", "day": "2925-01-01"},
        {"text": "Remarque", "day": "demain"},
    ):
        response = client.post(address, wrong)
        assert response.status_code == 422, wrong
        assert response.context["form"].errors
    assert client.post(address, {"text": "Remarque", "day": "2025-01-31"}).status_code == 302


def test_the_same_file_is_brought_once_and_imported_once(service, client):
    content = table(line())
    brought = checked(client, service, content)
    assert bring(client, service, content).url == reverse("feedback:import_columns", args=[brought.pk])
    started(client, brought)
    clock.run_import(brought.pk)
    assert "This file was already imported." in bring(client, service, content).content.decode()
    assert "already imported" in bring(client, service, content.decode().encode("utf-16")).content.decode()
    assert Import.objects.count() == 1


def test_a_corrected_file_adds_only_what_was_refused(service, client):
    first = checked(client, service, table(line("Un"), line("Deux", received="hier"), line("Un")))
    started(client, first, leave="yes")
    clock.run_import(first.pk)
    assert Fiche.objects.count() == 2, "two people may write the same words on the same day"
    corrected = checked(client, service, table(line("Un"), line("Deux", received="04/02/2025"), line("Un")))
    assert "2 of these lines are already in Cahier." in page(client, corrected)
    started(client, corrected)
    clock.run_import(corrected.pk)
    corrected.refresh_from_db()
    assert (corrected.imported, Fiche.objects.count()) == (1, 3)
    assert "2 lines were already in Cahier." in page(client, corrected)


def test_owners_of_another_service_citizens_and_visitors_see_nothing(service, client):
    brought = checked(client, service, table(line(CANARY), line(received="hier")))
    addresses = [
        reverse(f"feedback:{name}", args=[brought.pk])
        for name in ("import", "import_columns", "import_start", "import_give_up", "import_refused")
    ]
    other = UserFactory(owns=[ServiceFactory()])
    for person in (other, UserFactory()):
        stranger = signed_in(person)
        for address in addresses:
            assert stranger.get(address).status_code in (404, 405)
            assert stranger.post(address, {"leave": "yes"}).status_code in (404, 405)
    assert CANARY not in signed_in(other).get(reverse("feedback:imports")).content.decode()
    assert bring(signed_in(other), service, table(line())).status_code == 422, "not their service"
    visitor = type(client)()
    assert all(visitor.get(address).status_code in (302, 405) for address in addresses)
    assert Import.objects.get().state == ImportState.UPLOADED


def test_what_the_file_holds_is_encrypted_and_shown_masked(service, client):
    bring(client, service, table(line(f"{CANARY} appelez le 06 12 34 56 78")))
    brought = Import.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(feedback_import)::text FROM feedback_import")
        assert "Canaribus" not in cursor.fetchone()[0]
    shown = page(client, brought, "import_columns")
    assert "Canaribus" in shown
    assert "06 12 34 56 78" not in shown


def test_the_refused_lines_are_kept_for_who_brought_them_and_nobody_else(service, client):
    brought = checked(client, service, table(line("Bien"), line(f"={CANARY}", received="hier")))
    started(client, brought, leave="yes")
    clock.run_import(brought.pk)
    brought.refresh_from_db()
    assert "Bien" not in brought.content
    address = reverse("feedback:import_refused", args=[brought.pk])
    response = client.get(address)
    assert f"'={CANARY}" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"].startswith("attachment")
    colleague = signed_in(UserFactory(owns=[service])).get(address).content.decode()
    assert CANARY not in colleague
    assert "Date de dépôt" in colleague


def test_a_file_without_a_refused_line_is_emptied_once_imported(service, client):
    brought = checked(client, service, table(line()))
    started(client, brought)
    clock.run_import(brought.pk)
    brought.refresh_from_db()
    assert brought.content == ""
    assert client.get(reverse("feedback:import_refused", args=[brought.pk])).status_code == 404


def test_after_seven_days_nothing_is_kept_of_a_file(service, client):
    waiting = checked(client, service, table(line()))
    left = checked(client, service, table(line("Un"), line(received="hier")))
    started(client, left, leave="yes")
    clock.run_import(left.pk)
    clock.sweep()
    assert Import.objects.exclude(content="").count() == 2
    Import.objects.update(created_at=Now() - timedelta(days=8))
    clock.sweep()
    assert not Import.objects.exclude(content="").exists()
    waiting.refresh_from_db()
    assert waiting.state == ImportState.REFUSED
    assert waiting.rejects[0]["line"] == 0
    assert "Nobody imported this file within 7 days." in page(client, waiting)


def test_a_colleague_reads_what_is_refused_in_their_own_language(service, client):
    brought = checked(client, service, table(line(text="")))
    colleague = Client(headers={"accept-language": "fr"})
    colleague.force_login(UserFactory(owns=[service]))
    assert "The text is missing." in page(client, brought)
    assert "The text is missing." not in page(colleague, brought)


def test_a_file_given_up_is_forgotten(service, client):
    brought = checked(client, service, table(line()))
    client.post(reverse("feedback:import_give_up", args=[brought.pk]))
    brought.refresh_from_db()
    assert (brought.state, brought.content) == (ImportState.REFUSED, "")
    assert "Nothing was imported" in page(client, brought)
    started(client, brought)
    brought.refresh_from_db()
    assert brought.state == ImportState.REFUSED


def test_the_progress_is_asked_by_htmx_and_the_page_comes_back_when_it_is_over(service, client):
    brought = checked(client, service, many(60))
    started(client, brought)
    address = reverse("feedback:import", args=[brought.pk])
    assert "goes on without you" in client.get(address).content.decode()
    importing.tell(brought.pk, 50)
    part = client.get(address, headers={"hx-request": "true"}).content.decode()
    assert "50 lines imported out of 60" in part
    assert "<html" not in part
    clock.run_import(brought.pk)
    assert client.get(address, headers={"hx-request": "true"})["HX-Refresh"] == "true"


def test_the_number_of_queries_of_the_list_does_not_grow(service, client, django_assert_num_queries, owner):
    def files(count):
        made = [
            Import(
                service=service, by=owner, file_name="a.csv", content="x" * 1000, digest=f"{Import.objects.count()}{n}"
            )
            for n in range(count)
        ]
        Import.objects.bulk_create(made)

    address = reverse("feedback:imports")
    files(3)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    files(300)
    with django_assert_num_queries(len(few)):
        client.get(address)


def test_a_name_with_folders_or_tricks_is_only_a_name(service, client):
    bring(client, service, table(line()), name="../../<script>\u202egpj.csv")
    name = Import.objects.get().file_name
    assert "/" not in name
    assert "\u202e" not in name
    assert "<script>" not in page(client, Import.objects.get(), "import_columns")
