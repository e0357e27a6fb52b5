"""What people type becomes a few tags, decided here, whatever typed it: a page without scripts, a program, a file.

Typed: a blank line ends a paragraph; « - » begins a line of a list, « 1. » of a numbered one; ``**strong**`` and
``*emphasis*``; an address that begins with https:// is a link.
"""

import re
from html import unescape

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "a"}
REL = "nofollow ugc noopener noreferrer"
BULLET, NUMBER = re.compile(r"^[-*•]\s+"), re.compile(r"^\d{1,3}[.)]\s+")
_STRONG, _EM = re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*"), re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*[^\s*])?)\*(?![\w*])")
_ADDRESS = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]*]")
_NOT_SAID = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")

_cleaner = nh3.Cleaner(
    tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=REL, url_relative="deny"
)
_unlinked = nh3.Cleaner(tags=TAGS - {"a"}, attributes={}, link_rel=None)


def said(text: str) -> str:
    """What was typed without what no eye sees: control characters, and those that turn the direction of writing."""
    text = text.encode("utf-8", "replace").decode()  # half of a pair of surrogates becomes « ? »
    return _NOT_SAID.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def line(text: str) -> str:
    """One line: for titles and labels."""
    return " ".join(said(text).split())


def cleaned(html: str) -> str:
    """HTML with the few tags allowed, links of http and https only: scripts, styles, handlers and pictures are gone."""
    return _cleaner.clean(html)


def shown(html: str) -> SafeString:
    """Cleaned when it was written, and again when it is read: a rule that gets stricter applies to old texts too."""
    return mark_safe(cleaned(html))  # noqa: S308 (it was just cleaned)


def shown_without_links(html: str) -> SafeString:
    """The same where nobody may be led away: on a tablet that people share."""
    return mark_safe(_unlinked.clean(html))  # noqa: S308 (it was just cleaned)


def body_of(typed: str) -> str:
    """The HTML of what was typed. Nothing that was typed is ever a tag."""
    blocks = [block for block in re.split(r"\n\s*\n", said(typed)) if block.strip()]
    return cleaned("".join(part for block in blocks for part in _parts(block.split("\n"))))


def _parts(lines: list[str]) -> list[str]:
    """The paragraphs and the lists of one block."""
    parts: list[str] = []
    kind, held = "", []
    for text in lines:
        now = "ul" if BULLET.match(text) else "ol" if NUMBER.match(text) else "p"
        if now != kind and held:
            parts.append(_part(kind, held))
            held = []
        kind = now
        held.append(_inline(BULLET.sub("", text) if now == "ul" else NUMBER.sub("", text) if now == "ol" else text))
    return [*parts, _part(kind, held)] if held else parts


def _part(kind: str, lines: list[str]) -> str:
    if kind == "p":
        return f"<p>{'<br>'.join(lines)}</p>"
    return f"<{kind}>{''.join(f'<li>{text}</li>' for text in lines)}</{kind}>"


def _inline(text: str) -> str:
    """Marks outside of addresses: an address may hold stars and underscores."""
    made, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = escape(found[0])
        made += [_marked(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*made, _marked(text[end:])]).strip()


def _marked(text: str) -> str:
    return _EM.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", escape(text)))


def typed_of(html: str) -> str:
    """What to type to get this HTML again: for the form of a change."""
    text = re.sub(r"<ol>(.*?)</ol>", lambda found: _numbered(found[1]), html, flags=re.DOTALL)
    text = re.sub(r"<li>(.*?)</li>", r"- \1\n", text, flags=re.DOTALL)
    text = re.sub(r"<a [^>]*>(.*?)</a>", r"\1", text, flags=re.DOTALL)
    for tag, typed in (("</?strong>", "**"), ("</?em>", "*"), (r"<br ?/?>", "\n"), ("</p>|</ul>|</ol>", "\n\n")):
        text = re.sub(tag, typed, text)
    return unescape(re.sub(r"\n{3,}", "\n\n", re.sub(r"<[^>]+>", "", text))).strip()


def unmarked(html: str) -> str:
    """The words in their paragraphs and lists, without the signs of what is strong: to be read, not typed again."""
    return typed_of(re.sub("</?(?:strong|em)>", "", html))


def _numbered(items: str) -> str:
    lines = re.findall(r"<li>(.*?)</li>", items, flags=re.DOTALL)
    return "".join(f"{number}. {text}\n" for number, text in enumerate(lines, start=1)) + "\n"


def plain(html: str) -> str:
    """The words alone, on one line: for excerpts, comparisons and letters."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def excerpt(html: str, *, most: int = 160) -> str:
    """The first words, cut between two of them."""
    words = plain(html)
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
