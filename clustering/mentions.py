"""Finding the supporting documents that a text mentions, however they are spelled."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from clustering.gazetteer import DEFAULT, Document
from clustering.words import without_accents

_TOKEN = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?…\n]+(?:\s|$)")
_LITTLE_WORDS = """
    a au aux ce ces cet cette chacun d de des du en et l la le les leur leurs ma mes mon n nos notre nouveau
    nouvel of ou par pour qu que sa ses son sur the ton un une vos votre
"""
_LITTLE = frozenset(_LITTLE_WORDS.split())
_ASKING = re.compile(
    r"\b(?:demand|redemand|reclam|exig|veu[xlt]|veulent|voul|faut|fallu|fallait|fourni|refourni|joindre|"
    r"amene|ramene|apporte|photocopi|papier|paperasse|piece|preuve|prouv|justifi|redonn|televers|manqu|requis|"
    r"relance|attestation|certificat|carte grise|inventer|ask|want|upload|sent my|badge|piden|faute d|pas d|aucun)"
)
# A bill or a tax that is itself the grievance, not a paper to bring.
_GRIEVANCE = re.compile(r"\b(?:compteur|index|rembours|estim|prelev|fuite|surfactur|municipal)")
_FUZZY_FROM = 6  # letters; shorter words must be exact
_TWO_FROM = 9  # letters from which two slips are forgiven


@dataclass(frozen=True)
class Mention:
    """`matched` is exactly ``text[start:end]``."""

    document: str
    issuer: str
    matched: str
    start: int
    end: int


@dataclass(frozen=True)
class _Word:
    form: str
    start: int
    end: int


@dataclass(frozen=True)
class _Form:
    words: tuple[str, ...]
    document: Document
    sure: bool


def documents(text: str, gazetteer: Sequence[Document] = DEFAULT) -> list[Mention]:
    """The documents mentioned in `text`, in order, never overlapping; the longest name wins.

    Words of six letters and more may hold one slip (two from nine letters), counted as Damerau-Levenshtein
    with adjacent transpositions; shorter words must be right. Names that mean a document only when papers
    are asked for are kept only in a sentence that asks.
    """
    forms = _index(tuple(gazetteer))
    words = _words(text)
    asking = _asking_spans(text)
    mentions: list[Mention] = []
    i = 0
    while i < len(words):
        found = _longest(words, i, forms, asking)
        if found is None:
            i += 1
            continue
        form, last = found
        start, end = words[i].start, words[last].end
        mentions.append(Mention(form.document.id, form.document.issuer, text[start:end], start, end))
        i = last + 1
    return mentions


@lru_cache(maxsize=64)
def _index(gazetteer: tuple[Document, ...]) -> dict[str, list[_Form]]:
    """Forms by the first two letters of their first word; the first letters are rarely wrong."""
    forms: dict[str, list[_Form]] = defaultdict(list)
    for document in gazetteer:
        for sure, names in ((True, document.synonyms), (False, document.asked)):
            for name in names:
                words = tuple(w.form for w in _words(name) if w.form not in _LITTLE) or tuple(
                    w.form for w in _words(name)
                )
                if words:
                    forms[words[0][:1]].append(_Form(words, document, sure))
    return {
        letter: sorted(found, key=lambda f: (-len(f.words), not f.sure, f.words)) for letter, found in forms.items()
    }


def _words(text: str) -> list[_Word]:
    return [
        _Word(_singular(without_accents(found.group().lower().replace("œ", "oe"))), found.start(), found.end())
        for found in _TOKEN.finditer(text)
    ]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("aux"):
        return word[:-3] + "al"
    return word[:-1] if len(word) > 3 and word[-1] in "sx" and not word.endswith("ss") else word


def _asking_spans(text: str) -> list[tuple[int, int]]:
    """Sentences that ask for papers."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    edges = [0, *ends, len(text)]
    sentences = [(a, b) for a, b in pairwise(edges) if b > a]
    spans = []
    for a, b in sentences:
        plain = re.sub(r"[^a-z]+", " ", without_accents(text[a:b].lower()))
        if _ASKING.search(plain) and not _GRIEVANCE.search(plain):
            spans.append((a, b))
    return spans


def _longest(
    words: list[_Word], i: int, forms: dict[str, list[_Form]], asking: list[tuple[int, int]]
) -> tuple[_Form, int] | None:
    for form in forms.get(words[i].form[:1], ()):
        if not form.sure and not any(a <= words[i].start < b for a, b in asking):
            continue
        last = _end_of(form.words, words, i)
        if last is not None:
            return form, last
    return None


def _end_of(wanted: tuple[str, ...], words: list[_Word], i: int) -> int | None:
    """Index of the word that completes `wanted` from `i`, little words skipped, or None."""
    at = i
    for k, word in enumerate(wanted):
        while k and at < len(words) and words[at].form in _LITTLE and words[at].form != word:
            at += 1
        if at >= len(words) or not _same(word, words[at].form):
            return None
        at += 1
    return at - 1


def _same(wanted: str, written: str) -> bool:
    if wanted == written:
        return True
    if len(wanted) < _FUZZY_FROM or len(written) < _FUZZY_FROM - 1 or wanted[0] != written[0]:
        return False
    slips = 2 if len(wanted) >= _TWO_FROM else 1
    return OSA.distance(wanted, written, score_cutoff=slips) <= slips
