"""What clerks do at a counter: mark who votes on paper, key the sheets twice, settle, let somebody in on a tablet."""

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.visitors import overflow


def come(page: Page, title: str, card: str) -> None:
    """From the list of polling desks to one of the things done there."""
    page.goto("/guichet/")
    page.locator("main").get_by_role("link", name=title).click()
    page.locator("main").get_by_role("link", name=card).click()
    assert overflow(page) == 0


def look(page: Page, family: str, given: str, born_on: str) -> None:
    """Who stands before the counter, and whether they may vote."""
    page.locator("#id_family").fill(family)
    page.locator("#id_given").fill(given)
    page.locator("#id_born_on").fill(born_on)
    page.locator("#id_lives_here").check()
    steps.press(page, "Voir si cette personne peut voter")
    assert overflow(page) == 0


def mark(page: Page, family: str, given: str, born_on: str) -> None:
    look(page, family, given, born_on)
    expect(page.get_by_role("status").first).to_contain_text("Peut voter ici")
    steps.press(page, "Émarger : a voté sur papier")


def open_a_batch(page: Page, *, place: str, sheets: int) -> None:
    page.locator("#id_place").fill(place)
    page.locator("#id_announced").fill(str(sheets))
    steps.press(page, "Ouvrir le lot")


def key(page: Page, *lines: str) -> None:
    """One line a sheet; Enter goes to the next."""
    page.get_by_role("link", name="Saisir les feuilles").click()
    for line in lines:
        expect(page.locator("#id_typed")).to_be_focused()
        page.locator("#id_typed").fill(line)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.get_by_role("link", name="Retour au lot").click()


def settle(page: Page, *, reading: str) -> None:
    """Both readings are there, and the sheet is looked at again."""
    page.get_by_role("link", name="Trancher les écarts").click()
    page.locator(f"input[name=choice][value={reading}]").check()
    steps.press(page, "Trancher cette feuille")
    page.get_by_role("link", name="Retour au lot").click()


def close_the_batch(page: Page) -> None:
    steps.press(page, "Clore le lot")
    expect(page.locator("main")).to_contain_text("Dans l’urne")


def give_a_code(page: Page, family: str, given: str, born_on: str) -> str:
    """Six figures to read aloud."""
    page.locator("#id_family").fill(family)
    page.locator("#id_given").fill(given)
    page.locator("#id_born_on").fill(born_on)
    page.locator("#id_lives_here").check()
    steps.press(page, "Donner un code")
    assert overflow(page) == 0
    return page.locator(".c-given__code").inner_text()


def make_a_tablet(page: Page, *, place: str) -> None:
    """This device is nobody's from now on: it waits for a code."""
    page.locator("#id_place").fill(place)
    steps.press(page, "Ouvrir une borne sur cet appareil")
    expect(page.locator("#id_code")).to_be_focused()


def vote_on_the_tablet(page: Page, code: str, number: int) -> str:
    """The code of the receipt; then nothing of it is left on the screen."""
    page.locator("#id_code").fill(code)
    steps.press(page, "Ouvrir mon bulletin")
    page.locator(f"#choisir-{number}").click()
    page.locator(f"#choisir-{number}[aria-pressed=true]").wait_for()
    page.locator("#panier").get_by_role("link", name="Vérifier mon bulletin").click()
    steps.press(page, "Déposer mon bulletin")
    receipt, seat = page.locator("#recepisse").inner_text(), page.url
    steps.press(page, "J’ai terminé")
    page.goto(seat)
    expect(page.locator("#id_code")).to_be_visible()
    assert receipt not in page.content()
    return receipt
