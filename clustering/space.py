"""A corpus seen both ways, by its words and by its meaning, and how close two of its texts are.

The similarity is (lexical cosine + weight x semantic cosine) / (1 + weight), from -1 to 1. The right
weight depends on the corpus, not on taste: long, precise arguments are told apart by their words,
short colloquial complaints by their meaning. It is read from how far the two views agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from clustering.coherence import coherent
from clustering.features import Lexicon, centred, dense_space, unit
from clustering.french import repaired
from clustering.stopwords import STOPWORDS
from clustering.words import words

_EVEN = 2.1  # agreement at which words and meaning weigh the same
_WORDS_LEAD, _MEANING_LEADS = 0.3, 4.0
_ROWS, _AMONG = 1_000, 3_000  # texts that are asked, and among which
_FEWEST = 20  # texts under which no agreement can be measured
_NEAR = 12  # neighbours of a text, at most
_COHERENT = 1_000, 5_000  # texts, with words alone, between which what words bring together says how much they weigh
_FEW = 1_000  # texts under which the corpus cannot tell by itself which words say nothing, nor which are mistyped
# At .05, .1, .15 and .3 with the service: AMI .74, .82, .76, .69 on the dev passages (service alone: .69) and .87, .89,
# .86, .80 on the demo town; themes across services 40, 18, 8 and 0 % (truth: 14), and 42, 31, 28, 7 % (truth: 19).
CONTEXT_WEIGHT = 0.1
# Against meaning. At 0, .2, .5, 1: AMI .50, .52, .46, .44 on five draws of 85 % of the dev passages, .74, .76, .75, .73
# on the demo town: more only finds the catalogue again.
ARCHETYPES_WEIGHT = 0.2


@dataclass(frozen=True)
class Space:
    """One row per text: `lexical` (n, words) sparse, `semantic` (n, d) centred, `weight` of the second. `familiar`
    (n,): how much the words of each are those of the others (see ``familiar``).

    The last `told` columns of `lexical` are contexts.
    """

    lexical: sparse.csr_matrix
    semantic: np.ndarray
    weight: float
    familiar: np.ndarray
    told: int = 0

    def __len__(self) -> int:
        return self.lexical.shape[0]

    def similarity(self, rows: np.ndarray | slice, others: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Similarities (rows, others), dense."""
        lexical = (self.lexical[rows] @ self.lexical[others].T).toarray()
        meaning = self.semantic[rows] @ self.semantic[others].T
        return (lexical + self.weight * meaning) / (1 + self.weight)

    def centrality(self, rows: np.ndarray) -> np.ndarray:
        """Mean similarity of each of `rows` to all of them, (rows,)."""
        lexical, meaning = self.lexical[rows], self.semantic[rows]
        by_words = np.asarray(lexical @ lexical.sum(axis=0).T).ravel()
        by_meaning = meaning @ meaning.sum(axis=0)
        return (by_words + self.weight * by_meaning) / (1 + self.weight) / len(rows)

    def with_context(self, contexts: Sequence[str]) -> "Space":
        """The same space where texts of one context (n,) are `CONTEXT_WEIGHT` closer to one another."""
        names = {name: i for i, name in enumerate(sorted(set(contexts)))}
        column = [names[context] for context in contexts]
        strength = np.full(len(self), np.sqrt(CONTEXT_WEIGHT * (1 + self.weight)))
        told = sparse.csr_matrix((strength, (np.arange(len(self)), column)), shape=(len(self), len(names)))
        return replace(self, lexical=sparse.hstack([self.lexical, told]).tocsr(), told=len(names))

    def weighing(self, factor: float) -> "Space":
        """The same space where meaning weighs `factor` times as much against words; contexts keep their strength."""
        weight = self.weight * factor
        scale = np.ones(self.lexical.shape[1], dtype=self.lexical.dtype)
        scale[scale.size - self.told :] = np.sqrt((1 + weight) / (1 + self.weight))
        return replace(self, weight=weight, lexical=(self.lexical @ sparse.diags(scale)).tocsr())

    def dense(self, *, seed: int = 0) -> np.ndarray:
        """Both views as one dense unit row per text, float32, for searching and for centroids."""
        by_words = self.lexical @ dense_space(self.lexical, seed=seed)
        return unit(np.hstack([by_words, np.sqrt(self.weight) * self.semantic])).astype(np.float32)


def build(
    texts: Sequence[str], vectors: np.ndarray | None, *, archetypes: np.ndarray | None = None, seed: int = 0
) -> Space:
    """The space of these texts; `vectors` (n, d) is what they mean, or None for words alone.

    `archetypes` (n, k): how close each is to the pain points every service knows; part of the meaning.
    """
    if len(texts) < _FEW:
        texts = [_telling(text) for text in repaired(texts)]
    lexicon = Lexicon(texts)
    lexical = lexicon.fitted
    if vectors is None:
        if _COHERENT[0] <= len(texts) <= _COHERENT[1]:
            lexical = coherent(lexical, lexicon.stems, seed=seed)
        return Space(lexical, np.zeros((len(texts), 0), dtype=np.float32), 0.0, lexicon.familiar())
    semantic = centred(np.asarray(vectors, dtype=np.float32))
    weight = meaning_weight(lexical, semantic, seed=seed)
    if archetypes is not None:
        semantic = _beside(semantic, centred(np.asarray(archetypes, dtype=np.float32)))
    return Space(lexical, semantic, weight, lexicon.familiar())


def _beside(semantic: np.ndarray, profiles: np.ndarray) -> np.ndarray:
    """Both, as one unit row per text, profiles counting for `ARCHETYPES_WEIGHT`."""
    share = np.float32(ARCHETYPES_WEIGHT)
    return np.hstack([semantic, np.sqrt(share) * profiles]) / np.sqrt(1 + share)


def meaning_weight(lexical: sparse.csr_matrix, semantic: np.ndarray, *, seed: int = 0) -> float:
    """Weight of meaning against words, .3 to 4.

    Agreement: how many standard deviations above chance the lexical similarity of semantic neighbours is. Measured
    with the weight that suits each best: 1.3 on 176 short fiches (4), 1.7 on 170 long arguments (.6), 2.2 on the 300
    passages of the demo town (2) and on 170 of encyclopaedic sheets (.6), 3 to 6 on thousands of the last two (.3).
    """
    n = lexical.shape[0]
    if n < _FEWEST:
        return _MEANING_LEADS
    drawn = np.random.default_rng(seed).permutation(n)
    among = np.sort(drawn[:_AMONG])
    rows = np.flatnonzero(np.isin(among, drawn[:_ROWS]))
    by_words = (lexical[among[rows]] @ lexical[among].T).toarray()
    agreement = _agreement(by_words, semantic[among[rows]] @ semantic[among].T, rows)
    return float(np.clip((_EVEN / max(agreement, 0.1)) ** 3, _WORDS_LEAD, _MEANING_LEADS))


def _agreement(by_words: np.ndarray, by_meaning: np.ndarray, rows: np.ndarray) -> float:
    """`by_words`, `by_meaning` (rows, n): similarities of the texts at `rows` with all of them."""
    own = (np.arange(len(rows)), rows)
    by_words[own] = np.nan
    spread = float(np.nanstd(by_words))
    if spread == 0:
        return 0.0
    by_meaning[own] = -np.inf
    near = int(np.clip(by_words.shape[1] // 5, 3, _NEAR))
    nearest = np.argpartition(-by_meaning, near, axis=1)[:, :near]
    theirs = np.take_along_axis(by_words, nearest, axis=1)
    return float((np.nanmean(theirs) - np.nanmean(by_words)) / spread)


def _telling(text: str) -> str:
    """The words of a text that say something in any corpus."""
    return " ".join(word for word in words(text) if word not in STOPWORDS)
