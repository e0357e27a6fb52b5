"""How alike texts are when there are too few of them to know what is usual.

Vectors are centred on ordinary complaints (``background``), words are weighed against them, and the
threshold is what unrelated complaints do not reach.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from clustering.background import SENTENCES
from clustering.features import Lexicon, centred
from clustering.semantic import encode

WORDS = 0.3  # weight of shared words beside meaning
# On pools of the demo town (three of one grievance among strangers of the same service, 114 draws): 46 found exactly,
# 19 with a stranger; at .13, 53 and 29; at .17, 43 and 9.
CLEAR = 0.105  # similarity that unrelated complaints hardly reach, among four (same grievance: .27 on average)
GROWS = 0.10  # more strangers, more likeness by chance: added at each doubling of the texts…
MOST = 0.195  # …up to this
CLEAR_WORDS = 0.12  # the same with words alone


def nearness(texts: Sequence[str], vectors: np.ndarray | None) -> tuple[np.ndarray, float]:
    """Similarities (n, n), at most 1, and the least that means « the same grievance »."""
    lexical = Lexicon([*texts, *SENTENCES], least=1).fitted[: len(texts)]
    words = (lexical @ lexical.T).toarray()
    if vectors is None:
        return words, CLEAR_WORDS
    meaning = middled(np.asarray(vectors, dtype=np.float32))
    least = CLEAR + GROWS * np.log2(max(len(texts), 4) / 4)
    return (meaning @ meaning.T + WORDS * words) / (1 + WORDS), float(min(least, MOST))


def middled(vectors: np.ndarray) -> np.ndarray:
    """Unit vectors seen from the middle of ordinary complaints; from their own when of another model."""
    middle = background_middle()
    return centred(vectors, middle if vectors.shape[1] == len(middle) else None)


@lru_cache(maxsize=1)
def background_middle() -> np.ndarray:
    """The mean meaning (d,) of ordinary complaints, by the default backend."""
    return encode(SENTENCES).mean(axis=0)
