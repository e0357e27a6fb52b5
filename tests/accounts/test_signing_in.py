"""Opening an account, signing in, forgetting the password: what people do, and what others try."""

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import translation

from accounts import actions
from accounts.choices import RoleKind
from accounts.models import User
from journal.models import Entry
from letters import tasks
from letters.models import Letter
from tests.factories import ServiceFactory

pytestmark = pytest.mark.django_db

PASSWORD = "trois mots rien qu’à moi"
LOGIN, SIGNUP, RESET = "/compte/connexion/", "/compte/inscription/", "/compte/mot-de-passe/oublie/"


def sign_up(client, email="nadia@demo.example", name="Nadia"):
    return client.post(SIGNUP, {"name": name, "email": email, "password1": PASSWORD})


def sign_in(client, email="nadia@demo.example", password=PASSWORD, **data):
    return client.post(LOGIN, {"login": email, "password": password, **data})


@pytest.fixture
def nadia():
    return actions.create_person(email="nadia@demo.example", name="Nadia", password=PASSWORD, by=None)


def link_of_the_last_letter(mailoutbox):
    """The worker delivers; the person follows the first link, on the same site."""
    tasks.deliver(Letter.objects.latest("pk").pk)
    return urlsplit(re.search(r"http\S+", mailoutbox[-1].body)[0]).path


def is_signed_in(client):
    return get_user(client).is_authenticated


class TestOpeningAnAccount:
    def test_from_the_form_to_the_letter_to_the_link_to_signed_in(self, client, mailoutbox):
        answer = sign_up(client)
        assert answer.url == reverse("account_email_verification_sent")
        assert not is_signed_in(client)
        letter = Letter.objects.get()
        assert (letter.kind, letter.is_mass) == ("accounts.confirm", False)
        assert mailoutbox == [], "only the worker sends"
        link = link_of_the_last_letter(mailoutbox)
        assert mailoutbox[-1].to == ["nadia@demo.example"]
        assert "Confirm" in client.get(link).text or "Confirmer" in client.get(link).text
        assert not User.objects.get().emailaddress_set.get().verified, "reading the page confirms nothing"
        client.post(link)
        assert User.objects.get().emailaddress_set.get().verified
        assert is_signed_in(client)
        assert User.objects.get().name == "Nadia"

    def test_it_works_with_the_post_down(self, client, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        assert sign_up(client).status_code == 302
        assert Letter.objects.count() == 1

    def test_it_is_journalled_without_the_name(self, client):
        sign_up(client)
        line = Entry.objects.get(verb="account.created")
        assert line.actor_name == ""
        assert "Nadia" not in str(line.details)

    def test_without_the_link_nobody_signs_in_and_the_letter_leaves_again(self, client, django_user_model):
        sign_up(client)
        Letter.objects.all().delete()
        sign_in(client)
        assert not is_signed_in(client)

    def test_the_link_works_once(self, client, mailoutbox):
        sign_up(client)
        link = link_of_the_last_letter(mailoutbox)
        client.post(link)
        client.post("/compte/deconnexion/")
        assert client.post(link).status_code == 404
        assert client.get(link).status_code == 200
        assert not is_signed_in(client)

    def test_an_address_that_has_an_account_gets_the_same_page_and_another_letter(self, client, nadia, mailoutbox):
        known = sign_up(client, email="NADIA@demo.example", name="Autre")
        unknown = sign_up(client, email="inconnue@demo.example")
        assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
        kinds = list(Letter.objects.order_by("pk").values_list("kind", flat=True))
        assert kinds == ["accounts.exists", "accounts.confirm"]
        assert User.objects.filter(email__iexact="nadia@demo.example").count() == 1

    @pytest.mark.parametrize("password", ["court", "motdepasse", "1234567890", "nadia@demo.example"])
    def test_a_weak_password_is_refused_and_what_was_typed_stays(self, client, password):
        page = client.post(SIGNUP, {"name": "Nadia", "email": "nadia@demo.example", "password1": password})
        assert page.status_code == 200
        assert 'value="nadia@demo.example"' in page.text
        assert f'type="password" name="password1" value="{password}"' not in page.text
        assert not User.objects.exists()

    def test_the_link_leads_to_the_site_whatever_host_the_request_claimed(self, client, mailoutbox, settings):
        settings.ALLOWED_HOSTS = ["*"]
        settings.BASE_URL = "https://valbourg.example"
        client.post(
            SIGNUP, {"name": "N", "email": "n@demo.example", "password1": PASSWORD}, headers={"host": "evil.example"}
        )
        link_of_the_last_letter(mailoutbox)
        assert "https://valbourg.example/compte/" in mailoutbox[-1].body
        assert "evil" not in mailoutbox[-1].body


class TestSigningIn:
    def test_capitals_of_the_address_do_not_matter(self, client, nadia):
        sign_in(client, email="Nadia@Demo.EXAMPLE")
        assert is_signed_in(client)

    def test_a_wrong_password_and_an_unknown_address_read_the_same(self, client, nadia):
        wrong = sign_in(client, password="autre chose")
        unknown = sign_in(client, email="inconnu@demo.example")
        assert not is_signed_in(client)

        def without(page, email):
            return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", page.text).replace(
                email, ""
            )

        assert without(wrong, "nadia@demo.example") == without(unknown, "inconnu@demo.example")

    def test_after_five_wrong_tries_even_the_right_password_waits(self, client, nadia):
        for _ in range(5):
            sign_in(client, password="autre chose")
        page = sign_in(client)
        assert not is_signed_in(client)
        assert page.status_code == 200

    def test_control_without_the_limit_the_sixth_try_passes(self, client, nadia, settings):
        settings.ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": None}
        for _ in range(5):
            sign_in(client, password="autre chose")
        sign_in(client)
        assert is_signed_in(client)

    def test_a_suspended_person_does_not_enter_and_is_thrown_out(self, client, nadia):
        sign_in(client)
        actions.set_active(nadia, is_active=False, by=nadia)
        assert not is_signed_in(client)
        sign_in(client)
        assert not is_signed_in(client)

    def test_a_session_offered_before_signing_in_is_worth_nothing_after(self, client, nadia):
        client.get("/compte/second-facteur/")
        session = client.session
        session["planted"] = True
        session.save()
        before = session.session_key
        client.cookies["sessionid"] = before
        sign_in(client)
        assert is_signed_in(client)
        assert client.session.session_key != before

    @pytest.mark.parametrize(("remember", "expires_with_browser"), [({}, True), ({"remember": "on"}, False)])
    def test_staying_signed_in_is_a_choice(self, client, nadia, remember, expires_with_browser):
        sign_in(client, **remember)
        assert client.session.get_expire_at_browser_close() is expires_with_browser

    @pytest.mark.parametrize(
        ("kind", "place"), [(RoleKind.SERVICE_OWNER, "/pilotage/"), (RoleKind.EDITOR, "/admin/"), (None, "/services/")]
    )
    def test_each_person_is_taken_to_the_right_place(self, client, nadia, kind, place):
        if kind:
            service = ServiceFactory() if kind == RoleKind.SERVICE_OWNER else None
            actions.grant(nadia, kind, service=service, by=None)
        door = client.get("/compte/", headers={"referer": "http://testserver/services/"})
        page = client.get(door.url)
        came_from = re.search(r'name="came_from" value="([^"]+)"', page.text)[1]
        assert sign_in(client, came_from=came_from).url == place

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_signing_in_never_leads_out_of_the_site(self, client, nadia, elsewhere):
        assert sign_in(client, came_from=elsewhere).url == "/compte/"
        client.post("/compte/deconnexion/")
        assert "evil" not in sign_in(client, next=elsewhere).url

    def test_a_protected_page_is_reached_after_signing_in(self, client, nadia):
        door = client.get("/compte/nom/")
        assert door.url == "/compte/connexion/?next=/compte/nom/"
        assert sign_in(client, next="/compte/nom/").url == "/compte/nom/"

    def test_wagtail_has_no_door_of_its_own(self, client, nadia):
        assert client.get("/admin/login/").url.startswith(LOGIN)
        client.post("/admin/login/", {"username": "nadia@demo.example", "password": PASSWORD})
        assert not is_signed_in(client)
        assert client.get("/admin/password_reset/").status_code == 404
        assert client.get("/admin/").url.startswith(LOGIN)


class TestForgettingThePassword:
    def ask(self, client, email="nadia@demo.example"):
        return client.post(RESET, {"email": email})

    def test_the_link_of_the_letter_changes_the_password_once(self, client, nadia, mailoutbox):
        self.ask(client)
        link = link_of_the_last_letter(mailoutbox)
        form = client.get(link, follow=True)
        client.post(form.request["PATH_INFO"], {"password1": "une phrase toute neuve"})
        nadia.refresh_from_db()
        assert nadia.check_password("une phrase toute neuve")
        again = client.get(link, follow=True)
        client.post(again.request["PATH_INFO"], {"password1": "encore une autre phrase"})
        nadia.refresh_from_db()
        assert nadia.check_password("une phrase toute neuve"), "the link works once"
        notice = Letter.objects.latest("pk")
        assert notice.kind == "accounts.notice.password_reset"
        tasks.deliver(notice.pk)
        assert mailoutbox[-1].to == ["nadia@demo.example"]

    def test_an_unknown_address_reads_the_same_and_nobody_is_written_to(self, client, nadia):
        known, unknown = self.ask(client), self.ask(client, "inconnue@demo.example")
        assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
        assert [letter.address for letter in Letter.objects.all()] == ["nadia@demo.example"]

    def test_nobody_fills_the_mailbox_of_another(self, client, nadia):
        for _ in range(10):
            self.ask(client)
        assert Letter.objects.count() == 3

    def test_a_new_password_closes_the_other_sessions(self, client, nadia, client_factory):
        other = client_factory()
        for each in (client, other):
            sign_in(each)
        client.post("/compte/mot-de-passe/", {"oldpassword": PASSWORD, "password1": "une phrase toute neuve"})
        assert is_signed_in(client)
        assert not is_signed_in(other)

    def test_a_letter_holds_no_secret_before_it_leaves(self, client, nadia):
        self.ask(client)
        letter = Letter.objects.get()
        assert (letter.kind, letter.key) == ("accounts.reset", nadia.pk)


class TestChangingTheAddress:
    def test_the_old_address_stays_until_the_new_one_is_confirmed(self, client, nadia, mailoutbox):
        sign_in(client)
        again = client.post("/compte/adresse/", {"email": "nouvelle@demo.example", "action_add": "1"})
        assert again.url == "/compte/verification/?next=%2Fcompte%2Fadresse%2F"
        client.post("/compte/verification/", {"password": PASSWORD, "next": "/compte/adresse/"})
        nadia.refresh_from_db()
        assert nadia.email == "nadia@demo.example"
        confirm = Letter.objects.get(kind="accounts.confirm")
        tasks.deliver(confirm.pk)
        client.post(urlsplit(re.search(r"http\S+", mailoutbox[-1].body)[0]).path)
        nadia.refresh_from_db()
        assert nadia.email == "nouvelle@demo.example"
        assert Letter.objects.filter(kind="accounts.notice.email_changed").exists()


def test_every_letter_about_an_account_can_be_written_in_both_languages(nadia, mailoutbox):
    from accounts import mails
    from letters.models import Letter as Outbox

    address = nadia.emailaddress_set.get()
    address.verified = False
    address.save()
    for language in ("fr", "en"):
        with translation.override(language):
            for kind in mails.RENDERERS:
                mails.send(kind, key=address.pk if kind == mails.CONFIRM else nadia.pk, email=nadia.email)
    for letter in Outbox.objects.all():
        tasks.deliver(letter.pk)
    assert len(mailoutbox) == 2 * len(mails.RENDERERS)
    assert all("http" in mail.body and mail.subject for mail in mailoutbox)


@pytest.fixture
def client_factory():
    from django.test import Client

    return Client
