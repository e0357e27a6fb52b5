"""The other doors by which Wagtail publishes a budget: several at once, workflows; who writes while it freezes."""

from threading import Event

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import Workflow

from accounts.models import User
from consult.budgets import phases
from consult.budgets.actions import freezing
from consult.budgets.actions.regulating import regulate
from consult.budgets.choices import BallotKind
from consult.budgets.errors import RegulationFrozen
from consult.budgets.models import Budget, BudgetPage, Envelope, FrozenRegulation
from journal.models import Entry
from tests.budgets import world
from tests.budgets.test_ballot_races import together
from tests.budgets.test_setting_up import complete, editor, whole_seconds
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
__all__ = ["editor"]
BULK = "wagtail_bulk_action"


def publish_many(client: Client, *pages: BudgetPage):
    url = reverse(BULK, args=["wagtailcore", "page", "publish"])
    asked = "&".join(f"id={page.pk}" for page in pages)
    return client.post(f"{url}?{asked}&next=/admin/", follow=True)


def cheaper(page: BudgetPage) -> None:
    """A draft that shares out one euro."""
    draft = page.get_latest_revision_as_object()
    rows = list(draft.envelopes.all())
    rows[0].amount = 1_00
    draft.envelopes.set(rows)
    draft.save_revision()


def approve(client: Client, page: BudgetPage, by: User):
    """A draft that was submitted is approved by an administrator."""
    page = BudgetPage.objects.get(pk=page.pk)
    Workflow.objects.get(active=True).start(page, by)
    state = page.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    return client.post(url, {"next": "/admin/"}, follow=True)


def test_several_at_once_an_incomplete_budget_stays_a_draft(editor):
    lacking, whole = world.budget().page, world.budget().page
    complete(whole)
    for page in (lacking, whole):
        page.unpublish()
        page.save_revision()
    answer = publish_many(editor, lacking, whole)
    assert lacking.title in answer.content.decode()
    assert not BudgetPage.objects.filter(live=True).exists()
    publish_many(editor, whole)
    assert BudgetPage.objects.get(live=True) == whole


@pytest.mark.parametrize("door", ["several at once", "a workflow"])
def test_no_door_publishes_what_breaks_a_frozen_promise(editor, door):
    asked = world.ballot(50_000)
    whole_seconds(asked.page)
    complete(asked.page)
    asked.page.save_revision().publish()
    cheaper(asked.page)
    before = Envelope.objects.get(page=asked.page).amount
    answer = (
        publish_many(editor, asked.page) if door == "several at once" else approve(editor, asked.page, UserFactory())
    )
    assert answer.status_code == 200
    assert Envelope.objects.get(page=asked.page).amount == before
    assert BudgetPage.objects.get(pk=asked.page.pk).live
    if door == "several at once":  # a workflow says that it may not, and no more
        assert "Le règlement est figé" in answer.content.decode()
        assert Entry.objects.get(verb="budget.change_refused").details["parts"] == ["envelopes"]


def test_a_workflow_does_not_approve_an_incomplete_budget(editor):
    page = world.budget().page
    page.unpublish()
    page.save_revision()
    assert approve(editor, page, UserFactory()).status_code == 200
    assert not BudgetPage.objects.get(pk=page.pk).live


# --- who writes the regulation while somebody freezes it -----------------------------------------------------------


def waits_at_a_door() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return cursor.fetchone()[0]


def raced(asked: Budget, monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    """Freezing has read the page; the other rules arrive; it goes on once they are written, or wait at the door."""
    read, written, missing = Event(), Event(), freezing.missing

    def slowly(budget: Budget):
        read.set()
        while not (written.is_set() or waits_at_a_door()):
            written.wait(0.02)
        return missing(budget)

    def write():
        read.wait(30)
        try:
            regulate(asked, world.ballot_rules(BallotKind.APPROVAL), by=User.objects.latest("pk"))
        finally:
            written.set()

    monkeypatch.setattr(freezing, "missing", slowly)
    UserFactory()
    return tuple(together(lambda: freezing.freeze(asked), write))


@pytest.mark.django_db(transaction=True)
def test_who_writes_the_regulation_while_it_freezes_comes_too_late(monkeypatch):
    asked = world.ballot(50_000, frozen=False)
    _frozen, wrote = raced(asked, monkeypatch)
    assert isinstance(wrote, RegulationFrozen)
    kept = FrozenRegulation.objects.get(budget=asked).content["rules"]
    assert BudgetPage.objects.get(pk=asked.page_id).rules == kept
    assert Entry.objects.filter(verb="budget.change_refused").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_door_what_is_shown_is_not_what_was_frozen(monkeypatch):
    asked = world.ballot(50_000, frozen=False)
    monkeypatch.setattr(phases, "alone", lambda _budget: None)
    _frozen, wrote = raced(asked, monkeypatch)
    assert wrote is None
    kept = FrozenRegulation.objects.get(budget=asked).content["rules"]
    assert BudgetPage.objects.get(pk=asked.page_id).rules != kept
