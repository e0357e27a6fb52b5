"""Fifty identical submissions at the same instant: one fiche. With the defence off, the fault shows."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from feedback import tasks
from feedback.models import Fiche, Original
from journal.models import Entry
from letters.models import Letter

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

MANY = 50
KEY_IS_UNIQUE = "feedback_fiche_idempotency_key_key"


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    monkeypatch.setattr(tasks, "ring", lambda *args: None)
    monkeypatch.setattr("letters.tasks.ring", lambda *args: None)


def submit_at_once(count: int = MANY) -> list[tuple[int, str]]:
    """Status and address of the answers to ``count`` identical posts, each on its own connection."""
    answers = {"text": "Deux heures d'attente.", "contact": "nadia@exemple.fr", "idempotency_key": str(uuid.uuid4())}
    together = threading.Barrier(count, timeout=30)

    def submit(_: int) -> tuple[int, str]:
        try:
            together.wait()
            response = Client().post("/fiche/", answers)
            return response.status_code, response.headers.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(submit, range(count)))


def test_fifty_identical_submissions_at_once_give_one_fiche_and_one_receipt():
    answers = submit_at_once()
    fiche = Fiche.objects.get()
    assert answers == [(302, f"/suivi/{fiche.reference}/recepisse/")] * MANY
    assert Original.objects.count() == Letter.objects.count() == 1
    assert Entry.objects.filter(verb="fiche.submitted").count() == 1


def test_control_without_the_unique_key_the_same_submissions_give_doubles():
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE feedback_fiche DROP CONSTRAINT {KEY_IS_UNIQUE}")
    try:
        submit_at_once()
        assert Fiche.objects.count() > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE feedback_fiche CASCADE")
            cursor.execute(f"ALTER TABLE feedback_fiche ADD CONSTRAINT {KEY_IS_UNIQUE} UNIQUE (idempotency_key)")
