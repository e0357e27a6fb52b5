"""What a machine notices in a text: personal data, links, capital letters, copies. It ranks; it never decides."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

import masking
from moderation.choices import Clue

LINK = re.compile(r"(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)
LETTERS_AT_LEAST = 20  # before capital letters mean anything
CAPITALS_SHARE = 0.6
ALIKE = 90  # of 100: the share of characters that two copies have in common
COMPARED = 600  # first characters compared
COPY_AT_LEAST = 20  # shorter texts look alike by chance


@dataclass(frozen=True)
class Clues:
    """How much of each clue stands in a text, and where: ``spans`` are [start, end] of what to look at."""

    counts: dict[Clue, int] = field(default_factory=dict)
    spans: list[list[int]] = field(default_factory=list)

    def packed(self) -> list[list]:
        """Strings and numbers alone, to be kept."""
        return [[[str(clue), count] for clue, count in self.counts.items()], self.spans]

    @classmethod
    def unpacked(cls, packed: list[list]) -> "Clues":
        counts, spans = packed
        return cls(counts={Clue(clue): count for clue, count in counts}, spans=spans)


def read(text: str) -> Clues:
    """The clues of one text, copies apart. About a millisecond for a page of text."""
    personal = masking.find(text)
    links = [found.span() for found in LINK.finditer(text)]
    counts = {Clue.PERSONAL_DATA: len(personal), Clue.LINKS: len(links), Clue.CAPITALS: int(is_shouted(text))}
    found = [[one.start, one.end] for one in personal] + [list(span) for span in links]
    return Clues(
        counts={clue: count for clue, count in counts.items() if count},
        spans=_apart(sorted(found)),
    )


def is_shouted(text: str) -> bool:
    """Mostly capital letters."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= LETTERS_AT_LEAST and sum(map(str.isupper, letters)) >= CAPITALS_SHARE * len(letters)


def copies(texts: Sequence[str]) -> list[int]:
    """For each text, the rank of the first that says nearly the same: its own when it is alone.

    Two texts are near when ``ALIKE`` % of their first characters agree, accents and case aside.
    """
    flat = [_flat(text)[:COMPARED] for text in texts]
    first = list(range(len(flat)))
    if len(flat) < 2:
        return first
    near = process.cdist(flat, flat, scorer=fuzz.ratio, score_cutoff=ALIKE)
    for rank, text in enumerate(flat):
        if len(text) >= COPY_AT_LEAST:
            first[rank] = next((first[before] for before in range(rank) if near[rank][before]), rank)
    return first


def _flat(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(one for one in plain if not unicodedata.combining(one)).split())


def _apart(spans: list[list[int]]) -> list[list[int]]:
    """Sorted spans that do not overlap: the first wins."""
    kept: list[list[int]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept
