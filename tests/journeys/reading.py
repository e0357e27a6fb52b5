"""Whether everyone can read a page: axe has nothing to say, in light and in dark, and nothing overflows."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.visitors import overflow

Fault = tuple[str, str, str]
WHOLE = {"resultTypes": ["violations"]}
COLOURS = {"runOnly": ["color-contrast"], **WHOLE}


def faults(page: Page, addresses: list[str]) -> list[Fault]:
    """Page after page, in the light that the visitor chose."""
    found = []
    for address in addresses:
        _open(page, address)
        found += seen(page)
    return found


def faults_in_both_lights(page: Page, addresses: list[str]) -> list[Fault]:
    """Page after page; the colours are looked at twice."""
    found = []
    for address in addresses:
        _open(page, address)
        found += seen_in_both_lights(page)
    return found


def seen_in_both_lights(page: Page) -> list[Fault]:
    """The page as it is. What is not a colour is the same in both; the visitor must have asked for less motion."""
    page.emulate_media(color_scheme="dark")
    found = seen(page, COLOURS)
    page.emulate_media(color_scheme="light")
    return found + seen(page)


def seen(page: Page, options: dict = WHOLE) -> list[Fault]:
    """What axe says of the page as it is: address, rule, markup. Of a page of Wagtail, only what is ours."""
    ours = "main" if "/admin/" in page.url else None
    rules = Axe().run(page, context=ours, options=options).response["violations"]
    return [(page.url, rule["id"], node["html"][:200]) for rule in rules for node in rule["nodes"]]


def _open(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer.status == 200, f"{address}: {answer.status}"
    assert overflow(page) == 0, f"{address} stands out of the screen"
