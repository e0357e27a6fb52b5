"""Numbers that carry their own proof: social security, bank account, bank card, telephone.

Every rule takes the text twice, ``neat`` (tidy) and ``flat`` (lower case, no accents), both as long as the
original, and yields spans.
"""

import re
from collections.abc import Iterator

import phonenumbers
from stdnum import iban as bank_account
from stdnum import luhn
from stdnum.fr import nir as social_security

from masking.spans import Span

_SEP = r"[ .\-/_]{0,2}"
_NEAR = 60  # characters in which an announcing word counts

_NIR = re.compile(
    rf"(?<![0-9a-z])[1-478](?:{_SEP}[0-9]){{5}}{_SEP}[0-9ab](?:{_SEP}[0-9]){{6}}"
    rf"(?P<key>[ .\-/_,(]{{0,3}}(?:cle\W{{0,3}})?[0-9]{_SEP}[0-9])?(?![0-9])"
)
_NIR_WORD = re.compile(
    r"\bnir\b|secu\b|securite sociale|\binsee\b|\bnss\b|vitale|\bss\b|immatricul|assure"
    r"|social security|\bcpam\b"
)
_MONTHS = {*range(1, 13), *range(20, 43), *range(50, 100)}  # beyond 12: month of birth unknown, foreign registers

_IBAN = re.compile(rf"(?<![0-9a-z])[a-z]{{2}}{_SEP}[0-9]{_SEP}[0-9](?:{_SEP}[0-9a-z]){{11,30}}")
_IBAN_FR = re.compile(
    rf"(?<![0-9a-z])fr{_SEP}[0-9]{_SEP}[0-9](?:{_SEP}[0-9]){{10}}(?:{_SEP}[0-9a-z]){{11}}{_SEP}[0-9]{_SEP}[0-9](?![0-9a-z])"
)
_RIB = re.compile(rf"(?<![0-9a-z])(?:[0-9]{_SEP}){{10}}(?:[0-9a-z]{_SEP}){{11}}[0-9]{_SEP}[0-9](?![0-9a-z])")
_RIB_LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "12345678912345678923456789")

_RIB_WORD = re.compile(r"\brib\b|\bcompte\b")

_CARD = re.compile(r"(?<![0-9a-z])[3-6](?:[ \-.]?[0-9]){14,15}(?![0-9a-z])")

_FR_PHONE = re.compile(
    r"(?<![0-9a-z])(?<![0-9][.,/\-])"
    r"(?:(?:\+|00)[ .]?(?:33|262|590|594|596|508|687|689|681)[ .\-/]{0,2}(?:\(0\))?[ .\-/]{0,2}0?|\(?[0o]\)?)"
    r"[ .\-/]{0,2}(?P<national>[1-79](?:[ .\-/_]{0,3}[0-9]){8})(?![0-9])"
)
_WORLD_PHONE = re.compile(r"(?<![0-9a-z])(?:\+|00)[1-9](?:[ .()\-/]{0,2}[0-9]){6,13}(?![0-9])")
_FRENCH_PREFIX = re.compile(r"(?:\+|00)[ .(]{0,2}33")
_BARE_PHONE = re.compile(r"(?<![0-9a-z])33[67][0-9]{8}(?![0-9a-z])|(?<![0-9a-z])[67](?: ?[0-9]{2}){4}(?![0-9])")
_PHONE_WORD = re.compile(
    r"\btel|phone|portable|joindre|joignable|appele|\bnumero\b|mobile|whats|\bsms\b|contact|\bgsm\b"
)
_DATE = re.compile(r"[0-9]{1,2}[./\-][0-9]{1,2}[./\-](?:19|20)[0-9]{2}")


def announced(flat: str, at: int, word: re.Pattern[str], *, within: int = _NEAR) -> bool:
    """Whether the word stands shortly before the offset."""
    return word.search(flat, max(0, at - within), at) is not None


def social_security_numbers(_neat: str, flat: str) -> Iterator[Span]:
    """With a right key, certain; with a wrong or missing one, only when a word announces it."""
    for match in _NIR.finditer(flat):
        compact = re.sub(r"[^0-9ab]", "", match[0].replace("cle", "")).upper()
        if int(compact[3:5]) not in _MONTHS:
            continue
        if match["key"] and social_security.is_valid(compact):
            yield Span(match.start(), match.end(), "nir", 1.0)
        elif announced(flat, match.start(), _NIR_WORD) or _NIR_WORD.match(flat, match.end() + 1):
            yield Span(match.start(), match.end(), "nir", 0.8)


def bank_accounts(_neat: str, flat: str) -> Iterator[Span]:
    """An IBAN of any country by its key; a French one by its shape alone; an old RIB by its key."""
    for match in _IBAN.finditer(flat):
        end = _iban_end(match[0])
        if end:
            yield Span(match.start(), match.start() + end, "iban", 1.0)
    for match in _IBAN_FR.finditer(flat):
        yield Span(match.start(), match.end(), "iban", 0.8)
    for match in _RIB.finditer(flat):
        if _is_rib(re.sub(r"[^0-9a-z]", "", match[0])) or announced(flat, match.start(), _RIB_WORD, within=20):
            yield Span(match.start(), match.end(), "iban", 0.9)


def _iban_end(candidate: str) -> int:
    """Length of the valid account number that opens the candidate, 0 without one."""
    places = [at for at, character in enumerate(candidate) if character.isalnum()]
    for size in range(len(places), 14, -1):
        end = places[size - 1] + 1
        whole = end == len(candidate) or not candidate[end].isalnum()
        if whole and bank_account.is_valid(candidate[:end].upper(), check_country=False):
            return end
    return 0


def _is_rib(compact: str) -> bool:
    digits = compact.translate(_RIB_LETTERS)
    bank, desk, account, key = int(digits[:5]), int(digits[5:10]), int(digits[10:21]), int(digits[21:])
    return bank > 0 and (89 * bank + 15 * desk + 3 * account + key) % 97 == 0


def bank_cards(_neat: str, flat: str) -> Iterator[Span]:
    for match in _CARD.finditer(flat):
        if luhn.is_valid(re.sub(r"[^0-9]", "", match[0])):
            yield Span(match.start(), match.end(), "card", 0.9)


def telephones(_neat: str, flat: str) -> Iterator[Span]:
    """French ones by their shape, fictitious ranges included (never 08: services); others by the dialling plan."""
    for match in _FR_PHONE.finditer(flat):
        if not _DATE.search(match[0]) and _looks_dialled(match["national"]):
            yield Span(match.start(), match.end(), "phone", 0.95)
    for match in _WORLD_PHONE.finditer(flat):
        number = (
            None
            if _FRENCH_PREFIX.match(match[0])
            else _parsed("+" + re.sub(r"[^0-9]", "", match[0]).removeprefix("00"))
        )
        if number and (phonenumbers.is_valid_number(number) or announced(flat, match.start(), _PHONE_WORD)):
            yield Span(match.start(), match.end(), "phone", 0.9)
    for match in _BARE_PHONE.finditer(flat):
        if announced(flat, match.start(), _PHONE_WORD, within=30):
            yield Span(match.start(), match.end(), "phone", 0.8)


def _looks_dialled(national: str) -> bool:
    """Pairs, one block or few pieces: not a column of figures."""
    groups = [len(group) for group in re.findall(r"[0-9]+", national)]
    return len(groups) <= 4 or set(groups[1:]) <= {2} or set(groups) == {1}


def _parsed(number: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, "FR")
    except phonenumbers.NumberParseException:
        return None


RULES = (social_security_numbers, bank_accounts, bank_cards, telephones)
