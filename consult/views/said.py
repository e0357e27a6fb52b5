"""Arguments drawn once and kept by the process.

What is drawn depends on a ``Drawn`` and on nothing else: no request, no account, no database. The same words give the
same page to whoever may read them, and anything that changes (a name erased, an answer hidden) is another ``Drawn``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from consult.models import Argument, Participant, Reply
from consult.threads import Said
from pages.dates import short_date

KEPT = 2048  # arguments a process: a few megabytes


@dataclass(frozen=True, slots=True)
class Words:
    """Somebody said something on some day. ``pk`` names an answer, ``number`` an argument."""

    pk: int
    number: int
    name: str
    is_verified: bool
    day: str
    text: str
    service: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that ``_said.html`` reads."""

    words: Words
    language: str
    side: str
    base: str
    case: int
    useful_count: int
    is_marked: bool
    may_argue: bool
    replies: tuple[Words, ...]
    more_replies: int
    folded: tuple[Words, ...]


def drawn(said: Iterable[Said], *, base: str, may_argue: bool) -> list[SafeString]:
    """The HTML of each, in the language and the time zone of now. ``base``: address of the arguments."""
    return [_html(_drawn(one, base=base, may_argue=may_argue)) for one in said]


def words(one: Said) -> tuple[Words, tuple[Words, ...]]:
    """An argument and its answers, to draw otherwise."""
    return _argument(one.argument), tuple(_reply(reply) for reply in one.replies)


def _drawn(one: Said, *, base: str, may_argue: bool) -> Drawn:
    argument = one.argument
    said, replies = words(one)
    return Drawn(
        words=said,
        language=get_language() or "",
        side=argument.side,
        base=base,
        case=argument.case_id,
        useful_count=argument.useful_count,
        is_marked=bool(getattr(argument, "is_marked", False)),  # annotated for those who may mark
        may_argue=may_argue,
        replies=replies,
        more_replies=one.more_replies,
        folded=tuple(_argument(near) for near in one.folded),
    )


def _argument(said: Argument) -> Words:
    return _words(said, said.author, number=said.number)


def _reply(said: Reply) -> Words:
    service = f"{said.service.name}, {said.service.administration.name}" if said.service else ""
    return _words(said, said.author, service=service)


def _words(said: Argument | Reply, author: Participant, *, number: int = 0, service: str = "") -> Words:
    day = short_date(said.created_at)
    return Words(said.pk, number, author.name, author.is_verified, day, said.text, service)


@lru_cache(maxsize=KEPT)
def _html(one: Drawn) -> SafeString:
    return get_template("consult/_said.html").render({"one": one})
