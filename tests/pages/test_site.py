"""The front page, the pages of information, the identity of the site, and what machines ask."""

import gc

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import InternalError, OperationalError, connection
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Site

from pages import sections
from pages.models import HomePage, SiteIdentity, StandardPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def identity():
    return SiteIdentity.for_site(Site.objects.get(is_default_site=True))


def test_a_new_site_has_a_front_page_and_its_legal_pages(client):
    assert "Dites ce qui coince." in client.get("/").content.decode()
    for slug in ("accessibilite", "mentions-legales", "donnees-personnelles", "charte", "aide"):
        assert client.get(f"/{slug}/").status_code == 200


def test_accessibility_says_non_compliant_until_a_person_audited(client):
    assert "non conforme" in client.get("/accessibilite/").content.decode().lower()


def test_the_front_page_lets_write_at_once(client):
    page = client.get("/").content.decode()
    assert 'action="/fiche/"' in page
    assert 'name="text"' in page


def test_the_name_and_contact_of_the_city_are_on_every_page(client, identity):
    identity.name, identity.phone = "Valbourg", "01 99 00 12 34"
    identity.save()
    page = client.get("/charte/").content.decode()
    assert "Valbourg" in page
    assert "01 99 00 12 34" in page


def test_changing_the_identity_shows_at_once_though_it_is_cached(client, identity):
    client.get("/")
    identity.name = "Autreville"
    identity.save()
    assert "Autreville" in client.get("/").content.decode()


def test_a_pale_colour_is_refused_with_the_nearest_that_can_be_read(identity):
    identity.main_colour = "#ffe08a"
    with pytest.raises(ValidationError) as refused:
        identity.full_clean()
    assert "#" in refused.value.message_dict["main_colour"][0]


def test_a_colour_that_is_not_one_is_refused(identity):
    identity.accent_colour = "red;}body{display:none"
    with pytest.raises(ValidationError):
        identity.full_clean()


def test_the_colours_of_the_city_are_one_stylesheet_kept_by_browsers(client, identity):
    identity.main_colour = "#7a1f5c"
    identity.save()
    page = client.get("/").content.decode()
    response = client.get("/theme.css")
    assert "/theme.css?v=" in page
    assert response["Content-Type"].startswith("text/css")
    assert "--brand:#7a1f5c;" in response.content.decode()
    assert "immutable" in response["Cache-Control"]


def test_other_colours_are_another_address(client, identity):
    before = client.get("/").content.decode().split("/theme.css?v=")[1].split('"')[0]
    identity.accent_colour = "#ad3519"
    identity.save()
    assert client.get("/").content.decode().split("/theme.css?v=")[1].split('"')[0] != before


def test_a_page_is_read_in_the_language_chosen(client):
    home = HomePage.objects.get()
    english = Locale.objects.create(language_code="en")
    translated = home.copy_for_translation(english)
    translated.title = "Say what gets in the way."
    translated.save_revision().publish()
    client.cookies["django_language"] = "en"
    page = client.get("/").content.decode()
    assert "Say what gets in the way." in page
    assert '<html lang="en"' in page


def test_a_draft_is_not_public(client):
    charter = StandardPage.objects.get(slug="charte")
    charter.unpublish()
    assert client.get("/charte/").status_code == 404


def test_a_room_shows_its_section_on_the_front_page(client, monkeypatch):
    monkeypatch.setattr(sections, "_sections", {})
    sections.declare("essai", template="components/stats.html", context=lambda: {"items": []})
    sections.declare("vide", template="components/stats.html", context=lambda: None)
    assert [section["template"] for section in sections.for_home()] == ["components/stats.html"]
    cache.clear()
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_machines_are_answered(client, address):
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405


def test_not_ready_while_the_database_is_away(client, monkeypatch):
    def away(*_):
        raise OperationalError

    monkeypatch.setattr("pages.views.health.connection.cursor", away)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


PUBLIC = ["/", "/charte/", "/theme.css", "/services/", "/fiche/", "/suivi/", "/vous-avez-dit/"]


def _only_read():
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")


@pytest.mark.parametrize("address", PUBLIC)
def test_reading_a_page_of_a_new_site_writes_nothing(client, address):
    _only_read()
    assert client.get(address).status_code == 200
    assert not SiteIdentity.objects.exists()


def test_a_write_would_be_seen_by_the_test_above(client):
    _only_read()
    with pytest.raises(InternalError, match="read-only"):
        SiteIdentity.for_site(Site.objects.get(is_default_site=True))


# Wagtail leaves the temporary file of a drawing to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_logo_is_drawn_when_it_is_chosen_not_when_a_page_is_read(client, identity, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    identity.logo = Image.objects.create(title="Blason", file=get_test_image_file())
    identity.save()
    connection.check_constraints()
    _only_read()
    assert "max-176x176" in client.get("/").content.decode()
    gc.collect()  # here, and not in a test that does not expect it


def test_the_front_page_asks_little_of_the_database(client, django_assert_max_num_queries):
    client.get("/")
    with django_assert_max_num_queries(6):
        client.get("/")
