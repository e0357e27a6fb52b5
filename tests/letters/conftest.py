"""Real parts: an SMTP server that notes what it takes, a broker that is not there, a room that writes letters."""

import socket
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from celery import current_app
from django.utils.translation import gettext

from letters import actions, renderers
from letters.renderers import Message

RECEIPT = "test.receipt"
SECRET_ADDRESS = "nadia.belmont@secret-address.example"


class Post:
    """An SMTP server on this machine. ``answers``: what it says to the next recipients or messages."""

    def __init__(self):
        self.mails, self.recipients = [], []
        self.rcpt_answer, self.data_answer, self.on_data = None, None, None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  (aiosmtpd's name)
        if self.rcpt_answer:
            return self.rcpt_answer.format(address=address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  (aiosmtpd's name)
        if self.data_answer:
            return self.data_answer
        self.recipients += envelope.rcpt_tos
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.on_data:
            return self.on_data(server)
        return "250 OK"

    @property
    def message_ids(self):
        return [mail["Message-ID"] for mail in self.mails]


@pytest.fixture
def post(settings):
    handler = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_TIMEOUT = 5
    yield handler
    controller.stop()


@pytest.fixture
def no_post(settings):
    """Nobody listens."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


@pytest.fixture
def broker():
    """Point the Celery application at another broker, and back."""
    before = current_app.conf.broker_url

    def point_at(url):
        current_app.conf.broker_url = url
        current_app._after_fork()  # forgets the open connections

    yield point_at
    point_at(before)


@pytest.fixture
def _no_broker(broker):
    broker("redis://127.0.0.1:1/0")


@pytest.fixture(autouse=True)
def _room():
    renderers.declare(
        RECEIPT,
        lambda letter: Message(
            subject=f"Votre fiche n° {letter.key}",
            text=f"{gettext('Yes')} : fiche {letter.key}, « été ».\nhttps://valbourg.example/suivi/",
        ),
    )


@pytest.fixture
def promised():
    """Promise one letter; the campaign is the key."""

    def promise(key=1, **fields):
        fields = {"recipient": SECRET_ADDRESS, "address": SECRET_ADDRESS, **fields}
        return actions.promise(RECEIPT, key=key, campaign=f"test:{key}", **fields)

    return promise
