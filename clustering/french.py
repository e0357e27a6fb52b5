"""Mistyped words of a text read as the French words they were meant to be, without any corpus to compare with.

In short fiches most words are met once, so the corpus cannot correct itself (see ``spelling``): a dictionary says what
people write, and each word is read as the one most likely meant, how often it is written times how likely the slip is
(noisy channel, Kernighan, Church and Gale 1990). Texts are repaired before they are encoded, and those of small
corpora before their words are compared.

With 3 % of characters mistyped, of the words of five letters and more that are harmed, 80 % are read rightly and 2 %
wrongly (66 and 2 % when one slip to a clear word of five letters was all that was repaired), of shorter ones 35 and 2 %
(8 and 0); of those left alone, 14 in 10,000 are read as another (6), nearly all rightly: « dattente », « deces ».
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from clustering.dictionary import dictionary
from clustering.spelling import Around
from clustering.words import TYPED, is_shouted, normalise, stem, without_accents

_TOKEN = re.compile(r"\S*[\d@]\S*|[^\W\d_]{2,}")  # what holds a figure or is an address is nobody's mistake
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_BEGINS = re.compile(r"(?:^|[.!?:;])[\s\"«(—-]*$")  # a capital there is no name's
_JOINED = re.compile(r"(qu|[djlmn])([aeiouhéèêàâîô]\w{2,})")  # « lheure »
_SHORTEST, _LONGEST = 3, 24  # letters of a word that may be mistyped
_TWO_FROM = 7  # letters of a word in which two slips may be read
_WRITTEN = 1e-5  # how often a word is written from which it is meant
_MEANT = 1e-7  # the same, from which a word may be what somebody meant
_A_WORD = 1e-6  # the same, from which it lacks no apostrophe: « lune »
_TWICE_MEANT = 1e-6  # the same, two slips away
_REMEMBERED = 100_000  # words
_FRENCH = 0.5  # share of a text's words that must be French: others are left as they are

# How likely each is: that a letter is left out, doubled or swapped with the next; that it becomes a given other one, or
# that one is added; two such things; accents left out or wrong; an apostrophe left out.
_SLIP, _OTHER, _TWO, _ACCENTS, _APOSTROPHE = 3e-3, 1e-4, 1e-6, 0.1, 1e-2
_CLEAR = 2  # times likelier, in all its forms, than all the rest together
_NEVER_WRITTEN = 1e-9, 0.5  # how likely is a word of five letters that nobody writes; powers of ten a letter more costs


class _French:
    """The words that may be meant, by their form: their letters without accents."""

    def __init__(self) -> None:
        spelled: dict[str, str] = {}
        often: defaultdict[str, float] = defaultdict(float)
        for word, times in dictionary().french.items():
            if times >= _MEANT:
                form = without_accents(word)
                spelled.setdefault(form, word)
                often[form] += times
        self._forms = list(spelled)
        self._spelled = list(spelled.values())
        self._often = np.array([often[form] for form in self._forms])
        self._around = Around(self._forms, np.arange(len(self._forms)))
        self._alike: defaultdict[tuple[bool, str], list[int]] = defaultdict(list)
        for place, form in enumerate(self._forms):
            if len(form) >= _TWO_FROM - 2 and self._often[place] >= _TWICE_MEANT:
                for end in _ends(form):
                    self._alike[end].append(place)
        self._read: dict[str, str] = {}  # what was found of each word, until there are too many

    def meant(self, words: Collection[str]) -> dict[str, str]:
        """What those of these words that nobody writes so were meant to be; those like no word are left out."""
        if len(self._read) > _REMEMBERED:
            self._read = {}
        known = self._read  # another thread may forget it meanwhile
        words = [word for word in words if len(word) <= _LONGEST]
        known.update(self._likeliest_of([word for word in words if word not in known]))
        return {word: known[word] for word in words if known[word] != word}

    def _likeliest_of(self, words: Iterable[str]) -> dict[str, str]:
        """What each of these words was most likely meant to be, itself for most."""
        found = {word: word for word in words}
        read = sorted(filter(_doubtful, found))
        if not read:
            return found
        forms = [without_accents(word) for word in read]
        itself = np.array([_as_it_is(word) for word in read])
        row, place = self._around.pairs(forms, np.arange(len(read)))
        likely = self._often[place] * _ACCENTS >= _CLEAR * itself[row]
        near = [set[int]() for _ in read]
        for one, other in zip(row[likely].tolist(), place[likely].tolist(), strict=True):
            near[one].add(other)
        return found | dict(zip(read, map(self._likeliest, read, forms, near, itself.tolist()), strict=True))

    def _likeliest(self, word: str, form: str, near: set[int], itself: float) -> str:
        found = [*self._one_slip(word, form, near), *_with_apostrophe(word)]
        found = found or list(self._two_slips(form))
        if not found:
            return word
        forms: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)  # of one word: « changé », « changes »
        for likely, said in found:
            forms[stem(said)].append((likely, said))
        sums = {name: sum(likely for likely, _ in told) for name, told in forms.items()}
        best = max(sums, key=sums.__getitem__)
        return max(forms[best])[1] if sums[best] >= _CLEAR * (sum(sums.values()) - sums[best] + itself) else word

    def _one_slip(self, word: str, form: str, near: set[int]) -> Iterator[tuple[float, str]]:
        """How likely each word one slip away, and the word."""
        for place in near:
            said, likely = self._spelled[place], slip(form, self._forms[place])
            if likely and said != word:
                accents = _ACCENTS if likely == 1 or OSA.distance(word, said) > 1 else 1.0
                yield float(self._often[place]) * likely * accents, said

    def _two_slips(self, form: str) -> Iterator[tuple[float, str]]:
        """The same of two slips, in long words whose three first or three last letters are right."""
        if len(form) >= _TWO_FROM:
            alike = sorted({place for end in _ends(form) for place in self._alike.get(end, ())})
            forms = [self._forms[place] for place in alike]
            for _, _, row in process.extract(form, forms, scorer=OSA.distance, score_cutoff=2, limit=None):
                yield float(self._often[alike[row]]) * _TWO, self._spelled[alike[row]]


def repaired(texts: Sequence[str]) -> list[str]:
    """The texts where each word that nobody writes so is the French word clearly meant, if there is one.

    Words with a capital are left alone (names), but in texts all in capitals and where a sentence begins; so are
    addresses, and texts most of whose words are not French. Each text is read alone; one costs 0.1 to 0.3 ms, the first
    call a second.
    """
    known = dictionary()
    said = [set(map(normalise, _LETTERS.findall(text))) for text in texts]
    french = [sum(map(known.is_french, words)) >= _FRENCH * len(words) for words in said]
    meant = _loaded().meant(set().union(*(words for words, is_so in zip(said, french, strict=True) if is_so)))
    return [
        _repaired(text, meant) if is_so and not meant.keys().isdisjoint(words) else text
        for text, words, is_so in zip(texts, said, french, strict=True)
    ]


def slip(typed: str, meant: str) -> float:
    """How likely it is that one word became another by one slip; 1 for the same word, 0 when it takes more."""
    if typed == meant:
        return 1.0
    longer = len(typed) - len(meant)
    i = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    if longer == 1 and typed[i + 1 :] == meant[i:]:
        return _SLIP if i and typed[i] == typed[i - 1] else _OTHER
    if longer == -1 and typed[i:] == meant[i + 1 :]:
        return _SLIP
    if longer == 0 and typed[i + 1 :] == meant[i + 1 :]:
        return _OTHER
    swapped = longer == 0 and typed[i : i + 2] == meant[i : i + 2][::-1] and typed[i + 2 :] == meant[i + 2 :]
    return _SLIP if swapped else 0.0


def _with_apostrophe(word: str) -> Iterator[tuple[float, str]]:
    joined, french = _JOINED.fullmatch(word), dictionary().french
    if joined and joined[2] in french and french.get(word, 0.0) < _A_WORD:
        yield french[joined[2]] * _APOSTROPHE, f"{joined[1]}'{joined[2]}"


def _doubtful(word: str) -> bool:
    known = dictionary()
    usual = word in TYPED or word in known.foreign or known.french.get(word, 0.0) >= _WRITTEN
    return _SHORTEST <= len(word) <= _LONGEST and not usual


def _as_it_is(word: str) -> float:
    """How likely it is that it was meant as it stands."""
    least, shorter = _NEVER_WRITTEN
    return dictionary().french.get(word, 0.0) + least * 10 ** (-shorter * (len(word) - 5))


def _ends(form: str) -> tuple[tuple[bool, str], tuple[bool, str]]:
    return (True, form[:3]), (False, form[-3:])


def _repaired(text: str, meant: dict[str, str]) -> str:
    shouted = is_shouted(text)

    def read(found: re.Match[str]) -> str:
        word = found.group()
        is_name = word[0].isupper() and not shouted and not _BEGINS.search(text, 0, found.start())
        return word if is_name else meant.get(normalise(word), word)

    return _TOKEN.sub(read, text)


@lru_cache(maxsize=1)
def _loaded() -> _French:
    return _French()
