"""How often one connection may make us write to a mailbox, and how often a mailbox is written to."""

import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from consult.people import email_key

WINDOW = 10 * 60  # seconds
FROM_ONE_CONNECTION = 20  # a library or a school shares one
HOUR = 3600
TO_ONE_MAILBOX = 6
CODES = 10
WRONG_CODES = 8


def asks_too_often(request: HttpRequest, email: str) -> bool:
    """Counts this letter too. The same answer whether the mailbox is known here or not."""
    by_connection = _count(f"letters.{_connection(request)}", WINDOW) > FROM_ONE_CONNECTION
    return _count(f"mailbox.{email_key(email)}", HOUR) > TO_ONE_MAILBOX or by_connection


def guesses_too_often(request: HttpRequest) -> bool:
    """Counts this code too: codes are short, and are not to be guessed by thousands."""
    return _count(f"codes.{_connection(request)}", WINDOW) > CODES


def wrong_codes_too_often(tablet: object) -> bool:
    """Counts this wrong code too: a shared tablet takes a few, whoever stands before it. ``tablet``: its key."""
    return _count(f"tablet.{tablet}", WINDOW) > WRONG_CODES


def is_held(tablet: object) -> bool:
    """Whether this tablet took too many wrong codes and waits. Counts nothing."""
    return _counted(f"tablet.{tablet}", WINDOW) > WRONG_CODES


def _count(what: str, window: int) -> int:
    counter = _counter(what, window)
    cache.add(counter, 0, 2 * window)
    return cache.incr(counter)


def _counted(what: str, window: int) -> int:
    return cache.get(_counter(what, window)) or 0


def _counter(what: str, window: int) -> str:
    return f"consult.visitors.{what}.{int(time.time()) // window}"


def _connection(request: HttpRequest) -> str:
    """The address that our own proxies saw, never one that was only told."""
    return get_adapter(request).get_client_ip(request)
