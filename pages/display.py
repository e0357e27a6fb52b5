"""Light, dark or contrasted: what a person chose in the footer, kept in one strictly necessary cookie."""

from django.http import HttpRequest, HttpResponse

COOKIE = "cahier_theme"
CHOICES = ("auto", "light", "dark", "contrast")
KEPT_FOR = 365 * 24 * 3600


def chosen(request: HttpRequest | None) -> str:
    """One of ``CHOICES``; ``auto`` (follow the device) when nothing valid was kept."""
    choice = request.COOKIES.get(COOKIE, "") if request is not None else ""
    return choice if choice in CHOICES else "auto"


def keep(response: HttpResponse, choice: str) -> None:
    """Remember the choice for a year, or forget it when it is ``auto``. Scripts may read it: display.js does."""
    if choice == "auto":
        response.delete_cookie(COOKIE)
    else:
        response.set_cookie(COOKIE, choice, max_age=KEPT_FOR, samesite="Lax")
