"""How far an import is: while its transaction is open and nobody else can see its rows, then while it is grouped.

It is told in the cache, not in the row: the row is locked by whoever imports, and a second connection writing to it
could wait for the first for ever. The cache may be lost at any time: then the page says that it goes on, without a
figure.
"""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count

from feedback.models import Import, Membership

KEPT = 3600  # seconds


@dataclass(frozen=True)
class Placing:
    """Fiches cut, out of how many; once they all are, their passages are compared: ``is_grouping``."""

    done: int
    total: int

    @property
    def is_grouping(self) -> bool:
        return self.done >= self.total


def tell(import_pk: int, done: int) -> None:
    cache.set(_key(import_pk), done, KEPT)


def lines_read(import_pk: int) -> int | None:
    """None when nobody told, or when the cache is away."""
    return cache.get(_key(import_pk))


def tell_cut(import_pk: int, done: int, total: int) -> None:
    cache.set(_key(import_pk, "placing"), (done, total), KEPT)


def placing_of(import_pk: int) -> Placing | None:
    """None when nobody told, or when the cache is away."""
    told = cache.get(_key(import_pk, "placing"))
    return Placing(*told) if told else None


def tell_heard(import_pk: int, heard: list[tuple[str, int]]) -> None:
    cache.set(_key(import_pk, "heard"), heard, KEPT)


def heard_in(import_pk: int) -> list[tuple[str, int]]:
    """Titles of what its first fiches say most, and how many of them say it; empty when nobody told."""
    return cache.get(_key(import_pk, "heard")) or []


def held_by(import_: Import) -> dict[int, int]:
    """How many of its fiches each pain point holds, by number, the most first."""
    held = Membership.objects.filter(segment__fiche__imported_in=import_).values_list("pain_point")
    return dict(held.annotate(n=Count("segment__fiche", distinct=True)).order_by("-n", "pain_point"))


def _key(import_pk: int, step: str = "lines") -> str:
    return f"feedback.import.{import_pk}.{step}"
