"""What the header and the footer of every page need to know of the administration, in one cached reading."""

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Site

from pages.models import IDENTITY_KEY, LOGO_SIZE, SiteIdentity

_KEPT_FOR = 300


@dataclass(frozen=True)
class Identity:
    """Plain values for templates; empty strings for what the city did not give."""

    name: str = "Cahier"
    baseline: str = ""
    logo_url: str = ""
    logo_dark_url: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    opening_hours: str = ""
    theme_url: str = ""


def identity_of(request: HttpRequest) -> SiteIdentity:
    """The settings of the site; the defaults before anybody chose. Nothing is written."""
    return SiteIdentity.of(Site.find_for_request(request))


def shown(request: HttpRequest) -> Identity:
    """The identity for templates; saving the settings forgets it."""
    return cache.get_or_set(IDENTITY_KEY, lambda: _read(request), _KEPT_FOR)


def _read(request: HttpRequest) -> Identity:
    settings = identity_of(request)
    chosen = (settings.main_colour, settings.accent_colour, settings.corners, settings.titles)
    return Identity(
        name=settings.name,
        baseline=settings.baseline,
        logo_url=_picture(settings.logo),
        logo_dark_url=_picture(settings.logo_dark),
        address=settings.address,
        phone=settings.phone,
        email=settings.email,
        opening_hours=settings.opening_hours,
        theme_url=f"{reverse('pages:theme')}?v={'-'.join(chosen).replace('#', '')}",
    )


def _picture(image) -> str:
    return image.get_rendition(LOGO_SIZE).url if image else ""
