"""The few questions that every page and every act ask: Django writes their SQL once, PostgreSQL plans it once.

Django writes the SQL of a queryset anew each time it is read: .3 to .6 ms, more than PostgreSQL takes to answer a short
question. Anything that is not asked many times a second stays a plain queryset.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db.models import Expression, Model, QuerySet

Row = TypeVar("Row", bound=Model)


class Given(Expression):
    """Stands in a filter for a value that comes with each question."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


class Prepared(Generic[Row]):
    """A question whose SQL is written at its first use. ``build`` gives the queryset, with ``Given`` values in it.

    Rows come with what the queryset annotates and without what it defers; it may not use ``select_related``.
    """

    def __init__(self, build: Callable[[], QuerySet[Row]]) -> None:
        self._build = build

    def rows(self, **given: Any) -> list[Row]:
        """One statement. Raises ``KeyError`` when a value is missing."""
        model, statement, values = self._written
        asked = [given[value.name] if isinstance(value, Given) else value for value in values]
        return list(model._base_manager.raw(statement, tuple(asked)))

    def first(self, **given: Any) -> Row | None:
        return next(iter(self.rows(**given)), None)

    @cached_property
    def _written(self) -> tuple[type[Row], str, tuple[Any, ...]]:
        queryset = self._build()
        if queryset.query.select_related:
            raise ValueError("a prepared question gives rows of one model: annotate what the others hold")
        return queryset.model, *queryset.query.sql_with_params()
