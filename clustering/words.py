"""From a text to words: the one place that decides what a word is.

Everything here is pure and cheap; nothing depends on the corpus.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[^\W\d_]{2,}")
_SURELY = re.compile(r"[A-Za-z]{2}")  # in most texts, and no need to normalise them
_TOKEN = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_IDENTIFYING = re.compile(r"\S*[\d@]\S*")
_STEMMER = Stemmer.Stemmer("french")
_PARTICIPLE = re.compile(r"(?<=\w{4})(?:ees?|es?)$")
_SHOUTED = 0.6  # share of capitals above which a text is read as shouted

# How people type, and what they mean: general texting French, no subject matter.
TYPED = {
    "bcp": "beaucoup", "bjr": "bonjour", "c": "c'est", "cad": "c'est à dire", "cest": "c'est",
    "ct": "c'était", "chui": "je suis", "chuis": "je suis", "dapres": "d'après", "dc": "donc",
    "dp": "depuis", "dpuis": "depuis", "ds": "dans", "fo": "il faut", "g": "j'ai",
    "jai": "j'ai", "javais": "j'avais", "jdois": "je dois", "jpeu": "je peux", "jpeux": "je peux",
    "jsuis": "je suis", "jveux": "je veux", "ke": "que", "kel": "quel", "ki": "qui",
    "kon": "qu'on", "koi": "quoi", "mdp": "mot de passe", "mm": "même", "mnt": "maintenant",
    "mtn": "maintenant", "nb": "nombre", "ns": "nous", "pb": "problème", "pbs": "problèmes",
    "pck": "parce que", "pcq": "parce que", "pcque": "parce que", "pdt": "pendant",
    "pk": "pourquoi", "pr": "pour", "pq": "pourquoi", "qd": "quand", "qq": "quelques",
    "rdv": "rendez-vous", "sa": "ça", "ske": "ce que", "slt": "salut", "svp": "s'il vous plaît",
    "tel": "téléphone", "tjrs": "toujours", "tjs": "toujours", "tps": "temps", "tt": "tout",
    "vs": "vous", "ya": "il y a", "yavait": "il y avait", "zont": "ils ont",
}  # fmt: skip


def normalise(text: str) -> str:
    """Lower case, one kind of apostrophe, no ligatures, composed accents."""
    text = unicodedata.normalize("NFC", text).lower()
    return text.replace("’", "'").replace("œ", "oe").replace("æ", "ae")


@lru_cache(maxsize=200_000)
def without_accents(word: str) -> str:
    """``"élève"`` → ``"eleve"``."""
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Snowball's French stem without accents nor what is left of a participle: « réclamées » and
    « RECLAMEES » meet."""
    return _PARTICIPLE.sub("", without_accents(_STEMMER.stemWord(word)))


def stems(words: Sequence[str]) -> list[str]:
    """The stem of each of many distinct words, without remembering any."""
    return [_PARTICIPLE.sub("", without_accents(stemmed)) for stemmed in _STEMMER.stemWords(words)]


def words(text: str) -> list[str]:
    """The words of two letters and more, lower case, in order."""
    return words_of(normalise(text))


def has_words(text: str) -> bool:
    """Whether there is one at all."""
    return _SURELY.search(text) is not None or _WORD.search(normalise(text)) is not None


def words_of(normalised: str) -> list[str]:
    """The same for a text already normalised."""
    return _WORD.findall(normalised)


def is_shouted(text: str) -> bool:
    """Written in capitals for the most part."""
    letters = sum(map(str.isalpha, text))
    return letters > 0 and sum(map(str.isupper, text)) > _SHOUTED * letters


def plain(text: str) -> str:
    """The text as a sentence encoder should meet it: lower case, numbers, addresses of mail and
    plates removed (they say who, not what), texting spelled out. Style goes, meaning stays."""
    text = _IDENTIFYING.sub(" ", normalise(text))
    return _TOKEN.sub(lambda found: TYPED.get(found.group(), found.group()), text)
