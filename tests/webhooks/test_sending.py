"""A request leaves for the address that was given, when it is on the Internet, and for nowhere else.

Each refusal has its control: the same request with the defence off reaches the machine that it must not reach.
"""

import socket
import threading
from collections.abc import Iterator

import pytest

from webhooks import sending
from webhooks.sending import NotNow, Refused, is_public, post, target_of


@pytest.fixture
def inside() -> Iterator[tuple[int, list[object]]]:
    """A service of the private network: its port, and who knocked."""
    server, knocks = socket.create_server(("127.0.0.1", 0)), []
    server.settimeout(0.1)
    over = threading.Event()

    def listen() -> None:
        while not over.is_set():
            try:
                connection, who = server.accept()
            except TimeoutError:
                continue
            knocks.append(who)
            connection.close()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield server.getsockname()[1], knocks
    over.set()
    thread.join(timeout=5)
    server.close()


INSIDE = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0.0.0.0", "[::ffff:127.0.0.1]"]


@pytest.mark.parametrize("host", INSIDE)
def test_a_private_address_is_refused_however_it_is_written(host, inside):
    port, knocks = inside
    with pytest.raises((Refused, NotNow)) as refused:
        post(f"https://{host}:{port}/", b"{}", {})
    assert knocks == []
    assert str(port) not in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433"])
def test_control_without_the_judgement_the_private_network_is_reached(host, inside, monkeypatch):
    port, knocks = inside
    monkeypatch.setattr(sending, "is_public", lambda address: True)
    with pytest.raises(NotNow):
        post(f"https://{host}:{port}/", b"{}", {})
    assert len(knocks) == 1


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
        "ff02::1", "240.0.0.1",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_internet(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_what_is_one(address):
    assert is_public(address)


def answers(*addresses: str):
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]


def test_a_name_with_one_private_address_among_others_is_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: answers("93.184.215.14", "10.0.0.1"))
    with pytest.raises(Refused):
        post("https://deux.example/", b"{}", {})


def test_a_name_that_changes_its_mind_leads_where_it_was_judged(monkeypatch):
    """DNS rebinding: the second question, if anybody asked it, would be answered by the private network."""
    replies = [answers("93.184.215.14"), answers("10.0.0.1")]
    reached = []

    def connect(address, *_args, **_named):
        reached.append(address[0])
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: replies.pop(0))
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NotNow):
        post("https://change.example/", b"{}", {})
    assert reached == ["93.184.215.14"]


@pytest.mark.parametrize(
    "url",
    ["http://exemple.example/", "ftp://exemple.example/", "https://", "//exemple.example", "https://u:p@exemple.example/",
     "https://exemple.example/\r\nHost: x", "https://exemple.example:99999/", "pas une adresse", "https://[::1"],
)  # fmt: skip
def test_what_is_no_address_for_us_is_refused_before_anything_is_asked(url, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: pytest.fail("a name was asked for"))
    with pytest.raises(Refused):
        post(url, b"{}", {})


def test_a_host_opened_by_the_settings_is_reached(tool):
    assert post(tool.url, b'{"a":1}', {"Content-Type": "application/json"}) == 200
    assert tool.received[0][2] == b'{"a":1}'


def test_only_the_port_that_was_opened_is(tool, settings):
    settings.WEBHOOK_ALLOWED_HOSTS = [f"127.0.0.1:{tool.port + 1}"]
    with pytest.raises(Refused):
        post(tool.url, b"{}", {})
    assert tool.received == []


def test_a_redirect_is_not_followed(tool):
    tool.statuses, tool.location = [302], f"http://127.0.0.1:{tool.port}/ailleurs"
    with pytest.raises(Refused):
        post(tool.url, b"{}", {})
    assert [path for path, _headers, _body in tool.received] == ["/crochet?cle=abc"]


def test_a_tool_that_answers_letter_by_letter_keeps_nobody(tool, monkeypatch):
    monkeypatch.setattr(sending, "LONGEST", 0.5)
    tool.drips.set()
    with pytest.raises(NotNow):
        post(tool.url, b"{}", {})


def test_a_name_of_another_alphabet_is_understood():
    assert target_of("https://mairie-été.example/a?b=c").host == "xn--mairie-t-h1ab.example"
