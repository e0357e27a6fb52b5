"""People's words as HTML: escaped, key phrases marked, and what the machine hid said in plain sight."""

import re
from collections.abc import Iterable, Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# « [nom masqué] », « [adresse e-mail masquée] »: what masking leaves in the place of personal data.
MASK = re.compile(r"\[([^\[\]\n]{1,40} masqu(?:é|ée|és|ées))\]")


def highlighted(text: str, spans: Iterable[tuple[int, int]] = ()) -> SafeString:
    """``text`` escaped, with ``<mark>`` around the spans (start, end in characters).

    Spans may come in any order, overlap or go past the end. What is masked is never marked.
    """
    masks = [(match.start(), match.end(), match[1]) for match in MASK.finditer(text)]
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text, _merged(spans, len(text)), masks)))


def _merged(spans: Iterable[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(0, int(start)), min(size, int(end))) for start, end in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _pieces(text: str, spans: list[tuple[int, int]], masks: list[tuple[int, int, str]]) -> Iterator[str | SafeString]:
    at = 0
    for start, end, word in masks:
        yield from _marked(text, at, start, spans)
        yield format_html('<span class="c-masked">{}</span>', word)
        at = end
    yield from _marked(text, at, len(text), spans)


def _marked(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> Iterator[str | SafeString]:
    at = start
    for left, right in spans:
        left, right = max(left, start), min(right, end)
        if left < right:
            yield text[at:left]
            yield format_html("<mark>{}</mark>", text[left:right])
            at = right
    yield text[at:end]
