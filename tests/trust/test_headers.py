"""What every answer carries, what cookies may do, and what production refuses to start without."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from tests.factories import PASSWORD
from tests.trust import routes

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
ROWS = routes.rows()
STRICT = {
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    "form-action 'self'",
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
}
REFERRERS = {"strict-origin-when-cross-origin", "same-origin"}
BROUGHT = {"sandbox", "default-src 'none'"}  # a file that somebody brought
STRICTER = {"consult:attachment": BROUGHT, "budgets:photo": BROUGHT}
PERSONAL = {"members", "owners", "in-charge", "author", "key-holders", "administrators", "writers", "arguers"}
PRODUCTION = {
    "CAHIER_SECRET_KEY": "d" * 50,
    "CAHIER_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "CAHIER_HOSTS": "cahier.ville.example",
    "CAHIER_BASE_URL": "https://cahier.ville.example",
    "CAHIER_EMAIL_URL": "smtp://127.0.0.1:1",
    "CAHIER_BROKER_URL": "redis://127.0.0.1:1/0",
}
ASK = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
def told(response):
    return {"status": response.status_code, **response.headers}
host = {"host": "cahier.ville.example"}
secure, clear = Client().get("/healthz", secure=True, headers=host), Client().get("/healthz", headers=host)
cookies = [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY]
print(json.dumps({"secure": told(secure), "clear": told(clear), "cookies": cookies,
    "hosts": settings.ALLOWED_HOSTS,
    "debug": settings.DEBUG, "demo": settings.DEMO_ALLOWED, "second_factor": settings.STAFF_NEED_SECOND_FACTOR}))
"""


def policy(response) -> set[str]:
    return {part.strip() for part in response.headers["Content-Security-Policy"].split(";")}


@pytest.mark.parametrize("role", ["visitor", "citizen", "owner", "administrator"])
def test_every_answer_carries_the_strict_policy_and_personal_ones_are_not_kept(role, addresses, enter):
    client, wrong = enter(role), {}
    for name, row in ROWS.items():
        url = addresses.of(name)
        response = client.get(url)
        missing = {key for key, value in EVERYWHERE.items() if response.headers.get(key) != value}
        if name.startswith("api"):  # no page to frame, and the policy says frame-ancestors
            missing.discard("X-Frame-Options")
        if response.headers.get("Referrer-Policy") not in REFERRERS:
            missing.add("Referrer-Policy")
        if not url.startswith("/admin/") and policy(response) != STRICTER.get(name, STRICT):
            missing.add("Content-Security-Policy")
        is_personal = row.get.who in PERSONAL and response.status_code == 200
        if is_personal and "no-store" not in response.headers.get("Cache-Control", ""):
            missing.add("Cache-Control: no-store")
        if missing:
            wrong[name] = missing
        if name == "account_logout":
            client = enter(role)
    assert wrong == {}


def test_only_the_administration_may_hold_inline_scripts(enter):
    client = enter("administrator")
    assert "script-src 'self' 'unsafe-inline'" in policy(client.get("/admin/"))
    for url in ("/", "/services/", "/pilotage/", "/compte/", "/nulle-part/", "/administration/"):
        assert policy(client.get(url)) == STRICT, url


def test_no_error_page_is_without_the_policy(enter):
    visitor = enter("visitor")
    assert policy(visitor.get("/fiche/?a=%00")) == STRICT
    assert policy(visitor.post("/services/")) == STRICT
    assert policy(enter("visitor", enforce_csrf_checks=True).post("/fiche/")) == STRICT


def test_cookies_are_of_this_site_only_and_out_of_reach_of_scripts(town, addresses, enter):
    client = enter("visitor")
    client.post("/compte/connexion/", {"login": town.citizen.email, "password": PASSWORD})
    client.get(addresses.of("feedback:file"))
    client.get(f"/suivi/{town.fiche.reference}/?cle={town.key}")
    session, followed = client.cookies["sessionid"], client.cookies["cahier_suivi"]
    assert session["httponly"]
    assert followed["httponly"]
    assert {session["samesite"], followed["samesite"], client.cookies["csrftoken"]["samesite"]} == {"Lax"}
    assert followed["path"] == "/suivi/"


# --- production --------------------------------------------------------------------------------------------------


def in_production(source: str, **changed: str | None) -> subprocess.CompletedProcess:
    parameters = {"user": "", "password": "", "host": "", "port": "", **connection.get_connection_params()}
    url = "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parameters)
    given = {**PRODUCTION, "DATABASE_URL": url, **changed}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CAHIER_", "DATABASE_"))}
    environment = {**kept, "DJANGO_SETTINGS_MODULE": "config.settings.production"}
    environment |= {name: value for name, value in given.items() if value is not None}
    command = [sys.executable, "-W", "ignore", "-c", source]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", [*PRODUCTION, "DATABASE_URL"])
def test_production_does_not_start_without_what_matters_and_says_so_in_a_sentence(name):
    for value in (None, ""):
        run = in_production("from django.conf import settings; settings.DEBUG", **{name: value})
        assert run.returncode != 0
        assert run.stderr.splitlines()[-1].startswith(
            "django.core.exceptions.ImproperlyConfigured: Cahier ne démarre pas"
        )
        assert name in run.stderr.splitlines()[-1]


def test_production_refuses_a_short_secret():
    run = in_production("from django.conf import settings; settings.DEBUG", CAHIER_SECRET_KEY="court")
    assert "au moins 40 caractères" in run.stderr.splitlines()[-1]


def test_production_speaks_https_only_to_its_own_names_with_cookies_that_stay_there():
    run = in_production(ASK)
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout.splitlines()[-1])
    assert told["secure"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert (told["secure"]["status"], told["clear"]["status"]) == (200, 301)
    assert told["hosts"] == ["cahier.ville.example"]
    assert told["clear"]["Location"] == "https://cahier.ville.example/healthz"
    assert told["cookies"] == [True, True, True]
    assert (told["debug"], told["demo"], told["second_factor"]) == (False, False, True)
