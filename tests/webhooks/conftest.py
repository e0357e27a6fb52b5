"""A real tool at the other end: an HTTP server on this machine that keeps what it is told."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from accounts import actions as accounts
from accounts.choices import RoleKind
from tests.factories import UserFactory
from webhooks import actions


@dataclass
class Tool:
    """What was received, oldest first, and the statuses to answer with: the last one stays."""

    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=lambda: [200])
    location: str = ""
    drips: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/crochet?cle=abc"

    def status(self) -> int:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@pytest.fixture
def tool(settings) -> Iterator[Tool]:
    one = Tool()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            one.received.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if one.drips.is_set():
                return drip(self)
            self.send_response(one.status())
            if one.location:
                self.send_header("Location", one.location)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """In silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    one.port = server.server_address[1]
    settings.WEBHOOK_ALLOWED_HOSTS = [f"127.0.0.1:{one.port}"]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield one
    server.shutdown()
    server.server_close()


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A letter of the answer every tenth of a second, until nobody listens."""
    waiting = threading.Event()
    try:
        for letter in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: a\r\n" * 100:
            handler.wfile.write(bytes([letter]))
            handler.wfile.flush()
            waiting.wait(0.1)
    except OSError:
        handler.close_connection = True


@pytest.fixture
def administrator():
    person = UserFactory()
    accounts.grant(person, RoleKind.ADMINISTRATOR, by=None)
    return person


@pytest.fixture
def link(tool, administrator):
    def linked(kind: str, **fields):
        known = {"name": kind, "url": tool.url, "secret": "cle-d-astreinte", "service": None, "wants_states": True}
        return actions.link(kind=kind, by=administrator, **{**known, **fields})

    return linked
