"""Personal data in free text: find it, hide it behind readable words. Plain Python, no model, deterministic.

>>> mask("Rappelez-moi au 06 12 34 56 78. Nadia Benali")
'Rappelez-moi au [téléphone masqué]. [nom masqué]'
"""

from collections.abc import Sequence

from masking import addresses, contacts, names, numbers, papers, spans
from masking.folding import plain, tidy
from masking.sensitive import flags
from masking.spans import KINDS, Span

__all__ = ["KINDS", "VERSION", "Span", "find", "flags", "mask"]

VERSION = "1"
"""Changes whenever the same text may be masked differently: stored spans of another version are to be redone."""

_ROUNDS = 12


def find(text: str) -> list[Span]:
    """Sorted, disjoint spans of ``text``; none inside words that are already a mask.

    A name hidden may reveal another one (it becomes the end of a sentence): the search is repeated on the
    masked text until it finds nothing, so that masking twice changes nothing.
    """
    known: list[Span] = []
    for _round in range(_ROUNDS):
        fresh = _found(spans.masked(text, known))
        if not fresh:
            break
        known = spans.untangled([*known, *spans.into_raw(fresh, known)])
    return known


def mask(text: str, spans: Sequence[Span] | None = None) -> str:
    """The text people may read. Give the ``spans`` stored with the text, or let them be found."""
    return _masked(text, find(text) if spans is None else spans)


def _masked(text: str, known: Sequence[Span]) -> str:
    return spans.masked(text, spans.untangled(known))


def _found(text: str) -> list[Span]:
    """One reading: numbers first, because a name is often what stands before one; then every repetition."""
    text = spans.with_masked_hidden(text)
    neat, flat = tidy(text), plain(text)
    known = [rule(neat, flat) for rule in (*numbers.RULES, *contacts.RULES, *papers.RULES, addresses.found)]
    certain = spans.untangled([span for group in known for span in group])
    people = names.found(neat, flat, certain)
    return spans.untangled([*certain, *people, *_repeated(text, [*certain, *people])])


def _repeated(text: str, known: Sequence[Span]) -> list[Span]:
    """The other places where a value just found stands as it is."""
    values = {text[span.start : span.end]: span for span in known if span.end - span.start > 3}
    again = []
    for value, span in values.items():
        at = text.find(value)
        while at >= 0:
            end = at + len(value)
            if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
                again.append(Span(at, end, span.kind, span.score))
            at = text.find(value, end)
    return again
