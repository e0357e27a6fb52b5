"""What letters are about, as people choose: rooms declare their topics, and the outbox obeys."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from letters.choices import Frequency


@dataclass(frozen=True)
class Topic:
    """``kinds`` are those of its letters. Without ``choices`` its letters are always sent, and ``meaning`` says why.

    ``concerns(user)``: whether the topic stands on the settings page of this account; everybody's without it.
    """

    name: str
    label: str | Promise
    meaning: str | Promise
    kinds: tuple[str, ...]
    choices: tuple[Frequency, ...] = ()
    default: Frequency = Frequency.AT_ONCE
    concerns: Callable[[Any], bool] = lambda user: True

    @property
    def is_optional(self) -> bool:
        return bool(self.choices)


_topics: dict[str, Topic] = {}
_by_kind: dict[str, Topic] = {}


def declare(topic: Topic) -> None:
    """Called from ``AppConfig.ready`` of the room."""
    _topics[topic.name] = topic
    for kind in topic.kinds:
        _by_kind[kind] = topic


def of_kind(kind: str) -> Topic | None:
    """The topic of a letter; None for one that nobody chooses about."""
    return _by_kind.get(kind)


def named(name: str) -> Topic:
    """Raises ``KeyError`` for a topic that no room declared."""
    return _topics[name]


def every() -> list[Topic]:
    """In the order in which rooms declared them."""
    return list(_topics.values())
