"""One chromium for the folder. No journey may ask anything outside this machine, nor leave an error in the console."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from directory.models import Service
from tests.factories import AdministrationFactory, ServiceFactory
from tests.journeys.visitors import Visitors

# Only this machine's names are found. Routing each request through Python would do it too, and lose the cache.
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", NOWHERE]
MARKS = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(__file__.rpartition("/")[0]):
            for mark in MARKS:
                item.add_marker(mark)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visitors(chromium: Browser, live_server) -> Iterator[Visitors]:
    visitors = Visitors(chromium, live_server.url)
    yield visitors
    visitors.leave()
    assert visitors.asked_elsewhere == [], "a page asks something outside this machine"
    assert visitors.forbidden == [], "a page tries what our own policy forbids"
    assert visitors.complaints == [], "the console of a browser shows an error"


@pytest.fixture
def lighting() -> Service:
    """The service the journeys write to, among others."""
    town = AdministrationFactory(name="Ville de Valbourg", slug="valbourg")
    ServiceFactory(administration=town, name="Cantine scolaire", slug="cantine")
    ServiceFactory(administration=town, name="Piscine municipale", slug="piscine")
    return ServiceFactory(
        administration=town, name="Éclairage public", slug="eclairage", search_words="lampadaire, ampoule"
    )
