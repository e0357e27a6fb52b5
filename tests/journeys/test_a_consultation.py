"""A consultation in browsers: an editor previews every phase, and what is hostile runs on no page, feed or file."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from accounts import actions as accounts
from accounts.choices import RoleKind
from accounts.models import User
from consult.actions import arguments as acts
from consult.actions.propositions import Written, file
from consult.choices import PhaseKind, Side
from consult.models import Argument, ConsultationPage
from consult.people import participant_of
from tests.consult import test_editing as desk
from tests.consult.world import consultation, section_of
from tests.factories import UserFactory
from tests.journeys.test_hostile_propositions import ATTRIBUTE, HOSTILE


@pytest.fixture
def editor() -> User:
    user = UserFactory(name="Rédaction")
    accounts.grant(user, RoleKind.ADMINISTRATOR, by=None)
    return user


def typed(day: datetime) -> str:
    return timezone.localtime(day).strftime("%Y-%m-%d %H:%M")


def drafted(editor: User) -> ConsultationPage:
    """Two phases under way, everything filled in but the date of the follow-up."""
    door, now = Client(), timezone.now()
    door.force_login(editor)
    hours = {"opens": typed(now - timedelta(days=1)), "closes": typed(now + timedelta(days=20))}
    phases = [desk.phase("contribute", **hours), desk.phase("vote", **hours)]
    desk.create(door, desk.form(phases=phases, follow_up_due=""), action="")
    return ConsultationPage.objects.get(slug="quai")


def test_as_on_another_day_an_editor_previews_every_phase(visitors, editor):
    page = drafted(editor)
    looked = visitors.come(signed_in=editor)
    looked.goto(f"/admin/pages/{page.pk}/edit/")
    looked.get_by_role("button", name="Prévisualisation").or_(looked.locator("[aria-label*=perçu]")).first.click()
    frame = looked.frame_locator("#w-preview-iframe, #preview-iframe, iframe[data-w-preview-target=iframe]").first
    expect(frame.locator("h1")).to_contain_text("Quel avenir pour le quai")
    modes = looked.locator("select[data-w-preview-target=mode], #id_preview_mode")
    assert modes.locator("option").count() == 4
    modes.select_option("after")
    expect(frame.locator("main")).to_contain_text("fermée")


def test_what_is_written_under_a_proposition_runs_nowhere(visitors):
    payload = HOSTILE[:160]
    asked = consultation(PhaseKind.CONTRIBUTE, PhaseKind.VOTE)
    author = participant_of(UserFactory(name=payload[:80]))
    written = file(asked, section_of(asked), Written(title=payload, body=payload), by=author)
    for side, text in ((Side.FOR, payload), (Side.AGAINST, ATTRIBUTE)):
        acts.argue(asked, written.number, side, text, by=author)
    acts.reply(asked, Argument.objects.first(), payload, by=author)
    page, base = visitors.come(), f"/consultations/{asked.page.slug}/"
    for path in (
        "", "propositions/1/", "propositions/1/arguments/", "propositions/1/arguments/?cote=against",
        "propositions/1/arguments/1/", "propositions/1/arguments/2/", "propositions/1/arguments/imprimer/",
        "resultats/", "corbeille/",
    ):  # fmt: skip
        page.goto(base + path)
        assert page.evaluate("document.documentElement.dataset.ran") is None, path
        assert page.locator("main script, main [onerror], main [onfocus]").count() == 0, path
    for name in ("flux.atom", "propositions/flux.atom"):
        told = page.request.get(f"/consultations/{name}" if name == "flux.atom" else base + name)
        assert "<script" not in told.text(), name
        assert "html" not in told.headers["content-type"], name
    for name in ("propositions.csv", "arguments.csv", "propositions.json", "arguments.json"):
        told = page.request.get(f"{base}donnees/{name}")
        assert told.headers["x-content-type-options"] == "nosniff", name
        assert "html" not in told.headers["content-type"], name
