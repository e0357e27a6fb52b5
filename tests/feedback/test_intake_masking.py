"""When the machine that hides personal data is down, a fiche is kept, waits visibly, and is masked later."""

import logging

import pytest

import masking
from feedback import clock, tasks
from feedback.actions.intake import mask_again, submit_fiche
from feedback.models import Fiche
from journal.models import Entry

pytestmark = pytest.mark.django_db

SECRET = "Mon numéro est le 06 12 34 56 78."


@pytest.fixture
def broken(monkeypatch):
    def find(text):
        raise RuntimeError(text)

    with monkeypatch.context() as patch:
        patch.setattr(masking, "find", find)
        yield patch


def test_the_fiche_is_accepted_and_waits_where_its_author_sees_it(client, broken, caplog):
    response = client.post("/fiche/", {"text": SECRET})
    page = client.get(response.url).content.decode()
    fiche = Fiche.objects.get()
    assert fiche.masked_text is None
    assert fiche.original.text == SECRET
    assert fiche in Fiche.objects.waiting_for_masking()
    assert fiche not in Fiche.objects.waiting_for_placement()
    assert "06 12" not in page
    assert "alert-warning" in page


def test_the_failure_is_logged_without_the_words(broken, caplog):
    with caplog.at_level(logging.DEBUG):
        submit_fiche(text=SECRET)
    assert "masking failed" in caplog.text
    assert "06 12" not in caplog.text


def test_it_is_masked_as_soon_as_the_machine_is_back(broken, monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(tasks, "ring", lambda task, *keys: rung.append((task, *keys)))
    fiche = submit_fiche(text=SECRET)
    assert not mask_again(fiche)
    broken.undo()
    with django_capture_on_commit_callbacks(execute=True):
        assert mask_again(fiche)
        assert mask_again(fiche)
    fiche.refresh_from_db()
    assert "06 12" not in fiche.masked_text
    assert fiche.mask_version == masking.VERSION
    assert rung == [(tasks.place_fiche, fiche.pk)]
    assert Entry.objects.filter(verb="fiche.masked").count() == 1


def test_the_sweeper_takes_up_what_waits(broken, monkeypatch):
    fiche = submit_fiche(text=SECRET)
    Fiche.objects.filter(pk=fiche.pk).update(created_at="2026-01-01T00:00Z")
    broken.undo()
    monkeypatch.setattr(tasks, "place_fiche", lambda pk: None)
    clock.sweep()
    fiche.refresh_from_db()
    assert fiche.masked_text == "Mon numéro est le [téléphone masqué]."
