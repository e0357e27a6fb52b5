"""What changed between two versions of a text, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MANY = 6000  # words; past that, comparing costs more than it tells


@dataclass(frozen=True)
class Piece:
    """``kind``: same, added or removed."""

    kind: str
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """``before`` and ``after`` read as one: leaving out what was added gives the first back, and conversely."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > MANY:
        return [Piece("removed", before), Piece("added", after)]
    found: list[Piece] = []
    for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        removed, added = "".join(old[start:end]), "".join(new[first:last])
        if tag == "equal":
            found.append(Piece("same", removed))
            continue
        found += [Piece(kind, text) for kind, text in (("removed", removed), ("added", added)) if text]
    return found
