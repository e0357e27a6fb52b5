"""Two thousand requests that no browser sends, at every public door: refused or understood, never broken.

The client raises whatever a view lets through. ``CAHIER_SEED=12`` plays another storm; a failure says which request.
"""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client

from feedback.models import Fiche
from tests.trust.routes import Addresses
from tests.trust.world import PASSWORD

pytestmark = pytest.mark.django_db

SEED = int(os.environ.get("CAHIER_SEED", "20260112"))
EACH = 500  # requests of each of the four storms
SLOWEST = 5  # seconds of processor: a machine that does other things is not slow
FORM = "application/x-www-form-urlencoded"
LARGE = 1_000_000

WORDS = [
    "", " ", "\x00", "a\x00b", "\ud800", "x\udfffy", "\ufeff", "\u202e", "é" * 300, "a" * 10_001, "👩‍👩‍👧" * 50,
    "\r\nSet-Cookie: a=b",
    "-1", "0", "9" * 30, "9" * 5_000, "²", "٣", "1e309", "NaN", "inf", "1_000", "0x10", "1.5", "9223372036854775808",
    "0000-00-00", "2026-02-31", "99999-12-31", "31/02/2026", "0001-01-01", "9999-12-31", "2026-01-01T00:00:00Z",
    "on", "None", "null", "true", "[]", "{}", "[object Object]", "' OR 1=1 --", "%", "_", "%_%\\", "\\", 
    "(?:a+)+$", "& | ! :*",
    "{{ 7|add:1 }}", "%(x)s %s {0}", "<script>", "../../etc/passwd", "//evil.example", "javascript:alert(1)",
    "http://[::1", "a@b", "@", "a@" + "b" * 300 + ".fr", "+33", "+" + "3" * 40, "00000000-0000-0000-0000-000000000000",
    "F-26-0412-7K", "F-26-²-٣", "-number", "number__gt", "W10", "=", "AAAA", "open", "feedback.answer",
]  # fmt: skip
NAMES = [
    "",
    "\x00",
    "page",
    "sort",
    "state",
    "__class__",
    "text[]",
    "text__in",
    "x" * 5_000,
    "\ud800",
    "limit",
    "cursor",
]
CONTENT_TYPES = [
    "", "x", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=é",
    "application/json", "text/plain", f"{FORM}; charset=utf-7", f"{FORM}; charset=utf-16", f"{FORM}; charset=nowhere",
    "application/json; charset=nowhere", "multipart/form-data; boundary=" + "b" * 300,
]  # fmt: skip
COOKIES = ["sessionid", "csrftoken", "cahier_suivi", "django_language", "messages", "cahier_theme"]
HEADERS = [
    "Accept-Language", "Accept", "Cookie", "Referer", "Idempotency-Key", "X-Forwarded-For", "HX-Request",
    "HX-Current-URL", "Range", "If-None-Match", "If-Modified-Since", "X-CSRFToken", "Authorization", "Origin",
]  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """One request; ``str`` says enough of it to be played again by hand."""

    method: str
    url: str
    body: bytes = b""
    content_type: str = FORM
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        body = f"{self.body[:300]!r}… of {len(self.body)}"
        return f"{self.method} {self.url[:300]} ({self.content_type[:60]}) {self.headers} {body}"

    def play(self, client: Client) -> int:
        client.cookies.clear()
        extra = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()}
        return client.generic(self.method, self.url, self.body, self.content_type, **extra).status_code


class Storm:
    """What chance draws. Everything comes from one generator, so that a seed gives the same requests."""

    def __init__(self, name: str) -> None:
        self.chance = random.Random(f"{SEED} {name}")

    def word(self) -> str:
        if self.chance.random() < 0.01:
            return self.chance.choice("a é{\x00") * LARGE
        return self.chance.choice(WORDS)

    def some(self, valid: dict[str, str]) -> list[tuple[str, str]]:
        """The right answers, of which some are spoilt, missing, repeated, or joined by strangers."""
        pairs = list(valid.items())
        for _ in range(self.chance.randint(1, 3)):
            at = self.chance.randrange(len(pairs) + 1)
            name = pairs[at][0] if at < len(pairs) else self.chance.choice(NAMES)
            spoilt = (name, self.word())
            pairs[at:] = [[spoilt, *pairs[at + 1 :]], pairs[at + 1 :], [spoilt, *pairs[at:]]][
                self.chance.choice([0, 0, 1, 2])
            ]
        return pairs

    def query(self, valid: dict[str, str]) -> str:
        if self.chance.random() < 0.05:
            return self.chance.choice(["%", "%zz=%f", "&&==&", "a=1&" * 2_000, "=" * 900, "%00=%00", "mots=%ff%fe"])
        return encoded(self.some(valid))[:100_000]

    def body(self, valid: dict[str, str]) -> tuple[bytes, str]:
        pairs = self.some(valid)
        draw = self.chance.random()
        if draw < 0.65:
            return encoded(pairs).encode(), FORM
        if draw < 0.85:
            return self.multipart(pairs)
        return encoded(pairs).encode(), self.chance.choice(CONTENT_TYPES)

    def multipart(self, pairs: list[tuple[str, str]]) -> tuple[bytes, str]:
        """Often whole, sometimes cut, with a file for a text, or a header that does not close."""
        named = self.chance.choice(
            ['; name="{}"', '; name="{}"', '; name="{}"; filename="a.png"', "; name={}", ";", '; name="{}']
        )
        parts = [
            f"--b\r\nContent-Disposition: form-data{named.format(name[:200])}\r\n\r\n{value}\r\n"
            for name, value in pairs
        ]
        whole = ("".join(parts) + "--b--\r\n").encode("utf-8", "surrogatepass")
        cut = self.chance.randrange(len(whole)) if self.chance.random() < 0.3 else len(whole)
        return whole[:cut], "multipart/form-data; boundary=b"

    def headers(self) -> dict[str, str]:
        """One time in five, a header nobody would send."""
        if self.chance.random() > 0.2:
            return {}
        name = self.chance.choice(HEADERS)
        said = self.word()[:4_000].encode("utf-8", "surrogatepass").decode("latin-1")
        said = said.replace("\r", "").replace("\n", "")  # the server before us ends a header there
        return {name: f"{self.chance.choice(COOKIES)}={said}" if name == "Cookie" else said}

    def json(self, valid: dict[str, Any]) -> bytes:
        if self.chance.random() < 0.3:
            return self.chance.choice(JSON)
        payload: dict[str, Any] = dict(valid)
        for _ in range(self.chance.randint(1, 3)):
            name = self.chance.choice([*valid, *NAMES])
            value = self.word()
            payload[name] = self.chance.choice([value, [value], {value: value}, None, True, 1.5, -(10**30), [], {}])
        return json.dumps(payload).encode()


JSON = [
    b"", b"{", b"null", b"[]", b"0", b'"text"', b"[" * 100_000, b'{"a":' * 50_000,
    b'{"text": NaN}', b'{"text": -Infinity}',
    b'{"text": ' + b"9" * 6_000 + b"}", b'{"text": "\xff"}', b'{"text": "\\ud800"}',
    b'{"\\ud800": 1}', b'{"\\u0000": "\\u0000"}',
    b'{"text": "a", "text": "b"}', "\ufeff{}".encode(), '{"text": "a"}'.encode("utf-16"), b'{"text": 1e999}',
    b'{"text": "' + b"a" * LARGE + b'"}', b'{"text": "a", "x": [' + b"1," * 200_000 + b"1]}",
    b'{"text": "' + b"a" * 3_000_000 + b'"}',
]  # fmt: skip


def encoded(pairs: list[tuple[str, str]]) -> str:
    return "&".join(
        f"{quote(name, errors='surrogatepass')}={quote(value, errors='surrogatepass')}" for name, value in pairs
    )


FICHE = {
    "text": "Deux heures d’attente au guichet.",
    "service": "cantine",
    "service_words": "",
    "unknown": "",
    "satisfaction": "2",
    "occurred_on": "2026-01-05",
    "office": "",
    "step": "waiting",
    "wants_answer": "yes",
    "contact": "nadia@exemple.fr",
    "idempotency_key": "",
    "warned": "True",
    "find": "",
    "draft": "",
    "fixed": "",
}
FORMS: dict[str, dict[str, str]] = {
    "feedback:file": {name: value for name, value in FICHE.items() if name not in {"find", "draft", "fixed"}},
    "feedback:file_for": {name: value for name, value in FICHE.items() if name not in {"find", "draft", "fixed"}},
    "feedback:near": FICHE | {"fixed": "cantine"},
    "feedback:find_service": FICHE | {"service_words": "cantine"},
    "feedback:offices": FICHE,
    "feedback:tracking_home": {"reference": "F-26-0412-7K", "key": "23456789"},
    "feedback:follow_up": {"reply": "partly", "text": "Encore une heure."},
    "pages:display": {"choice": "dark", "next": "/services/"},
    "set_language": {"language": "fr", "next": "/services/"},
    "account_login": {"login": "nadia@exemple.fr", "password": PASSWORD, "remember": "on", "next": "/compte/"},
    "account_signup": {"email": "nadia@exemple.fr", "name": "Nadia", "password1": "Vz8!kdpQ2x", "next": "/"},
    "account_reset_password": {"email": "nadia@exemple.fr"},
    "account_reset_password_from_key": {"password1": "Vz8!kdpQ2x", "password2": "Vz8!kdpQ2x"},
    "account_confirm_email": {"key": "x"},
}
PAGES: dict[str, dict[str, str]] = {
    "wagtail_serve": {"page": "1"},
    "feedback:services": {"mots": "cantine"},
    "feedback:service": {"page": "1"},
    "feedback:file": {"service": "cantine", "text": "a"},
    "feedback:file_for": {"text": "a"},
    "feedback:said": {"service": "cantine", "etat": "done", "mots": "portail", "page": "2", "sort": "x"},
    "feedback:said_one": {"page": "1"},
    "feedback:tracking_home": {"reference": "F-26-0412-7K"},
    "feedback:tracking": {"cle": "23456789"},
    "feedback:receipt": {"cle": "23456789"},
    "feedback:follow_up": {"reponse": "oui"},
    "pages:theme": {"v": "1"},
    "account_login": {"next": "/compte/"},
    "account_signup": {"next": "/compte/", "email": "a@b.fr"},
    "account_reset_password_from_key": {},
    "account_confirm_email": {},
    "api:services": {"cursor": "Y2FudGluZQ", "limit": "10"},
    "api:service": {"limit": "1"},
    "api:pain_points": {"service": "cantine", "state": "done", "cursor": "MTI", "limit": "10"},
    "api:pain_point": {"x": "1"},
    "api:fiche": {"key": "23456789"},
    "api:openapi-json": {"x": "1"},
}
PATHS = [
    "/services/{}/", "/services/{}/fiche/", "/vous-avez-dit/{}/", "/suivi/{}/", "/suivi/{}/recepisse/",
    "/suivi/est-ce-regle/{}/", "/compte/adresse/confirmation/{}/", "/compte/mot-de-passe/oublie/{}/",
    "/api/v1/services/{}", "/api/v1/pain-points/{}",
    "/api/v1/fiches/{}", "/api/v1/{}", "/documents/{}/{}", "/{}/", "/{}", "/static/{}",
]  # fmt: skip


def forms(storm: Storm, addresses: Addresses) -> Iterator[Shot]:
    """Every form that somebody may send without an account."""
    while True:
        name = storm.chance.choice(list(FORMS))
        body, content_type = storm.body(FORMS[name])
        yield Shot("POST", addresses.of(name), body, content_type, storm.headers())


def filing(storm: Storm, addresses: Addresses) -> Iterator[Shot]:
    """The door of programs."""
    url = addresses.of("api:file_fiche")
    valid = {name: FICHE[name] for name in ("text", "occurred_on", "step", "contact")} | {"satisfaction": 2}
    while True:
        content_type = storm.chance.choice(["application/json"] * 9 + CONTENT_TYPES)
        yield Shot("POST", url, storm.json(valid), content_type, storm.headers())


def queries(storm: Storm, addresses: Addresses, *, among: Sequence[str] = tuple(PAGES)) -> Iterator[Shot]:
    """Every public page, with filters, page numbers and cursors of another world."""
    while True:
        name = storm.chance.choice(among)
        yield Shot(
            "GET", addresses.of(name).partition("?")[0] + "?" + storm.query(PAGES[name]), headers=storm.headers()
        )


def paths(storm: Storm, addresses: Addresses) -> Iterator[Shot]:
    """What stands in the address itself."""
    while True:
        spoilt = quote(storm.word()[:20_000], safe=storm.chance.choice(["", "/"]), errors="surrogatepass")
        method = storm.chance.choice(["GET", "GET", "HEAD", "POST", "PUT", "OPTIONS"])
        yield Shot(method, storm.chance.choice(PATHS).replace("{}", spoilt), headers=storm.headers())


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False


def strike(client: Client, shots: Iterator[Shot], *, count: int = EACH) -> Counter[int]:
    """How many answers of each status. Throttles forget now and then: they are not what is tried."""
    seen: Counter[int] = Counter()
    for number in range(count):
        if number % 5 == 0:
            cache.clear()
        shot, begun = next(shots), time.process_time()
        try:
            status = shot.play(client)
        except Exception as error:
            raise AssertionError(f"CAHIER_SEED={SEED}, request {number}: {shot}") from error
        assert status < 500, f"CAHIER_SEED={SEED}, request {number}: {status} to {shot}"
        assert time.process_time() - begun < SLOWEST, f"CAHIER_SEED={SEED}, request {number}: slow, {shot}"
        seen[status] += 1
    return seen


@pytest.mark.parametrize(
    ("shots", "met"),
    [
        (forms, {200, 302, 400, 422}),
        (filing, {201, 400, 422}),
        (queries, {200, 302, 400, 404}),
        (paths, {200, 400, 404, 405}),
    ],
)
def test_five_hundred_requests_no_browser_sends_break_nothing(shots: Callable, met, addresses):
    seen = strike(Client(), shots(Storm(shots.__name__), addresses))
    assert met <= set(seen), f"CAHIER_SEED={SEED}: the storm stays at the door, {seen}"


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_a_page_to_come_back_to_that_is_no_address_is_ignored(name, addresses):
    for method in ("get", "post"):
        response = getattr(Client(), method)(addresses.of(name), {"next": "http://[::1"})
        assert response.status_code == 200


def test_fiches_pass_through_the_storm_whole(addresses):
    """The storm goes as deep as the tables: some of what it sends is a fiche, and can be read."""
    before = set(Fiche.objects.values_list("pk", flat=True))
    strike(Client(), filing(Storm("whole"), addresses), count=60)
    filed = Fiche.objects.exclude(pk__in=before).select_related("original")
    assert filed
    assert all(fiche.original.text.strip() and "\x00" not in fiche.original.text for fiche in filed)


def test_control_a_view_that_trusts_its_address_is_found(addresses, monkeypatch):
    monkeypatch.setattr("feedback.views.public._page_number", lambda request: int(request.GET.get("page", "1")))
    with pytest.raises(AssertionError, match=r"CAHIER_SEED=.*/vous-avez-dit/"):
        strike(Client(), queries(Storm("control"), addresses, among=["feedback:said"]))
