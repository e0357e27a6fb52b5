"""Every address × every kind of person × every method, as ``access.txt`` says; the addresses are the resolver's."""

import re

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from tests.trust import routes
from tests.trust.routes import Cell
from tests.trust.world import ROLES

pytestmark = pytest.mark.django_db

ROWS = routes.rows()
OTHERS = ("put", "delete", "options")
# What changes from one answer to the next and tells nothing: tokens against forged requests, lengths, the hour.
VARYING = re.compile(r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken[^}]+}|nonce="[^"]+"')
OWN_HEADERS = ("Content-Length", "Set-Cookie", "Date", "Expires")
# Under /admin/, what Wagtail gives to everybody: texts and drawings of its pages, and the way to our sign-in.
OPEN_UNDER_ADMIN = {"/admin/jsi18n/", "/admin/sprite/", "/admin/login/", "/admin/logout/"}


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False


def ask(client: Client, method: str, url: str, *, read_only: bool = False) -> HttpResponse:
    """One request that leaves no trace: neither in the database nor in the browser."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        if read_only:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
        response = getattr(client, method)(url)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def seen(response: HttpResponse) -> int | str:
    where = response.headers.get("Location", "")
    if response.status_code == 302 and where.startswith("/compte/connexion/"):
        return "sign in"
    return response.status_code


def agrees(response: HttpResponse, cell: Cell, role: str) -> bool:
    expected = cell.expected(role)
    if expected == "home":
        return response.status_code == 302 and seen(response) != "sign in"
    return expected in {seen(response), response.status_code}


def told(response: HttpResponse, url: str) -> tuple[int, str, dict[str, str]]:
    """All that a person learns from an answer, without its own address."""
    body = VARYING.sub("", response.content.decode())
    for part in [url, *(part for part in url.split("/") if len(part) > 5)]:
        body = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", "", body)  # « personne » is not in « personnelles »
    return response.status_code, body, {k: v for k, v in response.headers.items() if k not in OWN_HEADERS}


def is_hidden(cell: Cell, role: str) -> bool:
    """Whether something stands there that this person may not see."""
    if cell.who == "key-holders":
        return role != "citizen"
    return cell.expected(role) == 404 and cell.status != 404


def test_every_route_has_its_line_and_every_line_its_route():
    assert sorted(routes.names()) == sorted(ROWS), "write the missing line in tests/trust/access.txt"
    assert len(set(routes.names())) == len(routes.names()), "two routes bear one name"


@pytest.mark.parametrize("role", ROLES)
def test_addresses_open_as_the_table_says(role, addresses, enter):
    client, wrong = enter(role), {}
    for name, row in ROWS.items():
        url = addresses.of(name)
        for method, cell in (("get", row.get), ("post", row.post)):
            response = ask(client, method, url)
            if not agrees(response, cell, role):
                wrong[f"{method} {name}"] = f"{seen(response)}, not {cell.expected(role)}"
    assert wrong == {}


@pytest.mark.parametrize("role", ["visitor", "citizen", "other_owner", "editor"])
def test_what_a_person_may_not_see_reads_like_what_does_not_exist(role, addresses, enter):
    client, compared = enter(role), 0
    for name, row in ROWS.items():
        for method, cell in (("get", row.get), ("post", row.post)):
            if is_hidden(cell, role):
                url, nothing = addresses.of(name), addresses.of_nothing(name)
                assert told(ask(client, method, url), url) == told(ask(client, method, nothing), nothing), (
                    name,
                    method,
                )
                compared += 1
    assert compared >= 4


@pytest.mark.parametrize("role", ["visitor", "citizen", "owner", "administrator"])
def test_reading_and_odd_methods_write_nothing_and_head_answers_like_get(role, addresses, enter, settings):
    """In a read-only transaction: whatever writes is a 500. Sessions are the exception, kept elsewhere here."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    client, wrong = enter(role), {}
    for name in ROWS:
        url = addresses.of(name)
        got = ask(client, "get", url, read_only=True).status_code
        is_for_programs = name.startswith("api:")  # they ask GET
        head = got if is_for_programs else ask(client, "head", url, read_only=True).status_code
        found = {method: ask(client, method, url, read_only=True).status_code for method in OTHERS}
        if head != got or max(got, *found.values()) >= 500:
            wrong[name] = {"get": got, "head": head, **found}
    assert wrong == {}


def test_control_an_act_in_a_read_only_transaction_is_seen(addresses, enter):
    url = addresses.of("feedback:data_erase")
    assert ask(enter("citizen"), "post", url, read_only=True).status_code == 500


def test_a_form_sent_from_another_site_is_refused(addresses, enter):
    taken = {}
    for name, row in ROWS.items():
        if row.post.status not in {404, 405} and "api" not in name:  # the API: tests/feedback
            role = min(routes.INSIDERS[row.post.who] - {"visitor"} or {"visitor"})
            status = ask(enter(role, enforce_csrf_checks=True), "post", addresses.of(name)).status_code
            if status not in {403, 404}:
                taken[name] = status
    assert taken == {}


def test_a_member_at_the_door_of_the_administration_is_not_sent_round_for_ever(enter):
    assert enter("citizen").get("/_util/login/?next=/admin/", follow=True).status_code == 404
    assert enter("owner").get("/admin/", follow=True).status_code == 404
    assert enter("editor").get("/admin/login/?next=/admin/", follow=True).status_code == 200


@pytest.mark.parametrize("role", ["visitor", "owner"])
def test_nobody_but_editors_and_administrators_enters_the_administration(role, enter):
    client, opened = enter(role), {}
    for pattern in routes.admin_patterns():
        url = "/" + re.sub(r"<[^>]+>|\([^)]*\)", "1", pattern).replace("^", "").replace("$", "")
        for method in ("get", "post"):
            status = ask(client, method, url).status_code
            if not 300 <= status < 500:
                opened[url] = status
    assert opened.keys() <= OPEN_UNDER_ADMIN, opened
    assert len(routes.admin_patterns()) > 100


def test_control_a_door_left_open_is_seen(town, addresses, enter, monkeypatch):
    monkeypatch.setattr("feedback.policies.fiches_to_read", lambda user: type(town.fiche).objects.all())
    response = ask(enter("other_owner"), "get", addresses.of("feedback:fiche"))
    assert not agrees(response, ROWS["feedback:fiche"].get, "other_owner")
