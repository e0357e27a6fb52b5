"""The propositions of one section, in the order chosen, a page at a time."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from consult import ordering, policies, results
from consult.filters import ThemeFilter
from consult.models import Consultation, Proposition, Section
from consult.ordering import Order
from consult.public import Asked
from consult.themes import policies as theme_policies
from consult.views.page_words import PARTS
from consult.views.rows import row
from consult.views.seeds import seed_of

A_PAGE = 20


def page_number(asked_for: str) -> int:
    """Which page; the first for anything that is no number."""
    is_number = asked_for.isascii() and asked_for.isdigit() and len(asked_for) < 6
    return max(1, int(asked_for)) if is_number else 1


def of_section(request: HttpRequest, asked: Asked, section: Section, *, total: int) -> dict[str, Any]:
    """The lines of a page, in the order that was asked for, and the way to the next one."""
    chosen = request.GET
    number, hides = page_number(chosen.get("page", "")), asked.hides_votes(section)
    order = ordering.chosen(chosen.get("ordre", ""), hides_votes=hides)
    in_section = policies.propositions_to_list().filter(section=section.pk)
    themes = list(theme_policies.themes_to_read(asked.consultation))
    narrowed = ThemeFilter(chosen, in_section, themes=themes)
    theme = narrowed.chosen if themes else ""
    listed = (narrowed.qs if theme else in_section).select_related("author").defer("search", "body")
    total = listed.count() if theme else total
    start = (number - 1) * A_PAGE
    found = _page(asked.consultation, listed, order, start=start, seed=seed_of(request), within=f"{section.pk}:{theme}")
    is_decided = getattr(asked.consultation, "is_decided", True)  # known of a page that is public
    slug, decided = asked.consultation.page.slug, results.verdicts(found) if is_decided else {}
    return {
        "rows": [
            row(one, section=section, slug=slug, hides_votes=hides, verdict=decided.get(one.pk, ""))
            for one in found[:A_PAGE]
        ],
        "orders": _orders(order, hides) if total > 1 else [],
        "order_sentence": _sentence(order) if total > 1 else "",
        "shown": len(found[:A_PAGE]),
        "total": total,
        "themes": narrowed.form["theme"] if themes else None,
        "theme": theme,
        "without_theme_url": _url(section, order),
        "first_url": _url(section, order, theme=theme) if number > 2 else "",
        "previous_url": _url(section, order, number - 1, theme=theme) if number > 1 else "",
        "next_url": _url(section, order, number + 1, theme=theme) if len(found) > A_PAGE else "",
    }


def _page(
    asked: Consultation, listed: QuerySet[Proposition], order: Order, *, start: int, seed: str, within: str
) -> list[Proposition]:
    """The lines of a page, and one more when others follow. ``within`` names what the list was narrowed to.

    Keys may have been kept for a while; what may be read of them is asked now.
    """
    keys = ordering.keys_in_order(
        listed,
        order,
        seed=ordering.draw_of(seed, timezone.localdate()),
        start=start,
        many=A_PAGE + 1,
        kept_under=f"{asked.pk}:{within}:{asked.last_number}:{asked.proposition_count}",
    )
    by_key = {one.pk: one for one in listed.filter(pk__in=keys)}
    return [by_key[key] for key in keys if key in by_key]


def _orders(chosen: Order, hides: bool) -> list[dict[str, Any]]:
    orders = ordering.offered(hides_votes=hides)
    return [{"value": one.value, "label": one.label, "is_chosen": one == chosen} for one in orders]


def _sentence(order: Order) -> str:
    """How the order came about, where it is not plain from its name."""
    said = {
        Order.DRAWN: _("Order drawn at random, the same for you all day."),
        Order.SUPPORTED: _("Sure support first: the share of “agree”, as far as the number of votes can tell."),
        Order.DEBATED: _("First those with many arguments on both sides."),
    }
    return said.get(order, "")


def _url(section: Section, order: Order, page: int = 1, *, theme: str = "") -> str:
    asked_for = {"rubrique": section.pk, **({} if order == Order.DRAWN else {"ordre": order.value})}
    asked_for |= {"theme": theme} if theme else {}
    return "?" + urlencode(asked_for | ({"page": page} if page > 1 else {})) + PARTS
