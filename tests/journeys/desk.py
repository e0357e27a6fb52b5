"""What editors do in Wagtail, by the names of the fields and the words of the buttons."""

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
    field = _field(page, name)
    field.fill(value)
    field.press("Tab")
    page.evaluate(FOLD_CALENDARS)


def write_a_consultation(page: Page, *, title: str, slug: str) -> None:
    """Two phases under way, one section; everything an opening needs but the day of the follow-up."""
    type_in(page, "title", title)
    type_in(page, "lead", "Chaque jour, 6 400 voitures longent la Lorne.")
    _field(page, "administration").select_option(label=Administration.objects.get().name)
    _write_words(page, "Le quai a été construit en 1968.")
    page.get_by_role("tab", name="Rubriques").click()
    page.locator("#id_sections-ADD").click()
    type_in(page, "sections-0-title", "Circuler sur le quai")
    _field(page, "sections-0-vote").select_option("three")
    now = timezone.now()
    page.get_by_role("tab", name="Étapes").click()
    for row, kind in enumerate(("contribute", "vote")):
        page.locator("#id_phases-ADD").click()
        _field(page, f"phases-{row}-kind").select_option(kind)
        type_in(page, f"phases-{row}-opens_at", _typed(now - timedelta(days=1)))
        type_in(page, f"phases-{row}-closes_at", _typed(now + timedelta(days=20)))
    page.get_by_role("tab", name="Règles et contacts").click()
    _choose_page(page, "charter", "Charte de participation")
    _write(page, page.locator("[data-contentpath=procedure]"), "Délibération du 12 janvier 2027.")
    _field(page, "moderation").select_option("after")
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


def _field(page: Page, name: str) -> Locator:
    field = page.locator(f"#id_{name}")
    field.evaluate(OPEN_TAB)
    return field


def _typed(day: datetime) -> str:
    return timezone.localtime(day).strftime("%Y-%m-%d %H:%M")


def _write_words(page: Page, text: str) -> None:
    """The first block of the stream."""
    stream = page.locator("#body-root")
    stream.get_by_role("button", name="Insérer un bloc").first.click()
    page.get_by_role("option", name="texte", exact=True).click()
    _write(page, stream, text)


def _write(page: Page, around: Locator, text: str) -> None:
    around.locator("[contenteditable=true]").first.click()
    page.keyboard.type(text)


def _choose_page(page: Page, name: str, title: str) -> None:
    around = page.locator(f"[data-contentpath={name}]")
    around.get_by_role("button", name="Choisissez une page").click()
    page.locator(".modal-body a.navigate-pages").click()  # what is below the home page
    page.locator(".modal-body").get_by_role("link", name=title, exact=True).click()
    expect(around).to_contain_text(title)
