"""Where somebody lives: a number in a street, with its postcode and town when they follow.

A street without a number is a place everyone may name, and stays.
"""

import re
from collections.abc import Iterator

from masking.spans import Span
from masking.words import cues
from masking.words import word as known

_SURE = (
    r"rue|avenue|av\.?|ave\.?|boulevard|bd\.?|bld\.?|blvd\.?|allees?|impasse|imp\.|chemin|chem\.|sente|sentier|venelle|ruelle|"
    r"faubourg|fbg|square|esplanade|traverse|montee|hameau|lotissement|quai|villa|rampe|ldt|lieu-dit"
)
_UNSURE = (
    r"place|pl\.|cours|passage|route|rte|residence|res\.|cite|promenade|mail|clos|cour|domaine|cote|rond-point|galerie"
)
_DOOR = re.compile(
    r"(?<![\w/.,€-])(?<![0-9][ ])(?P<number>[1-9][0-9]{0,3}(?:[ ]?(?:bis|ter|quater|[a-d](?![\w'])))?"
    rf"(?:[ ]?-[ ]?[0-9]{{1,4}})?)[ ]?,?[ ]?(?:(?P<sure>{_SURE})|(?P<unsure>{_UNSURE}))[ ](?=[\w'])"
)
_LINKS, _STREET_DATES = cues("street_links"), cues("months")
_WORD = re.compile(r"([ ]{0,2}|')([^\W_]+(?:[-.][^\W_]+)*)'?")
_NAME = r"[^\W\d_]+(?:[-'][^\W\d_]+)*"
_TOWN = re.compile(
    r"[ ]{0,2}[,\-\n(]{0,2}[ ]{0,2}(?:[àa][ ])?(?:F-?)?(?:0[1-9]|[1-8][0-9]|9[0-9])[ ]?[0-9]{3}(?![0-9])"
    rf"(?:[ ,]{{1,2}}(?:(?:[Ll][eas]s?|LE|LA|LES|St|Ste|SAINT|Saint|Sainte)[ '])?{_NAME}"
    rf"(?:[ ](?:sur|sous|en|les|l[eè]s|la|le|de|du|d')[ ]?(?=[A-Z]){_NAME})?"
    r"(?:[ ](?:cedex|CEDEX|Cedex)(?:[ ][0-9]{1,2})?)?)?"
)
_MOST_WORDS, _MOST_PLAIN_WORDS = 9, 3


def found(neat: str, flat: str) -> Iterator[Span]:
    """Numbered streets, from the number to the end of the town."""
    for match in _DOOR.finditer(flat):
        end, proper = _street_end(neat, match.end())
        town = _TOWN.match(neat, end)
        if town:
            yield Span(match.start(), town.end(), "address", 0.95)
        elif end > match.end() and (match["sure"] or proper):
            yield Span(match.start(), end, "address", 0.8)


def _street_end(neat: str, at: int) -> tuple[int, bool]:
    """Where the street's name ends, and whether it holds a capital as names do."""
    end, proper, plain_words, before = at, False, 0, ""
    for _count in range(_MOST_WORDS):
        match = _WORD.match(neat, at)
        if match is None:
            break
        word, at = match[2], match.end()
        if word.lower() in _LINKS:
            continue
        if word.isdigit():
            if not _is_street_date(neat, word, before, at):
                break
        elif word[0].isupper() and not neat[:at].isupper():
            proper = True
        elif word.lower() not in _STREET_DATES:
            plain_words += 1
            if proper or plain_words > _MOST_PLAIN_WORDS or not _may_name_street(word, first=plain_words == 1):
                break
        before, end = word, match.end() - match[0].endswith("'")
    return end, proper


def _is_street_date(neat: str, number: str, before: str, at: int) -> bool:
    """The 8 or the 1945 of « rue du 8 mai 1945 »."""
    if len(number) == len("1945"):
        return before.lower() in _STREET_DATES
    after = _WORD.match(neat, at)
    return after is not None and after[2].lower() in _STREET_DATES


def _may_name_street(word: str, *, first: bool) -> bool:
    """In a text without capitals: any word first, then words that no list knows."""
    return not known(word).is_closed and (first or not known(word).is_common)
