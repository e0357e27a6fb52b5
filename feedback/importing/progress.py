"""How far an import is, while its transaction is open and nobody else can see its rows.

The cache, not the row: the row is locked by whoever imports, and a second connection writing to it could wait for
the first for ever. The cache may be lost at any time: then the page says that it goes on, without a figure.
"""

from django.core.cache import cache

KEPT = 3600  # seconds


def tell(import_pk: int, done: int) -> None:
    cache.set(_key(import_pk), done, KEPT)


def lines_read(import_pk: int) -> int | None:
    """None when nobody told, or when the cache is away."""
    return cache.get(_key(import_pk))


def _key(import_pk: int) -> str:
    return f"feedback.import.{import_pk}"
