"""Personal data in free text: find it, hide it behind readable words. Plain Python, no model, deterministic.

>>> mask("Rappelez-moi au 06 12 34 56 78. Nadia Benali")
'Rappelez-moi au [téléphone masqué]. [nom masqué]'
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from masking import addresses, contacts, names, numbers, papers, spans
from masking.folding import plain, tidy
from masking.sensitive import flags
from masking.spans import KINDS, Span

__all__ = ["KINDS", "VERSION", "Span", "find", "flags", "mask"]

VERSION = "1"
"""Changes whenever the same text may be masked differently: stored spans of another version are to be redone."""

_ROUNDS = 12
_RUN = re.compile(r"\w+")


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
    """The other places where a value just found stands as it is, between word boundaries."""
    values = {text[span.start : span.end]: span for span in known if span.end - span.start > 3}
    places: dict[str, list[int]] = defaultdict(list)
    if values:
        for run in _RUN.finditer(text):
            places[run[0]].append(run.start())
    return [
        Span(at, at + len(value), span.kind, span.score)
        for value, span in values.items()
        for at in _standing(text, value, places)
    ]


def _standing(text: str, value: str, places: dict[str, list[int]]) -> Iterator[int]:
    """Offsets of the value, looked for at its rarest word only: a long list of names stays quick."""
    runs = [(len(places.get(run[0], ())), run) for run in _RUN.finditer(value)]
    if not runs:
        return
    _count, rarest = min(runs, key=lambda pair: pair[0])
    for place in places.get(rarest[0], ()):
        at = place - rarest.start()
        if at >= 0 and text.startswith(value, at):
            yield at
