"""What residents do of a budget: file an idea, support one, vote, look for their ballot."""

import re

from playwright.sync_api import Page, expect

from accounts.models import User
from tests.factories import PASSWORD
from tests.journeys import steps
from tests.journeys.town_hall import PICTURE
from tests.journeys.visitors import overflow


def suggest(phone: Page, title: str, body: str) -> None:
    """From the page of the budget, with a place in words, a point, a cost and a photo."""
    phone.get_by_role("link", name="Déposer une idée").click()
    phone.locator("#id_title").fill(title)
    phone.locator("#id_body").fill(body)
    phone.locator("#id_place").fill("École des Tilleuls")
    phone.locator("summary", has_text="La placer sur le plan").click()
    phone.locator("#id_latitude").fill("48,85341")
    phone.locator("#id_longitude").fill("2,34880")
    phone.locator("#id_cost").fill("60 000")
    phone.locator("summary", has_text="Ajouter une photo").click()
    phone.locator("#id_photo").set_input_files(PICTURE)
    phone.locator("#id_photo_description").fill("La cour, sans un arbre")
    assert overflow(phone) == 0
    steps.press(phone, "Déposer mon idée")
    expect(phone.get_by_role("heading", level=1)).to_have_text(title)


def sign_in(page: Page, user: User) -> None:
    """On the page where one is sent to be known."""
    page.locator("#id_login").fill(user.email)
    page.locator("#id_password").fill(PASSWORD)
    steps.press(page, "Se connecter")


def open_the_ballot(page: Page, slug: str) -> None:
    """From the page of the budget, by its main button."""
    page.goto(f"/budgets/{slug}/")
    page.get_by_role("link", name="Composer mon bulletin").click()


def declare(page: Page, family: str, given: str, born_on: str) -> None:
    """Said once, before the first ballot."""
    page.locator("#panier").get_by_role("link", name="Je peux voter").click()
    page.locator("#id_family").fill(family)
    page.locator("#id_given").fill(given)
    page.locator("#id_born_on").fill(born_on)
    page.locator("#id_lives_here").check()
    assert overflow(page) == 0
    steps.press(page, "Continuer vers mon bulletin")


def choose(page: Page, *numbers: int) -> None:
    for number in numbers:
        page.locator(f"#choisir-{number}").click()
        page.locator(f"#choisir-{number}[aria-pressed=true]").wait_for()
    expect(page.locator("#panier")).to_contain_text(re.compile("Bulletin non déposé|Changements non déposés"))
    assert overflow(page) == 0


def drop(page: Page, number: int) -> None:
    page.locator(f"#choisir-{number}").click()
    page.locator(f"#choisir-{number}[aria-pressed=false]").wait_for()


def cast(page: Page) -> str:
    """What was chosen is checked, then put in the box; the code of the receipt."""
    page.locator("#panier, .c-dock").get_by_role("link", name="Vérifier et déposer").first.click()
    steps.press(page, "Déposer mon bulletin")
    assert overflow(page) == 0
    return page.locator("#recepisse").inner_text()


def look_for(page: Page, slug: str, code: str) -> None:
    page.goto(f"/budgets/{slug}/recepisse/")
    page.locator("#id_code").fill(code)
    steps.press(page, "Chercher mon bulletin")
