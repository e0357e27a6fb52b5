"""A title in plain French for a theme nobody has named yet: what people wrote, at its shortest and clearest.

A list of words (« Lampadaires, rue, éteints ») is not read as a title. The best one is usually there already, as
a short clause of one of the texts: the one that says the most of what the others say, in the fewest words, without
« je », insults, names, numbers or typing habits. Clauses are compared by their stems; nothing is invented.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from clustering.stopwords import GREETINGS, HANGING, PERSONAL, STARTERS, STOPWORDS, SWEAR_WORDS
from clustering.words import TYPED, is_shouted, normalise, stem, without_accents

LONGEST = 80  # characters
_WORDS = (3, 13)  # words in a title
READ = 200  # texts read: the first ones, which callers give most central first
_NAMED_BY = 3  # texts that write a capitalised word before it is taken for something else than a person's name
_MASK = re.compile(r"\[[^\]\n]{2,60}\]")
_CLAUSE = re.compile(r"[.!?;:…\n()«»\"|/]+|\s[–-]\s|\b(?:mais|parce qu[e']|alors qu[e']|car|donc)\b")
_CIRCUMSTANCE = re.compile(r"\s(?:depuis|pendant|lorsque|à cause)\s")  # a clause may stop before
_TOKEN = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*[’']?")
# Figures, masks, addresses, « jcomprend », « c est », and words that always bear an accent.
_FOREIGN = re.compile(
    r"\d|[€%@\[\]*_#~]|http|\bj[bcdfghjklmnpqrstvwxz]|\b[b-xz]\s|\w{2}ees?\b|\b(?:meme|apres|tres|deja|etre|ete|ca)\b"
)
_EDGE = " ,;:.!?…-–—'’\"«»()"
_IN_PHRASES = 1.0  # what a word of the key phrases weighs more than another
_LEADING = 3  # key phrases of which a title says at least a word
_ONE_PERSONS = 0.7  # what a word that nobody else wrote leaves of a clause
_SEVERAL = 6  # texts from which a word that one of them only has is that person's affair
_TELLING = 2  # words in a title that mean something
_ENOUGH = 0.15  # of what the theme says: below, the key phrases say it better


@dataclass(frozen=True)
class _Clause:
    written: str
    tokens: tuple[str, ...]  # lower case, without elided words


def title(phrases: Sequence[str], *, texts: Sequence[str] = ()) -> str:
    """A plain title of at most 80 characters: the clearest clause of `texts`, else the key phrases.

    `phrases`: the theme's key phrases, most telling first. `texts`: its texts, most central first. The same
    texts in the same order give the same title; without any it is « Sans titre ».
    """
    first = shortened(next((text for text in texts if text.strip()), ""))
    return clearest_clause(phrases, texts) or listed(phrases) or _headed(first) or "Sans titre"


def clearest_clause(phrases: Sequence[str], texts: Sequence[str]) -> str:
    """The clause that would make the best title, trimmed and capitalised; empty when none is clear enough."""
    texts = texts[:READ]
    said = _Said.of(texts, phrases)
    best, best_score = "", _ENOUGH
    for clause in _clauses(texts):
        score = said.score(clause, above=best_score)
        if score > best_score:
            best, best_score = clause.written, score
    return _headed(best)


def listed(phrases: Sequence[str]) -> str:
    """The first key phrases in a row, when nobody wrote a clause that says it."""
    chosen = ""
    for phrase in phrases[:2]:
        if not chosen or len(chosen) + len(phrase) + 2 <= LONGEST:
            chosen = f"{chosen}, {phrase}" if chosen else phrase
    return _headed(chosen) if " " in chosen else ""  # one word alone is no title


def shortened(text: str, most: int = LONGEST) -> str:
    """The beginning of a text, cut between two words."""
    text = " ".join(_MASK.sub(" ", text).split())
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True)
class _Said:
    """What the texts of a theme say: the weight of each stem, how often each form is written, and capitals."""

    weights: dict[str, float]
    leading: frozenset[str]  # the stems of the first key phrases
    alone: frozenset[str]  # the stems that one text only has, among several
    forms: dict[str, Counter[str]]  # stem without accents -> forms as written, in texts
    lowered: Counter[str]  # texts that write the word without a capital inside a sentence, or with one anywhere

    @classmethod
    def of(cls, texts: Sequence[str], phrases: Sequence[str]) -> "_Said":
        told = {_stem(token) for phrase in phrases for token in _TOKEN.findall(normalise(phrase))}
        seen: Counter[str] = Counter()
        forms: dict[str, Counter[str]] = defaultdict(Counter)
        lowered: Counter[str] = Counter()
        spelt: Counter[str] = Counter()
        for text in texts:
            tokens = set(_TOKEN.findall(text))
            written = set(map(_bare, tokens))
            seen.update(set(map(_stem, written)) - {""})
            lowered.update(set(map(str.lower, tokens)))
            spelt.update(written)
        for token, times in spelt.items():
            forms[without_accents(token)][token] = times
        weights = {s: n / max(len(texts), 1) * (1 + _IN_PHRASES * (s in told)) for s, n in seen.items()}
        leading = frozenset(_stem(token) for phrase in phrases[:_LEADING] for token in _TOKEN.findall(phrase))
        alone = frozenset(stem for stem, n in seen.items() if n == 1) if len(texts) >= _SEVERAL else frozenset()
        return cls(weights, leading, alone, forms, lowered)

    def score(self, clause: _Clause, *, above: float) -> float:
        """Share of the theme's weight that the clause says, less what makes it a poor title; 0 to refuse it, or when
        it cannot be more than `above`."""
        stems = [s for s in dict.fromkeys(_stem(token) for token in clause.tokens) if s]
        if len(stems) < _TELLING or not self.leading.intersection(stems):
            return 0.0
        told = sum(self.weights.get(s, 0.0) for s in stems) / (len(stems) + 0.3 * len(clause.tokens)) ** 0.4
        told *= _ONE_PERSONS ** sum(stem in self.alone for stem in stems)
        if told <= above or not _is_clean(clause) or self._names_somebody(clause):
            return 0.0
        return told * _manners(clause) * self._spelling(clause)

    def _names_somebody(self, clause: _Clause) -> bool:
        """A capitalised word that few people write may be a name; one that starts the clause may be anything."""
        words = _TOKEN.findall(clause.written)
        inside = [word for word in words[1:] if word[:1].isupper() and not word.isupper()]
        first = [w for w in words[:1] if w[:1].isupper() and without_accents(w.lower()) not in STOPWORDS]
        return any(self.lowered[word.lower()] < _NAMED_BY for word in inside) or any(
            self.lowered[word.lower()] < 2 for word in first
        )

    def _spelling(self, clause: _Clause) -> float:
        """Less for each word that others write with accents, or otherwise."""
        kept = 1.0
        for token in clause.tokens:
            forms = self.forms[without_accents(token)]
            if forms and forms[token] < max(forms.values()):
                kept *= 0.8
        return kept


def _clauses(texts: Sequence[str]) -> Iterator[_Clause]:
    for text in texts:
        if is_shouted(text):
            continue
        for sentence in _CLAUSE.split(_MASK.sub(" [ ", " ".join(text.split()))):
            pieces = [piece for piece in sentence.split(",") if piece.strip()]
            for start in range(len(pieces)):
                for end in range(start + 1, min(start + 3, len(pieces)) + 1):
                    yield from _trimmed(",".join(pieces[start:end]))


def _trimmed(piece: str) -> Iterator[_Clause]:
    """The clause without the little words that hang at its beginning; whole, and without its circumstances."""
    written = piece.strip(_EDGE)
    while (head := written.partition(" "))[1] and normalise(head[0]).strip(_EDGE) in STARTERS:
        written = head[2].strip(_EDGE)
    for end in (len(written), *(found.start() for found in _CIRCUMSTANCE.finditer(written))):
        if end > LONGEST:
            continue
        tokens = tuple(_bare(token) for token in _TOKEN.findall(written[:end]))
        if _WORDS[0] <= len(tokens) <= _WORDS[1]:
            yield _Clause(written[:end].strip(_EDGE), tokens)


def _is_clean(clause: _Clause) -> bool:
    """No number, mask, insult, greeting, texting; and it ends on a word that means something."""
    words = {without_accents(token) for token in clause.tokens}
    if _FOREIGN.search(normalise(clause.written)) or words & SWEAR_WORDS or words & GREETINGS:
        return False
    if any(token in TYPED for token in normalise(clause.written).split()):
        return False
    return without_accents(clause.tokens[-1]) not in STOPWORDS


def _manners(clause: _Clause) -> float:
    """A title speaks for many: « je », « mon », a question or an address to somebody read less well."""
    words = [without_accents(word) for word in re.split(r"[\s’']", normalise(clause.written))]
    kept = 0.6 ** sum(word in PERSONAL for word in words)
    if words[0] in HANGING:
        kept *= 0.6
    return kept * (0.9 if "vous" in words or "votre" in words or "vos" in words else 1.0)


@lru_cache(maxsize=50_000)
def _bare(token: str) -> str:
    """Lower case, without the elided word before it: « l'avis » is « avis »."""
    return normalise(token).rstrip("'").rsplit("'", 1)[-1]


@lru_cache(maxsize=50_000)
def _stem(token: str) -> str:
    return "" if without_accents(token) in STOPWORDS or len(token) < 3 else stem(token)


def _headed(words: str) -> str:
    words = words.strip(_EDGE).replace("'", "’")
    return words[:1].upper() + words[1:]
