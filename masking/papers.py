"""Number plates, dates of birth, and the numbers that an administration gives to a person or a file."""

import re
from collections.abc import Iterator

from masking.numbers import announced
from masking.spans import Span
from masking.words import cues

_PAIR = "[A-HJ-NP-TV-Z]{2}"
_SIV = re.compile(rf"(?<![\w-])({_PAIR})([ .\-_]{{0,3}})([0-9]{{3}})([ .\-_]{{0,3}})({_PAIR})(?![\w-])", re.IGNORECASE)
_FNI = re.compile(
    r"(?<![\w.,/-])([1-9][0-9]{1,3})([ -]?)([A-HJ-NP-TV-Z]{2,3})([ -]?)"
    r"(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])(?![\w-])",
    re.IGNORECASE,
)
_VEHICLE = re.compile(
    r"plaque|immatricul|voiture|vehicule|scooter|moto|camion|fourgon|utilitaire|remorque|\bauto\b|carte grise"
    r"|garee?\b|caravane|taxi|camping|mobylette"
)
_NOT_PLATES = cues("not_plates")

_MONTH = (
    r"(?:janv(?:ier)?|fevr?(?:ier)?|mars|avril|avr|mai|juin|juil(?:let)?|aout|sept?(?:embre)?|oct(?:obre)?"
    r"|nov(?:embre)?|dec(?:embre)?|january|february|march|april|may|june|july|august|september|october|november"
    r"|december|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_DAY = (
    r"(?:[0-3][0-9][01][0-9](?:19|20)[0-9]{2}|[0-3]?[0-9][ ]?[./\- ][ ]?[01]?[0-9][ ]?[./\- ][ ]?(?:19|20)?[0-9]{2}"
    r"|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]"
    rf"|(?:1er|1 er|[0-3]?[0-9])(?:st|nd|rd|th)?[ ](?:de[ ]|of[ ])?{_MONTH}\.?,?[ ](?:de[ ]|del[ ])?"
    r"(?:19|20)?[0-9]{2}"
    rf"|{_MONTH}[ ][0-3]?[0-9],?[ ](?:19|20)[0-9]{{2}})"
)
_BIRTH = re.compile(
    r"(?:\bnee?s?(?:\(e\))?[ ]{1,2}(?:[\w'-]+[ ]){0,4}?le|\bborn(?:[ ]on)?(?:[ ]the)?|\bnaissance|\bddn"
    r"|\bdate[ ]of[ ]birth|\bdob|\bnacid[oa][ ]el|\bnat[oa][ ]il|\bgeboren[ ]am)"
    rf"[ ]?:?[ ]?(?:le[ ]|est[ ]|du[ ])?:?[ ]?(?P<day>{_DAY})(?![0-9])"
)

_HOLDER = (
    r"(?:dossiers?|contrats?|allocataires?|matricule|ine|ndi|fiscale?|referenc?es?|ref|clients?|adherente?|usager"
    r"|abonnee?|abonnement|demandeur|identifiant|recepisse|passeport|cni|permis|sejour|agdref|etranger|etudiante?"
    r"|amende|contravention|sinistre|assuree?|mutuelle|beneficiaire|rattachement|spi|pdl|prm|demande|caf|employeur"
    r"|carte(?:[ ]vitale|[ ]d'identite|[ ]nationale)?|compte|inscription|candidat|patiente?|ipp|nud|convocation"
    r"|reclamation|teleservice)"
)
_NUMBER_WORD = r"(?:numeros?|num|no|n[°º]?|nro|ref|reference|id|#)"
_FILE = re.compile(
    rf"\b(?:{_NUMBER_WORD}[ .:]{{0,2}}(?:de[ ]|du[ ]|d'|d[ ]|mon[ ]|fiscal[ ])?)?{_HOLDER}\b"
    r"(?P<whose>[ ](?:de[ ])?(?!est[ ]|le[ ]|sous[ ]|n[ °º]|no[ ]|num)[a-z]{2,16}(?:[ ](?:emploi|travail))?)??[ ]{0,2}"
    rf"(?P<sign>(?:(?:est|c'est|le|sous)[ ])?(?:le[ ])?(?:{_NUMBER_WORD}(?![a-z]))?[ .:=°º#(\-]{{0,4}})"
    r"(?P<value>(?=[a-z./\-_]{0,8}[0-9])[0-9a-z]+(?:[./\-_][0-9a-z]+)*"
    r"(?:[ ][0-9]{2,}(?:[./\-_][0-9a-z]+)*){0,5}(?:[ ]?[a-z](?![a-z0-9']))?)(?![0-9])"
)
_NOT_A_FILE = re.compile(  # a year, a date, an hour, a rank, a measure
    r"(?:(?:19|20)[0-9]{2}|[0-9]{1,2}[./-][0-9]{1,2}(?:[./-](?:[0-9]{2}|[0-9]{4}))?|[0-9]{1,2}[ ]?h[ ]?[0-9]{0,2}"
    r"|[0-9]+(?:e|er|eme|ieme|k|m2|m3|km|kg|cm|mn|x))$"
)
_UNIT_AFTER = re.compile(
    r"[ ]?(?:euros?|eur\b|€|%|jours?|mois|ans?\b|annees?|semaines?|heures?|h\b|min|m2|m3|km|kg|fois|pages?|pieces?"
    r"|personnes?)"
)


def plates(neat: str, flat: str) -> Iterator[Span]:
    """AA-123-BB in any dress; the older 1234 AB 75. Loose shapes need a vehicle nearby."""
    for match in _SIV.finditer(neat):
        first, gap, _digits, other_gap, last = match.groups()
        words = {first.lower(), last.lower()} & _NOT_PLATES
        dashed = "-" in gap and "-" in other_gap
        written = not words and (match[0].isupper() or (not gap and not other_gap))
        if dashed or written or announced(flat, match.start(), _VEHICLE):
            yield Span(match.start(), match.end(), "plate", 0.95)
    for match in _FNI.finditer(neat):
        number, gap, letters, other_gap, _department = match.groups()
        word = letters.lower() in _NOT_PLATES
        written = letters.isupper() and not word and gap == other_gap and len(number) > 2
        if written or (not word and announced(flat, match.start(), _VEHICLE)):
            yield Span(match.start(), match.end(), "plate", 0.8)


def birth_dates(_neat: str, flat: str) -> Iterator[Span]:
    """A full date that follows « né le », « date de naissance », "born"… A year alone tells too little to hide."""
    for match in _BIRTH.finditer(flat):
        yield Span(match.start("day"), match.end("day"), "birthdate", 0.95)


def file_numbers(_neat: str, flat: str) -> Iterator[Span]:
    """What follows « dossier », « contrat », « allocataire », « INE »…: at least four digits, no date, no amount."""
    for match in _FILE.finditer(flat):
        value = match["value"]
        digits = sum(character.isdigit() for character in value)
        bare = value.isdigit() and not re.search(r"[n#°:]", match["sign"])
        if digits < (5 if bare else 4) or (bare and match["whose"]):
            continue
        if not _NOT_A_FILE.match(value) and not _UNIT_AFTER.match(flat, match.end()):
            yield Span(match.start("value"), match.end("value"), "file_number", 0.8)


RULES = (plates, birth_dates, file_numbers)
