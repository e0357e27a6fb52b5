"""The pages of the town and its identity, written as editors write them, in French and in English."""

from wagtail.models import Locale, Site
from wagtail.rich_text import RichText

from config.demo.files import read
from pages.models import HomePage, SiteIdentity, StandardPage


def write_pages() -> None:
    """Name the site, fill its pages, and publish each in both languages."""
    texts, town = read("pages"), read("town")
    site = Site.objects.get(is_default_site=True)
    _identify(site, town)
    home = HomePage.objects.get(locale__language_code="fr")
    _write_home(home, texts["home"]["fr"])
    english, _ = Locale.objects.get_or_create(language_code="en")
    translated = home.copy_for_translation(english, copy_parents=True)
    _write_home(translated, texts["home"]["en"])
    for slug, text in texts.items():
        if slug != "home":
            page = StandardPage.objects.child_of(home).get(slug=slug)
            _write_page(page, text)
            _write_page(page.copy_for_translation(english), text["en"])


def _identify(site: Site, town: dict) -> None:
    identity = SiteIdentity.for_site(site)
    contact = town["contact"]
    identity.name, identity.baseline = town["name"], town["tagline"]
    identity.address, identity.phone = contact["address"], contact["telephone"]
    identity.email, identity.opening_hours = contact["email"], contact["telephone_hours"]
    identity.full_clean()
    identity.save()


def _write_home(home: HomePage, text: dict) -> None:
    """The title's second sentence is the one that is highlighted."""
    first, _, second = text["title"].partition(". ")
    home.title, home.marked, home.lead = f"{first}.", second, text["lead"]
    home.save_revision().publish()


def _write_page(page: StandardPage, text: dict) -> None:
    page.title, page.intro = text["title"], text["intro"]
    page.body = [("words", RichText(text["body"]))]
    page.save_revision().publish()
