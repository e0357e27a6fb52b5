"""What a letter says is known by the room that promised it: rooms declare one renderer per kind."""

from collections.abc import Callable
from dataclasses import dataclass

from letters.models import Letter


@dataclass(frozen=True)
class Message:
    """A letter ready to go; ``text`` is always complete, ``html`` may be empty."""

    subject: str
    text: str
    html: str = ""


Renderer = Callable[[Letter], Message]
_renderers: dict[str, Renderer] = {}


def declare(kind: str, renderer: Renderer) -> None:
    """Called from ``AppConfig.ready`` of the room."""
    _renderers[kind] = renderer


def render(letter: Letter) -> Message:
    return _renderers[letter.kind](letter)
