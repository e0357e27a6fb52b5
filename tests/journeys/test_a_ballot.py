"""A resident votes on a phone, with a script and without one; somebody leaves a shared tablet in the middle."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from consult.budgets import receipts
from consult.budgets.actions import kiosks
from consult.budgets.models import Ballot, KioskPass
from tests.budgets import paper, world
from tests.factories import UserFactory
from tests.journeys import polling_desk, steps
from tests.journeys.visitors import PHONE, TABLET


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_a_resident_chooses_checks_casts_and_changes_a_ballot(visitors, script):
    asked = world.ballot()
    page = visitors.come(signed_in=UserFactory(), java_script_enabled=script, **PHONE)
    page.goto(f"/budgets/{asked.page.slug}/bulletin/")
    for number in (1, 3, 4, 5):
        page.click(f"#choisir-{number}")
        page.locator(f"#choisir-{number}[aria-pressed=true]").wait_for()
    assert "Il manque 72 000 €" in words(page, "#projet-6")
    assert "Bulletin non déposé" in words(page, "#panier")
    assert "362 000 €" in words(page, ".c-dock")
    assert "theme" not in page.url
    if script:
        assert page.evaluate("document.activeElement.id") == "choisir-5"
        assert page.evaluate("scrollY") > 0  # the page stays where it was
        faults = Axe().run(page).response["violations"]
        assert [fault["id"] for fault in faults] == []
    page.click(".c-dock a.btn")
    page.click("text=Déposer mon bulletin")
    code = page.locator("#recepisse").inner_text()
    assert Ballot.objects.get().receipt == receipts.hashed(receipts.read(code), [[1, 1], [3, 1], [4, 1], [5, 1]])
    page.goto(f"/budgets/{asked.page.slug}/bulletin/")
    assert code not in page.content()
    page.click("text=Changer mon bulletin")
    page.click("#choisir-3")
    page.locator("#choisir-3[aria-pressed=false]").wait_for()
    assert "Changements non déposés" in words(page, "#panier")
    assert len(Ballot.objects.get().choices) == 4


def test_a_tablet_that_nobody_touches_asks_then_forgets(visitors):
    asked = paper.ballot()
    page = visitors.come(signed_in=paper.clerk(), **TABLET)
    page.clock.install()
    page.goto(f"/guichet/budgets/{asked.page.slug}/bornes/")
    polling_desk.make_a_tablet(page, place="Médiathèque")
    page.locator("#id_code").fill(kiosks.let_in(asked, paper.somebody()))
    steps.press(page, "Ouvrir mon bulletin")
    page.click("#choisir-1")
    page.locator("#choisir-1[aria-pressed=true]").wait_for()
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)  # from here no second passes by itself
    page.keyboard.press("Shift")
    page.clock.fast_forward(89_000)
    assert not page.get_by_role("dialog").is_visible(), "nobody is asked before a minute and a half"
    page.clock.fast_forward(2_000)
    with page.expect_response("**/borne/encore/"):
        page.get_by_role("button", name="Je continue").click()
    page.clock.fast_forward(100_000)
    expect(page.get_by_role("dialog")).to_contain_text("Êtes-vous toujours là")
    assert KioskPass.objects.exists()
    with page.expect_navigation():
        page.clock.fast_forward(21_000)
    expect(page.locator("main")).to_contain_text("La session est terminée")
    assert not KioskPass.objects.exists()
    assert not Ballot.objects.exists(), "what was chosen and not cast is gone"
    with page.expect_navigation():
        page.clock.fast_forward(60_000)
    expect(page.locator("main")).not_to_contain_text("La session est terminée")
    expect(page.locator("#id_code")).to_be_visible()


def words(page, selector):
    """As people read them, hard spaces made plain."""
    return page.locator(selector).first.inner_text().replace("\N{NO-BREAK SPACE}", " ").replace("\u202f", " ")
