"""One request to an address that an administrator gave, and to nowhere else.

Only https to public addresses: the name is resolved, every address it has is judged, and the connection goes to the
one that was judged, so that a name that changes its mind in between leads nowhere. No redirect is followed, no proxy
asked, nothing of the answer is kept but its status. ``WEBHOOK_ALLOWED_HOSTS`` opens a host of the administration's
own network, by name.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

SILENCE = 5.0  # seconds without a byte
LONGEST = 15.0  # seconds in all: a tool that answers letter by letter keeps no worker
COME_BACK = {408, 425, 429}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotSent(Exception):
    """The base; ``str(error)`` is for the list of deliveries: neither address nor key."""

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class NotNow(NotSent):
    """May be tried again."""


class Refused(NotSent):
    """Will not be better later: the address or the tool says no."""


@dataclass(frozen=True)
class Target:
    """Where a request goes. ``is_allowed``: the site opened this host by its settings."""

    scheme: str
    host: str
    port: int
    path: str
    is_allowed: bool


def target_of(url: str) -> Target:
    """The parts of an address. Raises ``Refused`` with a sentence for whoever typed it; asks no name server."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise Refused(_("This is not an address.")) from None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None or parts.fragment:
        raise Refused(_("Give an address that begins with https://, without a name or a password in it."))
    port = port or (443 if parts.scheme == "https" else 80)
    is_allowed = {host, f"{host}:{port}"} & set(settings.WEBHOOK_ALLOWED_HOSTS) != set()
    if parts.scheme == "http" and not is_allowed:
        raise Refused(_("The address must begin with https://."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or any(ord(letter) <= 32 for letter in path):
        raise Refused(_("This is not an address."))
    return Target(parts.scheme, host, port, path, is_allowed)


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send, and give the status of a success. Raises ``NotNow`` or ``Refused``."""
    target = target_of(url)
    address = _address_of(target)
    connection = _connection(target, address)
    timer = threading.Timer(LONGEST, _hang_up, [connection])
    timer.start()
    try:
        connection.putrequest("POST", target.path, skip_accept_encoding=True)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body)  # connects, to the address that was judged
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NotNow(type(error).__name__) from None
    finally:
        timer.cancel()
        connection.close()
    return _judged(status)


def is_public(address: str) -> bool:
    """Whether an address belongs to the Internet, whatever it is wrapped in."""
    ip: Any = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6:
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if wrapped is None and ip in _NAT64:
            wrapped = ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
        ip = wrapped or ip
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _address_of(target: Target) -> str:
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except OSError:
        raise NotNow(_("The name of the host is not found.")) from None
    addresses = [str(one[4][0]) for one in found]
    if not target.is_allowed and not all(is_public(one) for one in addresses):
        raise Refused(_("This address is inside a private network: the settings of the site do not open it."))
    return addresses[0]


def _connection(target: Target, address: str) -> http.client.HTTPConnection:
    """A connection to this very address, which presents itself under the name that was asked for."""
    if target.scheme == "http":
        return _Plain(target.host, target.port, address=address)
    return _Secure(target.host, target.port, address=address)


class _Plain(http.client.HTTPConnection):
    def __init__(self, host: str, port: int, *, address: str) -> None:
        super().__init__(host, port, timeout=SILENCE)
        self._address = address

    def connect(self) -> None:
        self.sock = self.reached()

    def reached(self) -> socket.socket:
        return socket.create_connection((self._address, self.port), SILENCE)


class _Secure(_Plain):
    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        self.sock = ssl.create_default_context().wrap_socket(self.reached(), server_hostname=self.host)


def _hang_up(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        connection.sock.shutdown(socket.SHUT_RDWR)


def _judged(status: int) -> int:
    if 200 <= status < 300:
        return status
    if 300 <= status < 400:
        words = _("The tool answers from elsewhere (%(status)d): redirects are not followed.")
        raise Refused(words % {"status": status}, status=status)
    kind = NotNow if status >= 500 or status in COME_BACK else Refused
    raise kind(f"HTTP {status}", status=status)
