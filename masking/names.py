"""People's names, by what stands around them: a title, a first name, a signature, « je m'appelle », « née »…"""

import re
from collections.abc import Callable, Iterator, Sequence

from masking.reading import ROLES, TITLES, TITLES_SHORT, Reading
from masking.spans import Span
from masking.words import cues

_CLOSINGS, _ANNOUNCEMENTS = cues("closings"), cues("announcements")

_CALLED = re.compile(
    r"\b(?:(?:je m'? ?appel+es?|je me (?:pre)?nomme|mon (?:pre)?nom(?: de famille)? (?:est|c'est)|moi c'est"
    r"|my name is|me llamo|mi nombre es)[ ]{1,2}"
    r"|(?:signee?|nom(?: de famille| et prenom| prenom| de naissance| d'usage| d'epouse)?|prenoms?)[ ]?:[ ]{0,2})(?=\w)"
)
_NAMED = re.compile(r"\b(?:au nom de|a l'attention de|famille|epouse|epoux|veuve|nee|signee?)[ ]{1,2}(?=\w)")
_RELATION = re.compile(
    r"\b(?:(?:mon|ma|mes|notre|nos|son|sa|ses|leurs?|votre|vos|le|la|cet|cette) |l')"
    r"(?:petite?[- ]|grande?[- ]|beau[- ]|belle[- ])?"
    r"(?:fils|filles?|mari|femme|epoux|epouse|conjointe?|compagn(?:on|e)|freres?|soeurs?|pere|mere|papa|maman|petite?"
    r"|neveu|niece|bebe|enfants?|copains?|copines?|voisine?|collegues?|amie?s?|cousine?|oncle|tante|tuteur"
    r"|tutrice|curateur|curatrice|papy|mamie|conseillere?|avocate?|medecin|agente?|dame|assistante?(?: sociale)?"
    r"|infirmiere?|gardienne?|secretaire|guichetiere?|institut(?:eur|rice)|kine|nounou|soussignee?)[ ]{1,2}(?=\w)"
)
_BORN = re.compile(r"[ ]?[,(]?[ ]?(?:\bnee?[ ](?:le|a|en)\b|\bborn\b)")
_APART = re.compile(r"[.!?…;:,»”\"()\]\n\-\ue000/]")
_LINE_END = re.compile(r"[ .,;!)\-]{0,8}(?:\n|\Z)")
_TO_NUMBER = re.compile(r"[ ,:;(\-°º=/.]{0,5}")
_TO_ANNOUNCEMENT = re.compile(r"[ ,:;(\-°º=/']{0,4}|\. ?")
_MOST_ANNOUNCEMENTS = 3


def found(neat: str, flat: str, numbers: Sequence[Span]) -> list[Span]:
    """Names of the text. ``numbers``: what is already certain, since people sign before their number."""
    reading = Reading(neat, flat, numbers)
    spans = [span for rule in (_titled, _first_named, _called, _born, _signed) for span in rule(reading)]
    return [*spans, *_same_surnames(reading, spans)]


def _titled(reading: Reading) -> Iterator[Span]:
    """« M. Delbecquin », « Mme Zoubida Kermarrec-Benali », « madame benali »; never « Madame la Maire »."""
    for at, token in enumerate(reading.tokens[:-1]):
        if not reading.is_title(at) or reading.gap(at) not in {" ", ". ", ".", "  "}:
            continue
        start = at + 1
        if reading.tokens[start].word.key in TITLES:
            continue
        if token.word.key not in TITLES_SHORT and reading.is_in_place(at):
            continue
        end = reading.name_end(start)
        if end > start and _may_follow_title(reading, at, end):
            yield reading.span(start, end, 0.95)


def _may_follow_title(reading: Reading, at: int, end: int) -> bool:
    words = reading.substance(at + 1, end)
    first = reading.tokens[at + 1].word
    if first.key in {"le", "la", "les", "l"} and not first.is_capital and reading.is_cased(end - 1):
        return False  # « Monsieur le Conservateur »
    if not words or words[0].key in ROLES or words[0].is_closed:
        return False
    if reading.is_cased(at) and not reading.is_cased(end - 1) and reading.tokens[at].word.key not in TITLES_SHORT:
        return words[0].is_strong  # « Madame sollicite » writes its capitals
    if words[0].is_strong or not words[0].is_common:
        return True
    # « Mme Petit » is a name; « Monsieur Suite à mon courrier » is a letter whose comma is missing
    plain_enough = reading.tokens[at].word.key in TITLES_SHORT or len(words) > 1
    return reading.is_cased(end - 1) and (plain_enough or reading.gap(end - 1)[:1] not in {" ", "'"})


def _first_named(reading: Reading) -> Iterator[Span]:
    """« Maëva Grondinel », « BENALI Nadia », « jean-luc tondut »; alone, only an unmistakable first name."""
    at = 0
    while at < len(reading.tokens):
        if not reading.tokens[at].word.is_first:
            at += 1
            continue
        given = max(at + 1, reading.given_end(at))
        end = given
        if reading.follows(given - 1):
            end = reading.surname_end(given, limit=3, needs_capital=reading.is_cased(at))
        in_place = reading.is_in_place(at)
        if reading.is_first_name(at) and not in_place:
            start = at - 1 if end == given and _is_surname_before(reading, at) else at
            if _is_person(reading, start, at, given, end):
                yield reading.span(start, end, 0.9 if end - start > 1 else 0.7)
            at = end
        else:
            at = end if in_place else at + 1


def _is_surname_before(reading: Reading, at: int) -> bool:
    if at == 0 or not reading.tokens[at].word.is_strong or not reading.follows(at - 1):
        return False
    known = reading.tokens[at - 1].word
    return known.is_capital and not known.is_common and not known.is_closed and not reading.is_in_place(at - 1)


def _is_person(reading: Reading, start: int, at: int, given: int, end: int) -> bool:
    first = reading.tokens[at].word
    if reading.is_public(start, end):
        return False
    if start < at or given - at > 1:
        return True
    if end == given:
        return first.is_strong
    family = next(iter(reading.substance(given, end)), first)
    if first.is_strong:
        return reading.is_cased(at) or not family.is_common
    return first.key != "france" and not family.is_common


def _called(reading: Reading) -> Iterator[Span]:
    """After « je m'appelle », « nom : », a name however it is written; after « famille », « née », a capital;
    after « ma fille », « l'agent », a first name, even one that is a word too, or a capital."""

    def is_cased_or_strong(at: int) -> bool:
        known = reading.tokens[at].word
        return known.is_strong or (reading.is_cased(at) and not known.is_common)

    def is_somebody(at: int) -> bool:
        known = reading.tokens[at].word
        return known.is_first or (reading.is_cased(at) and not known.is_upper and not known.is_common)

    for cue, may_open in ((_CALLED, reading.is_proper), (_NAMED, is_cased_or_strong), (_RELATION, is_somebody)):
        for match in cue.finditer(reading.flat):
            yield from _announced(reading, match.end(), may_open)


def _announced(reading: Reading, offset: int, may_open: Callable[[int], bool]) -> Iterator[Span]:
    """The name that begins at the offset, particles first, if ``may_open`` takes its first word of substance."""
    start = at = reading.starts.get(offset, len(reading.tokens))
    while at < len(reading.tokens) and reading.is_particle(at) and reading.follows(at):
        at += 1
    if at == len(reading.tokens) or not may_open(at):
        return
    known = reading.tokens[at].word
    if known.key in TITLES | ROLES or known.is_closed or reading.is_public(at, at + 1):
        return
    end = reading.name_end(at)
    if end > at:
        yield reading.span(start, end, 0.85)


def _born(reading: Reading) -> Iterator[Span]:
    """« Louis Mestdagh, né le … »: the capitals before."""
    for match in _BORN.finditer(reading.flat):
        last = reading.rank_before(match.start())
        if last < 0 or reading.tokens[last].end != match.start():
            continue
        start = reading.name_start(last)
        if last > start and not reading.is_in_place(start):
            yield reading.span(start, last + 1, 0.85)


def _signed(reading: Reading) -> Iterator[Span]:
    """The end of the text, of a line, or what comes just before a number: « …, Raymond Oberlinger. »"""
    ends = {at for at, token in enumerate(reading.tokens) if _LINE_END.match(reading.neat, token.end)}
    for number in reading.numbers:
        ends.update(_before_number(reading, number.start))
    for last in sorted(ends):
        start = reading.name_start(last)
        if start <= last and _is_signature(reading, start, last):
            yield reading.span(start, last + 1, 0.8)


def _before_number(reading: Reading, offset: int) -> Iterator[int]:
    """Ranks of the last word before a number, then of those before « tél. » or « dossier n° »."""
    at = reading.rank_before(offset)
    if at < 0 or not _TO_NUMBER.fullmatch(reading.neat, reading.tokens[at].end, offset):
        return
    yield at
    for _skipped in range(_MOST_ANNOUNCEMENTS):
        if at == 0 or reading.tokens[at].word.key not in _ANNOUNCEMENTS:
            return
        if not _TO_ANNOUNCEMENT.fullmatch(reading.gap(at - 1)):
            return
        at -= 1
        yield at


def _is_signature(reading: Reading, start: int, last: int) -> bool:
    words = reading.substance(start, last + 1)
    if not words or reading.is_public(start, last + 1):
        return False
    if any(reading.is_in_place(at) for at in range(start, last + 1)):  # « Villeneuve Saint Georges »
        return False
    cased, closing = reading.is_cased(start), _closes_letter(reading, start)
    has_strong = any(known.is_strong for known in words)
    has_first = any(known.is_first for known in words)
    unknown = [known for known in words if not known.is_common]
    if not closing and not _stands_apart(reading, start):
        return has_strong and len(unknown) == len(words)
    if len(words) == 1 and reading.is_initial(start) and start < last:
        return cased and bool(unknown)
    if len(words) == 1:
        return has_strong or (closing and (has_first or (cased and bool(unknown))))
    return (has_first and bool(unknown)) or (
        len(unknown) == len(words) and (closing or (cased and reading.is_cased(last)))
    )


def _stands_apart(reading: Reading, start: int) -> bool:
    """Whether a sentence, a clause or a line ends just before; or « et », as in « Th. et A. Vercambre »."""
    if start == 0 or _APART.search(reading.gap(start - 1)):
        return True
    return reading.tokens[start - 1].word.key == "et" and reading.is_initial(start)


def _closes_letter(reading: Reading, start: int) -> bool:
    """Whether « Cordialement », « Bien à vous »… stands just before."""
    before = [token.word.key for token in reading.tokens[max(0, start - 3) : start]]
    return bool(before) and (before[-1] in _CLOSINGS or before == ["bien", "a", "vous"])


def _same_surnames(reading: Reading, spans: Sequence[Span]) -> Iterator[Span]:
    """« Delbecquin » again, without its title."""
    surnames = {
        known.key
        for span in spans
        if span.score >= 0.8
        for known in reading.substance(reading.rank_before(span.start) + 1, reading.rank_before(span.end) + 1)
        if not known.is_first and not known.is_common and len(known.key) > 3
    }
    for token in reading.tokens:
        if token.word.key in surnames:
            yield Span(token.start, token.end, "name", 0.8)
