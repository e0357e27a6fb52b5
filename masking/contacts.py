"""E-mail addresses, spelled out ones included, and links to somebody's profile."""

import re
from collections.abc import Iterator

from masking.spans import Span

_LOCAL = r"[\w.!#$%&*+/=?^`{|}~'-]"
_DOT = r"(?:\.|[ ]{1,2}(?:point|dot|punto)[ ]{1,2}|[ ]?[(\[][ ]?(?:point|dot|\.)[ ]?[)\]][ ]?)"
_DOMAIN = rf"[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,6}}{_DOT}[^\W\d_]{{2,24}}(?![\w@])"

_EMAIL = re.compile(rf"(?<!{_LOCAL}){_LOCAL}++@{_DOMAIN}")
_LOOSE_AT = re.compile(
    rf"(?:[ ]{{1,2}}@[ ]{{0,2}}|@[ ]{{1,2}}|[ ]?[(\[{{<][ ]?(?:at|a|arobase|arobas|@)[ ]?[)\]}}>][ ]?"
    rf"|[ ]{{1,2}}(?:arobase|arrobase|arobas|arrobas|arobaze|arobasse)[ ]{{1,2}}){_DOMAIN}"
)
_SPELLED_LOCAL = re.compile(
    r"(?<![\w.+-])[\w+-][\w.+-]{0,63}(?:[ ]{1,2}(?:point|dot|punto|tiret|underscore)[ ]{1,2}[\w+-][\w.+-]{0,63}){0,4}$"
)
_SPELLED = 160  # characters before the sign in which a spelled out name may stand
_PROFILE = re.compile(
    r"(?:https?://)?(?<![\w.-])(?:[a-z]{2,3}\.)?(?:facebook|instagram|linkedin|twitter|tiktok|snapchat|x|threads|copainsdavant)"
    r"\.(?:com|net)/(?!groups?/|pages?/|company/|watch|events?/|share|hashtag|search|status)(?:in/|add/)?[@\w.%-]{3,80}"
)


def emails(_neat: str, flat: str) -> Iterator[Span]:
    """Anything with the shape of an address, whoever owns the domain."""
    for match in _EMAIL.finditer(flat):
        start = match.start() + len(match[0]) - len(match[0].lstrip("'`*/={|}~.?!&%#$"))
        if flat[start] != "@":
            yield Span(start, match.end(), "email", 1.0)


def spelled_emails(_neat: str, flat: str) -> Iterator[Span]:
    """« nadia point b arobase exemple point fr », « nadia (at) exemple.fr », « nadia @ exemple.fr »."""
    for match in _LOOSE_AT.finditer(flat):
        window = flat[max(0, match.start() - _SPELLED) : match.start()]
        local = _SPELLED_LOCAL.search(window)
        if local:
            yield Span(match.start() - len(window) + local.start(), match.end(), "email", 0.9)


def profiles(_neat: str, flat: str) -> Iterator[Span]:
    """The page of a person on a social network."""
    for match in _PROFILE.finditer(flat):
        yield Span(match.start(), match.end(), "profile", 0.7)


RULES = (emails, spelled_emails, profiles)
