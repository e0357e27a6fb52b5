"""The addresses written in letters. What a link opens is signed for one purpose and one length of time."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from feedback import references
from feedback.models import Fiche, FollowUp

FOLLOW_UP_LASTS = timedelta(days=365)


def follow_up_path(follow_up: FollowUp) -> str:
    """The page where the author says, without signing in, whether it is settled."""
    return reverse("feedback:follow_up", args=[_signer().sign(str(follow_up.pk))])


def follow_up_of(token: str) -> int | None:
    """The key of the follow-up that this token opens; None when it was altered, is too old, or has another purpose."""
    try:
        return int(_signer().unsign(token, max_age=FOLLOW_UP_LASTS))
    except (BadSignature, ValueError):
        return None


def tracking_url(fiche: Fiche) -> str:
    """The tracking page of this fiche, with the key that only its author is given."""
    return f"{absolute(reverse('feedback:tracking', args=[fiche.reference]))}?cle={references.tracking_key(fiche)}"


def absolute(path: str) -> str:
    return settings.BASE_URL + path


def _signer() -> TimestampSigner:
    # A dot and a purpose of its own: the token passes in a text message, and no other signed value opens this page.
    return TimestampSigner(sep=".", salt="feedback.follow_up")
