"""What every template may use."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.policies import services_owned_by
from pages import identity


def site(request: HttpRequest) -> dict[str, object]:
    """``identity`` of the administration, address of its colours, and the agents' entrance for who has one.

    Lazy: a page that shows none of it asks the database nothing.
    """
    shown = SimpleLazyObject(lambda: identity.shown(request))
    return {
        "identity": shown,
        "site_theme_url": SimpleLazyObject(lambda: shown.theme_url),
        "staff_url": SimpleLazyObject(lambda: _staff_url(request)),
    }


def _staff_url(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if user is None:
        return ""
    owns = getattr(user, "owns_services", None)  # comes with the account of a session
    return "/pilotage/" if (services_owned_by(user).exists() if owns is None else owns) else ""
