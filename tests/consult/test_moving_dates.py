"""Dates do not move under the feet of somebody who is writing. The control: without the lock, they do."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from consult import checklist, phases
from consult.choices import Act, PhaseKind
from consult.models import Consultation, ConsultationPage, Phase
from tests.consult.world import consultation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _complete(monkeypatch) -> None:
    """The list of what must be there has its own tests."""
    monkeypatch.setattr(checklist, "missing", lambda _page: [])


def in_a_thread(work: Callable[[], None]) -> Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


def moves_while_somebody_writes(asked: Consultation) -> bool:
    """Whether an editor publishes other dates between the moment somebody is let in and the end of what they write."""
    admitted, written, moved = Event(), Event(), Event()
    page = ConsultationPage.objects.get(pk=asked.page_id)
    later = page.phases.get()
    later.closes_at -= timedelta(days=5)
    page.phases.set([later])
    page.dates_reason = "La crue a fermé la salle."
    revision = page.save_revision()

    def write() -> None:
        with transaction.atomic():
            phases.admit(asked, Act.PROPOSE)
            admitted.set()
            written.wait(10)

    def move() -> None:
        revision.publish()
        moved.set()

    writer = in_a_thread(write)
    assert admitted.wait(10)
    editor = in_a_thread(move)
    was_moved = moved.wait(1)
    written.set()
    writer.join(10)
    editor.join(10)
    assert moved.is_set()
    assert Phase.objects.get(page=asked.page_id).closes_at == later.closes_at
    return was_moved


def test_who_was_let_in_writes_before_the_dates_move() -> None:
    assert not moves_while_somebody_writes(consultation(PhaseKind.CONTRIBUTE))


def test_without_the_lock_they_would_move_in_the_middle(monkeypatch) -> None:
    monkeypatch.setattr(phases, "alone", lambda _consultation: None)
    assert moves_while_somebody_writes(consultation(PhaseKind.CONTRIBUTE))
