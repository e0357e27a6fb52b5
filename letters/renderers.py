"""What a letter says is known by the room that promised it: rooms declare one renderer per kind."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from letters.models import Letter


@dataclass(frozen=True)
class Message:
    """A letter ready to go; ``text`` is always complete, ``html`` may be empty: it is then made from the text."""

    subject: str
    text: str
    html: str = ""
    unsubscribe_url: str = ""


Renderer = Callable[[Letter], Message]
_renderers: dict[str, Renderer] = {}


def declare(kind: str, renderer: Renderer) -> None:
    """Called from ``AppConfig.ready`` of the room."""
    _renderers[kind] = renderer


def render(letter: Letter) -> Message:
    return _renderers[letter.kind](letter)


def from_templates(name: str, *, subject: str, context: dict[str, Any], unsubscribe_url: str = "") -> Message:
    """The message of ``letters/<name>.txt``, which sees ``context``, ``subject``, ``site_name`` and ``site_url``."""
    context = {**_site(), "subject": subject, **context}
    text = render_to_string(f"letters/{name}.txt", context).strip() + "\n"
    return Message(subject=subject, text=text, unsubscribe_url=unsubscribe_url)


def in_both_parts(message: Message) -> Message:
    """The message with an HTML part in the theme, made from its text when the room wrote none."""
    if message.html:
        return message
    context = {**_site(), "subject": message.subject, "text": message.text}
    return replace(message, html=render_to_string("letters/text.html", context))


def _site() -> dict[str, str]:
    return {"site_name": settings.WAGTAIL_SITE_NAME, "site_url": settings.BASE_URL}
