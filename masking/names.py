"""People's names, by what stands around them: a title, a first name, a signature, « je m'appelle », « née »…

A text written without capitals, or with nothing else, is read with the word lists instead of the capitals.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from masking.spans import Span
from masking.words import HONOURS, PARTICLES, PLACES, ROLES, TITLES, TITLES_SHORT, Word, known_people, word

_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_TOKEN = re.compile(
    rf"(?<![\w@])(?:{_LETTER})+(?:-(?:{_LETTER})+)*'?(?![\w@])|(?<=')(?:{_LETTER})+(?:-(?:{_LETTER})+)*(?![\w@])"
)
_CLOSE = {"", " ", "  "}
_LONGEST = 5  # tokens of a name, particles aside
_BOUNDARY = re.compile(r"[.!?…;:,»”\")\]\n\-\ue000]|^$")
_CLOSING = frozenset(
    "cordialement cdt cdlt salutations civilites merci respectueusement sincerement attentivement regards sincerely saludos atentamente cumprimentos"
    " devoue devouee considerations sentiments bientot avance signe signee signature".split()
)
_CALLED = re.compile(
    r"\b(?:je m'? ?appel+es?|je me nomme|je me prenomme|mon (?:pre)?nom(?: de famille)? (?:est|c'est)|moi c'est|my name is|me llamo|mi nombre es)[ ]{1,2}(?=\w)"
    r"|\b(?:signee?|nom|nom de famille|nom et prenom|nom prenom|nom de naissance|nom d'usage|nom d'epouse|prenoms?)[ ]?:[ ]{0,2}(?=\w)"
)
_NAMED = re.compile(
    r"\b(?:au nom de|a l'attention de|famille|epouse|epoux|veuve|nee|signee?)"
    r"[ ]{1,2}(?=\w)"
)
_RELATION = re.compile(
    r"\b(?:mon|ma|mes|notre|nos|son|sa|ses|leur|leurs|votre|le petit|la petite) (?:petit[- ]|petite[- ]|grand[- ]|grande[- ]|beau[- ]|belle[- ])?"
    r"(?:fils|filles?|mari|femme|epoux|epouse|conjointe?|compagn(?:on|e)|freres?|soeurs?|pere|mere|papa|maman|neveu|niece|bebe|enfants?|copains?|copines?|voisine?|collegues?|amie?s?"
    r"|cousine?|oncle|tante|tuteur|tutrice|curateur|curatrice|papy|mamie|conseillere?|avocate?|medecin)[ ]{1,2}(?=\w)"
)
_BORN = re.compile(r"[ ]?[,(]?[ ]?(?:\bnee?[ ](?:le|a|en)\b|\bborn\b)")
_ANNOUNCE = frozenset(
    "ine nir tel telephone portable mobile mail email courriel plaque dossier contrat numero num n no siret perso et mon ma au le matricule allocataire iban rib compte ref reference secu"
    " immatriculation voiture vehicule adresse fixe habitant demeurant domicilie domiciliee securite sociale tel-portable joignable contact client".split()
)


def found(neat: str, flat: str, numbers: Sequence[Span]) -> list[Span]:
    """Names of the text. ``numbers``: what is already certain, since people sign before or after their number."""
    return list(_Reading(neat, flat, numbers).names())


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    word: Word


class _Reading:
    """One text cut into words, and the questions that the rules ask of it."""

    def __init__(self, neat: str, flat: str, numbers: Sequence[Span]) -> None:
        self.neat, self.flat, self.numbers = neat, flat, numbers
        self.tokens = [_Token(m.start(), m.end(), word(m[0].rstrip("'"))) for m in _TOKEN.finditer(neat)]
        self.starts = {token.start: at for at, token in enumerate(self.tokens)}

    def names(self) -> Iterator[Span]:
        spans = [
            *self._titled(),
            *self._first_named(),
            *self._called(),
            *self._related(),
            *self._born(),
            *self._signed(),
        ]
        yield from spans
        yield from self._same_surnames(spans)

    # What the words are, here

    def _gap(self, at: int) -> str:
        """What stands between this token and the next; a line break when there is none."""
        if at + 1 >= len(self.tokens) or at < 0:
            return "\n"
        return self.neat[self.tokens[at].end : self.tokens[at + 1].start]

    def _follows(self, at: int) -> bool:
        """Whether the next token belongs to the same breath (« J. Dupont » and « d'Hondt » included)."""
        gap = self._gap(at)
        return gap in _CLOSE or (gap in {".", ". "} and self._is_initial(at)) or self._is_elided(at)

    def _is_elided(self, at: int) -> bool:
        """The d of « d'Hondt », the N of « N'Diaye », the O of « O'Connell »."""
        if self._gap(at) != "'" or not self.tokens[at + 1].word.is_capital:
            return False
        return self.tokens[at].word.key == "d" or (self._is_initial(at) and self.tokens[at].word.key in "lmnot")

    def _is_particle(self, at: int) -> bool:
        return self.tokens[at].word.key in PARTICLES or self._is_elided(at)

    def _is_initial(self, at: int) -> bool:
        token = self.tokens[at]
        return token.end - token.start == 1 and token.word.is_capital

    @cached_property
    def _shouted(self) -> list[bool]:
        """Per token: its surroundings are in capitals, so that a capital tells nothing."""
        upper = [0]
        for token in self.tokens:
            upper.append(upper[-1] + (token.word.is_upper or (token.end - token.start == 1 and token.word.is_capital)))
        count = len(self.tokens)
        return [
            2 * (upper[min(count, at + 5)] - upper[max(0, at - 4)]) > min(count, at + 5) - max(0, at - 4)
            and (count > 4 or upper[-1] == count > 2)
            for at in range(count)
        ]

    def _is_proper(self, at: int) -> bool:
        """Written as a proper noun; without the help of case, a word that no list knows."""
        known = self.tokens[at].word
        if known.is_closed:
            return False
        if known.is_capital and not self._shouted[at]:
            return True
        return not known.is_common and len(known.key) > 2

    def _is_name_here(self, at: int) -> bool:
        """A first name that stands as one: capital, or nothing else in a text without case."""
        known = self.tokens[at].word
        if not known.is_first or self._is_in_place(at):
            return False
        return known.is_strong or (known.is_capital and not self._shouted[at])

    def _is_in_place(self, at: int) -> bool:
        """Part of « rue du Docteur Paul Lebrun », « lycée Jean Moulin », « Saint Martin »."""
        for back in range(at - 1, max(-1, at - 4), -1):
            if self._gap(back) not in _CLOSE:
                return False
            key = self.tokens[back].word.key
            if key in PLACES or (back == at - 1 and key in {"saint", "sainte", "st", "ste", "san", "santa"}):
                return True
            if key not in HONOURS and key not in {"du", "la", "l", "des"} and not (key == "de" and back < at - 1):
                return False
        return False

    # From a first word to the whole name

    def _surname_end(self, at: int, *, limit: int = _LONGEST, needs_capital: bool = False) -> int:
        """Rank after the last token of the name that continues at ``at``; ``at`` itself when nothing does."""
        end, proper, cased = at, 0, False
        for here in range(at, min(len(self.tokens), at + 2 * _LONGEST)):
            if here > at and not self._follows(here - 1):
                break
            known = self.tokens[here].word
            if self._is_particle(here) and not (known.is_capital and self._is_last(here)):
                continue
            capital = known.is_capital and not self._shouted[here]
            if not self._is_proper(here) or proper == limit or (proper and (cased != capital) and not known.is_upper):
                break
            if not capital and (proper or needs_capital):
                break
            proper, cased, end = proper + 1, capital, here + 1
        return end

    def _is_last(self, at: int) -> bool:
        return at + 1 >= len(self.tokens) or not self._follows(at)

    def _given_end(self, at: int) -> int:
        """Rank after the first names (and initials) that begin at ``at``."""
        end = at
        while end < len(self.tokens) and end - at < 4:
            known = self.tokens[end].word
            if not (known.is_first or (self._is_initial(end) and end > at)) or known.is_closed:
                break
            end += 1
            if not self._follows(end - 1):
                break
        return end

    def _span(self, start: int, end: int, score: float) -> Span:
        return Span(self.tokens[start].start, self.tokens[end - 1].end, "name", score)

    def _is_public(self, start: int, end: int) -> bool:
        spelled = self.flat[self.tokens[start].start : self.tokens[end - 1].end]
        return re.sub(r"[^a-z]+", " ", spelled) in known_people()

    # The rules

    def _titled(self) -> Iterator[Span]:
        """« M. Delbecquin », « Mme Zoubida Kermarrec-Benali », « madame benali »; never « Madame la Maire »."""
        for at, token in enumerate(self.tokens[:-1]):
            if not self._is_title(at) or self._gap(at) not in {" ", ". ", ".", "  "}:
                continue
            start = at + 1
            known = self.tokens[start].word
            if known.key in TITLES or (token.word.key not in TITLES_SHORT and self._is_in_place(at)):
                continue
            end = max(self._given_end(start), start)
            end = self._surname_end(end) if end == start or self._follows(end - 1) else end
            if end > start and self._may_be_titled(at, start, end):
                yield self._span(start, end, 0.95)

    def _is_title(self, at: int) -> bool:
        token = self.tokens[at]
        known = token.word
        if known.key not in TITLES:
            return False
        if known.key == "m":
            return known.is_capital and (self._gap(at).startswith(".") or not self._shouted[at])
        if known.key in {"me", "pr"}:
            return known.is_capital and not known.is_upper and not self._shouted[at]
        return known.key != "maitre" or known.is_capital

    def _may_be_titled(self, at: int, start: int, end: int) -> bool:
        words = self._substance(start, end)
        if not words or words[0].key in ROLES or words[0].is_closed or len(words[0].key) < 2:
            return False
        if not words[0].is_common or words[0].is_strong:
            return True
        cased = words[0].is_capital and not self._shouted[start]
        short = self.tokens[at].word.key in TITLES_SHORT
        return cased and (short or len(words) > 1 or self._gap(end - 1)[:1] not in {" ", "'"})

    def _substance(self, start: int, end: int) -> list[Word]:
        """The words of a name without its particles and initials."""
        words = [token.word for token in self.tokens[start:end]]
        return [known for known in words if known.key not in PARTICLES and len(known.key) > 1]

    def _first_named(self) -> Iterator[Span]:
        """« Maëva Grondinel », « BENALI Nadia », « jean-luc tondut »; alone, only an unmistakable first name."""
        at = 0
        while at < len(self.tokens):
            if not self.tokens[at].word.is_first:
                at += 1
                continue
            given = max(at + 1, self._given_end(at))
            cased = self.tokens[at].word.is_capital and not self._shouted[at]
            end = given
            if self._follows(given - 1):
                end = self._surname_end(given, limit=3, needs_capital=cased)
            if not self._is_name_here(at):
                at = end if self._is_in_place(at) else at + 1
                continue
            start = at - 1 if end == given and self.tokens[at].word.is_strong and self._is_surname_before(at) else at
            if self._is_person(start, at, given, end):
                yield self._span(start, end, 0.9 if end - start > 1 else 0.7)
            at = max(end, at + 1)

    def _is_surname_before(self, at: int) -> bool:
        if at == 0 or not self._follows(at - 1):
            return False
        known = self.tokens[at - 1].word
        return known.is_capital and not known.is_common and not known.is_closed and not self._is_in_place(at - 1)

    def _is_person(self, start: int, at: int, given: int, end: int) -> bool:
        first = self.tokens[at].word
        if self._is_public(start, end):
            return False
        if start < at or given - at > 1:
            return True
        cased = first.is_capital and not self._shouted[at]
        if end == given:
            return first.is_strong and cased
        family = next((t.word for t in self.tokens[given:end] if t.word.key not in PARTICLES), first)
        if first.is_strong:
            return cased or not family.is_common
        return first.key != "france" and not family.is_common

    def _called(self) -> Iterator[Span]:
        """After « je m'appelle », a name however it is written; after « nom : », « famille », « née », a capital."""
        for match in _CALLED.finditer(self.flat):
            yield from self._announced(match.end(), self._is_proper)
        for match in _NAMED.finditer(self.flat):
            yield from self._announced(match.end(), self._is_cased_or_strong)

    def _related(self) -> Iterator[Span]:
        """« ma fille emma », « mon mari Pierre Durand »: a first name, even one that is a word too."""
        for match in _RELATION.finditer(self.flat):
            yield from self._announced(match.end(), lambda at: self.tokens[at].word.is_first)

    def _is_cased_or_strong(self, at: int) -> bool:
        known = self.tokens[at].word
        return known.is_strong or (known.is_capital and not self._shouted[at] and not known.is_common)

    def _announced(self, offset: int, may_open: Callable[[int], bool]) -> Iterator[Span]:
        """The name that begins at the offset, particles first, if the first word of substance ``may_open`` it."""
        start = at = self.starts.get(offset, len(self.tokens))
        while at < len(self.tokens) and self._is_particle(at) and self._follows(at):
            at += 1
        if at == len(self.tokens) or not may_open(at):
            return
        known = self.tokens[at].word
        if known.key in TITLES or known.key in ROLES or known.is_closed or self._is_public(at, at + 1):
            return
        given = self._given_end(at)
        end = self._surname_end(given) if given == at or self._follows(given - 1) else given
        if end > at:
            yield self._span(start, end, 0.85)

    def _born(self) -> Iterator[Span]:
        """« Louis Mestdagh, né le … »: the capitals before."""
        for match in _BORN.finditer(self.flat):
            last = next((at for at in range(len(self.tokens)) if self.tokens[at].end == match.start()), None)
            if last is not None:
                start = self._walk_back(last)
                if last + 1 - start > 1 and not self._is_in_place(start):
                    yield self._span(start, last + 1, 0.85)

    def _signed(self) -> Iterator[Span]:
        """The end of the text, of a line, or what comes just before a number: « …, Raymond Oberlinger. »"""
        for last in self._endings():
            start = self._walk_back(last)
            if start <= last and self._is_signature(start, last):
                yield self._span(start, last + 1, 0.8)

    def _endings(self) -> list[int]:
        """Ranks of the tokens after which a text, a line or a sentence's words stop before a number."""
        endings = {at for at in range(len(self.tokens)) if self._closes_line(at)}
        for span in self.numbers:
            endings.update(self._before_number(span.start))
        return sorted(endings)

    def _closes_line(self, at: int) -> bool:
        after = self.neat[self.tokens[at].end : self.tokens[at].end + 6]
        return re.match(r"[ .,;!)\-]*(?:\n|$)", after) is not None if len(after) < 6 or "\n" in after else False

    def _before_number(self, offset: int) -> Iterator[int]:
        """The last word before a number, words like « tél. » or « dossier n° » skipped."""
        at = self._rank_before(offset)
        if at < 0 or not re.fullmatch(r"[ ,:;(\-°º=/.]{0,5}", self.neat[self.tokens[at].end : offset]):
            return
        for _skipped in range(4):
            yield at
            gap_ok = re.fullmatch(r"[ ,:;(\-°º=/']{0,4}|\. ?", self._gap(at - 1)) is not None
            if self.tokens[at].word.key not in _ANNOUNCE or at == 0 or not gap_ok:
                return
            at -= 1

    def _rank_before(self, offset: int) -> int:
        low, high = 0, len(self.tokens)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.tokens[middle].end <= offset else (low, middle)
        return low - 1

    def _walk_back(self, last: int) -> int:
        """Rank of the first token of the name that ends at ``last``; ``last + 1`` when that one is no name."""
        start, at = last + 1, last
        cased = self.tokens[last].word.is_capital and not self._shouted[last]
        while at >= 0 and last - at <= _LONGEST:
            known = self.tokens[at].word
            if not (at < last and self._is_particle(at)):
                if cased and not known.is_capital:
                    break
                if not (self._is_proper(at) or self._is_initial(at) or (known.is_first and not known.is_closed)):
                    break
                start = at
            elif known.is_capital:
                start = at
            if not self._follows(at - 1):
                break
            at -= 1
        return start

    def _is_signature(self, start: int, last: int) -> bool:
        words = self._substance(start, last + 1)
        if not words:
            return False
        lone = len(words) == 1
        cased = words[0].is_capital and not self._shouted[start]
        strong = any(known.is_strong for known in words)
        first = any(known.is_first for known in words)
        unknown = [known for known in words if not known.is_common]
        closing = self._closes_letter(start)
        if self._is_in_place(start) or self._is_public(start, last + 1):
            return False
        if not (closing or self._stands_apart(start)):
            return strong and len(unknown) == len(words)
        if lone and self._is_initial(start) and start < last:
            return cased and bool(unknown)
        if lone:
            return strong or (first and closing) or (cased and closing and bool(unknown))
        return (first and bool(unknown)) or (len(unknown) == len(words) and (cased or closing))

    def _stands_apart(self, start: int) -> bool:
        """Whether a sentence, a clause or a line ends just before."""
        if start == 0:
            return True
        return re.search(r"[.!?…;:,»”\"()\]\n\-\ue000/]", self._gap(start - 1)) is not None

    def _closes_letter(self, start: int) -> bool:
        before = [token.word.key for token in self.tokens[max(0, start - 3) : start]]
        return bool(before) and (before[-1] in _CLOSING or before == ["bien", "a", "vous"])

    def _same_surnames(self, spans: Sequence[Span]) -> Iterator[Span]:
        """« Delbecquin » again, without its title."""
        inside = [
            token.word.key
            for span in spans
            if span.score >= 0.8
            for token in self._between(span)
            if not token.word.is_first and not token.word.is_common and len(token.word.key) > 3
        ]
        surnames = set(inside)
        for token in self.tokens:
            if token.word.key in surnames and (token.word.is_capital or not token.word.is_common):
                yield Span(token.start, token.end, "name", 0.8)

    def _between(self, span: Span) -> Sequence[_Token]:
        return self.tokens[self._rank_before(span.start) + 1 : self._rank_before(span.end) + 1]
