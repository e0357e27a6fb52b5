"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """``debug`` (bool) and ``theme_choice`` (``light``, ``dark`` or ``""``: follow the device)."""
    choice = request.COOKIES.get("cahier_theme", "")
    return {"debug": settings.DEBUG, "theme_choice": choice if choice in {"light", "dark"} else ""}
