"""The components of the theme: documented, shown, safe, and readable by everyone.

The sheet is served here at ``/composants/`` whatever the settings: elsewhere it is a page of development.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import path
from playwright.sync_api import Browser, Page, sync_playwright

from config.urls import urlpatterns as site_urls
from pages import gallery, states
from pages.templatetags.cahier import icon
from pages.views import components

urlpatterns = [path("composants/", components.sheet), *site_urls]

TEMPLATES = Path(settings.TEMPLATES[0]["DIRS"][0])
STATIC = settings.ROOT / "static"
# Letters are read in mail programs, which know no policy and no stylesheet.
PAGES = [page for page in sorted(TEMPLATES.rglob("*.html")) if "letters" not in page.parts]
COMPONENTS = sorted(path.stem for path in (TEMPLATES / "components").glob("*.html"))
EXAMPLES = [(component, example) for component in gallery.components() for example in component.examples]
INLINE = re.compile(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|data:[a-z]+/|<script(?![^>]*\ssrc=)", re.I)
# The sheet shows the same landmarks many times, which no page does.
SHEET_ONLY = {"rules": {"landmark-unique": {"enabled": False}}}


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_tells_its_parameters_and_shows_examples(name: str) -> None:
    component = gallery.component(TEMPLATES / "components" / f"{name}.html")
    source = (TEMPLATES / "components" / f"{name}.html").read_text().partition("{% endcomment %}")[2]
    assert component.about
    assert component.examples
    for parameter in component.parameters:
        assert re.search(rf"\b{parameter}\b", source), f"{name} tells of {parameter} and never uses it"


@pytest.mark.parametrize(("component", "example"), EXAMPLES, ids=lambda value: value.name)
def test_an_example_renders_with_nothing_inline(component: gallery.Component, example: gallery.Example) -> None:
    html = component.render(example)
    assert not INLINE.search(html), INLINE.search(html)
    known = set(component.parameters) | {"fields", "prefix"}
    assert set(example.context) <= known, "an example uses a parameter that the component does not tell of"


def test_a_component_without_comment_or_examples_is_refused(tmp_path: Path) -> None:
    bare = tmp_path / "bare.html"
    bare.write_text("<p>{{ text }}</p>")
    with pytest.raises(ValueError, match="does not open with a comment"):
        gallery.component(bare)
    bare.write_text("{% comment %}\nA text.\n\ntext  what it says\n{% endcomment %}\n<p>{{ text }}</p>")
    with pytest.raises(ValueError, match=r"no bare\.yaml beside it"):
        gallery.component(bare)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_no_template_needs_a_looser_policy(page: Path) -> None:
    assert not INLINE.search(page.read_text())


@pytest.mark.parametrize("sheet", sorted(STATIC.rglob("*.css")), ids=lambda sheet: sheet.name)
def test_a_stylesheet_stays_short_and_asks_for_nothing_elsewhere(sheet: Path) -> None:
    source = sheet.read_text()
    assert "data:" not in re.sub(r"/\*.*?\*/", "", source, flags=re.S)
    assert "http" not in re.sub(r'href\^="http"', "", source)
    assert len(source.splitlines()) <= 500
    for address in re.findall(r'url\("([^"]+)"\)', source):
        assert (sheet.parent / address).exists()


def test_fonts_stand_beside_their_licences() -> None:
    fonts = STATIC / "cahier" / "fonts"
    for font in fonts.glob("*.woff2"):
        family = font.name.split("-latin")[0].split("-digits")[0]
        assert "SIL Open Font License" in (fonts / f"OFL-{family}.txt").read_text()


def test_dark_is_the_same_whether_chosen_or_asked_by_the_device() -> None:
    source = (STATIC / "cahier" / "css" / "tokens.css").read_text()
    chosen = re.search(r':root\[data-bs-theme="dark"\] \{(.*?)\n\}', source, re.S)
    asked = re.search(r":root:not\(\[data-bs-theme\]\) \{(.*?)\n  \}", source, re.S)
    assert chosen
    assert asked
    assert chosen[1].split() == asked[1].split()


def test_every_state_has_its_word_and_its_drawing() -> None:
    for state, look in states.LOOKS.items():
        html = get_template("components/state_pill.html").render({"state": state})
        assert str(look.word) in html
        assert "<svg" in html


def test_an_unknown_state_or_icon_is_a_mistake_seen_at_once() -> None:
    with pytest.raises(KeyError, match="has no look"):
        get_template("components/state_pill.html").render({"state": "maybe"})
    with pytest.raises(TemplateDoesNotExist):
        icon("no-such-icon")


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_the_last_pages_need_nothing(name: str) -> None:
    html = get_template(name).render()
    assert "<h1>" in html


# --- in a browser ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def sheet(chromium: Browser, live_server, settings) -> Iterator:
    settings.ROOT_URLCONF = __name__
    opened: list[Page] = []

    def open_sheet(*, width: int = 1280, scheme: str = "light", **options) -> Page:
        page = chromium.new_page(
            viewport={"width": width, "height": 800}, color_scheme=scheme, locale="fr-FR", **options
        )
        opened.append(page)
        page.complaints = []
        page.on("console", lambda line: page.complaints.append(line.text) if line.type == "error" else None)
        page.goto(f"{live_server.url}/composants/")
        return page

    yield open_sheet
    for page in opened:
        page.close()


in_a_browser = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def browser_test(function):
    for mark in in_a_browser:
        function = mark(function)
    return function


@browser_test
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_on_the_sheet(sheet, width: int, scheme: str) -> None:
    page = sheet(width=width, scheme=scheme)
    found = Axe().run(page, options=SHEET_ONLY).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    assert page.complaints == [], "the strict policy blocked something"


@browser_test
@pytest.mark.parametrize("contrast", ["more", "no-preference"])
@pytest.mark.parametrize("width", [320, 768])
def test_nothing_overflows_on_a_small_screen(sheet, width: int, contrast: str) -> None:
    page = sheet(width=width, contrast=contrast)
    assert page.evaluate("document.documentElement.scrollWidth") == width


@browser_test
def test_every_control_shows_where_the_keyboard_is(sheet) -> None:
    page = sheet()
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px"


@browser_test
def test_the_display_switch_works_at_once_and_stays(sheet) -> None:
    page = sheet()
    footer = page.locator("footer.c-footer").last
    footer.locator("button[value=dark]").click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    footer.locator("button[value=contrast]").click()
    assert page.evaluate("document.documentElement.dataset.contrast") == "more"
    assert page.evaluate("document.documentElement.dataset.bsTheme") is None


@browser_test
def test_keys_move_choose_and_tell_themselves(sheet) -> None:
    page = sheet()
    page.locator("[data-row-check]").evaluate_all("boxes => boxes.forEach(box => box.checked && box.click())")
    page.evaluate("document.activeElement.blur()")
    for key in "jjx":
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.closest('[data-row]').querySelector('[data-row-check]').checked")
    assert page.locator("[data-bulk-count]").inner_text() == "1"
    page.keyboard.press("?")
    assert page.locator("dialog[data-keys-help]").is_visible()
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    assert page.locator("[data-bulk-count]").inner_text() == "1", "keys that were turned off still act"


@browser_test
def test_a_double_click_sends_a_form_once(sheet) -> None:
    page = sheet()
    sent: list[str] = []

    def answer(route) -> None:
        sent.append(route.request.post_data)
        route.fulfill(status=204)

    page.route("**/fiche/", answer)
    page.route("**/after/", lambda route: route.fulfill(status=204))
    page.clock.install()
    form = page.locator("form.c-one")
    form.locator("textarea").fill("On m’a redemandé un papier.")
    with page.expect_response("**/fiche/"):
        form.locator("button").dblclick()
    page.evaluate("() => fetch('/after/')")  # what the second click sent has left by then
    assert len(sent) == 1
    assert form.locator("button").get_attribute("aria-busy") == "true"
    page.clock.fast_forward(5000)
    assert form.locator("button").get_attribute("aria-busy") is None, "the button is never lost"


@browser_test
def test_without_a_script_the_menu_opens_and_the_switch_works(chromium: Browser, live_server, settings) -> None:
    settings.ROOT_URLCONF = __name__
    page = chromium.new_page(viewport={"width": 390, "height": 800}, java_script_enabled=False, locale="fr-FR")
    page.goto(f"{live_server.url}/composants/")
    page.locator("header.c-header summary").first.click()
    assert page.locator("header.c-header .c-menu a").first.is_visible()
    page.locator("footer.c-footer").last.locator("button[value=dark]").click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.url.endswith("/composants/")
    page.close()


@browser_test
def test_typing_is_never_taken_for_a_key(sheet) -> None:
    page = sheet()
    field = page.locator("textarea.is-voice").first
    field.fill("")
    field.press_sequentially("joxk?")
    assert field.input_value() == "joxk?"
    assert not page.locator("dialog[data-keys-help]").is_visible()
