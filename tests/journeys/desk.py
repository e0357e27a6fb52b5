"""What editors do in Wagtail, by the names of the fields and the words of the buttons."""

import re
from datetime import datetime, timedelta

from django.utils import timezone
from playwright.sync_api import FrameLocator, Locator, Page, expect

from directory.models import Administration

MODES = "select[data-w-preview-target=mode], #id_preview_mode"
# Wagtail's calendars fold a moment after the field is left, and hide what is below until then.
FOLD_CALENDARS = "document.querySelectorAll('.xdsoft_datetimepicker').forEach(one => { one.style.display = 'none' })"
OPEN_TAB = """field => {
  const panel = field.closest("[role=tabpanel]");
  if (panel && panel.hidden) document.querySelector(`[role=tab][href="#${panel.id}"]`).click();
}"""


def type_in(page: Page, name: str, value: str) -> None:
    """In whatever tab the field is."""
    found = field(page, name)
    found.fill(value)
    found.press("Tab")
    page.evaluate(FOLD_CALENDARS)


def write_a_consultation(page: Page, *, title: str, slug: str) -> None:
    """Two phases under way, one section; everything an opening needs but the day of the follow-up."""
    type_in(page, "title", title)
    type_in(page, "lead", "Chaque jour, 6 400 voitures longent la Lorne.")
    field(page, "administration").select_option(label=Administration.objects.get().name)
    write_words(page, "Le quai a été construit en 1968.")
    page.get_by_role("tab", name="Rubriques").click()
    page.locator("#id_sections-ADD").click()
    type_in(page, "sections-0-title", "Circuler sur le quai")
    field(page, "sections-0-vote").select_option("three")
    now = timezone.now()
    page.get_by_role("tab", name="Étapes").click()
    for row, kind in enumerate(("contribute", "vote")):
        page.locator("#id_phases-ADD").click()
        field(page, f"phases-{row}-kind").select_option(kind)
        type_in(page, f"phases-{row}-opens_at", typed(now - timedelta(days=1)))
        type_in(page, f"phases-{row}-closes_at", typed(now + timedelta(days=20)))
    page.get_by_role("tab", name="Règles et contacts").click()
    choose_page(page, "charter", "Charte de participation")
    write(page, page.locator("[data-contentpath=procedure]"), "Délibération du 12 janvier 2027.")
    field(page, "moderation").select_option("after")
    type_in(page, "contact_name", "Mission participation")
    type_in(page, "contact_phone", "01 99 00 12 34")
    type_in(page, "slug", slug)


def keep(page: Page) -> None:
    """« Save »: a draft."""
    with page.expect_navigation():
        page.locator("footer button.action-save").click()


def publish(page: Page) -> None:
    """The menu beside « Save », then « Publish »."""
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    with page.expect_navigation():
        page.locator("button[name=action-publish]").click()


def preview(page: Page) -> FrameLocator:
    """The page, as it would be drawn, beside the form."""
    page.locator("[data-side-panel-toggle=preview]").click()
    return page.frame_locator("#w-preview-iframe, iframe[data-w-preview-target=iframe]").first


def previews(page: Page) -> list[str]:
    """The moments at which the page may be seen."""
    return page.locator(MODES).locator("option").all_inner_texts()


def preview_as(page: Page, mode: str) -> None:
    page.locator(MODES).select_option(mode)


def add_row(page: Page, rows: str) -> None:
    """One more phase, envelope or condition, in the tab where they are."""
    button = page.locator(f"#id_{rows}-ADD")
    button.evaluate(OPEN_TAB)
    button.click()


def field(page: Page, name: str) -> Locator:
    """In the tab where it is, opened."""
    field = page.locator(f"#id_{name}")
    field.evaluate(OPEN_TAB)
    return field


def typed(day: datetime) -> str:
    """As calendars of Wagtail read it, at noon: no change of the clock repeats or skips it."""
    return timezone.localtime(day).strftime("%Y-%m-%d 12:00")


def write_words(page: Page, text: str) -> None:
    """The first block of the stream."""
    stream = page.locator("#body-root")
    stream.get_by_role("button", name="Insérer un bloc").first.click()
    page.get_by_role("option", name="texte", exact=True).click()
    write(page, stream, text)


def write(page: Page, around: Locator, text: str) -> None:
    """In the rich text that is there; its words reach the form a moment after the last key."""
    around.locator("[contenteditable=true]").first.click()
    page.keyboard.type(text)
    kept = around.locator("input:has(~ [data-draftail-editor-wrapper])").first
    expect(kept).to_have_value(re.compile(re.escape(text)))


def choose_page(page: Page, name: str, title: str) -> None:
    """One of those below the home page."""
    around = page.locator(f"[data-contentpath={name}]")
    around.get_by_role("button", name="Choisissez une page").click()
    page.locator(".modal-body a.navigate-pages").click()  # what is below the home page
    page.locator(".modal-body").get_by_role("link", name=title, exact=True).click()
    expect(around).to_contain_text(title)
