"""Finding the supporting documents that a text mentions, however they are spelled.

The names of all documents make one tree of words. A text is read once: each of its words becomes the words of
the tree that it may stand for (itself, without a glued article, as it sounds, with a slip of the keyboard), and the
longest path wins. What a word may stand for is remembered, so a passage takes a few tens of microseconds.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise, product

from rapidfuzz import process
from rapidfuzz.distance import OSA

from clustering.asking import is_asking, is_asking_again, is_one_of
from clustering.gazetteer import DEFAULT, Document
from clustering.lookalikes import DECOYS, NOT_SLIPS
from clustering.words import without_accents

_TOKEN = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_SENTENCE_END = re.compile(r"[.!?…\n]+(?:\s|$)")
_BREAK = re.compile(r"[,;:.!?()\n…+/]")  # a name does not go on across these
_NOT_LETTERS = re.compile(r"[^a-z0-9€]+")
_LITTLE_WORDS = """
    a au aux ce ces cet cette chacun chaque d de des dit dite du en et l la le les leur leurs m ma mes mon n neuf
    neuve no nos notre nouveau nouvel nouvelle of original originale or ou par pour propre qu que recent recente s sa
    ses soi disant son sur the ton tout toute tous toutes trois un une vos votre
    vieux vieille dernier derniere dernieres
    derniers fameux fameuse meme autre jour
"""
_LITTLE = frozenset(_LITTLE_WORDS.split())
_ELIDED = re.compile(r"(?:qu|[dlmnsjct])(?=[aeiouyh])")
_FUZZY_FROM = 6  # letters; shorter words must be right, or sound right
_SOUND_FROM = 4  # letters; « a » sounds like « aah »
_TWO_FROM = 9  # letters from which two slips are forgiven
_GAP = 4  # words that « … » may stand for
_REMEMBERED = 200_000  # spellings: ten thousand fiches hold fifty thousand


@dataclass(frozen=True)
class Mention:
    """`matched` is exactly ``text[start:end]``. `asked_again`: around it, people say that they gave it before,
    give it over and over, or that the administration has it: « dites-le-nous une fois ».
    """

    document: str
    issuer: str
    matched: str
    start: int
    end: int
    asked_again: bool = False


@dataclass(frozen=True)
class _Word:
    """`opens`: something stands between the former word and this one that no name goes across."""

    form: str
    start: int
    end: int
    opens: bool = False


@dataclass(frozen=True)
class _Found:
    document: Document
    last: int
    is_sure: bool
    has_gap: bool

    @property
    def may_yield(self) -> bool:
        """A name that is not sure, or no document, leaves room to one that begins inside it."""
        return not self.is_sure or not self.document.id

    @property
    def rank(self) -> tuple[bool, int, bool]:
        return (not self.has_gap, self.last, self.is_sure)


@dataclass
class _Node:
    """A point of the tree of names: what may follow, and the document whose name ends here."""

    after: dict[str, "_Node"] = field(default_factory=dict)
    document: Document | None = None
    is_sure: bool = False


def documents(text: str, gazetteer: Sequence[Document] = DEFAULT) -> list[Mention]:
    """The documents mentioned in `text`, in order, never overlapping; the longest name wins.

    Words of six letters and more may hold one slip (two from nine letters), counted as Damerau-Levenshtein
    with adjacent transpositions; shorter words must be right, or sound the same. Names that mean a document only
    when papers are asked for are kept only in a sentence that asks. `gazetteer` may hold a site's own documents.
    """
    lexicon = _lexicon(tuple(gazetteer))
    words = _words(text)
    sentences = _Sentences(text)
    mentions: list[Mention] = []
    i = 0
    while i < len(words):
        found = lexicon.best(words, i, sentences)
        if found is None or (found.may_yield and lexicon.has_better(words, i, found.last, sentences)):
            i += 1
            continue
        start, end = words[i].start, words[found.last].end
        if found.document.id:
            again = _is_again(start, sentences)
            mentions.append(Mention(found.document.id, found.document.issuer, text[start:end], start, end, again))
        i = found.last + 1
    return mentions


def spellings(form: str) -> list[str]:
    """The names that a line of the gazetteer stands for: « (papier|attestation) caf » is two. Raises on none."""
    parts = re.split(r"\(([^)]*)\)", form)
    choices = [part.split("|") if k % 2 else [part] for k, part in enumerate(parts)]
    return [" ".join("".join(one).split()) for one in product(*choices)]


def plain(name: str) -> tuple[str, ...]:
    """A name as it is compared: its words, lower case, singular, without accents nor little words.

    A name that begins with « = » keeps its little words; « … » stands for up to four words.
    """
    kept = [word.form for word in _words(name.replace("…", " zzgap "))]
    if not name.startswith("="):
        kept = [word for word in kept if word not in _LITTLE] or kept
    return tuple("…" if word == "zzgap" else word for word in kept)


class _Lexicon:
    """The tree of names of one gazetteer, and what each spelling met so far may stand for."""

    def __init__(self, gazetteer: Sequence[Document]) -> None:
        self.root = _Node()
        self._stands_for: dict[str, tuple[str, ...]] = {}
        self._first_words: dict[str, bool] = {}  # whether a name may begin with this spelling
        for document in (*DECOYS, *gazetteer):
            for is_sure, names in ((False, document.asked), (True, document.synonyms)):
                for name in names:
                    self._add(document, name, is_sure=is_sure)
        vocabulary = set(_vocabulary(self.root))
        self._vocabulary = vocabulary
        self._by_sound: dict[str, list[str]] = {}
        self._by_shape: dict[tuple[str, int], list[str]] = {}  # by first letter and length
        for word in sorted(vocabulary):
            if len(word) >= _SOUND_FROM:
                self._by_sound.setdefault(_sound(word), []).append(word)
            if len(word) >= _FUZZY_FROM:
                self._by_shape.setdefault((word[0], len(word)), []).append(word)

    def _add(self, document: Document, name: str, *, is_sure: bool) -> None:
        for spelling in spellings(name):
            node = self.root
            for word in plain(spelling):
                node = node.after.setdefault(word, _Node())
            if node is not self.root and (node.document is None or is_sure):
                node.document, node.is_sure = document, is_sure

    def best(self, words: list[_Word], i: int, sentences: "_Sentences") -> _Found | None:
        """The name that reads from this word: one without a gap if there is one, then the longest."""
        if not self.may_begin(words[i].form):
            return None
        best: _Found | None = None
        for node, last, has_gap in self._paths(self.root, words, i, gap=0, is_first=True):
            document = node.document
            if document is None or not (node.is_sure or _is_asked(document, words[i], sentences)):
                continue
            found = _Found(document, last, is_sure=node.is_sure, has_gap=has_gap)
            if best is None or found.rank > best.rank:
                best = found
        return best

    def has_better(self, words: list[_Word], i: int, last: int, sentences: "_Sentences") -> bool:
        """Whether a sure name begins inside this unsure one, or a longer one."""
        inside = (self.best(words, j, sentences) for j in range(i + 1, last + 1))
        return any(found and (found.last > last or (found.is_sure and found.document.id)) for found in inside)

    def _paths(
        self, node: _Node, words: list[_Word], at: int, *, gap: int, has_gap: bool = False, is_first: bool = False
    ) -> Iterator[tuple[_Node, int, bool]]:
        """Every name that reads from `at`, with the index of its last word, and whether it leaps over some."""
        if at >= len(words) or (words[at].opens and not is_first):
            return
        written = words[at].form
        for word in self.stands_for(written):
            if (following := node.after.get(word)) is not None:
                yield following, at, has_gap
                yield from self._paths(following, words, at + 1, gap=0, has_gap=has_gap)
                if (open_ended := following.after.get("…")) is not None:
                    yield from self._paths(open_ended, words, at + 1, gap=_GAP, has_gap=True)
        is_little = written in _LITTLE or written.isdigit()
        if not is_first and (gap or is_little):
            yield from self._paths(node, words, at + 1, gap=gap if is_little else gap - 1, has_gap=has_gap)

    def may_begin(self, written: str) -> bool:
        known = self._first_words.get(written)
        if known is None:
            if len(self._first_words) > _REMEMBERED:
                self._first_words.clear()
            known = any(word in self.root.after for word in self.stands_for(written))
            self._first_words[written] = known
        return known

    def stands_for(self, written: str) -> tuple[str, ...]:
        known = self._stands_for.get(written)
        if known is None:
            if len(self._stands_for) > _REMEMBERED:
                self._stands_for.clear()
            known = self._stands_for[written] = tuple(self._guesses(written))
        return known

    def _guesses(self, written: str) -> list[str]:
        """Words of the tree; the right spelling alone when it is one."""
        elided = _ELIDED.match(written)
        bare = written[elided.end() :] if elided else ""
        right = [word for word in (written, bare) if word in self._vocabulary]
        found = right + self._sounding_like(written) + self._sounding_like(bare)
        if not right and written not in NOT_SLIPS:
            found += self._slips(written)
        return list(dict.fromkeys(found))

    def _slips(self, written: str) -> list[str]:
        """First letters are rarely wrong; a change of the last one is mostly another word of the family."""
        if len(written) < _FUZZY_FROM - 1:
            return []
        found = []
        for length in range(len(written) - 2, len(written) + 3):
            slips = 2 if length >= _TWO_FROM else 1
            near = self._by_shape.get((written[0], length)) if abs(length - len(written)) <= slips else None
            if near:
                told = process.extract_iter(written, near, scorer=OSA.distance, processor=None, score_cutoff=slips)
                found += [word for word, _distance, _rank in told]
        return sorted(found)

    def _sounding_like(self, written: str) -> list[str]:
        return self._by_sound.get(_sound(written), []) if len(written) >= _SOUND_FROM else []


@lru_cache(maxsize=64)
def _lexicon(gazetteer: tuple[Document, ...]) -> _Lexicon:
    return _Lexicon(gazetteer)


def _vocabulary(node: _Node) -> Iterator[str]:
    for word, following in node.after.items():
        if word != "…":
            yield word
        yield from _vocabulary(following)


_SOUNDS = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"(?:qu|q|ck|k|c(?![eiyh]))"), "k"),
    (re.compile(r"(?:ss|sc(?=[ei])|c(?=[eiy])|z|ti(?=on))"), "s"),
    (re.compile(r"(?:eau|au)"), "o"),
    (re.compile(r"(?:ai|ei|oe|ae)(?=[^n])"), "e"),
    (re.compile(r"y"), "i"),
    (re.compile(r"h"), ""),
    (re.compile(r"(?:er|ez|ee|et)$"), "e"),
    (re.compile(r"(?:em|en|am)(?=[^aeiou])"), "an"),
    (re.compile(r"(.)\1"), r"\1"),
    (re.compile(r"(?<=.{3})[estdx]$"), ""),
    (re.compile(r"(?<=.{3})[es]$"), ""),
)


@lru_cache(maxsize=_REMEMBERED)
def _sound(word: str) -> str:
    """A rough key of how a French word is said: « didentiter », « bancère » and their right spellings meet."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def _words(text: str) -> list[_Word]:
    ends: dict[int, int] = {}
    for dotted in _DOTTED.finditer(text) if "." in text else ():
        # « M.D.P.H. » is one word; its place keeps its length, so that offsets stay those of the text.
        letters = dotted.group().replace(".", "")
        ends[dotted.start()] = dotted.start() + len(dotted.group().rstrip("."))
        text = text[: dotted.start()] + letters.ljust(len(dotted.group())) + text[dotted.end() :]
    words, former = [], 0
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        opens = text[former:start] != " " and _BREAK.search(text, former, start) is not None
        words.append(_Word(_form(found.group()), start, ends.get(start, end), opens))
        former = end
    return words


@lru_cache(maxsize=_REMEMBERED)
def _form(word: str) -> str:
    """A word as it is compared."""
    return _singular(without_accents(word.lower().replace("œ", "oe")))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("aux"):
        return word[:-3] + "al"
    return word[:-1] if len(word) > 3 and word[-1] in "sx" and not word.endswith("ss") else word


@dataclass(frozen=True)
class _Sentence:
    start: int
    end: int
    written: str

    @cached_property
    def plain(self) -> str:
        return _NOT_LETTERS.sub(" ", without_accents(self.written.lower()))

    @cached_property
    def asks(self) -> bool:
        return is_asking(self.plain)

    @cached_property
    def again(self) -> bool:
        return is_asking_again(self.plain)


class _Sentences:
    """The sentences of a text, read only where a name is met: most texts name no document."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def all(self) -> list[_Sentence]:
        edges = [0, *(found.end() for found in _SENTENCE_END.finditer(self._text)), len(self._text)]
        return [_Sentence(a, b, self._text[a:b]) for a, b in pairwise(edges) if b > a]

    def at(self, start: int) -> int | None:
        """The rank of the sentence that holds this place."""
        return next((rank for rank, one in enumerate(self.all) if one.start <= start < one.end), None)


def _is_again(start: int, sentences: _Sentences) -> bool:
    """In its sentence or the two around it: « Encore une attestation. Vous l'avez déjà. »"""
    at = sentences.at(start)
    return at is not None and any(one.again for one in sentences.all[max(0, at - 2) : at + 3])


def _is_asked(document: Document, first: _Word, sentences: _Sentences) -> bool:
    """Whether the sentence asks for papers, and the thing named is not itself the grievance."""
    at = sentences.at(first.start)
    sentence = None if at is None else sentences.all[at]
    if sentence is None or not sentence.asks:
        return False
    if is_one_of(document.unless, sentence.plain):
        return False
    return not document.needs or is_one_of(document.needs, sentence.plain)
