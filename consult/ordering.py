"""In which order propositions are read.

By default at random, so that the first ones filed have no advantage: the order is drawn from a seed (a visitor and a
day), the same on every page and for as long as the seed is. Each order costs the same at 2,000 rows and at 20,000 for
those that have an index (``models.propositions.SORTS``); the drawn one sorts one section by a hash, computed in the
database.
"""

from datetime import date
from hashlib import blake2b

from django.core.cache import cache
from django.db import models
from django.db.models import F, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from consult.models import Proposition


class Order(models.TextChoices):
    """The orders people may choose; the first is the default."""

    DRAWN = "hasard", _("Drawn at random")
    SUPPORTED = "soutien", _("Most supported")
    DEBATED = "debat", _("To discuss")
    NEWEST = "recentes", _("Newest")
    OLDEST = "anciennes", _("Oldest")


_COLUMNS = {
    Order.SUPPORTED: ["-score", "-id"],
    Order.DEBATED: ["-debate", "-id"],
    Order.NEWEST: ["-created_at", "-id"],
    Order.OLDEST: ["created_at", "id"],
}
DRAWS = 256
_KEPT_FOR = 120  # seconds, at most
# Told while votes are hidden, this order would tell the votes.
TELLS_VOTES = frozenset({Order.SUPPORTED})


def offered(*, hides_votes: bool) -> list[Order]:
    return [order for order in Order if not (hides_votes and order in TELLS_VOTES)]


def chosen(wanted: str, *, hides_votes: bool) -> Order:
    """The order of this name, if it may be asked for; the drawn one otherwise."""
    return next((order for order in offered(hides_votes=hides_votes) if order == wanted), Order.DRAWN)


def number_of(seed: str) -> int:
    """A seed as a number that PostgreSQL holds: 63 bits."""
    return int.from_bytes(blake2b(seed.encode(), digest_size=8).digest()) >> 1


def draw_of(seed: str, day: date) -> int:
    """One of the ``DRAWS`` orders of a day: visitors who share one share what is kept of it."""
    return number_of(f"{day} {number_of(seed) % DRAWS}")


def keys_in_order(
    propositions: QuerySet[Proposition], order: Order, *, seed: int, start: int, many: int, kept_under: str
) -> list[int]:
    """The keys of one page. A drawn page is kept as long as nothing comes or goes (``kept_under`` tells)."""
    keys = in_order(propositions, order, seed=seed).values_list("pk", flat=True)
    if order != Order.DRAWN:
        return list(keys[start : start + many])
    name = f"consult:drawn:{kept_under}:{seed}:{start}:{many}"
    return cache.get_or_set(name, lambda: list(keys[start : start + many]), _KEPT_FOR)


def drawn(seed: int) -> models.Func:
    """A number for each key, that nobody could tell before the seed is known."""
    return models.Func(
        Cast(F("id"), models.BigIntegerField()),
        seed,
        function="HASHINT8EXTENDED",
        output_field=models.BigIntegerField(),
    )


def in_order(propositions: QuerySet[Proposition], order: Order, *, seed: int) -> QuerySet[Proposition]:
    """``seed`` is any 63-bit number: two rows keep their places as long as it does, whatever comes between them."""
    if order != Order.DRAWN:
        return propositions.order_by(*_COLUMNS[order])
    return propositions.order_by(drawn(seed), "id")
