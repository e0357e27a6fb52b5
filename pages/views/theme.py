"""``/theme.css``: the city's colours, corners and titles as one stylesheet, kept by browsers for a year."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from pages import colours
from pages.identity import identity_of
from pages.models import Corners, SiteIdentity, Titles

_RADIUS = {Corners.STRAIGHT: ("0", "0", "0"), Corners.ROUND: ("0.75rem", "1.25rem", "1.75rem")}
_FAMILY = {Titles.LITERATA: "var(--font-people)", Titles.SYSTEM: "system-ui, sans-serif"}


@require_safe
def stylesheet(request: HttpRequest) -> HttpResponse:
    """The address carries a version (``?v=``), so that it may be kept for ever."""
    response = HttpResponse(_css(identity_of(request)), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _css(identity: SiteIdentity) -> str:
    tokens = colours.palette(identity.main_colour, identity.accent_colour)
    shape = dict(zip(("r-s", "r-m", "r-l"), _RADIUS.get(Corners(identity.corners), ()), strict=False))
    light = _rules({**tokens["light"], **shape})
    dark = _rules(tokens["dark"])
    css = (
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme: dark){{:root:not([data-bs-theme=light]){{{dark}}}}}\n"
        f":root[data-bs-theme=dark]{{{dark}}}\n"
    )
    family = _FAMILY.get(Titles(identity.titles))
    return css + (f"h1,h2,h3,h4{{font-family:{family}}}\n" if family else "")


def _rules(tokens: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in tokens.items())
