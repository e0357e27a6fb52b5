"""A worker killed, two at once, a broker away: a file is imported whole, once, or not at all. With controls."""

import os
import signal
import subprocess
import sys
import uuid
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from threading import Barrier, Event, Thread, Timer, get_ident
from time import sleep

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from kombu.exceptions import OperationalError

from feedback import clock, grouping, importing, tasks
from feedback.actions import importing as acts
from feedback.actions import intake, privacy
from feedback.choices import ImportState, IntakeChannel
from feedback.errors import NotAllowedNow
from feedback.importing import Mapping, placing
from feedback.models import Fiche, Import, Original, PainPoint, Segment
from journal.models import Entry
from tests.addresses import address_of_the_database
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.past import line, many, signed_in, table

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ROOT = Path(__file__).resolve().parents[2]
LINES = 120
WORKER = """
import django
django.setup()
from feedback.actions import importing, intake
intake.BATCH = 20
def half_way(done):
    print(done, flush=True)
    if done >= 60:
        input()  # nobody answers: it is killed here
importing.run(int(input()), progress=half_way)
"""


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    monkeypatch.setattr(tasks, "ring", lambda *_: None)


@pytest.fixture
def service():
    return ServiceFactory()


def ready(service, content=None, by=None):
    """A file checked and asked for."""
    owner = by or UserFactory(owns=[service])
    brought = acts.upload(service=service, content=content or many(LINES), file_name="registre.csv", by=owner)
    acts.check(brought, mapping=Mapping.of(brought.mapping))
    return acts.start(brought, by=owner)


def start_worker(import_pk):
    """Another process on the same database."""
    url = address_of_the_database()
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    worker.stdin.write(f"{import_pk}\n")
    worker.stdin.flush()
    return worker


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_clock_imports_all(service):
    brought = ready(service)
    with start_worker(brought.pk) as worker:
        while int(worker.stdout.readline()) < LINES // 2:
            pass
        with transaction.atomic():
            assert Fiche.objects.count() == 0, "nobody sees the half of a file"
        os.kill(worker.pid, signal.SIGKILL)
        assert worker.wait(20) == -signal.SIGKILL
    assert (Fiche.objects.count(), Original.objects.count()) == (0, 0)
    brought.refresh_from_db()
    assert brought.state == ImportState.RUNNING
    wait_for_the_lock_to_go(brought)
    clock.sweep()
    brought.refresh_from_db()
    assert (brought.state, brought.imported, Fiche.objects.count()) == (ImportState.DONE, LINES, LINES)
    assert Entry.objects.filter(verb="import.done").count() == 1


def wait_for_the_lock_to_go(brought):
    """PostgreSQL hears of the death of its client within moments."""
    with transaction.atomic():
        Import.objects.select_for_update().get(pk=brought.pk)


def test_an_import_whose_bell_was_not_heard_is_taken_up_by_the_clock(service, monkeypatch):
    def away(*_, **__):
        raise OperationalError

    monkeypatch.undo()
    monkeypatch.setattr(acts.RUN.__class__, "delay", away)
    monkeypatch.setattr(tasks.place_import.__class__, "delay", away)
    ready(service)
    assert Fiche.objects.count() == 0
    clock.sweep()
    assert Fiche.objects.count() == LINES
    clock.sweep()
    assert Fiche.objects.count() == LINES
    assert not Fiche.objects.waiting_for_placement().exists()


def at_once(count, act):
    """``act(rank)`` on as many connections, at the same instant."""
    together = Barrier(count, timeout=30)

    def work(rank):
        try:
            together.wait()
            act(rank)
        finally:
            connection.close()

    threads = [Thread(target=work, args=[rank]) for rank in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def groupings_of_one_file_by_four_workers(service, monkeypatch):
    brought = ready(service, many(20))
    acts.run(brought.pk)
    begun, go_on = [], Event()

    def slow(**_):
        begun.append(1)
        go_on.wait(2 if len(begun) < 4 else 0)

    monkeypatch.setattr(grouping, "regroup", slow)
    at_once(4, lambda _: importing.place(Import.objects.get(pk=brought.pk)))
    return len(begun)


def test_one_worker_at_a_time_groups_what_a_file_brought(service, monkeypatch):
    assert groupings_of_one_file_by_four_workers(service, monkeypatch) == 1


def test_control_without_the_lock_four_workers_group_it_four_times(service, monkeypatch):
    monkeypatch.setattr(placing, "_alone", lambda _: nullcontext(True))
    assert groupings_of_one_file_by_four_workers(service, monkeypatch) == 4


def test_words_taken_back_before_the_grouping_are_not_grouped(service):
    brought = ready(service, many(4))
    acts.run(brought.pk)
    gone = Fiche.objects.first()
    privacy.erase(gone, by=None)
    clock.sweep()
    assert not Fiche.objects.waiting_for_placement().exists()
    assert Fiche.objects.count() == 4
    assert not gone.segments.exists()


def test_four_workers_on_one_file_import_it_once(service):
    brought = ready(service)
    at_once(4, lambda _: acts.run(brought.pk))
    assert Fiche.objects.count() == LINES
    assert Entry.objects.filter(verb="import.done").count() == 1


def the_same_file_imported_by_two_people_at_once(service):
    keys = [ready(service, many(20)).pk for _ in range(2)]
    at_once(2, lambda rank: acts.run(keys[rank]))
    return sorted(Import.objects.values_list("state", flat=True))


def test_the_same_file_imported_by_two_people_at_once_is_imported_once(service):
    assert the_same_file_imported_by_two_people_at_once(service) == [ImportState.DONE, ImportState.REFUSED]
    assert Fiche.objects.count() == 20
    refused = Import.objects.get(state=ImportState.REFUSED)
    assert [reject["line"] for reject in refused.rejects] == [0]
    assert refused.content == ""


def test_control_without_the_constraint_the_same_file_is_imported_twice(service):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [acts.ONCE])
        (definition,) = cursor.fetchone()
        cursor.execute(f"DROP INDEX {acts.ONCE}")
    try:
        assert the_same_file_imported_by_two_people_at_once(service) == [ImportState.DONE, ImportState.DONE]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE feedback_import CASCADE")
            cursor.execute(definition)


def test_a_double_click_on_import_starts_it_once(service):
    owner = UserFactory(owns=[service])
    brought = acts.upload(service=service, content=many(5), file_name="a.csv", by=owner)
    acts.check(brought, mapping=Mapping.of(brought.mapping))
    met = []

    def click(_):
        try:
            acts.start(brought, by=owner)
        except NotAllowedNow as late:
            met.append(late)

    at_once(2, click)
    assert len(met) == 1
    assert Entry.objects.filter(verb="import.started").count() == 1


def test_what_was_checked_is_what_is_imported_or_nothing_is(service):
    """An office renamed between the check and the import would leave lines out without anybody knowing."""
    content = b"Remarque;Date;Lieu\nUn;03/02/2025;Annexe\nDeux;03/02/2025;\n"
    office = service.offices.create(name="Annexe")
    brought = ready(service, content)
    service.offices.filter(pk=office.pk).update(name="Bibliothèque")
    acts.run(brought.pk)
    brought.refresh_from_db()
    assert (brought.state, Fiche.objects.count()) == (ImportState.REFUSED, 0)


def test_a_fault_in_the_middle_leaves_nothing(service, monkeypatch):
    brought = ready(service)
    insert = intake._insert_past
    calls = []

    def broken(*given, **details):
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("the disk is full")
        return insert(*given, **details)

    monkeypatch.setattr(intake, "BATCH", 20)
    monkeypatch.setattr(intake, "_insert_past", broken)
    with pytest.raises(RuntimeError):
        acts.run(brought.pk)
    assert Fiche.objects.count() == 0


def test_a_line_of_a_file_is_recorded_as_if_it_were_submitted_alone(service):
    """By the batch or one by one, the same is kept: text masked, address encrypted, dates, journal."""
    office = service.offices.create(name="Annexe")
    owner = UserFactory(owns=[service])
    said = {
        "text": "Jeanne Martin attend,\r\nappelez-la au 06 12 34 56 78.",
        "received_on": date(2025, 2, 3),
        "occurred_on": date(2025, 2, 1),
        "office": office,
        "satisfaction": 2,
        "step": "rappel au 06 12 34 56 78",
        "email": "jeanne@example.org",
        "wants_answer": True,
    }
    brought = Import.objects.create(service=service, by=owner, file_name="a.csv", digest="x", total=1)
    common = {"service": service, "imported_in": brought, "by": owner}
    alone = intake.submit_fiche(**said, **common, channel=IntakeChannel.IMPORT, idempotency_key=uuid.uuid4())
    assert intake.submit_past([{**said, "idempotency_key": uuid.uuid4()}], **common) == 1
    together = Fiche.objects.exclude(pk=alone.pk).get()
    assert kept(together) == kept(alone)
    assert "06 12" not in together.masked_text + together.step


def kept(fiche):
    """Every column of what filing wrote, but those that differ by nature."""
    own = {
        "id",
        "fiche_id",
        "reference",
        "idempotency_key",
        "created_at",
        "state_changed_at",
        "at",
        "seal",
        "subject_key",
    }
    fiche = Fiche.objects.get(pk=fiche.pk)
    lines = Entry.objects.filter(subject_type="feedback.fiche", subject_key=str(fiche.pk))
    rows = [fiche, fiche.original, *lines]
    found = [{name: value for name, value in vars(row).items() if name not in own and name[0] != "_"} for row in rows]
    for row in found:
        if "details" in row:
            assert row["details"].pop("reference") == fiche.reference
    return found


@pytest.fixture
def brought(service, monkeypatch):
    """A file whose lines are there, and that nobody has cut."""
    monkeypatch.setattr(placing, "BATCH", 10)
    monkeypatch.setattr(placing, "HELPED", 10)
    brought = ready(service)
    acts.run(brought.pk)
    return brought


@pytest.fixture
def cut(monkeypatch):
    """Who cut which fiches: (thread, key)."""
    told = []
    real = grouping.cut_many

    def noted(fiches):
        told.extend((get_ident(), fiche.pk) for fiche in fiches)
        sleep(0.02)  # the other one has its turn
        real(fiches)

    monkeypatch.setattr(grouping, "cut_many", noted)
    return told


def help_as_a_worker(brought):
    last = 0
    while last is not None:
        last = importing.help_cutting(brought, after=last)


def test_its_page_says_from_the_first_fiche_how_far_the_reading_is(brought, monkeypatch):
    told = []
    real = grouping.cut_many

    def noted(fiches):
        told.append(importing.placing_of(brought.pk))
        real(fiches)

    monkeypatch.setattr(grouping, "cut_many", noted)
    importing.place(brought)
    assert [one.done for one in told[:3]] == [0, 10, 20]
    assert {one.total for one in told} == {LINES}


def test_what_the_first_fiches_say_is_told_before_the_last_is_cut_and_founds_nothing(service, monkeypatch):
    monkeypatch.setattr(placing, "BATCH", 100)
    monkeypatch.setattr(placing, "HEARD", 100)
    said = ("La borne du parking refuse ma carte", "Aucun menu affiché à la cantine", "Le bus de l’école part trop tôt")
    lines = [line(f"{said[row % 3]}, remarque {'abcdefghij'[row % 10]} du registre.") for row in range(300)]
    brought = ready(service, content=table(*lines))
    acts.run(brought.pk)
    page, address = signed_in(brought.by), reverse("feedback:import", args=[brought.pk])
    shown = []
    real = grouping.cut_many

    def noted(fiches):
        shown.append((page.get(address).content.decode(), PainPoint.objects.count()))
        real(fiches)

    monkeypatch.setattr(grouping, "cut_many", noted)
    importing.place(brought)
    told = "What the first fiches say"
    assert [told in one for one, _ in shown] == [False, True, True]
    assert {count for _, count in shown} == {0}
    assert "parking" in shown[1][0].partition(told)[2]
    assert told not in page.get(address).content.decode()


def test_two_workers_cut_one_file_each_fiche_once(brought, cut):
    at_once(2, lambda rank: help_as_a_worker(brought) if rank else importing.place(brought))
    assert sorted(key for _, key in cut) == sorted(Fiche.objects.values_list("pk", flat=True))
    assert len({who for who, _ in cut}) == 2
    assert Segment.objects.count() == LINES
    assert not Segment.objects.filter(fold=None).exists()
    assert not Fiche.objects.waiting_for_placement().exists()


def test_control_without_their_locks_the_database_refuses_the_second(brought, cut, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())
    refused = []

    def both(_):
        try:
            help_as_a_worker(brought)
        except IntegrityError as twice:
            refused.append(twice)

    at_once(2, both)
    assert len(cut) > len({key for _, key in cut})
    assert Segment.objects.count() == LINES or refused


def test_what_a_dying_helper_held_is_cut_by_the_one_who_leads(brought):
    held, go = Event(), Event()

    def helper(_):
        with transaction.atomic():
            list(Fiche.objects.order_by("pk").select_for_update()[:10])
            held.set()
            go.wait(20)

    def lead():
        held.wait(20)
        Timer(0.5, go.set).start()
        importing.place(brought)

    at_once(2, lambda rank: helper(rank) if rank else lead())
    assert Segment.objects.count() == LINES
    assert not Fiche.objects.waiting_for_placement().exists()
