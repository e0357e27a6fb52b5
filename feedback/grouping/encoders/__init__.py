"""Which sentence encoder this site uses, and what happens when it fails (docs/encoders.md).

Vectors are made by the worker, by the batch, and never while somebody waits for a page. An encoder that fails is left
alone for a while: grouping goes on by words alone, and the next night encodes what is missing.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.module_loading import import_string

import clustering
from clustering.folder import FolderEncoder, UnreadableFolder, version_of
from feedback.grouping.encoders.endpoint import Endpoint, NotSafe

logger = logging.getLogger(__name__)

PAUSE = 300  # seconds during which a failed encoder is not asked again
_TROUBLE = "encoder:trouble:{version}"

Encode = Callable[[Sequence[str]], np.ndarray]


class NoEncoder(Exception):
    """The encoder of this site did not answer, or not with vectors: words alone will do for now."""


@dataclass(frozen=True)
class Backend:
    """``version``: under which its vectors are stored. ``host``: where masked passages are sent, empty when nowhere."""

    version: str
    encode: Encode
    name: str
    host: str = ""


def version() -> str:
    """The version under which vectors are stored now; empty when grouping goes by words alone."""
    backend = current()
    return backend.version if backend else ""


def current() -> Backend | None:
    """The encoder that the settings name, working or not; None for words alone, or for settings that name nothing
    usable (then the checks of Django say so)."""
    try:
        return _made(*named())
    except (UnreadableFolder, NotSafe, ImportError) as error:
        logger.error("the sentence encoder cannot be used: %s", error)
        return None


def ready() -> Backend | None:
    """The same, unless it failed a moment ago."""
    backend = current()
    return None if backend is None or trouble(backend) else backend


def trouble(backend: Backend) -> dict[str, str] | None:
    """The last failure, while the encoder is left alone: ``at`` and ``problem``, without a word of any passage."""
    return cache.get(_TROUBLE.format(version=backend.version))


def encode(texts: Sequence[str]) -> np.ndarray:
    """Vectors float32 (n, d), in order. Raises ``NoEncoder``: logged, told to administrators, tried again later."""
    backend = ready()
    if backend is None:
        raise NoEncoder
    try:
        vectors = np.asarray(backend.encode(list(texts)), dtype=np.float32)
        _check(vectors, len(texts))
    except Exception as error:  # whatever another model may raise: grouping goes on without it
        _note(backend, error)
        raise NoEncoder from error
    return vectors


def named() -> tuple[str, str, str, str, str]:
    """What the settings say: a function, a folder, or an address with its model and key; the last one given wins."""
    return (
        settings.CLUSTERING_ENCODER or "",
        settings.CLUSTERING_ENCODER_FOLDER,
        settings.CLUSTERING_ENCODER_URL,
        settings.CLUSTERING_ENCODER_MODEL,
        settings.CLUSTERING_ENCODER_KEY,
    )


def host() -> str:
    """The machine that masked passages are sent to; empty when they stay here."""
    return (urlsplit(settings.CLUSTERING_ENCODER_URL).hostname or "") if settings.CLUSTERING_ENCODER_URL else ""


@lru_cache(maxsize=4)
def _made(function: str, folder: str, url: str, model: str, key: str) -> Backend | None:
    if url:
        endpoint = Endpoint(url, model=model, key=key)
        return Backend(endpoint.version, endpoint.encode, model, endpoint.host)
    if folder:
        place = Path(folder)
        return Backend(version_of(place), _Lazy(folder).encode, place.name)
    if not function:
        return None
    known = function == "clustering.encode"
    return Backend(clustering.MODEL_VERSION if known else function[:40], import_string(function), function)


class _Lazy:
    """A folder whose weights are read at the first passage: a web process never does."""

    def __init__(self, folder: str):
        self._folder = folder

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return _loaded(self._folder).encode(texts)


@lru_cache(maxsize=1)
def _loaded(folder: str) -> FolderEncoder:
    return FolderEncoder(folder)


def _check(vectors: np.ndarray, count: int) -> None:
    if vectors.ndim != 2 or len(vectors) != count or not np.isfinite(vectors).all():
        raise ValueError(f"expected {count} vectors of finite numbers, got an array of shape {vectors.shape}")


def _note(backend: Backend, error: Exception) -> None:
    """Say it in the log and to administrators: the kind of failure, never what was sent."""
    problem = f"{type(error).__name__}: {error}" if isinstance(error, (ValueError, OSError)) else type(error).__name__
    logger.error(
        "the sentence encoder %s failed (%s); words alone for %s seconds",
        backend.name,
        problem,
        PAUSE,
        exc_info=not backend.host,
    )
    told = {"at": timezone.now().isoformat(), "problem": problem[:200]}
    cache.set(_TROUBLE.format(version=backend.version), told, PAUSE)
