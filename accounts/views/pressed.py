"""A button pressed before signing in, pressed for them once they have: the session keeps it, for an hour.

Only for acts that one would press again without reading anything: following something. Rooms declare theirs.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

_KEY = "accounts.pressed"
_AN_HOUR = 3600

_acts: dict[str, Callable[..., None]] = {}


def declare(name: str, act: Callable[..., None]) -> None:
    """``act(request, **typed)`` does it for ``request.user``, and nothing where it cannot be done any more."""
    _acts[name] = act


def keep(request: HttpRequest, name: str, **typed: Any) -> None:
    """``typed``: plain values. One act at a time is kept."""
    request.session[_KEY] = {"name": name, "typed": typed, "at": timezone.now().timestamp()}


def do(request: HttpRequest) -> None:
    """Once, as somebody signs in."""
    found = request.session.pop(_KEY, None)
    if found and timezone.now().timestamp() - found["at"] < _AN_HOUR:
        _acts[found["name"]](request, **found["typed"])
