"""How well each text is surrounded: a stranger resembles nothing else, says words that nobody else says, or is of a
length that nothing else has.

Vectors are compared as the model gives them, not from the middle of the corpus: seen from there, what says nothing
(« blabla », a signature) and what comes from elsewhere resemble one another. Words and meaning weigh the same.
"""

from collections.abc import Sequence

import numpy as np

from clustering.space import Space

_ENOUGH = 50  # texts from which their length and their words say what is usual
_USUAL, _MOST = 1.25, 4.0  # robust deviations of length that say nothing; those counted beyond, at most
# Weight, against how close a text is to others, of how much its words are theirs: beside meaning, and with words alone.
# Strangers from another set are told the better the more it weighs (with words alone, AUROC .86 to .91 on average);
# isolated fiches of the demo town, which speak as the others do, are at .2 to .4, and from 1 to 2.
_FAMILIAR, _FAMILIAR_ALONE = 0.3, 2.0
_BLOCK = 1_024

# On the 368 fiches of the demo town, .45 leaves 28 % of the isolated ones and 3 % of the others (.4: 23 and 1.5 %;
# .5: 47 and 4 %); on draws of 150, 53 and 4 % (.4: 43 and 3 %; .5: 58 and 6 %).
LONELY = 0.55  # of the median score: what nothing really resembles
_FEW = 100  # texts under which neighbours say little: each is near all the others


def surroundings(
    texts: Sequence[str],
    *,
    space: Space,
    vectors: np.ndarray | None,
    nearest: np.ndarray,
    similarity: np.ndarray,
) -> np.ndarray:
    """A score per text (n,), 0..1: 0 when its neighbours are no closer than texts taken at random, 1 when they say
    the same.

    `nearest`, `similarity` (n, k): its neighbours in `space`, whose meaning comes from `vectors` (n, d) or None.
    What a length has beyond 1.25 robust deviations costs as many deviations of the score; how familiar its words are
    counts beside, on the same scale. Fourteen strangers of fourteen topics among the texts of another set, six pairs
    of sets, three draws, and passages of fiches without a grievance: AUROC .90 on average and .91 with words alone,
    where how close they are has .86 and .84, and .88 and .86 once the length counts.
    """
    if similarity.size == 0:
        return np.zeros(len(similarity))
    close = similarity.mean(axis=1, dtype=np.float64)
    if vectors is not None:
        close = _even(space, np.asarray(vectors, dtype=np.float32), nearest, close)
    spread = float(close.std())
    weight = 0.0 if len(texts) < _ENOUGH else _FAMILIAR_ALONE if vectors is None else _FAMILIAR
    known = np.median(close) + spread * _deviations(space.familiar)
    return np.clip((close - spread * _unusual(texts) + weight * known) / (1 + weight), 0, 1)


def lonely(scores: np.ndarray) -> float:
    """The score under which a text that nothing holds is better left to sort.

    Less is asked of a few texts, whose scores (n,) depend on who else happens to be there. On draws of 60 fiches of
    the demo town, one in nine of them isolated, 32 % of those are under it and 3 % of the others; of 20, 21 and 3 %.
    """
    if not len(scores):
        return 0.0
    return LONELY * min(1.0, len(scores) / _FEW) ** 0.5 * float(np.median(scores))


def _even(space: Space, vectors: np.ndarray, nearest: np.ndarray, close: np.ndarray) -> np.ndarray:
    """The same where meaning weighs as much as words, from 0 for two texts taken at random."""
    chance = _chance(vectors)
    words = close * (1 + space.weight) - space.weight * _mean_products(space.semantic, nearest)
    meaning = (_mean_products(vectors, nearest) - chance) / max(1 - chance, 1e-9)
    return (words + meaning) / 2


def _chance(rows: np.ndarray) -> float:
    """The mean product of two different rows."""
    n, total = len(rows), rows.sum(axis=0, dtype=np.float64)
    return float(total @ total - np.square(rows).sum()) / (n * (n - 1))


def _mean_products(rows: np.ndarray, nearest: np.ndarray) -> np.ndarray:
    """The mean over its neighbours (n, k) of the product of each row with theirs: (n,)."""
    found = np.empty(len(rows))
    for start in range(0, len(rows), _BLOCK):
        part = slice(start, start + _BLOCK)
        found[part] = np.einsum("nd,nd->n", rows[part], rows[nearest[part]].mean(axis=1))
    return found


def _deviations(numbers: np.ndarray) -> np.ndarray:
    """How many standard deviations above the median each is: (n,)."""
    away = numbers - np.median(numbers)
    spread = float(away.std())
    return away / spread if spread > 0 else np.zeros(len(numbers))


def _unusual(texts: Sequence[str]) -> np.ndarray:
    """How far beyond what is usual the length of each text is, in robust deviations of its logarithm: (n,)."""
    length = np.log1p([len(text.split()) for text in texts])
    away = np.abs(length - np.median(length))
    usual = 1.4826 * float(np.median(away))
    if len(texts) < _ENOUGH or usual == 0:
        return np.zeros(len(texts))
    return np.clip(away / usual - _USUAL, 0, _MOST)
