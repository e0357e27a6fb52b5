"""What the rooms show on the home page: they stand above, so they declare it here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language

_KEPT_FOR = 60  # seconds: the front page is what everybody opens, its figures may be a minute old


@dataclass(frozen=True)
class Section:
    """``context()`` returns what ``template`` needs: plain values, read from public rows only; None hides it."""

    name: str
    template: str
    context: Callable[[], dict[str, Any] | None]


_sections: dict[str, Section] = {}


def declare(name: str, *, template: str, context: Callable[[], dict[str, Any] | None]) -> None:
    """Called from ``AppConfig.ready`` of a room; shown in order of declaration."""
    _sections[name] = Section(name, template, context)


def for_home() -> list[dict[str, Any]]:
    """``{"template", "context"}`` of every section that has something to show."""
    shown = []
    for section in _sections.values():
        key = f"home:{section.name}:{get_language()}"
        context = cache.get_or_set(key, section.context, _KEPT_FOR)
        if context:
            shown.append({"template": section.template, "context": context})
    return shown
