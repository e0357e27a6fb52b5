"""A title in plain French for a theme nobody has named yet: what people wrote, at its shortest and clearest.

The best one is usually there already, as a short clause of one of the texts: the one that says the most of what the
others say, in the fewest words, without « je », insults, names, numbers or typing habits. A clause is whole or it is
no title: it begins as a sentence does, asks nothing, supposes nothing (« si… »), quotes nobody. Clauses are compared
by their stems; nothing is invented. When none is clear enough, the things that people name say it: « Tabac et douane ».
"""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from clustering.french import repaired
from clustering.stopwords import (
    CONNECTING,
    DETERMINERS,
    GREETINGS,
    OPENERS,
    PERSONAL,
    PREPOSITIONS,
    STARTERS,
    STOPWORDS,
    SWEAR_WORDS,
)
from clustering.words import TYPED, is_shouted, normalise, stem, without_accents

LONGEST = 80  # characters
_WORDS = (3, 13)  # words in a title
READ = 200  # texts read: the first ones, which callers give most central first
_READ_OF_EACH = 5_000  # characters of a text
_NAMED_BY = 3  # texts that write a capitalised word before it is taken for something else than a person's name
_MASK = re.compile(r"\[[^\]\n]{2,60}\]")
_QUOTED = re.compile(r"«[^»]{0,300}»|\"[^\"]{0,300}\"|“[^”]{0,300}”|\([^)]{0,300}\)")
_SENTENCE = re.compile(r"(.+?)([.!?;…]+(?=\s|$)|$)")
_SUPPOSED = re.compile(r"\bs(?:i\b|['’]ils?\b)")  # what follows is true of some only
# Not what is complained of.
_GRANTED = re.compile(r"\b(?:alors qu|bien qu|même s|tandis qu|au lieu d|plutôt qu)[a-z'’].*")
_CLAUSE = re.compile(r"[:«»()\"“”|/]+|\s[–-]\s|\b(?:mais|parce qu[e'’]|puisqu[e'’]|car|donc)\b")
_CIRCUMSTANCE = re.compile(r"\s(?:depuis|pendant|lorsque|à cause)\s")  # a clause may stop before
_OPENING = re.compile(r"il (?:n'y a|y a|faut|manque|est (?:impossible|difficile))\b|pas (?:de |d'(?!accord)|assez )")
_ASKED = re.compile(r"\w-(?:t-)?(?:je|tu|il|elle|on|nous|vous|ils|elles|ce|moi|le|la|les|y|en)\b")  # « présentez-vous »
_NEGATED = re.compile(r"\bn(?:e\b|')|\b(?:pas|jamais|aucune?|plus (?:de|d)\b|sans|ni)\b")
_TOKEN = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*[’']?")
# Figures, masks, addresses, « jcomprend », « c est », and words that always bear an accent.
_FOREIGN = re.compile(
    r"\d|[€%@\[\]*_#~<>+=]|http|www|\bj[bcdfghjklmnpqrstvwxz]|\b[b-xz]\s|\w{2}ees?\b"
    r"|\b(?:meme|apres|tres|deja|etre|ete|ca)\b"
)
_EDGE = " ,;:.!?…-–—'’\"«»()"
_IN_PHRASES = 1.0  # what a word of the key phrases weighs more than another
_LEADING = 3  # key phrases of which a title says at least a word
_ONE_PERSONS = 0.5  # what a word that nobody else wrote leaves of a clause
_SEVERAL = 6  # texts from which a word that one of them only has is that person's affair
_TELLING = 2  # words in a title that mean something, to more than one person
_ENOUGH = 0.15  # of what the theme says: below, the key phrases say it better
_AS_MUCH = 0.8  # of what naming things says, from which a clause is preferred
_ALWAYS = 0.6  # share of the occurrences of a word from which what follows it is part of its name
_INFINITIVE = ("er", "ir", "oir", "re")
_DOING = re.compile(
    r"\b(?:a|ont|est|sont|être|fait|doit|doivent|peut|peuvent|il|elle|vous|nous|je|on|qui|que|ne|se|pas|plus)\b"
    r"|\b(?:et|ou) (?:de|du|des|d')"
)
_OBJECT = frozenset(("le", "la", "les", "l", "un", "une", "notre", "nos", "votre", "vos", "son", "sa", "ses"))
_NEAR = 40  # characters before and after a phrase
_WORD_BEFORE = re.compile(r"([^\W\d_]+)['\s]$")
_COMPLEMENT = re.compile(r" (?:de |d'|à )[^\W\d_]{3,}\b")
_THINGS = 3  # named in a title…
_LOOKED_AT = 6  # …among so many key phrases
_NAMED = 0.25  # share of its occurrences that follow a determiner, from which a phrase names a thing
_BY_FEW, _BY_SEVERAL = 0.12, 0.2  # share of the texts under which a phrase is not what it is about; nor the third
_BY_MANY = 0.75  # …from which it is enough


@dataclass(frozen=True)
class _Clause:
    written: str
    tokens: tuple[str, ...]  # lower case, without elided words


def title(phrases: Sequence[str], *, texts: Sequence[str] = ()) -> str:
    """A plain title of at most 80 characters: the clearest clause of `texts`, else the things they name.

    `phrases`: the theme's key phrases, most telling first. `texts`: its texts, most central first. The same
    texts in the same order give the same title; without any it is « Sans titre ».
    """
    texts = [text[:_READ_OF_EACH] for text in texts[:READ]]
    first = shortened(next((text for text in texts if text.strip()), ""))
    looked_at = _nobodys(phrases[:_LOOKED_AT], texts)
    named = things(looked_at, texts)
    clause = clearest_clause(phrases, texts, things=named)
    return clause or named or listed(looked_at) or _headed(first) or "Sans titre"


def clearest_clause(phrases: Sequence[str], texts: Sequence[str], *, things: str = "") -> str:
    """The clause that would make the best title, trimmed and capitalised; empty when none is clear enough, or when
    none says as much as naming the `things`."""
    texts = texts[:READ]
    said = _Said.of(texts, phrases)
    best, best_score = "", max(_ENOUGH, _AS_MUCH * said.told([_bare(token) for token in _TOKEN.findall(things)]))
    for clause in _clauses(texts):
        score = said.score(clause, above=best_score)
        if score > best_score:
            best, best_score = clause.written, score
    return _headed(best)


def things(phrases: Sequence[str], texts: Sequence[str]) -> str:
    """The one to three key phrases that name what many of the texts are about: « Tabac, douane et marchandises »."""
    looked_at = [phrase for phrase in phrases[:_LOOKED_AT] if not _does(phrase)]
    said = [" ".join(text.replace("’", "'").split()) for text in texts if not is_shouted(text)]
    named = [
        (thing, len({one.row for one in held}) / len(said))
        for held in _found(looked_at, said)
        for thing in [_thing(held)]
        if thing
    ]
    named = [(thing, told) for thing, told in named if told >= _BY_FEW]
    named = named[:2] + [(thing, told) for thing, told in named[2:] if told >= _BY_SEVERAL]
    if not named:
        return ""
    if named[0][1] >= _BY_MANY and " " in named[0][0]:
        return _headed(named[0][0])
    rows = (_in_a_row([thing for thing, _ in named[:count]]) for count in range(_THINGS, 0, -1))
    return _headed(next((row for row in rows if " " in row and len(row) <= LONGEST), ""))


def _nobodys(phrases: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Those that hold no capitalised word which few texts write: it may be somebody's name."""
    found = _found(phrases, [text.replace("’", "'") for text in texts if not is_shouted(text)])
    return [phrase for phrase, held in zip(phrases, found, strict=True) if not _may_name_somebody(held)]


def _may_name_somebody(held: Sequence["_Found"]) -> bool:
    inside = [one.written for one in held if one.before]
    names = [any(word[:1].isupper() and not word.isupper() for word in _TOKEN.findall(form)) for form in inside]
    return bool(names) and all(names) and len({one.row for one in held}) < _NAMED_BY


def _in_a_row(things: Sequence[str]) -> str:
    if len(things) < 2 or any(" et " in thing for thing in things):
        return ", ".join(things)
    return f"{', '.join(things[:-1])} et {things[-1]}"


@dataclass(frozen=True)
class _Found:
    """A phrase as one text writes it; the word before it, "" where a sentence begins, and what follows."""

    row: int
    written: str
    before: str
    after: str

    @property
    def is_named(self) -> bool:
        """After a determiner, or a preposition unless it is an infinitive; or a name."""
        before = without_accents(self.before.lower())
        is_done = self.written.endswith(_INFINITIVE)
        return before in DETERMINERS or (before in PREPOSITIONS and not is_done) or self.written[0].isupper()


def _found(phrases: Sequence[str], said: Sequence[str]) -> list[list[_Found]]:
    """Where each phrase stands in the texts, in the singular or the plural."""
    found: list[list[_Found]] = [[] for _ in phrases]
    if not phrases:
        return found
    in_any_number = (r"\s".join(re.escape(w.rstrip("sx")) + "[sx]?" for w in phrase.split()) for phrase in phrases)
    wanted = re.compile(rf"\b(?:{'|'.join(f'({one})' for one in in_any_number)})\b", re.IGNORECASE)
    for row, text in enumerate(said):
        for match in wanted.finditer(text):
            before = _WORD_BEFORE.search(text, max(0, match.start() - _NEAR), match.start())
            after = text[match.end() : match.end() + _NEAR]
            found[match.lastindex - 1].append(_Found(row, match.group(), before[1] if before else "", after))
    return found


def _thing(held: Sequence[_Found]) -> str:
    """The phrase as people write it, a single word with what nearly always follows it (« mot de passe »); empty when it
    does not name a thing, but tells what somebody does."""
    inside = [one for one in held if one.before]
    if not inside or sum(one.is_named for one in inside) < _NAMED * len(held):
        return ""
    form = Counter(one.written for one in inside).most_common(1)[0][0]
    if " " in form:
        return form.lower() if form.isupper() else form
    after = Counter(found.group() for one in held if (found := _COMPLEMENT.match(one.after)))
    most, times = after.most_common(1)[0] if after else ("", 0)
    return form + most * (times >= max(2, _ALWAYS * len(held)))


def _does(phrase: str) -> bool:
    """Somebody does something in it: « garde le bibliobus », « payer la cantine »; or it is cut: « accord ou d'un »."""
    words = re.split(r"[\s']", without_accents(phrase))
    governed = any(word in _OBJECT and was not in PREPOSITIONS for was, word in itertools.pairwise(words))
    return governed or _DOING.search(phrase) is not None


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
    denying: float  # share of the texts that deny something

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
        count = max(len(texts), 1)
        weights = {s: n / count * (1 + _IN_PHRASES * (s in told)) for s, n in seen.items()}
        leading = frozenset(_stem(token) for phrase in phrases[:_LEADING] for token in _TOKEN.findall(phrase))
        alone = frozenset(stem for stem, n in seen.items() if n == 1) if len(texts) >= _SEVERAL else frozenset()
        denying = sum(_NEGATED.search(normalise(text)) is not None for text in texts) / count
        return cls(weights, leading, alone, forms, lowered, denying)

    def told(self, tokens: Sequence[str]) -> float:
        """Share of the theme's weight that these words say, less for many words."""
        stems = [s for s in dict.fromkeys(map(_stem, tokens)) if s]
        return sum(self.weights.get(s, 0.0) for s in stems) / max(len(stems) + 0.3 * len(tokens), 1) ** 0.5

    def score(self, clause: _Clause, *, above: float) -> float:
        """Share of the theme's weight that the clause says, less what makes it a poor title; 0 to refuse it, or when
        it cannot be more than `above`."""
        stems = [s for s in dict.fromkeys(_stem(token) for token in clause.tokens) if s]
        if sum(s not in self.alone for s in stems) < _TELLING or not self.leading.intersection(stems):
            return 0.0
        told = self.told(clause.tokens)
        told *= _ONE_PERSONS ** sum(stem in self.alone for stem in stems)
        if told <= above or not _is_clean(clause) or self._names_somebody(clause):
            return 0.0
        told *= _manners(clause) * self._spelling(clause) * self._agreement(clause)
        return told if told > above and repaired([clause.written]) == [clause.written] else 0.0

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

    def _agreement(self, clause: _Clause) -> float:
        """Less for what denies something where few do: it may say the contrary of the others."""
        return min(1.0, 2 * self.denying) if _NEGATED.search(normalise(clause.written)) else 1.0


def _clauses(texts: Sequence[str]) -> Iterator[_Clause]:
    for text in texts:
        if is_shouted(text):
            continue
        read = _QUOTED.sub(" | ", _MASK.sub(" [ ", " ".join(text.split())))
        for sentence, end in _SENTENCE.findall(read):
            if "?" in end or _SUPPOSED.search(sentence.lower()):
                continue
            for place, part in enumerate(_CLAUSE.split(_GRANTED.sub("", sentence))):
                yield from _trimmed(part, begins=not place)
                pieces = part.split(",") if "," in part else ()
                for rank, piece in enumerate(pieces):
                    yield from _trimmed(piece, begins=not place and not rank)


def _trimmed(piece: str, *, begins: bool) -> Iterator[_Clause]:
    """The clause without the little words that hang at its beginning; whole, and without its circumstances. Nothing
    when it is not one: inside a sentence (not `begins`) it must begin with a determiner."""
    written = piece.strip(_EDGE)
    while (head := written.partition(" "))[1] and normalise(head[0]).strip(_EDGE) in STARTERS:
        written, begins = head[2].strip(_EDGE), False
    if not _opens(written, begins=begins):
        return
    for end in (len(written), *(found.start() for found in _CIRCUMSTANCE.finditer(written))):
        if end > LONGEST:
            continue
        tokens = tuple(_bare(token) for token in _TOKEN.findall(written[:end]))
        if _WORDS[0] <= len(tokens) <= _WORDS[1] and not _enumerates(written[:end]):
            yield _Clause(written[:end].strip(_EDGE), tokens)


def _opens(written: str, *, begins: bool) -> bool:
    """Whether something may begin with these words."""
    said = normalise(written)
    first = re.split(r"[\s']", said, maxsplit=1)[0]
    if first in OPENERS or _OPENING.match(said):
        return True
    return begins and first not in STOPWORDS and without_accents(first) not in CONNECTING


def _enumerates(written: str) -> bool:
    """« Nom, adresse, mutuelle »"""
    pieces = written.split(",")
    return len(pieces) > 1 and all(len(_TOKEN.findall(piece)) <= 2 for piece in pieces)


def _is_clean(clause: _Clause) -> bool:
    """No number, mask, insult, greeting, texting, question; and it ends on a word that means something."""
    words = {without_accents(token) for token in clause.tokens}
    said = normalise(clause.written)
    if _FOREIGN.search(said) or _ASKED.search(said) or words & SWEAR_WORDS or words & GREETINGS:
        return False
    if any(token in TYPED for token in said.split()):
        return False
    return without_accents(clause.tokens[-1]) not in STOPWORDS


def _manners(clause: _Clause) -> float:
    """A title speaks for many: « je », « mon », or an address to somebody read less well."""
    words = [without_accents(word) for word in re.split(r"[\s’']", normalise(clause.written))]
    kept = 0.5 ** sum(word in PERSONAL for word in words)
    kept *= 0.6 if words[0] == "des" else 1.0  # of some, when all may be meant
    return kept * (0.8 if "vous" in words or "votre" in words or "vos" in words else 1.0)


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
