"""What texts mean, as vectors, with the encoder that the settings name for this machine (docs/encoders.md).

A search for themes is rare and asked for by a person: vectors are made for it and not kept. Texts of a consultation
are never sent to another machine: with an encoder behind an address, themes are found by words alone.
"""

import logging
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from django.conf import settings
from django.utils.module_loading import import_string

from clustering.folder import FolderEncoder

logger = logging.getLogger(__name__)
BATCH = 256

Encode = Callable[[Sequence[str]], np.ndarray]
Say = Callable[[int], None]


def of(texts: Sequence[str], *, say: Say) -> np.ndarray | None:
    """Vectors float32 (n, d), in order; None without an encoder here. ``say``: how many were read."""
    encode = _encoder()
    if encode is None or not texts:
        return None
    read = []
    for start in range(0, len(texts), BATCH):
        read.append(np.asarray(encode(list(texts[start : start + BATCH])), dtype=np.float32))
        say(min(start + BATCH, len(texts)))
    return np.vstack(read)


def _encoder() -> Encode | None:
    if settings.CLUSTERING_ENCODER_URL:
        return None
    if settings.CLUSTERING_ENCODER_FOLDER:
        return _folder(settings.CLUSTERING_ENCODER_FOLDER).encode
    return import_string(settings.CLUSTERING_ENCODER) if settings.CLUSTERING_ENCODER else None


@lru_cache(maxsize=1)
def _folder(folder: str) -> FolderEncoder:
    return FolderEncoder(folder)
