"""A new text, and the pain points that exist: which one is it about, if any?"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from clustering.background import SENTENCES
from clustering.features import Lexicon
from clustering.nearness import WORDS, middled

CLOSEST = 3  # members of a theme a new text is compared with: its nearest ones
LEAST = 0.17  # score under which a text is left « à trier » (with meaning)
LEAST_WORDS = 0.16  # the same with words alone
LEAST_AT_HOME = 0.26  # the same when we know which themes are at home
ABROAD = 0.10  # what a theme that is not at home must do better
AHEAD = 0.03  # how far the best theme must lead: on the dev passages it cuts errors by two thirds


_APART = 4.0  # more than two similarities can differ by
_BLOCK = 256  # texts placed at once: megabytes, whatever the number of texts
_USUAL = 0.1  # share of the members that say a word from which it is cheaper to keep a number for each of them


@dataclass(frozen=True)
class Assignment:
    """`label` of the theme, None when none is close enough; `score`, at most 1, of the best theme."""

    label: Hashable | None
    score: float


class Model:
    """Labelled texts ready to receive new ones. Immutable; safe to share between threads."""

    def __init__(self, lexicon: Lexicon, words, meaning: np.ndarray | None, labels: list[Hashable]):
        self._lexicon = lexicon
        self.labels = sorted(set(labels), key=repr)
        place = {label: i for i, label in enumerate(self.labels)}
        of = np.array([place[label] for label in labels], dtype=np.int64)
        order = np.argsort(of, kind="stable")  # members of one label side by side
        self._of = of[order].astype(np.float64)
        self._closest = _first_places(np.bincount(of, minlength=len(self.labels)))
        self._words = _Words(words[order])
        self._meaning = None if meaning is None else np.ascontiguousarray(meaning[order].T)

    @classmethod
    def from_labelled(
        cls, texts: Sequence[str], labels: Sequence[Hashable | None], *, vectors: np.ndarray | None = None
    ) -> "Model":
        """Learn from texts and their themes; None and -1 mean no theme. `vectors` (n, d): their meaning.

        Raises ValueError when the lengths differ. Costs about 1 ms per hundred texts.
        """
        if len(labels) != len(texts) or (vectors is not None and len(vectors) != len(texts)):
            raise ValueError("texts, labels and vectors must have the same length")
        kept = [row for row, label in enumerate(labels) if label is not None and label != -1]
        lexicon = Lexicon([*(texts[row] for row in kept), *SENTENCES], least=1)
        meaning = None
        if vectors is not None and kept:
            meaning = middled(np.asarray(vectors, dtype=np.float32)[kept])
        return cls(lexicon, lexicon.fitted[: len(kept)], meaning, [labels[row] for row in kept])

    def assign(
        self,
        texts: Sequence[str],
        vectors: np.ndarray | None = None,
        *,
        at_home: Sequence[Collection[Hashable]] | None = None,
    ) -> list[Assignment]:
        """One Assignment per new text, in order: milliseconds for one text among thousands.

        Give `vectors` (n, d) if and only if the model was given some; ValueError otherwise. `at_home`: for each
        text, the labels its context already knows (those of its service); others must be clearly closer.
        """
        if not self.labels or not len(texts):
            return [Assignment(None, 0.0)] * len(texts)
        if (vectors is None) != (self._meaning is None):
            raise ValueError("give vectors to a model made with vectors, and only then")
        scores = self._scores(texts, vectors)
        least = LEAST_WORDS if vectors is None else LEAST
        if at_home is not None:
            scores -= ABROAD * np.array([[label not in known for label in self.labels] for known in at_home])
            least = max(least, LEAST_AT_HOME) if vectors is not None else least
        return [self._decided(row, least) for row in scores]

    def _decided(self, scores: np.ndarray, least: float) -> Assignment:
        best = int(scores.argmax())
        second = float(np.delete(scores, best).max(initial=-1.0))
        sure = scores[best] >= least and scores[best] - second >= AHEAD
        return Assignment(self.labels[best] if sure else None, round(float(scores[best]), 4))

    def _scores(self, texts: Sequence[str], vectors: np.ndarray | None) -> np.ndarray:
        """How close each text is to each label: (texts, labels)."""
        found = np.empty((len(texts), len(self.labels)))
        rows = self._lexicon.rows(texts)
        for start in range(0, len(texts), _BLOCK):
            part = slice(start, start + _BLOCK)
            close = self._words.products(rows[part])
            if vectors is not None:
                meaning = middled(np.asarray(vectors[part], dtype=np.float32)) @ self._meaning
                close = (meaning + WORDS * close) / (1 + WORDS)
            found[part] = self._nearest(close)
        return found

    def _nearest(self, close: np.ndarray) -> np.ndarray:
        """Mean similarity to the nearest members of each label: (texts, labels) from (texts, members).

        One sort for all labels: similarities differ by 2 at most, so those of a label stay between its neighbours'.
        """
        keys = np.sort(_APART * self._of - close, axis=1)
        places, held = self._closest
        nearest = sum(keys[:, place] * share for place, share in zip(places.T, held.T, strict=True))
        return _APART * np.arange(len(self.labels)) - nearest


class _Words:
    """The words of the members, (members, words), turned once so that new texts are compared with all of them."""

    def __init__(self, rows: sparse.csr_matrix):
        turned = rows.T.tocsr()
        usual = np.diff(turned.indptr) >= _USUAL * len(rows.indptr)
        self._place = np.where(usual, np.cumsum(usual) - 1, -1)
        self._usual = turned[usual].toarray()
        self._others = sparse.diags((~usual).astype(np.float32)) @ turned
        self._others.eliminate_zeros()

    def products(self, rows: sparse.csr_matrix) -> np.ndarray:
        """Exact products (rows, members)."""
        place = self._place[rows.indices]
        held = place >= 0
        ends = np.append(0, np.cumsum(held))[rows.indptr]
        usual = sparse.csr_matrix((rows.data[held], place[held], ends), shape=(rows.shape[0], len(self._usual)))
        found = (rows @ self._others).toarray()
        found += usual @ self._usual
        return found


def _first_places(sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the nearest members of each label stand once sorted, (labels, CLOSEST), and the share each counts for."""
    rank = np.minimum(np.arange(CLOSEST), sizes[:, None] - 1)
    held = (np.arange(CLOSEST) < sizes[:, None]).astype(np.float64)
    return (np.cumsum(sizes) - sizes)[:, None] + rank, held / held.sum(axis=1, keepdims=True)
