"""Whether everyone can read a page: on a phone and on a desk, in light and in dark, axe has nothing to say.

A page is opened once and looked at several times: opening it costs more than any look.
"""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.visitors import DESK, NARROW, PHONE, overflow

Fault = tuple[str, str, str]
WHOLE = {"resultTypes": ["violations"]}
COLOURS = {"runOnly": ["color-contrast"], **WHOLE}
RUN = "([context, options]) => axe.run(context, options).then(found => found.violations)"


def faults(page: Page, addresses: list[str]) -> list[Fault]:
    """Page after page."""
    found = []
    for address in addresses:
        answer = page.goto(address)
        assert answer.status == 200, f"{address}: {answer.status}"
        found += seen(page)
    return found


def seen(page: Page) -> list[Fault]:
    """What is wrong with the page as it is: address, rule, markup. What is not a colour is the same in the dark."""
    found = _standing_out(page, NARROW)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.evaluate(Axe().axe_script)
    found += _standing_out(page, PHONE) + _said(page, COLOURS)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found += _said(page, WHOLE)
    return found + _standing_out(page, DESK) + _said(page, WHOLE)


def _standing_out(page: Page, screen: dict) -> list[Fault]:
    page.set_viewport_size(screen["viewport"])
    over = overflow(page)
    return [(page.url, f"stands out of {screen['viewport']['width']} pixels", str(over))] if over else []


def _said(page: Page, options: dict) -> list[Fault]:
    """Of a page of Wagtail, only what is ours."""
    ours = "main" if "/admin/" in page.url else "html"
    violations = page.evaluate(RUN, [ours, options])
    return [(page.url, rule["id"], node["html"][:200]) for rule in violations for node in rule["nodes"]]
