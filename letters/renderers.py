"""What a letter says is known by the room that promised it: rooms declare one renderer per kind."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator

from letters import preferences, topics
from letters.choices import Channel
from letters.models import Letter


@dataclass(frozen=True)
class Message:
    """A letter ready to go; ``text`` is always complete, ``html`` may be empty: it is then made from the text."""

    subject: str
    text: str
    html: str = ""
    unsubscribe_url: str = ""


class NothingLeft(Exception):
    """What the letter was to tell can no longer be told: nobody is written to, and nobody has to look at it."""


Renderer = Callable[[Letter], Message]
SUBJECT = 150  # characters: mail programs show fewer
# What people type may hold them. They turn the words that follow over, or speak to a terminal: no letter needs them.
_TURNS = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
WAY_OUT = "<!-- way out -->"  # where base.html says how to stop a letter
_renderers: dict[str, Renderer] = {}


def declare(kind: str, renderer: Renderer) -> None:
    """Called from ``AppConfig.ready`` of the room."""
    _renderers[kind] = renderer


def render(letter: Letter) -> Message:
    """What its room wrote, made harmless: a subject of one line, and nothing in any part that turns words over."""
    said = _renderers[letter.kind](letter)
    subject = Truncator(_BREAKS.sub(" ", _TURNS.sub("", said.subject)).strip()).chars(SUBJECT)
    return replace(said, subject=subject, text=_TURNS.sub("", said.text), html=_TURNS.sub("", said.html))


def from_templates(name: str, *, subject: str, context: dict[str, Any], has_html: bool = False) -> Message:
    """The message of ``letters/<name>.txt``, which sees ``context``, ``subject``, ``site_name`` and ``site_url``.

    ``has_html``: the room also wrote ``letters/<name>.html``, which extends ``letters/base.html``.
    """
    context = {**_site(), "subject": subject, **context}
    text = render_to_string(f"letters/{name}.txt", context).strip() + "\n"
    html = render_to_string(f"letters/{name}.html", context) if has_html else ""
    return Message(subject=subject, text=text, html=html)


def in_both_parts(message: Message) -> Message:
    """The message with an HTML part in the theme, made from its text when the room wrote none."""
    if message.html:
        return message
    context = {**_site(), "subject": message.subject, "text": message.text}
    return replace(message, html=render_to_string("letters/text.html", context))


def with_a_way_out(letter: Letter, message: Message) -> Message:
    """The message that says how to stop such letters, when people may: in its header, and at the foot of both parts."""
    topic = topics.of_kind(letter.kind)
    if topic is None or not topic.is_optional or letter.channel != Channel.EMAIL:
        return message
    token = preferences.token_of(letter.recipient_key, topic.name)
    url = settings.BASE_URL + reverse("account_stop_letters", args=[token])
    context = {"topic": topic, "url": url}
    text = message.text.rstrip() + "\n\n" + render_to_string("letters/_way_out.txt", context).strip() + "\n"
    html = message.html.replace(WAY_OUT, render_to_string("letters/_way_out.html", context), 1)
    return replace(message, text=text, html=html, unsubscribe_url=url)


def _site() -> dict[str, str]:
    return {"site_name": settings.WAGTAIL_SITE_NAME, "site_url": settings.BASE_URL}
