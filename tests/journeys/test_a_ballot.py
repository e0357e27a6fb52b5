"""A resident votes on a phone: with a script, without one, and with a keyboard alone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from consult.budgets import receipts
from consult.budgets.models import Ballot
from tests.budgets import world
from tests.factories import UserFactory
from tests.journeys.visitors import NARROW, PHONE, overflow, tab_to


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


def test_a_keyboard_and_a_narrow_window_are_enough(visitors):
    asked = world.ballot(rules=world.ballot_rules("ranking", at_most=3))
    page = visitors.come(signed_in=UserFactory(), java_script_enabled=False, **NARROW)
    for number in (2, 5):
        page.goto(f"/budgets/{asked.page.slug}/bulletin/")
        tab_to(page, f"#choisir-{number}")
        page.keyboard.press("Enter")
        page.locator(f"#rang-{number}").wait_for()
    tab_to(page, "#monter-5")
    page.keyboard.press("Enter")
    page.locator(".c-ranking li:first-child #rang-5").wait_for()
    assert re.search(r"Projet 5.*Projet 2", words(page, ".c-ranking"), re.DOTALL)
    assert overflow(page) == 0


def words(page, selector):
    """As people read them, hard spaces made plain."""
    return page.locator(selector).first.inner_text().replace("\N{NO-BREAK SPACE}", " ").replace("\u202f", " ")
