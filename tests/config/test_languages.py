"""A page speaks one language: every page is read in French and in English, and searched for the sentences of the other.

What the town and its people wrote stays in their language; only the words of the product are looked for.
"""

import ast
import re
import uuid
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts import actions as accounts
from accounts import mails
from config import translations
from config.demo.pages import write_pages
from feedback.actions import follow_ups
from feedback.models import Fiche, FollowUp
from letters.choices import Channel
from letters.models import Letter
from letters.renderers import render
from pages.dates import long_date
from tests.standing import standing
from tests.trust import routes
from tests.trust.world import ROLES, Town

pytestmark = pytest.mark.django_db

LONG_ENOUGH = 12  # shorter words are the same in many languages
PLACE = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|<[^>]+>")
READ_ALOUD = {"alt", "aria-label", "title", "placeholder"}
VOID = {"input", "meta", "link", "img", "br", "hr", "wbr", "source", "col"}
# Who reads a page: the first of them whom it lets in.
READERS = ("visitor", "owner", "administrator", "citizen", *ROLES)
INFORMATION = [f"/{slug}/" for slug in ("accessibilite", "mentions-legales", "donnees-personnelles", "charte", "aide")]
in_both = pytest.mark.parametrize("language", ["en", "fr"], scope="module")  # one town for each
LOST = ["/nulle-part/", "/suivi/F-26-0000-00/", "/services/nulle-part/", "/vous-avez-dit/987654/"]


class Said(HTMLParser):
    """The text and the read-aloud attributes of a page, without what is marked as another language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language, self.parts, self.silent = language, [], []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        elsewhere = values.get("lang", self.language) != self.language
        if not self.silent and not elsewhere:
            self.parts += [value for name, value in values.items() if name in READ_ALOUD]
            if tag in {"input", "button"} and values.get("type") == "submit":
                self.parts.append(values.get("value", ""))
        if tag not in VOID and (self.silent or elsewhere or tag in {"script", "style"}):
            self.silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag not in VOID:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def said(html: str, language: str) -> str:
    reader = Said(language)
    reader.feed(html)
    return " ".join(" ".join(reader.parts).split())


@cache
def phrases(language: str) -> frozenset[str]:
    """What the product says in one language and not in the other, between the values that it puts in."""
    french, english = set(), set()
    for message in translations.catalogue():
        if message.id:
            english |= set(_pieces(message.id))
            french |= set(_pieces(message.string))
    here, other = (english, french) if language == "en" else (french, english)
    everything_else = "\n".join(other)
    return frozenset(phrase for phrase in here if phrase not in everything_else)


def _pieces(text: str | tuple[str, ...]) -> Iterator[str]:
    for form in (text,) if isinstance(text, str) else text:
        pieces = (" ".join(piece.split()) for piece in PLACE.split(form))
        yield from (piece for piece in pieces if len(piece) > LONG_ENOUGH)


def foreign(html: str, language: str) -> list[str]:
    """Phrases of the other language that somebody would read or hear on this page."""
    words = said(html, language)
    return sorted(phrase for phrase in phrases("fr" if language == "en" else "en") if phrase in words)


@pytest.fixture(scope="module")
def language() -> str:
    return "fr"


@pytest.fixture(scope="module")
def _built(language, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Town]:
    """Its file of past fiches was read in this language: what was found wrong in it is kept as it was said."""

    def build() -> Town:
        with override(language):
            write_pages()
            return Town()

    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with media, standing(build, blocker=django_db_blocker) as built:
        yield built


@pytest.fixture
def town(_built, db, settings, language) -> Iterator[Town]:
    settings.ACCOUNT_RATE_LIMITS = False
    with override(language):
        yield deepcopy(_built)


@pytest.fixture
def enter(town):
    def come_in(role: str, language: str) -> Client:
        client = Client(raise_request_exception=False)
        if role != "visitor":
            client.force_login(town.people[role])
            request = RequestFactory().get("/")
            request.session, request.user = client.session, town.people[role]
            record_authentication(request, request.user, method="password", reauthenticated=True)
            request.session.save()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return come_in


def reader(cell: routes.Cell) -> str:
    """Without the key, everybody meets the page that asks for it: its author sees what is behind."""
    if cell.who == "key-holders":
        return "citizen"
    return next(role for role in READERS if cell.expected(role) == cell.status)


def pages(town: Town) -> Iterator[tuple[str, str, str]]:
    """Method, address and reader of every page, the refused forms with them."""
    addresses = routes.Addresses(town)
    for name, row in routes.rows().items():
        for method, cell in (("get", row.get), ("post", row.post)):
            if cell.status in {200, 422}:
                yield method, addresses.of(name), reader(cell)
    for act in ("attribuer", "prioriser", "transferer", "fusionner", "citer", "separer", "publier", "ecarter", "noter"):
        number = town.public_pain_point.number if act == "citer" else town.pain_point.number
        yield "get", reverse("feedback:act", args=[number, act]), "owner"
    yield "get", town.public_pain_point.get_absolute_url(), "owner"
    yield from (("get", url, "visitor") for url in [*INFORMATION, *LOST, "/fiche/?service=personne"])


def ask(client: Client, method: str, url: str) -> HttpResponse:
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = getattr(client, method)(url)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


@in_both
def test_every_page_speaks_the_language_chosen_and_no_other(language, town, enter):
    mixed, read = {}, 0
    for method, url, role in pages(town):
        response = ask(enter(role, language), method, url)
        if response.status_code < 500 and response.headers.get("Content-Type", "").startswith("text/html"):
            read += bool(response.content)
            if found := foreign(response.content.decode(), language):
                mixed[f"{method} {url} as {role}"] = found
    assert mixed == {}
    assert read > 80


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", ["400", "403", "404", "429", "500", "503"])
def test_a_page_of_error_too(name, language):
    with override(language):
        html = render_to_string(f"{name}.html")
    assert foreign(html, language) == []
    assert f'<html lang="{language}"' in html


@in_both
def test_a_page_says_its_language_and_writes_its_days_in_it(language, town, enter):
    html = enter("citizen", language).get(reverse("feedback:receipt", args=[town.fiche.reference])).content.decode()
    assert f'<html lang="{language}"' in html
    with override(language):
        assert long_date(town.fiche.created_at) in html


def test_what_people_wrote_is_marked_where_the_page_speaks_another_language(town, enter):
    page = reverse("feedback:tracking", args=[town.fiche.reference])
    assert '<span lang="fr">Le portail canarimasque' in enter("citizen", "en").get(page).content.decode()
    assert '<span lang="fr">' not in enter("citizen", "fr").get(page).content.decode()


# Letters


def letters(town: Town) -> Iterator[Letter]:
    """One of each kind: those that the town promised, and those about an account."""
    yield from {letter.kind: letter for letter in Letter.objects.all()}.values()
    yield Letter(kind="feedback.reopened", key=town.follow_up.pk)
    address = EmailAddress.objects.create(user=town.citizen, email="neuve@demo.example")
    for kind in mails.RENDERERS:
        key = address.pk if kind == mails.CONFIRM else town.citizen.pk
        yield Letter(kind=kind, key=key, channel=Channel.EMAIL, promised_at=timezone.now())


@in_both
def test_every_letter_speaks_its_language_and_no_other(language, town):
    mixed, written = {}, set()
    for letter in letters(town):
        with override(language):
            message = render(letter)
        written.add(letter.kind)
        if found := foreign(f"{message.subject}\n{message.text}\n{message.html}", language):
            mixed[letter.kind] = found
    assert mixed == {}
    assert written >= {f"feedback.{kind}" for kind in ("receipt", "answer", "follow_up", "reopened", "transferred")}


@pytest.mark.parametrize(
    ("page", "text", "read"),
    [
        ("en", "The gate of the canteen is closed at noon and nobody answers.", "en"),
        ("fr", "The gate of the canteen is closed at noon and nobody answers.", "en"),
        ("en", "Le portail de la cantine est fermé à midi et personne ne répond.", "fr"),
        ("en", "Canteen closed", "en"),
        ("fr", "Cantine fermée", "fr"),
    ],
)
def test_a_receipt_speaks_the_language_of_the_fiche_and_in_doubt_that_of_the_page(page, text, read, town, enter):
    form = {"text": text, "wants_answer": "yes", "contact": "ana@demo.example", "idempotency_key": uuid.uuid4()}
    sent = enter("visitor", page).post(reverse("feedback:file_for", args=["cantine"]), form)
    assert sent.status_code == 302
    assert Letter.objects.get(kind="feedback.receipt", key=Fiche.objects.latest("pk").pk).language == read


def test_agents_are_written_to_in_the_language_of_the_site_whoever_set_it_off(town):
    FollowUp.objects.filter(pk=town.follow_up.pk).update(reply="", replied_at=None)
    with override("en"):
        follow_ups.reply(FollowUp.objects.get(pk=town.follow_up.pk), reply="no", text="Still closed.")
        accounts.invite(email="collegue@demo.example", name="Ana", by=town.people["administrator"])
    letters_of_agents = Letter.objects.filter(kind__in=["feedback.reopened", "accounts.invite"])
    assert [letter.language for letter in letters_of_agents] == ["fr", "fr"]


# Where strings are written


ACCENT = re.compile("[àâçéèêëîïôöùûœÀÂÇÉÈÊÎÔ]")
ROOMS = ("accounts", "directory", "feedback", "journal", "letters", "pages", "spreadsheets", "webhooks")
# What stands in the place of people's words, and what is recognised in their files: French whoever reads.
OF_PEOPLE = {"feedback/intake_text.py", "pages/highlighting.py", "feedback/importing/columns.py"}


def test_templates_hold_no_french_of_their_own():
    """French stands in the catalogue alone; comments speak as they like."""
    comment = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.S)
    templates = [*settings.ROOT.glob("templates/**/*.html"), *settings.ROOT.glob("templates/**/*.txt")]
    written = [path for path in templates if ACCENT.search(comment.sub("", path.read_text("utf-8")))]
    assert [str(path.relative_to(settings.ROOT)) for path in written] == []


def test_code_holds_no_french_of_its_own():
    """Commands and the launcher speak to operators, in French; migrations and the demo write the pages of a town."""
    for room in ROOMS:
        for path in (settings.ROOT / room).rglob("*.py"):
            name = str(path.relative_to(settings.ROOT))
            if not {"migrations", "management"} & set(path.parts) and name not in OF_PEOPLE:
                assert [text for text in literals(path) if ACCENT.search(text)] == [], name


def literals(path: Path) -> Iterator[str]:
    """The strings of a file, without its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    documentation = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documentation:
            yield node.value


def test_control_a_sentence_of_the_other_language_is_seen():
    assert "Vous avez dit, nous avons fait" in foreign("<p>Vous avez dit, nous avons fait</p>", "en")
    assert foreign('<input aria-label="Keep this number and this key. Together they open the answer.">', "fr") != []
    assert foreign('<button lang="fr">Vous avez dit, nous avons fait</button><p>You said</p>', "en") == []
