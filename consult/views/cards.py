"""A consultation in a list, or on the front page: who asks what, and until when."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.public import Listed
from consult.views.page_words import SOON, figure, time_left
from pages.dates import long_date


def card(listed: Listed, *, at: datetime, pictures: dict[int, str]) -> dict[str, str]:
    """What the list of consultations says of one; ``pictures`` by key, as ``public.pictures`` gives them."""
    with timezone.override(listed.page.zone):
        look, label = _card_state(listed, at)
    page, counted = listed.page, listed.consultation
    people = page.population and _("%(voters)s voters out of %(all)s %(people)s") % {
        "voters": figure(counted.voter_count),
        "all": figure(page.population),
        "people": page.population_word or _("inhabitants"),
    }
    decided = getattr(counted, "decided", None)  # annotated by ``public.lists``
    said = [_decisions(decided)] if decided else []
    said += [_propositions(counted.proposition_count), _arguments(counted.for_count + counted.against_count)]
    return {
        "kind": page.administration.name if page.administration else "",
        "title": page.title,
        "url": reverse("consult:consultation", args=[counted.page.slug]),
        "image": pictures.get(page.picture_id, ""),
        "state": look,
        "state_label": label,
        "text": page.lead,
        "figure": people if people and counted.voter_count and look == "closed" and not decided else ", ".join(said),
    }


def _card_state(listed: Listed, at: datetime) -> tuple[str, str]:
    if listed.closes_at is None or listed.opens_at is None:
        return "closed", ""
    if listed.closes_at <= at:
        return "closed", _("Closed on %(day)s") % {"day": long_date(listed.closes_at)}
    if listed.opens_at > at:
        return "coming", _("Opens on %(day)s") % {"day": long_date(listed.opens_at)}
    left = listed.closes_at - at
    label = _("Open, %(left)s left") % {"left": time_left(left)}
    return ("ending" if left <= SOON else "open"), label


def _propositions(count: int) -> str:
    return ngettext("%(n)s proposition", "%(n)s propositions", count) % {"n": figure(count)}


def _arguments(count: int) -> str:
    return ngettext("%(n)s argument", "%(n)s arguments", count) % {"n": figure(count)}


def _decisions(count: int) -> str:
    return ngettext("%(n)s decision published", "%(n)s decisions published", count) % {"n": figure(count)}
