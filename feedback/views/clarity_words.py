"""Whether a pain point holds together, in words for its owner."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clustering.cohesion import clarity
from feedback.choices import PainPointState
from feedback.models import PainPoint
from pages.dates import long_date

WORDS = {
    "clear": (
        gettext_lazy("Clear group"),
        gettext_lazy("These passages resemble one another far more than they resemble the others."),
    ),
    "medium": (
        gettext_lazy("Medium group"),
        gettext_lazy("These passages resemble one another, and others are close. Look at those “Far from the group”."),
    ),
    "weak": (
        gettext_lazy("Weak group"),
        gettext_lazy("These passages hardly resemble one another. Read them and take out those that do not belong."),
    ),
}
UNREAD = (PainPointState.SUGGESTED, PainPointState.CONFIRMED, PainPointState.PLANNED)


def holds_together(pain_point: PainPoint) -> dict[str, Any]:
    """``word`` and ``explains`` (empty before it was measured), ``is_unread``: weak, and read by nobody yet."""
    if not pain_point.cohesion and not pain_point.is_weak:
        return {"proposed": _proposed(pain_point)}
    word, explains = WORDS["weak" if pain_point.is_weak else _clarity(pain_point)]
    return {
        "word": word,
        "explains": explains,
        "is_unread": is_unread(pain_point),
        "read_on": _read_on(pain_point),
        "vouch_url": reverse("feedback:act", args=[pain_point.number, "repondre-du-groupe"]),
        "proposed": _proposed(pain_point),
    }


def is_unread(pain_point: PainPoint) -> bool:
    """Weak, still open, and nobody has gone through its passages."""
    return pain_point.is_weak and pain_point.vouched_at is None and pain_point.state in UNREAD


def _clarity(pain_point: PainPoint) -> str:
    """By words alone, a group that is not weak may have a cohesion that would be weak by meaning."""
    return "clear" if clarity(pain_point.cohesion) == "clear" else "medium"


def _read_on(pain_point: PainPoint) -> str:
    if not (pain_point.is_weak and pain_point.vouched_at):
        return ""
    return _("Somebody of the service went through them on %(day)s.") % {"day": long_date(pain_point.vouched_at)}


def _proposed(pain_point: PainPoint) -> str:
    if pain_point.archetype_id is None or pain_point.is_title_human:
        return ""
    return _("Title proposed after a frequent pain point. Rename it if people say something else.")
