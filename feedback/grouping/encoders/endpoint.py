"""An embeddings service that speaks like OpenAI's (``POST …/embeddings``); the State's Albert API is one.

Off unless the site names an address. It only ever receives masked passages and the sentences of our own catalogue.
"""

import hashlib
import ipaddress
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import numpy as np

AT_A_TIME = 32  # passages in a request
TIMEOUT = 15.0  # seconds without a byte
WHOLE = 60.0  # seconds for a whole answer
WAITS = (0.5, 2.0)  # seconds before each new try
LARGEST = 64 * 1024 * 1024  # bytes of an answer
LONGEST = 4_000  # characters of a passage
_WORTH_A_TRY = {408, 425, 429, 500, 502, 503, 504}


class NotSafe(ValueError):
    """The address given is not one that passages may be sent to."""


class NoAnswer(OSError):
    """It did not answer in time, or said that it could not; worth asking again."""


class BadAnswer(ValueError):
    """It answered something else than the vectors asked for."""


class Endpoint:
    """One service and one model. Raises ``NotSafe`` for an address without TLS that is not this very machine."""

    def __init__(self, url: str, *, model: str, key: str = ""):
        parts = urlsplit(url)
        self.host = parts.hostname or ""
        if not self.host or not (parts.scheme == "https" or (parts.scheme == "http" and _is_here(self.host))):
            raise NotSafe("the address of the encoder must begin with https://")
        if not model:
            raise NotSafe("name the model that the encoder must use (CAHIER_ENCODER_MODEL)")
        base = url.rstrip("/")
        self._url = base if base.endswith("/embeddings") else f"{base}/embeddings"
        self._model, self._key = model, key
        self._opener = urllib.request.build_opener(_NoRedirect)
        self._size: int | None = None
        digest = hashlib.sha256(f"{self._url} {model}".encode()).hexdigest()[:12]
        self.version = f"{model.rpartition('/')[2][:27]}-{digest}"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors float32 (n, d), in order; blank texts are zero rows and are not sent.

        Raises ``NoAnswer`` after the last try, ``BadAnswer`` at once. All or nothing.
        """
        written = [row for row, text in enumerate(texts) if text.strip()]
        parts = [
            self._some([texts[row][:LONGEST] for row in written[at : at + AT_A_TIME]])
            for at in range(0, len(written), AT_A_TIME)
        ]
        vectors = np.zeros((len(texts), self._size or 1), dtype=np.float32)
        if parts:
            found = np.concatenate(parts)
            length = np.linalg.norm(found, axis=1, keepdims=True)
            vectors[written] = found / np.where(length > 0, length, 1.0)
        return vectors

    def _some(self, texts: list[str]) -> np.ndarray:
        asked = {"model": self._model, "input": texts, "encoding_format": "float"}
        for wait in (*WAITS, None):
            try:
                return self._read(self._ask(json.dumps(asked).encode()), len(texts))
            except NoAnswer:
                if wait is None:
                    raise
                time.sleep(wait)
        raise NoAnswer("no answer")

    def _ask(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(self._url, data=body, headers=headers, method="POST")  # noqa: S310  (https, or this machine: checked when made)
        deadline = time.monotonic() + WHOLE
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return b"".join(_pieces(answer, deadline))
        except urllib.error.HTTPError as error:
            error.close()
            kind = NoAnswer if error.code in _WORTH_A_TRY else BadAnswer
            raise kind(f"the encoder answered with the code {error.code}") from None
        except (urllib.error.URLError, TimeoutError, HTTPException, ConnectionError) as error:
            raise NoAnswer(f"the encoder did not answer ({type(error).__name__})") from None

    def _read(self, answer: bytes, count: int) -> np.ndarray:
        try:
            listed = sorted(json.loads(answer)["data"], key=lambda one: one["index"])
            vectors = np.array([one["embedding"] for one in listed], dtype=np.float32)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadAnswer("the encoder answered something else than vectors") from None
        if vectors.ndim != 2 or [one["index"] for one in listed] != list(range(count)):
            raise BadAnswer("the encoder did not give one vector for each passage")
        if not np.isfinite(vectors).all():
            raise BadAnswer("the encoder gave numbers that are not finite")
        if vectors.shape[1] != (self._size or vectors.shape[1]):
            raise BadAnswer("the encoder changed the size of its vectors")
        self._size = vectors.shape[1]
        return vectors


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Passages and key go to the address named, and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _pieces(answer: Any, deadline: float) -> Iterator[bytes]:
    """The body, given up when it drips for too long or grows too large."""
    read = 0
    while piece := answer.read1(65_536):
        read += len(piece)
        if time.monotonic() > deadline or read > LARGEST:
            raise NoAnswer("the answer of the encoder has no end")
        yield piece


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
