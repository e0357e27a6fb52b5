"""What stands around every page is drawn once for what it says: never for whom."""

from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import override

from pages.identity import Identity
from pages.menus import Entry
from pages.templatetags import frame

HEADER = "components/header.html"


def test_the_same_words_are_drawn_once_and_others_at_once() -> None:
    frame._kept.cache_clear()
    first = frame.drawn(HEADER, name="Ville de Bar", entries=[Entry("Budgets", "/budgets/")])
    assert frame.drawn(HEADER, name="Ville de Bar", entries=[Entry("Budgets", "/budgets/")]) is first
    assert "Ville de Foo" in frame.drawn(HEADER, name="Ville de Foo", entries=[Entry("Budgets", "/budgets/")])
    current = frame.drawn(HEADER, name="Ville de Bar", entries=[Entry("Budgets", "/budgets/", is_current=True)])
    assert 'aria-current="page"' in current
    assert 'aria-current="page"' not in first


def test_each_language_has_its_own() -> None:
    with override("fr"):
        assert "Aller au contenu" in frame.drawn("components/skip_links.html")
    with override("en"):
        assert "Skip to content" in frame.drawn("components/skip_links.html")


def test_text_is_never_taken_for_html_drawn_from_the_same_letters() -> None:
    assert "<b>x</b>" in frame.drawn(HEADER, name=SafeString("<b>x</b>"))
    assert "&lt;b&gt;x&lt;/b&gt;" in frame.drawn(HEADER, name="<b>x</b>")


def test_what_a_request_lends_is_kept_without_the_request() -> None:
    shown = SimpleLazyObject(lambda: Identity(phone="01 02 03 04 05"))
    assert type(frame._plain(shown)) is Identity
    assert "01 02 03 04 05" in frame.drawn("frame/footer_words.html", identity=shown)


def test_what_cannot_be_known_again_is_drawn_each_time() -> None:
    entry = {"label": "Budgets", "url": "/budgets/"}
    assert "Budgets" in frame.drawn(HEADER, entries=[entry])
    entry["label"] = "Services"
    assert "Services" in frame.drawn(HEADER, entries=[entry])
