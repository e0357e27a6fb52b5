"""What a visitor was writing when we asked them to sign in: kept in their session, given back when they return."""

from typing import Any

from django.http import HttpRequest

_KEY = "consult.kept"


def keep(request: HttpRequest, place: str, **typed: Any) -> None:
    """``place`` says where: one text at a time is kept."""
    request.session[_KEY] = {"place": place, **typed}


def kept(request: HttpRequest, place: str) -> dict[str, Any]:
    """What was kept for this place, {} otherwise."""
    found = request.session.get(_KEY) or {}
    return {name: value for name, value in found.items() if name != "place"} if found.get("place") == place else {}


def forget(request: HttpRequest, place: str) -> None:
    if (request.session.get(_KEY) or {}).get("place") == place:
        del request.session[_KEY]
