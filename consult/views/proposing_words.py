"""The page where one proposes, in words."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consult import texts
from consult.models import Draft, Participant, Proposition
from consult.public import Asked
from consult.views import page_words
from pages.dates import clock, long_date


def crumbs(asked: Asked) -> dict[str, Any]:
    base = page_words.address("consultation", asked)
    return {"crumbs": [{"label": asked.page.title, "url": base}, {"label": _("Propose")}], "base": base}


def kept(when: datetime) -> str:
    return _("Draft kept at %(hour)s. You alone can read it.") % {"hour": clock(when)}


def left(draft: Draft) -> str:
    """What was found when coming back."""
    day = long_date(draft.saved_at)
    return _("This is your draft of %(day)s. It is erased on %(end)s.") % {"day": day, "end": long_date(draft.purge_on)}


def excerpt(body: str) -> str:
    return texts.excerpt(body)


def author(user: Any) -> dict[str, Any] | None:
    """Under which name it is published; None for somebody who has not said it yet."""
    if isinstance(user, Participant):
        return {"name": user.name, "is_verified": user.is_verified, "is_organisation": user.is_organisation}
    if not user.is_authenticated:
        return None
    return {"name": user.name, "is_verified": user.verified_at is not None, "is_organisation": user.is_organisation}


def thanks(filed: Proposition) -> str:
    if filed.is_shown:
        return _("Your proposition is published under number #%(number)d.") % {"number": filed.number}
    return _("Your proposition is received under number #%(number)d. A moderator reads it first.") % {
        "number": filed.number
    }


def supported(found: Proposition) -> str:
    return _("You agree with #%(number)d. Your draft is kept, in case you come back to it.") % {"number": found.number}


def changed(proposition: Proposition) -> str:
    return _("Version %(version)d is published. The former ones can still be read.") % {"version": proposition.version}


def withdrawn() -> str:
    return _("Your proposition is withdrawn. Its number and your reason stay.")


def own_url(asked: Asked, proposition: Proposition) -> str:
    return reverse("consult:proposition", args=[asked.consultation.page.slug, proposition.number])
