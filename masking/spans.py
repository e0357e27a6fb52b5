"""What was found, where, and how it is shown to readers instead."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

KINDS: dict[str, str] = {
    "iban": "[compte bancaire masqué]",
    "nir": "[numéro de sécurité sociale masqué]",
    "card": "[carte bancaire masquée]",
    "email": "[courriel masqué]",
    "phone": "[téléphone masqué]",
    "plate": "[plaque masquée]",
    "birthdate": "[date de naissance masquée]",
    "address": "[adresse masquée]",
    "file_number": "[numéro de dossier masqué]",
    "profile": "[profil masqué]",
    "name": "[nom masqué]",
}
"""Each kind of personal data and the words put in its place. First kinds win where two meet."""

PLACEHOLDER = re.compile("|".join(re.escape(words) for words in KINDS.values()))
BARRIER = "\ue000"  # private use: stands for what is already masked, belongs to no word and no number
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class Span(NamedTuple):
    """``text[start:end]`` is personal data of this kind; ``score`` in ]0, 1] says how sure we are."""

    start: int
    end: int
    kind: str
    score: float


def untangled(spans: Iterable[Span]) -> list[Span]:
    """Sorted and disjoint. Where spans overlap, their union takes the kind that wins: nothing is left half shown."""
    disjoint: list[Span] = []
    for span in sorted(spans):
        if disjoint and span.start < disjoint[-1].end:
            disjoint[-1] = _union(disjoint[-1], span)
        else:
            disjoint.append(span)
    return disjoint


def _union(first: Span, second: Span) -> Span:
    winner = min(first, second, key=lambda span: _RANK[span.kind])
    return Span(min(first.start, second.start), max(first.end, second.end), winner.kind, max(first.score, second.score))


def with_masked_hidden(text: str) -> str:
    """The same length, what is already masked made unreadable to every rule."""
    return PLACEHOLDER.sub(lambda match: BARRIER * len(match[0]), text)


def masked(text: str, spans: Sequence[Span]) -> str:
    """The text with each span replaced by the words of its kind. ``spans`` sorted and disjoint."""
    pieces, at = [], 0
    for span in spans:
        pieces += [text[at : span.start], KINDS[span.kind]]
        at = span.end
    return "".join([*pieces, text[at:]])


def into_raw(found: Iterable[Span], spans: Sequence[Span]) -> list[Span]:
    """Spans found in ``masked(text, spans)``, moved back to offsets of ``text``."""
    shifts, places, shift = [0], [0], 0
    for span in spans:
        shift += span.end - span.start - len(KINDS[span.kind])
        places.append(span.end - shift)
        shifts.append(shift)

    def moved(offset: int) -> int:
        return offset + shifts[bisect_right(places, offset) - 1]

    return [span._replace(start=moved(span.start), end=moved(span.end - 1) + 1) for span in found]
