"""What stands around every page, drawn once by each process for what it says.

What is drawn depends on what it is given and on the language, on nothing else: the same words give the same HTML to
everybody, and a town that changes its name is other words. Never give it a request, a form or a token.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.utils.functional import SimpleLazyObject, empty
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

KEPT = 512  # parts a process: well below a megabyte


@dataclass(frozen=True, slots=True)
class Part:
    """All that its template reads. ``given``: names, values, and whether each is HTML already."""

    name: str
    language: str
    given: tuple[tuple[str, Hashable, bool], ...]


@register.simple_tag
def drawn(template_name: str, **parameters: Any) -> SafeString:
    """This template with these parameters. Kept when they are hashable, or lists of what is; else drawn each time."""
    given = tuple((key, _plain(value), isinstance(value, SafeString)) for key, value in parameters.items())
    part = Part(template_name, get_language() or "", given)
    if settings.DEBUG:
        return _draw(part)  # whoever writes templates sees them change
    try:
        return _kept(part)
    except TypeError:
        return _draw(part)


def _plain(value: Any) -> Hashable:
    """Without what it was read from: a lazy value would keep its request alive."""
    if isinstance(value, SimpleLazyObject):
        if value._wrapped is empty:
            value._setup()
        value = value._wrapped
    return tuple(value) if isinstance(value, list) else value


def _draw(part: Part) -> SafeString:
    return get_template(part.name).render({name: value for name, value, _is_html in part.given})


_kept = lru_cache(maxsize=KEPT)(_draw)
