"""Who looks, and which day: what a drawn order is seeded with. Nothing is stored, no cookie is set."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac


def seed_of(request: HttpRequest) -> str:
    """The same for a visitor during a day of the site, unlike any other's; tells nothing of who it is."""
    if request.user.is_authenticated:
        who = f"account {request.user.pk}"
    else:
        who = f"{request.META.get('REMOTE_ADDR', '')} {request.META.get('HTTP_USER_AGENT', '')}"
    return salted_hmac("consult.order", f"{timezone.localdate()} {who}").hexdigest()[:16]
