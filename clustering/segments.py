"""Cutting a fiche into grievances: sentences, and the strong connectors that open another subject."""

import re
from dataclasses import dataclass

_SHORT = 25  # characters under which a piece cannot be a grievance of its own
_LONGEST = 2_000  # characters in a passage; beyond, a text without any stop is cut at a space

_SENTENCE = re.compile(r"(?<=[.!?…])[»\")\]]*\s+(?=[\"«(\[]?\s?[^\W_])|\n+")
_CONNECTOR = re.compile(
    r"(?:(?<=[,;:.])|(?<=\s))\s*(?=(?:par ailleurs|d['’]autre part|en outre|de plus,|deuxièmement|deuxiemement|"
    r"autre chose|autre point|autre souci|et sinon|sinon,|et puis aussi|pis aussi|accessoirement|"
    r"quant (?:à|aux?|a)\b|sans parler d|pour finir,|enfin,|besides,|also,)\b)",
    re.IGNORECASE,
)
_OPENS_ANOTHER = re.compile(
    r"\W*(?:et puis\b|et la\b|et l['’]|et les\b|et ma\b|et mon\b|et sa\b|et son\b|et en plus|en plus\b|et aussi\b|"
    r"pareil\b|par ailleurs|d['’]autre part|en outre|de plus\b|pourtant les\b|autre\b|sinon\b|quant\b|sans parler|"
    r"accessoirement|deuxi[èe]mement|enfin,|par contre|also\b|besides|même (?:impasse|chose|problème)|idem\b)",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\W*(?:(?:bonjour|bonsoir|salut|slt|bjr|hello|madame|monsieur|messieurs|mesdames|mme|mr?|cher|chère|"
    r"à qui de droit|l[ea]s? (?:directeur|directrice|maire|président|présidente|responsable)|et|tous|toutes|"
    r"à|vous)\W*)+$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\W*(?:cordialement|merci\b|salutations|bien à vous|respectueusement|veuillez|recevez|je vous prie|"
    r"dans l['’]attente|avec mes|bonne (?:journée|réception)|en vous remerciant|sincères|cdlt|cdt\b|signé)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Passage:
    """`text` is exactly ``fiche[start:end]``."""

    start: int
    end: int
    text: str


def segment(text: str) -> list[Passage]:
    """The grievances of a fiche, in order; offsets are into `text`.

    One passage unless something says that the subject changes. Greetings, signatures, polite endings and
    pieces under 25 characters stay with their neighbour. Blank text gives no passage. Every word of the
    text is in exactly one passage.
    """
    pieces = [piece for sentence in _split(text, 0, len(text), _SENTENCE) for piece in _connected(text, sentence)]
    spans: list[tuple[int, int]] = []
    waiting: int | None = None  # start of a greeting or of a fragment that belongs to what follows
    for start, end in pieces:
        piece = text[start:end]
        if not spans and waiting is None and _is_greeting(piece):
            waiting = start
            continue
        begins = waiting if waiting is not None else start
        waiting = None
        if spans and begins == start and not _stands_alone(piece):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((begins, end))
    if waiting is not None:
        spans.append((waiting, pieces[-1][1]))
    spans = _without_stubs(spans)
    return [Passage(a, b, text[a:b]) for span in spans for a, b in _not_too_long(text, *span)]


def _split(text: str, start: int, end: int, where: re.Pattern[str]) -> list[tuple[int, int]]:
    """Spans between matches, spaces around them left out."""
    cuts = [found.span() for found in where.finditer(text, start, end)]
    edges = [start, *(edge for cut in cuts for edge in cut), end]
    return [span for a, b in zip(edges[::2], edges[1::2], strict=True) if (span := _trimmed(text, a, b)) is not None]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    right = len(inner.rstrip())
    return (start + left, start + right) if right > left else None


def _connected(text: str, sentence: tuple[int, int]) -> list[tuple[int, int]]:
    return _split(text, *sentence, _CONNECTOR)


def _is_greeting(piece: str) -> bool:
    return bool(_GREETING.match(piece))


def _stands_alone(piece: str) -> bool:
    """Whether a piece that follows another opens a grievance of its own."""
    if len(piece) < _SHORT or _CLOSING.match(piece):
        return False
    return bool(_OPENS_ANOTHER.match(piece) or _CONNECTOR.match(piece))


def _without_stubs(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A first passage too short to say anything joins the second."""
    if len(spans) > 1 and spans[0][1] - spans[0][0] < _SHORT:
        return [(spans[0][0], spans[1][1]), *spans[2:]]
    return spans


def _not_too_long(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found = []
    while end - start > _LONGEST:
        cut = text.rfind(" ", start, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        found.append((start, cut))
        start = cut
    rest = _trimmed(text, start, end)
    return [*found, rest] if rest else found
