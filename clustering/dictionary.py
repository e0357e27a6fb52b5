"""How often words are written, in French and in the languages around: the data of ``wordfreq`` (CC BY-SA 4.0:
Wikipedia, OpenSubtitles, Google Books, ParaCrawl…), of which only that is read. Half a second at the first call."""

from functools import lru_cache

import wordfreq

from clustering.words import TYPED

_RAREST = 750  # hundredths of powers of ten: rarer words of the list are other words mistyped for the most part
_KNOWN = 1e-7  # a word met once in ten million is a word, however rare
_OTHERS = "en", "es", "de", "it", "pt"


class Dictionary:
    """`french`: how often each word is written, from 0 to 1, the most frequent first. `foreign`: the same of words of
    other languages."""

    def __init__(self) -> None:
        self.french = _frequencies(wordfreq.get_frequency_list("fr", "large")[: _RAREST + 1])
        self.foreign: dict[str, float] = {}
        for name in _OTHERS:
            for word, often in _frequencies(wordfreq.get_frequency_list(name, "small")).items():
                self.foreign[word] = max(often, self.foreign.get(word, 0.0))
        wordfreq.get_frequency_list.cache_clear()  # it keeps every list it has read

    def is_french(self, word: str) -> bool:
        """A word that French people write, texting included."""
        return self.french.get(word, 0.0) >= _KNOWN or word in TYPED

    def is_known(self, word: str) -> bool:
        """A word of some language."""
        return self.is_french(word) or word in self.foreign

    def frequency(self, word: str) -> float:
        """How often it is written, in the language that writes it most; 0 for a word of none."""
        return max(self.french.get(word, 0.0), self.foreign.get(word, 0.0))


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """The dictionary, read once."""
    return Dictionary()


def _frequencies(by_rank: list[list[str]]) -> dict[str, float]:
    """Frequencies of words, the most frequent first, from lists where the i-th holds those met once in 10^(i/100)
    words. They are in lower case already."""
    found: dict[str, float] = {}
    for rank, words in enumerate(by_rank):
        often = 10 ** (-rank / 100)
        for word in filter(str.isalpha, words):
            found.setdefault(word.replace("œ", "oe").replace("æ", "ae"), often)
    return found
