"""Two owners decide at once, each on a real connection. Each race has its control: the same without the lock."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from feedback.actions import sorting, triage
from feedback.errors import NotAllowedNow, RuleBroken
from feedback.models import Fiche, Note, PainPoint, Transfer
from journal.models import Entry
from letters.models import Letter
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import file, gather

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def service():
    return ServiceFactory()


@pytest.fixture
def owners(service):
    return [UserFactory(owns=[service]), UserFactory(owns=[service])]


@pytest.fixture
def suggestion(service, owners):
    made = gather(service, file(service), by=owners[0])
    PainPoint.objects.filter(pk=made.pk).update(state="suggested")
    made.refresh_from_db()
    return made


@pytest.fixture
def together(meeting):
    """Two acts, one thread each; whoever has read the row waits for the other to read it too, or half a second."""
    connected = threading.Barrier(2)

    def run(*acts, reads):
        name, module = reads
        meeting(module, name)
        outcomes = []

        def do(act):
            try:
                connection.ensure_connection()
                connected.wait(timeout=30)
                act()
                outcomes.append("done")
            except RuleBroken as broken:
                outcomes.append(type(broken).__name__)
            finally:
                connection.close()

        threads = [threading.Thread(target=do, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(outcomes)

    return run


def without_the_lock(monkeypatch):
    monkeypatch.setattr(triage, "lock", lambda pain_point, *targets: PainPoint.objects.get(pk=pain_point.pk))


def written(verb):
    return Entry.objects.filter(verb=verb).count()


def confirmations(suggestion, owners):
    return [lambda by=by: triage.confirm(suggestion, by=by) for by in owners]


def test_two_owners_confirming_at_once_confirm_it_once(suggestion, owners, together):
    before = written("pain_point.confirmed")
    outcomes = together(*confirmations(suggestion, owners), reads=("lock", triage))
    assert outcomes == ["NotAllowedNow", "done"]
    assert written("pain_point.confirmed") == before + 1


def test_without_the_lock_both_would_have_confirmed_it(suggestion, owners, together, monkeypatch):
    without_the_lock(monkeypatch)
    before = written("pain_point.confirmed")
    assert together(*confirmations(suggestion, owners), reads=("lock", triage)) == ["done", "done"]
    assert written("pain_point.confirmed") == before + 2


def transfers(suggestion, owners):
    caf = ServiceFactory()
    UserFactory(owns=[caf])
    due = timezone.localdate() + timedelta(days=15)
    return [
        lambda by=by: triage.transfer(suggestion, to_service=caf, reason="Sa pièce.", due_on=due, by=by)
        for by in owners
    ]


def test_two_owners_transferring_at_once_transfer_it_once_and_tell_the_others_once(suggestion, owners, together):
    assert together(*transfers(suggestion, owners), reads=("lock", triage)) == ["SameService", "done"]
    assert Transfer.objects.count() == Letter.objects.filter(kind="feedback.transferred").count() == 1


def test_without_the_lock_it_would_have_been_transferred_twice(suggestion, owners, together, monkeypatch):
    without_the_lock(monkeypatch)
    assert together(*transfers(suggestion, owners), reads=("lock", triage)) == ["done", "done"]
    assert Transfer.objects.count() == 2


def notes(suggestion, owner):
    return [lambda: triage.note(suggestion, text="Voir avec la CAF.", by=owner)] * 2


def test_a_double_click_on_a_note_writes_one_note(suggestion, owners, together):
    assert together(*notes(suggestion, owners[0]), reads=("lock", triage)) == ["done", "done"]
    assert Note.objects.count() == 1


def test_without_the_lock_a_double_click_would_have_written_two(suggestion, owners, together, monkeypatch):
    """Both have looked for the last note once both have written theirs, and neither is committed."""
    without_the_lock(monkeypatch)
    together(*notes(suggestion, owners[0]), reads=("create", Note.objects))
    assert Note.objects.count() == 2


def dismissals(service, owners):
    fiche = file(service, "Une fiche que personne ne rattache.")
    return [lambda by=by: sorting.dismiss_fiche(fiche, reason="Hors sujet.", by=by) for by in owners]


def test_two_owners_setting_a_fiche_aside_do_it_once(service, owners, together):
    acts = dismissals(service, owners)
    assert together(*acts, reads=("lock_fiche", sorting)) == ["NotAllowedNow", "done"]
    assert written("fiche.dismissed") == 1


def test_without_the_lock_a_fiche_would_have_been_set_aside_twice(service, owners, together, monkeypatch):
    monkeypatch.setattr(sorting, "lock_fiche", lambda fiche, *targets: Fiche.objects.get(pk=fiche.pk))
    monkeypatch.setattr(sorting, "lock_grouping", lambda: None)
    acts = dismissals(service, owners)
    assert together(*acts, reads=("lock_fiche", sorting)) == ["done", "done"]
    assert written("fiche.dismissed") == 2


def test_one_owner_dismisses_while_the_other_renames_and_the_second_is_told(suggestion, owners):
    triage.dismiss(suggestion, by=owners[0])
    with pytest.raises(NotAllowedNow):
        triage.rename(suggestion, title="Mon titre", by=owners[1])
