"""A corpus seen both ways, by its words and by its meaning, and how close two of its texts are.

The similarity is (lexical cosine + weight x semantic cosine) / (1 + weight), from -1 to 1. The right
weight depends on the corpus, not on taste: long, precise arguments are told apart by their words,
short colloquial complaints by their meaning. It is read from how far the two views agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from clustering.features import Lexicon, centred, dense_space, unit

_STRONG, _WEAK = 1.5, 1.25  # agreement above which words lead, below which meaning leads
_MEANING_LEADS, _WORDS_LEAD = 4.0, 0.3
_SAMPLE = 1_000
CONTEXT_WEIGHT = 0.3  # stronger, it would only find the services again
_NEAR_SHARE = 0.04


@dataclass(frozen=True)
class Space:
    """One row per text: `lexical` (n, words) sparse, `semantic` (n, d) centred, `weight` of the second."""

    lexical: sparse.csr_matrix
    semantic: np.ndarray
    weight: float

    def __len__(self) -> int:
        return self.lexical.shape[0]

    def similarity(self, rows: np.ndarray | slice, others: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Similarities (rows, others), dense."""
        lexical = (self.lexical[rows] @ self.lexical[others].T).toarray()
        meaning = self.semantic[rows] @ self.semantic[others].T
        return (lexical + self.weight * meaning) / (1 + self.weight)

    def centrality(self, rows: np.ndarray) -> np.ndarray:
        """Mean similarity of each of `rows` to all of them, (rows,)."""
        words, meaning = self.lexical[rows], self.semantic[rows]
        by_words = np.asarray(words @ words.sum(axis=0).T).ravel()
        by_meaning = meaning @ meaning.sum(axis=0)
        return (by_words + self.weight * by_meaning) / (1 + self.weight) / len(rows)

    def with_context(self, contexts: Sequence[str]) -> "Space":
        """The same space where texts of one context (n,) are `CONTEXT_WEIGHT` closer to one another."""
        names = {name: i for i, name in enumerate(sorted(set(contexts)))}
        column = [names[context] for context in contexts]
        strength = np.full(len(self), np.sqrt(CONTEXT_WEIGHT * (1 + self.weight)))
        told = sparse.csr_matrix((strength, (np.arange(len(self)), column)), shape=(len(self), len(names)))
        return replace(self, lexical=sparse.hstack([self.lexical, told]).tocsr())

    def dense(self, *, seed: int = 0) -> np.ndarray:
        """Both views as one dense unit row per text, float32, for searching and for centroids."""
        words = self.lexical @ dense_space(self.lexical, seed=seed)
        return unit(np.hstack([words, np.sqrt(self.weight) * self.semantic])).astype(np.float32)


def build(texts: Sequence[str], vectors: np.ndarray | None, *, seed: int = 0) -> Space:
    """The space of these texts; `vectors` (n, d) is what they mean, or None for words alone."""
    lexical = Lexicon(texts).fitted
    if vectors is None:
        return Space(lexical, np.zeros((len(texts), 0), dtype=np.float32), 0.0)
    semantic = centred(np.asarray(vectors, dtype=np.float32))
    return Space(lexical, semantic, meaning_weight(lexical, semantic, seed=seed))


def meaning_weight(lexical: sparse.csr_matrix, semantic: np.ndarray, *, seed: int = 0) -> float:
    """Weight of meaning against words, .3 to 4.

    Agreement = how many standard deviations above chance the lexical similarity of semantic
    neighbours is. Measured: 1.2 on short fiches (best weight 4), 1.5-1.7 on long arguments and
    2.1-2.6 on encyclopaedic passages (best weight .3).
    """
    n = lexical.shape[0]
    rows = np.arange(n)
    if n > _SAMPLE:
        rows = np.sort(np.random.default_rng(seed).choice(n, _SAMPLE, replace=False))
    agreement = _agreement((lexical[rows] @ lexical[rows].T).toarray(), semantic[rows] @ semantic[rows].T)
    share = np.clip((_STRONG - agreement) / (_STRONG - _WEAK), 0, 1)
    return float(_WORDS_LEAD * (_MEANING_LEADS / _WORDS_LEAD) ** share)


def _agreement(by_words: np.ndarray, by_meaning: np.ndarray) -> float:
    n = len(by_words)
    pairs = by_words[np.triu_indices(n, 1)]
    if n < 20 or pairs.std() == 0:
        return 0.0
    near = max(3, int(_NEAR_SHARE * n))
    np.fill_diagonal(by_meaning, -np.inf)
    neighbours = np.argpartition(-by_meaning, near, axis=1)[:, :near]
    return float((by_words[np.arange(n)[:, None], neighbours].mean() - pairs.mean()) / pairs.std())
