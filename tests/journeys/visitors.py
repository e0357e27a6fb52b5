"""Browsers that read French and can reach nothing but the server of the test."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from accounts.models import User

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
NARROW = {"viewport": {"width": 320, "height": 640}}
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
HERE = {"127.0.0.1", "localhost"}
POLICY = "Content Security Policy"
REFUSALS = re.compile("the server responded with a status of 4(09|22)")


class Visitors:
    """Each visitor comes with a browser of its own. What their pages ask elsewhere or complain of is kept.

    ``forbidden``: what our own pages tried against our own policy (a ``data:`` image, an inline style).
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self._contexts: list[BrowserContext] = []
        self.asked_elsewhere: list[str] = []
        self.complaints: list[str] = []
        self.forbidden: list[str] = []
        self._expects_refusal = False

    def come(self, *, signed_in: User | None = None, **options: Any) -> Page:
        """A page on nothing yet; with ``signed_in`` the visitor is already known to the server."""
        context = self._browser.new_context(base_url=self._address, locale="fr-FR", **{**DESK, **options})
        context.set_default_timeout(30_000)
        context.on("request", self._see)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self._contexts.append(context)
        if signed_in:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": _key(signed_in), "url": self._address}]
            )
        return context.new_page()

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Somebody meets a closed door, or mistypes: the browser says so in its console, and may say nothing else."""
        self._expects_refusal = True
        yield
        self._expects_refusal = False

    def leave(self) -> None:
        for context in self._contexts:
            context.close()

    def _see(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme.startswith(("http", "ws")) and address.hostname not in HERE:
            self.asked_elsewhere.append(request.url)

    def _hear(self, line: ConsoleMessage) -> None:
        if POLICY in line.text:
            self.forbidden.append(f"{line.page.url if line.page else ''}: {line.text}")
        elif line.type == "error" and not (self._expects_refusal and REFUSALS.search(line.text)):
            self.complaints.append(line.text)


def _key(user: User) -> str:
    """The key of a session such as signing in opens."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def overflow(page: Page) -> int:
    """How many pixels stand out of the screen on the right."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the keyboard is on it, as somebody without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector} on {page.url}")
