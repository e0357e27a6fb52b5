"""A budget in a list, or on the front page: how much, and until when."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.budgets import policies, public
from consult.budgets.public import Shared
from consult.budgets.views import page_words
from consult.count_words import amount
from consult.public import pictures_of


def all_cards(*, at: datetime, language: str) -> dict[str, list[dict[str, str]]]:
    """``open``, ``coming`` and ``over``, the next to close first, the last to close first once they are over."""
    read = public.read_all(language=language, at=at)
    drawn = pictures_of(one.page.picture_id for one in read)
    told = policies.told_among([one.budget for one in read])
    running = sorted((one for one in read if _runs(one)), key=lambda one: page_words.now(one).closes_at)
    coming = sorted((one for one in read if not _runs(one) and _comes(one)), key=lambda one: one.phases[0].opens_at)
    over = [one for one in read if one not in running and one not in coming]
    over.sort(key=lambda one: max((phase.closes_at for phase in one.phases), default=at), reverse=True)
    listed = {"open": running, "coming": coming, "over": over}
    return {name: [card(one, drawn, told) for one in shown] for name, shown in listed.items()}


def card(shared: Shared, drawn: dict[int, str], told: set[int]) -> dict[str, str]:
    with timezone.override(shared.page.zone):
        state = page_words.state(shared)
    is_shared_out = shared.budget.pk in told or not (_runs(shared) or _comes(shared))
    figure = _("%(amount)s shared out") if is_shared_out else _("%(amount)s to share out")
    return {
        "kind": shared.page.administration.name if shared.page.administration else "",
        "title": shared.page.title,
        "url": shared.budget.page.get_absolute_url(),
        "image": drawn.get(shared.page.picture_id, ""),
        "state": "reached" if shared.budget.pk in told and state["state"] == "underway" else state["state"],
        "state_label": _("Result published") if shared.budget.pk in told else state["label"] or state["sentence"],
        "text": shared.page.lead,
        "figure": figure % {"amount": amount(shared.total)},
    }


def _runs(shared: Shared) -> bool:
    return page_words.now(shared) is not None


def _comes(shared: Shared) -> bool:
    return bool(shared.phases) and shared.phases[-1].closes_at > shared.at
