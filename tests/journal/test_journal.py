"""The journal: written once, refused to change by the database, and able to tell when somebody changed it anyway."""

import io
import time
from contextlib import contextmanager
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from journal import actions, sealing
from journal.models import Entry, Seal
from journal.policies import history_of
from tests.factories import ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _verbs():
    actions.declare({"test.done": "did something"})


def write(count=1, **details):
    service = ServiceFactory()
    return [actions.record("test.done", service, by=None, rank=rank, **details) for rank in range(count)]


def run(*arguments):
    out = io.StringIO()
    with translation.override("en"):
        call_command("verify_journal", *arguments, stdout=out)
    return out.getvalue()


@contextmanager
def tampering():
    """The triggers and foreign keys out of the way, as for somebody who owns the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def test_an_undeclared_verb_is_refused():
    with pytest.raises(actions.UndeclaredVerb):
        actions.record("test.never_declared", ServiceFactory(), by=None)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("model", [Entry, Seal])
@pytest.mark.parametrize("attack", ["update", "delete"])
def test_the_database_refuses_to_change_or_remove_a_line(model, attack):
    write()
    sealing.seal()
    rows, change = model.objects.all(), {"verb": "x"} if model is Entry else {"hash": "x"}
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(**change) if attack == "update" else rows._raw_delete("default")
    assert sealing.verify() == []


def test_control_without_the_trigger_the_change_passes_and_verify_journal_finds_it():
    entry = write(3)[1]
    sealing.seal()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER journal_entry_append_only ON journal_entry")
    Entry.objects.filter(pk=entry.pk).update(actor_name="Somebody else")
    with pytest.raises(CommandError, match=f"Entry {entry.pk} was changed") as refusal:
        run()
    assert refusal.value.returncode == 1
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "test.other"},
        {"actor_key": 7},
        {"subject_key": "0"},
        {"subject_type": "x.y"},
        {"details": {"rank": 9}},
        {"at": "2020-01-01T00:00:00Z"},
    ],
)
def test_no_field_can_change_unseen(change):
    entry = write(2)[0]
    sealing.seal()
    with tampering():
        Entry.objects.filter(pk=entry.pk).update(**change)
    assert len(sealing.verify()) == 1


def test_a_removed_entry_is_missed():
    entry = write(3)[1]
    sealing.seal()
    with tampering():
        Entry.objects.filter(pk=entry.pk)._raw_delete("default")
    with pytest.raises(CommandError, match=f"Entry {entry.pk} is missing"):
        run()
    with tampering():
        Seal.objects.filter(entry=entry.pk)._raw_delete("default")  # the test's own end checks foreign keys


def test_an_entry_removed_with_its_seal_leaves_a_hole_in_the_chain():
    entry = write(3)[1]
    sealing.seal()
    with tampering():
        Seal.objects.filter(entry=entry)._raw_delete("default")
        Entry.objects.filter(pk=entry.pk)._raw_delete("default")
    with pytest.raises(CommandError, match="Seal 2 is missing"):
        run()


def test_a_seal_written_again_over_a_changed_entry_breaks_the_next_link():
    entry = write(3)[0]
    sealing.seal()
    with tampering():
        Entry.objects.filter(pk=entry.pk).update(actor_name="Somebody else")
        Seal.objects.filter(number=1).update(hash=sealing.digest(sealing.GENESIS, Entry.objects.get(pk=entry.pk)))
    assert len(sealing.verify()) == 1


def test_a_chain_rewritten_to_its_end_is_told_by_the_head_noted_earlier():
    write(3)
    sealing.seal()
    noted = run().split()[-1]
    assert run("--expect", noted)
    with tampering():
        Seal.objects.all()._raw_delete("default")
        Entry.objects.filter(details__rank=1)._raw_delete("default")
    sealing.seal()
    assert "whole" in run()
    with pytest.raises(CommandError, match="rewritten"):
        run("--expect", noted)


@pytest.mark.parametrize("nonsense", ["x", "3", "3:zz", "-1:" + "0" * 64, "9" * 30 + ":" + "0" * 64])
def test_a_head_that_is_none_is_said_in_one_line(nonsense):
    with pytest.raises(CommandError, match="NUMBER:HASH"):
        run(f"--expect={nonsense}")


def test_an_entry_left_without_seal_for_ten_minutes_is_a_fault_and_a_fresh_one_is_not():
    old, fresh = write(2)
    with tampering():
        Entry.objects.filter(pk=old.pk).update(at="2020-01-01T00:00:00Z")
    faults = sealing.verify()
    assert len(faults) == 1
    assert str(old.pk) in faults[0]
    sealing.seal()
    assert sealing.verify() == []
    assert Seal.objects.filter(entry=fresh).exists()


def test_the_chain_goes_on_from_one_sealing_to_the_next():
    write(2)
    assert sealing.seal() == 2
    write(3, note="accents é, “quotes”, 1.5, and \u2028")
    assert sealing.seal() == 3
    assert sealing.seal() == 0
    assert list(Seal.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert sealing.verify() == []


def test_an_empty_journal_is_whole():
    assert "0 sealed entries" in run()


def test_a_page_shows_who_did_what_latest_first_in_one_query(django_assert_num_queries):
    service, owner = ServiceFactory(), UserFactory(name="Inès Roussel")
    actions.record("test.done", service, by=owner)
    actions.record("test.done", service, by=None, reason="night")
    actions.record("test.done", ServiceFactory(), by=owner)
    with django_assert_num_queries(1):
        lines = history_of(service)
    assert [line.who for line in lines][1] == "Inès Roussel"
    assert lines[0].who
    assert lines[0].details == {"reason": "night"}
    assert lines[0].sentence == "did something"


@pytest.fixture
def slow_digest(monkeypatch):
    """Long enough between reading and writing for every sealing to be in the same place."""
    digest = sealing.digest
    monkeypatch.setattr(sealing, "digest", lambda *link: time.sleep(0.1) or digest(*link))


def seal_from_many_connections(count=4):
    barrier, errors = Barrier(count), []

    def work():
        try:
            barrier.wait()
            sealing.seal()
        except DatabaseError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_sealings_at_once_keep_one_chain(slow_digest):
    write(3)
    assert seal_from_many_connections() == []
    assert Seal.objects.count() == Entry.objects.count()
    assert sealing.verify() == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_control_without_the_lock_sealings_collide(slow_digest, monkeypatch):
    write(3)
    monkeypatch.setattr(sealing, "SEALING_LOCK", None)  # pg_advisory_xact_lock(NULL) locks nothing
    assert seal_from_many_connections() != []
