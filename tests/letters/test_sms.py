"""Text messages through the gateway of the installation."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from letters import tasks
from letters.choices import Channel, LetterState

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway(settings):
    taken = []

    class Handler(BaseHTTPRequestHandler):
        status = 200

        def do_POST(self):
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(Handler.status)
            self.end_headers()

        def log_message(self, *_):
            """Silence."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/"
    yield Handler, taken
    server.shutdown()
    server.server_close()


def sms(promised, **fields):
    letter = promised(channel=Channel.SMS, address="+33199001234", recipient="+33199001234", **fields)
    tasks.deliver(letter.pk)
    letter.refresh_from_db()
    return letter


def test_a_text_message_is_handed_to_the_gateway(gateway, promised):
    letter = sms(promised)
    (body,) = gateway[1]
    assert body["to"] == "+33199001234"
    assert "fiche 1" in body["text"]
    assert body["id"] == letter.message_id.strip("<>")
    assert letter.state == LetterState.SENT


@pytest.mark.parametrize(
    ("status", "is_mass", "state"),
    [
        (400, True, LetterState.FAILED),
        (429, True, LetterState.PROMISED),
        (500, True, LetterState.UNKNOWN),
        (500, False, LetterState.PROMISED),
    ],
)
def test_what_the_gateway_answers_decides(gateway, promised, status, is_mass, state):
    gateway[0].status = status
    letter = sms(promised, is_mass=is_mass)
    assert letter.state == state
    assert letter.error == f"HTTP {status}"


def test_a_gateway_that_is_away_is_tried_again(settings, promised):
    settings.SMS_URL = "http://127.0.0.1:1/"
    assert sms(promised, is_mass=True).state == LetterState.PROMISED


@pytest.mark.parametrize("url", ["", "file:///etc/passwd"])
def test_without_a_gateway_the_letter_fails_with_a_sentence(settings, promised, url):
    settings.SMS_URL = url
    letter = sms(promised)
    assert letter.state == LetterState.FAILED
    assert "CAHIER_SMS_URL" in letter.error
