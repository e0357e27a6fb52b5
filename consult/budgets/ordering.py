"""In which order ideas and projects are read. By default at random, so that the first ones have no advantage.

The order is drawn from a seed (a visitor and a day), the same on every page and for as long as the seed is.
"""

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from consult.ordering import drawn


class IdeaOrder(models.TextChoices):
    """The orders people may choose; the first is the default."""

    DRAWN = "hasard", _("Drawn at random")
    SUPPORTED = "soutiens", _("Most supported")
    NEWEST = "recentes", _("Newest")
    OLDEST = "anciennes", _("Oldest")


class ProjectOrder(models.TextChoices):
    DRAWN = "hasard", _("Drawn at random")
    NUMBER = "numero", _("By number")
    CHEAPEST = "moins-chers", _("Least expensive")
    DEAREST = "plus-chers", _("Most expensive")


_COLUMNS: dict[str, list[str]] = {
    IdeaOrder.SUPPORTED: ["-support_count", "-id"],
    IdeaOrder.NEWEST: ["-created_at", "-id"],
    IdeaOrder.OLDEST: ["created_at", "id"],
    ProjectOrder.NUMBER: ["number"],
    ProjectOrder.CHEAPEST: ["cost", "number"],
    ProjectOrder.DEAREST: ["-cost", "number"],
}


def in_order(rows: QuerySet, order: str, *, seed: int) -> QuerySet:
    """``order``: a value of one of the enumerations above; ``seed``: any 63-bit number."""
    if order in _COLUMNS:
        return rows.order_by(*_COLUMNS[order])
    return rows.order_by(drawn(seed), "id")
