"""A budget is set up in Wagtail, through the door of its editors; nothing frozen changes by any of its doors.

Days to come are of 2049, to come whatever the day of the test; its calendar is the one of 2027.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult.budgets.actions.regulating import regulate
from consult.budgets.errors import PromiseBroken
from consult.budgets.models import Budget, BudgetPage, BudgetPhase, Envelope
from journal.models import Entry
from pages.models import StandardPage
from tests.budgets import world
from tests.budgets.ideas import idea
from tests.factories import AdministrationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    user = UserFactory()
    accounts.grant(user, RoleKind.ADMINISTRATOR, by=None)
    client = Client()
    client.force_login(user)
    return client


def phase(kind: str, opens: str, closes: str, **more: Any) -> dict:
    return {"kind": kind, "title": "", "note": "", "opens_at": opens, "closes_at": closes, "level": "account", **more}


IDEAS = phase("ideas", "2049-03-01 08:00", "2049-03-31 20:00")
BALLOT = phase("ballot", "2049-10-01 08:00", "2049-10-30 20:00")


def form(**more: Any) -> dict:
    envelope = {"title": "Toute la ville", "kind": "whole", "amount": "600 000,50 €"}
    rows = {
        "envelopes": more.pop("envelopes", [envelope]),
        "phases": more.pop("phases", [IDEAS, BALLOT]),
        "conditions": more.pop("conditions", [{"kind": "age", "value": "16", "words": ""}]),
    }
    return nested_form_data(
        {
            "title": "Budget 2049",
            "slug": "budget-2049",
            "administration": AdministrationFactory().pk,
            "lead": "600 000 € à répartir.",
            "body": streamfield([]),
            **{name: inline_formset(made, initial=sum("id" in one for one in made)) for name, made in rows.items()},
            "time_zone": "Europe/Paris",
            "dates_reason": "",
            "procedure": rich_text("<p>Délibération du 12 janvier 2049.</p>"),
            "signatures": "1",
            "charter": StandardPage.objects.get(slug="charte").pk,
            "moderation": "after",
            "contact_name": "Mission participation",
            "contact_email": "",
            "contact_phone": "01 99 00 12 34",
            "contact_address": "",
            "picture": "",
            "picture_description": "",
            "population": "",
            "population_word": "",
            "comments": inline_formset([]),
            **more,
        }
    )


def create(client: Client, data: dict, action: str = "action-publish") -> Any:
    url = reverse("wagtailadmin_pages:add", args=["budgets", "budgetpage", world.index().pk])
    return client.post(url, {**data, **({action: "1"} if action else {})}, follow=True)


def edit(client: Client, page: BudgetPage, data: dict, action: str = "action-publish") -> Any:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(url, {**data, **({action: "1"} if action else {})}, follow=True)


def as_it_is(page: BudgetPage, **more: Any) -> dict:
    """The form of a page, with the rows that it has; ``more`` changes values of a row or of the page."""
    zone = page.zone
    phases = [
        {
            **phase(
                one.kind,
                *(timezone.localtime(at, zone).strftime("%Y-%m-%d %H:%M:%S") for at in (one.opens_at, one.closes_at)),
            ),
            "id": one.pk,
            **more.pop(one.kind, {}),
        }
        for one in page.phases.order_by("sort_order")
    ]
    envelopes = [
        {
            "title": one.title,
            "kind": one.kind,
            "amount": str(one.amount // 100),
            "id": one.pk,
            **more.pop("envelope", {}),
        }
        for one in page.envelopes.order_by("sort_order")
    ]
    return form(
        title=page.title,
        slug=page.slug,
        **{"phases": phases, "envelopes": envelopes, "conditions": more.pop("conditions", []), **more},
    )


def whole_seconds(page: BudgetPage) -> None:
    """What a form can say again: whole seconds, and noon, which no change of the clock repeats or skips."""
    for one in BudgetPhase.objects.filter(page=page):
        one.opens_at, one.closes_at = (
            timezone.localtime(at, page.zone).replace(hour=12, minute=0, second=0, microsecond=0)
            for at in (one.opens_at, one.closes_at)
        )
        one.save()


def test_a_complete_budget_is_published_and_read(editor, client):
    create(editor, form())
    page = BudgetPage.objects.get()
    assert page.live
    assert page.envelopes.get().amount == 600_000_50
    assert Budget.objects.get().announced
    shown = client.get("/budgets/budget-2049/").content.decode()
    assert "avoir 16 ans le 30 octobre 2049" in shown
    assert "600 000,50" in shown.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_regulation_written_on_a_draft_stays_when_the_draft_is_kept_again_then_published(editor):
    create(editor, form(), action="")
    page = BudgetPage.objects.get()
    regulate(Budget.objects.get(), world.ballot_rules(), by=UserFactory())
    for action in ("", "action-publish"):
        edit(editor, page, as_it_is(page, conditions=conditions(page)), action=action)
        assert BudgetPage.objects.get().rules == world.ballot_rules().as_json(), action
    assert BudgetPage.objects.get().live


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"phases": [IDEAS]}, "une étape de vote"),
        ({"envelopes": []}, "au moins une enveloppe"),
        ({"envelopes": [{"title": "Ville", "kind": "whole", "amount": "600.000"}]}, "deux façons"),
        ({"conditions": [{"kind": "age", "value": "", "words": ""}]}, "Indiquez l’âge"),
        ({"moderation": ""}, "comment les idées sont modérées"),
        ({"phases": [phase("ideas", "2049-03-01 08:00", "2049-10-02 20:00"), BALLOT]}, "closes quand le vote"),
        # A closing time on the day of a clock change: 2:30 comes twice on 31 October 2049, and never on 28 March.
        ({"phases": [IDEAS, BALLOT | {"closes_at": "2049-10-31 02:30"}]}, "deux fois ce jour-là"),
        ({"phases": [IDEAS | {"opens_at": "2049-03-28 02:30"}, BALLOT]}, "n’existe pas ce jour-là"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_public(editor, changed, told):
    answer = create(editor, form(**changed))
    assert told in answer.content.decode().replace("&#x27;", "’")
    assert not BudgetPage.objects.filter(live=True).exists()


def test_the_last_hour_of_the_day_of_a_clock_change_is_kept(editor):
    create(editor, form(phases=[IDEAS, BALLOT | {"closes_at": "2049-10-31 20:00"}]))
    assert BudgetPhase.objects.get(kind="ballot").closes_at == datetime(2049, 10, 31, 19, tzinfo=UTC)


def test_a_date_moves_with_a_reason_that_everybody_reads(editor, client):
    create(editor, form())
    page = BudgetPage.objects.get()
    later = {"ballot": {"closes_at": "2049-11-15 20:00"}, "conditions": conditions(page)}
    edit(editor, page, as_it_is(page, **later))
    assert not Entry.objects.filter(verb="budget.phase_moved").exists()
    edit(editor, page, as_it_is(page, **later, dates_reason="Les études durent plus longtemps."))
    assert Entry.objects.get(verb="budget.phase_moved").details["reason"] == "Les études durent plus longtemps."
    assert "Les études durent plus longtemps" in client.get("/budgets/budget-2049/regles/").content.decode()


def conditions(page: BudgetPage) -> list[dict]:
    return [
        {"kind": one.kind, "value": str(one.value or ""), "words": one.words, "id": one.pk}
        for one in page.conditions.all()
    ]


FROZEN = {
    "the money": {"envelope": {"amount": "700 000"}},
    "the closing hour": {"ballot": {"closes_at": "2052-01-01 20:00"}, "dates_reason": "Plus de temps."},
    "who may vote": {"conditions": [{"kind": "age", "value": "18", "words": ""}]},
}


@pytest.mark.parametrize("change", FROZEN)
def test_nothing_frozen_changes_from_the_form(editor, change):
    asked = world.ballot(50_000)
    whole_seconds(asked.page)
    before = promised(asked)
    answer = edit(editor, asked.page, as_it_is(asked.page, **FROZEN[change]))
    assert "Le règlement est figé" in answer.content.decode()
    assert promised(asked) == before
    assert Entry.objects.filter(verb="budget.change_refused").count() == 1


def promised(asked: Budget) -> list[Any]:
    page = asked.page
    return [
        list(Envelope.objects.filter(page=page).values_list("amount", "title")),
        list(BudgetPhase.objects.filter(page=page).order_by("pk").values_list("opens_at", "closes_at")),
        list(page.conditions.values_list("kind", "value")),
    ]


def test_nor_from_a_revision_that_somebody_or_something_publishes():
    asked = world.ballot(50_000)
    complete(asked.page)
    draft = asked.page.get_latest_revision_as_object()
    rows = list(draft.envelopes.all())
    rows[0].amount = 1_00
    draft.envelopes.set(rows)
    draft.rules = {"kind": "approval"}
    revision = draft.save_revision()
    before = promised(asked)
    with pytest.raises(PromiseBroken):
        revision.publish()
    assert promised(asked) == before
    assert Entry.objects.get(verb="budget.change_refused").details["parts"] == ["envelopes"]
    rows[0].amount = before[0][0][0]
    draft.envelopes.set(rows)
    draft.save_revision().publish()  # words may change, the regulation does not come back from a draft
    asked.page.refresh_from_db()
    assert asked.page.rules["kind"] == world.ballot_rules().kind


def complete(page: BudgetPage) -> None:
    """What the list of checks asks for."""
    BudgetPage.objects.filter(pk=page.pk).update(
        administration=AdministrationFactory(),
        lead="Un budget.",
        procedure="<p>Délibération.</p>",
        charter=StandardPage.objects.get(slug="charte"),
        contact_name="Mission participation",
        contact_phone="01 99 00 12 34",
    )
    page.refresh_from_db()


def test_a_budget_in_which_people_wrote_is_not_deleted(editor):
    used, empty = world.budget(), world.budget()
    idea(used)
    for asked in (used, empty):
        editor.post(reverse("wagtailadmin_pages:delete", args=[asked.page_id]), follow=True)
    assert list(BudgetPage.objects.values_list("pk", flat=True)) == [used.page_id]


def test_a_copy_is_a_draft_some_weeks_later(editor):
    asked = world.budget()
    editor.post(
        reverse("wagtailadmin_pages:copy", args=[asked.page_id]),
        {
            "new_title": "Budget 2050",
            "new_slug": "budget-2050",
            "new_parent_page": world.index().pk,
            "copy_subpages": "",
            "publish_copies": "on",
        },
        follow=True,
    )
    copy = BudgetPage.objects.get(slug="budget-2050")
    assert not copy.live
    assert copy.rules == asked.page.rules
    assert copy.phases.get(kind="ideas").opens_at > timezone.now() + timedelta(days=13)
    assert copy.budget != asked


@pytest.mark.parametrize("mode", ["", "phase-3", "after"])
def test_an_editor_previews_each_phase(editor, mode):
    create(editor, form(), action="")
    page = BudgetPage.objects.get()
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    editor.post(url, as_it_is(page, conditions=conditions(page)))
    shown = editor.get(url, {"mode": mode})
    assert shown.status_code == 200
    assert "Budget 2049" in shown.content.decode()


def test_programs_read_a_budget(client):
    asked = world.ballot(50_000)
    assert [one["slug"] for one in client.get("/api/v1/budgets").json()] == [asked.page.slug]
    told = client.get(f"/api/v1/budgets/{asked.page.slug}").json()
    assert told["regulation"]["hash"] == asked.regulation.hash
    assert told["envelopes"][0]["amount"] == 600_000_00
    asked.page.unpublish()
    assert client.get(f"/api/v1/budgets/{asked.page.slug}").status_code == 404
