"""A text cut into words, and what can be asked about each where it stands.

A text written without capitals, or with nothing else, is read with the word lists instead of the capitals.
Ranks count tokens; ``end`` ranks are exclusive.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from masking.spans import Span
from masking.words import Word, cues, known_people, word

TITLES_SHORT = cues("titles_short")
TITLES = TITLES_SHORT | cues("titles_long")
ROLES = cues("roles")
_PARTICLES, _PLACES, _HONOURS = cues("particles"), cues("places"), cues("honours")
_SAINTS = frozenset({"saint", "sainte", "st", "ste", "san", "santa"})
_OF = frozenset({"du", "la", "l", "des"})

_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_TOKEN = re.compile(rf"(?:(?<![\w@])|(?<='))(?:{_LETTER})+(?:-(?:{_LETTER})+)*(?![\w@])")
_SAME_BREATH = frozenset({"", " ", "  "})
_AROUND = 4  # tokens on each side that tell whether a text is shouted
_LONGEST = 5  # tokens of a name, particles aside


class Token(NamedTuple):
    start: int
    end: int
    word: Word


class Reading:
    """One text. ``neat`` and ``flat`` have the same length; ``numbers`` are the spans already certain."""

    def __init__(self, neat: str, flat: str, numbers: Sequence[Span]) -> None:
        self.neat, self.flat, self.numbers = neat, flat, numbers
        self.tokens = [Token(*match.span(), word(match[0])) for match in _TOKEN.finditer(neat)]
        self.starts = {token.start: at for at, token in enumerate(self.tokens)}
        self._ends = [token.end for token in self.tokens]
        self._shouted = self._shouts()

    def _shouts(self) -> list[bool]:
        """Per token: its surroundings are in capitals, so that a capital tells nothing."""
        upper = [0]
        for token in self.tokens:
            alone = token.end - token.start == 1 and token.word.is_capital
            upper.append(upper[-1] + (token.word.is_upper or alone))
        count = len(self.tokens)
        if count <= _AROUND:  # a mere name in capitals is no shouting
            return [upper[-1] == count > 2] * count
        windows = ((max(0, at - _AROUND), min(count, at + _AROUND + 1)) for at in range(count))
        return [2 * (upper[high] - upper[low]) > high - low for low, high in windows]

    # Between words

    def gap(self, at: int) -> str:
        """What stands between this token and the next; a line break when there is none."""
        if at < 0 or at + 1 >= len(self.tokens):
            return "\n"
        return self.neat[self.tokens[at].end : self.tokens[at + 1].start]

    def follows(self, at: int) -> bool:
        """Whether the next token belongs to the same breath (« J. Dupont » and « d'Hondt » included)."""
        gap = self.gap(at)
        return gap in _SAME_BREATH or (gap in {".", ". "} and self.is_initial(at)) or self._is_elided(at)

    def rank_before(self, offset: int) -> int:
        """Rank of the last token that ends at the offset or before, -1 without one."""
        return bisect_right(self._ends, offset) - 1

    def span(self, start: int, end: int, score: float) -> Span:
        return Span(self.tokens[start].start, self.tokens[end - 1].end, "name", score)

    # One word, here

    def is_cased(self, at: int) -> bool:
        """Whether it has a capital that means something."""
        return self.tokens[at].word.is_capital and not self._shouted[at]

    def is_initial(self, at: int) -> bool:
        token = self.tokens[at]
        return token.end - token.start == 1 and token.word.is_capital

    def _is_elided(self, at: int) -> bool:
        """The d of « d'Hondt », the N of « N'Diaye », the O of « O'Connell »."""
        if self.gap(at) != "'" or not self.tokens[at + 1].word.is_capital:
            return False
        key = self.tokens[at].word.key
        return key == "d" or (self.is_initial(at) and key in "lmnot")

    def is_particle(self, at: int) -> bool:
        return self.tokens[at].word.key in _PARTICLES or self._is_elided(at)

    def is_proper(self, at: int) -> bool:
        """Written as a proper noun; without the help of case, a word that no list knows."""
        known = self.tokens[at].word
        if known.is_closed:
            return False
        return self.is_cased(at) or (not known.is_common and len(known.key) > 2)

    def is_first_name(self, at: int) -> bool:
        """A first name that stands as one: a capital, or nothing else in a text without case."""
        known = self.tokens[at].word
        return known.is_first and (known.is_strong or self.is_cased(at))

    def is_title(self, at: int) -> bool:
        """« M. », « Mme », « madame », « Me »… and neither « m' » nor « me »."""
        known = self.tokens[at].word
        if known.key not in TITLES:
            return False
        if known.key == "m":
            return known.is_capital and (self.gap(at).startswith(".") or not self._shouted[at])
        if known.key in {"me", "pr"}:
            return self.is_cased(at) and not known.is_upper
        return known.key != "maitre" or known.is_capital

    def is_in_place(self, at: int) -> bool:
        """Part of « rue du Docteur Paul Lebrun », « lycée Jean Moulin », « Saint Martin »."""
        for back in range(at - 1, max(-1, at - 4), -1):
            if self.gap(back) not in _SAME_BREATH:
                return False
            key = self.tokens[back].word.key
            if key in _PLACES or (back == at - 1 and key in _SAINTS):
                return True
            if key not in _HONOURS | _OF and not (key == "de" and back < at - 1):
                return False
        return False

    # Several words, here

    def given_end(self, at: int) -> int:
        """Rank after the first names (and the initials behind them) that begin at ``at``."""
        end = at
        while end < min(len(self.tokens), at + 4):
            known = self.tokens[end].word
            if known.is_closed or not (known.is_first or (end > at and self.is_initial(end))):
                break
            end += 1
            if not self.follows(end - 1):
                break
        return end

    def surname_end(self, at: int, *, limit: int = _LONGEST, needs_capital: bool = False) -> int:
        """Rank after the last word of the surname that continues at ``at``; ``at`` itself when nothing does."""
        end, proper, cased = at, 0, False
        for here in range(at, min(len(self.tokens), at + 2 * _LONGEST)):
            if here > at and not self.follows(here - 1):
                break
            known = self.tokens[here].word
            if self.is_particle(here) and not (known.is_capital and not self.follows(here)):
                continue
            capital = self.is_cased(here)
            noble = capital and here > at and self._is_elided(here - 1)  # « d'Auvergne »
            if proper == limit or not (noble or self.is_proper(here)):
                break
            if (proper and not (capital and cased)) or (needs_capital and not capital):
                break
            if proper and end < here and known.is_common and not noble:  # « Pruvost de la Maison des solidarités »
                break
            proper, cased, end = proper + 1, capital, here + 1
        return end

    def name_end(self, at: int) -> int:
        """Rank after first names and surname together."""
        given = self.given_end(at)
        return self.surname_end(given) if given == at or self.follows(given - 1) else given

    def name_start(self, last: int) -> int:
        """Rank of the first token of the name that ends at ``last``; ``last + 1`` when that one is no name."""
        start, at, cased = last + 1, last, self.is_cased(last)
        while at >= 0 and last - at <= _LONGEST:
            known = self.tokens[at].word
            if at == last or not self.is_particle(at):
                may_be_name = self.is_proper(at) or self.is_initial(at) or (known.is_first and not known.is_closed)
                if not may_be_name or self.is_title(at) or (cased and not known.is_capital):
                    break
                start = at
            elif known.is_capital:
                start = at
            if not self.follows(at - 1):
                break
            at -= 1
        return start

    def substance(self, start: int, end: int) -> list[Word]:
        """The words of a name without its particles and initials."""
        words = [token.word for token in self.tokens[start:end]]
        return [known for known in words if known.key not in _PARTICLES and len(known.key) > 1]

    def is_public(self, start: int, end: int) -> bool:
        """Somebody of history or public life, by full name."""
        spelled = self.flat[self.tokens[start].start : self.tokens[end - 1].end]
        return re.sub(r"[^a-z]+", " ", spelled) in known_people()
