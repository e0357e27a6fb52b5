"""The second step: required of staff in production, asked at each sign-in once set up, never in anybody's way else."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user
from django.core.cache import cache
from django.core.management import call_command

from accounts import actions
from accounts.choices import STAFF_ROLES, RoleKind
from accounts.models import User
from journal.models import Entry
from letters.models import Letter
from tests.factories import OfficeFactory, ServiceFactory

pytestmark = pytest.mark.django_db

PASSWORD = "trois mots rien qu’à moi"
SET_UP = "/compte/second-facteur/application/activer/"


@pytest.fixture
def owner():
    person = actions.create_person(email="pilote@demo.example", name="Inès", password=PASSWORD, by=None)
    actions.grant(person, RoleKind.SERVICE_OWNER, service=ServiceFactory(), by=None)
    return person


@pytest.fixture
def _production(settings):
    settings.STAFF_NEED_SECOND_FACTOR = True


def sign_in(client, email="pilote@demo.example"):
    return client.post("/compte/connexion/", {"login": email, "password": PASSWORD})


def code_for(secret):
    counter = next(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def set_up(client):
    """By the pages: confirm the password, copy the key, type the code. Gives the secret."""
    client.post("/compte/verification/", {"password": PASSWORD, "next": SET_UP})
    secret = re.search(r'<code class="text-reset">(\w+)</code>', client.get(SET_UP).text)[1]
    assert client.post(SET_UP, {"code": code_for(secret)}).status_code == 302
    return secret


def is_signed_in(client):
    return get_user(client).is_authenticated


@pytest.mark.usefixtures("_production")
class TestInProduction:
    def test_an_owner_without_second_step_is_led_to_set_it_up(self, client, owner):
        sign_in(client)
        for path in ("/pilotage/", "/admin/", "/", "/services/"):
            assert client.get(path).url == SET_UP, path
        assert client.post("/pilotage/", {}).status_code == 302

    def test_the_way_to_set_it_up_and_to_leave_stays_open(self, client, owner):
        sign_in(client)
        assert client.get("/compte/").status_code == 200
        assert client.get(SET_UP).url.startswith("/compte/verification/")
        set_up(client)
        assert client.get("/pilotage/").headers.get("Location") != SET_UP
        assert Authenticator.objects.filter(user=owner).count() == 2, "the application and the recovery codes"

    @pytest.mark.parametrize("kind", sorted(STAFF_ROLES))
    def test_every_role_of_staff_needs_it(self, client, kind):
        person = actions.create_person(email="pilote@demo.example", name="X", password=PASSWORD, by=None)
        service = ServiceFactory() if kind == RoleKind.SERVICE_OWNER else None
        office = OfficeFactory() if kind == RoleKind.CLERK else None
        actions.grant(person, RoleKind(kind), service=service, office=office, by=None)
        sign_in(client)
        assert client.get("/admin/").url == SET_UP

    def test_a_superuser_needs_it_too(self, client, monkeypatch):
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
        call_command("createsuperuser", interactive=False, email="racine@demo.example", name="Racine", verbosity=0)
        client.force_login(User.objects.get(email="racine@demo.example"))
        assert client.get("/admin/").url == SET_UP

    @pytest.mark.parametrize("kind", [None, RoleKind.AGENT])
    def test_citizens_and_agents_never_notice(self, client, kind):
        person = actions.create_person(email="pilote@demo.example", name="X", password=PASSWORD, by=None)
        if kind:
            actions.grant(person, kind, by=None)
        sign_in(client)
        assert client.get("/compte/").status_code == 200
        assert client.get("/services/").headers.get("Location") != SET_UP

    def test_removing_it_leads_back_to_setting_it_up(self, client, owner):
        sign_in(client)
        set_up(client)
        client.post("/compte/second-facteur/application/retirer/")
        assert client.get("/pilotage/").url == SET_UP


def test_control_where_it_is_not_required_the_owner_enters(client, owner):
    sign_in(client)
    assert client.get("/pilotage/").headers.get("Location") != SET_UP


def test_once_set_up_the_password_alone_does_not_sign_in(client, owner):
    sign_in(client)
    secret = set_up(client)
    client.post("/compte/deconnexion/")
    assert sign_in(client).url == "/compte/second-facteur/code/"
    assert not is_signed_in(client)
    client.post("/compte/second-facteur/code/", {"code": "000000"})
    assert not is_signed_in(client)
    cache.clear()  # the code has just served to set up: allauth refuses to hear it twice
    assert client.post("/compte/second-facteur/code/", {"code": code_for(secret)}).url == "/pilotage/"
    assert is_signed_in(client)


def test_a_recovery_code_signs_in_once(client, owner):
    sign_in(client)
    set_up(client)
    page = client.get("/compte/second-facteur/codes/").text
    code = re.findall(r"<li>(\d{8})</li>", page)[0]
    for expected in (True, False):
        client.post("/compte/deconnexion/")
        sign_in(client)
        client.post("/compte/second-facteur/code/", {"code": code})
        assert is_signed_in(client) is expected


def test_codes_cannot_be_guessed_one_after_the_other(client, owner):
    sign_in(client)
    secret = set_up(client)
    client.post("/compte/deconnexion/")
    sign_in(client)
    for guess in range(6):
        client.post("/compte/second-facteur/code/", {"code": f"{guess:06}"})
    client.post("/compte/second-facteur/code/", {"code": code_for(secret)})
    assert not is_signed_in(client)


def test_the_secret_is_encrypted_in_the_database(client, owner):
    sign_in(client)
    secret = set_up(client)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    assert stored.startswith("gAAAA")


def test_the_square_to_photograph_is_drawn_in_the_page_without_data_address(client, owner):
    sign_in(client)
    client.post("/compte/verification/", {"password": PASSWORD, "next": SET_UP})
    page = client.get(SET_UP).text
    assert '<svg class="qr-code"' in page
    assert "data:" not in page
    assert "style=" not in page


def test_setting_up_is_told_by_letter(client, owner, django_capture_on_commit_callbacks):
    sign_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
    assert Letter.objects.filter(kind="accounts.notice.totp_activated").count() == 1


def test_an_administrator_frees_a_person_who_lost_everything(client, owner):
    sign_in(client)
    set_up(client)
    actions.reset_second_factor(owner, by=owner)
    client.post("/compte/deconnexion/")
    sign_in(client)
    assert is_signed_in(client)
    assert Entry.objects.filter(verb="account.second_factor_reset").count() == 1
