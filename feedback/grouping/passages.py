"""Cutting a fiche into passages, with their vectors and the documents they name."""

import hashlib
import logging
from collections.abc import Iterator, Sequence

import numpy as np
from django.db.models.functions import MD5

import clustering
import copying
from feedback.folding import lay_out
from feedback.grouping import encoders
from feedback.models import Fiche, Segment
from feedback.radar import reading

logger = logging.getLogger(__name__)

_STORED = np.dtype("<f2")  # half precision: 1 kB a passage, and no neighbour changes


def cut(fiche: Fiche) -> list[Segment]:
    """The passages of a masked fiche, saved with their vectors; the ones it already has when it was cut before."""
    already = list(fiche.segments.order_by("position"))
    return already or _saved([fiche])


def cut_many(fiches: Sequence[Fiche]) -> None:
    """Cut those that are not, together, with their vectors. Copies are told apart later (``folding.fold``): two
    workers that cut at once do not see each other's."""
    already = set(Segment.objects.filter(fiche__in=[one.pk for one in fiches]).values_list("fiche", flat=True))
    _saved([fiche for fiche in fiches if fiche.pk not in already])


def _saved(fiches: Sequence[Fiche]) -> list[Segment]:
    words = reading.gazetteer()
    read = [(segment, again) for fiche in fiches for segment, again in _segments(fiche, words)]
    segments = [segment for segment, _ in read]
    give_vectors(segments)
    lay_out(segments)
    copying.insert(segments)
    reading.keep([(segment, again) for segment, again in read if again])
    return segments


def _segments(fiche: Fiche, words: reading.Words) -> Iterator[tuple[Segment, dict[str, bool]]]:
    """Each passage, and the documents that it names: whether each is said to be asked again."""
    for position, passage in enumerate(clustering.segment(fiche.masked_text)):
        named = reading.named_in(passage.text, words)
        yield (
            Segment(
                fiche=fiche,
                position=position,
                start=passage.start,
                end=passage.end,
                text=passage.text,
                documents=list(named),
            ),
            named,
        )


def give_vectors(segments: Sequence[Segment]) -> None:
    """Fill ``vector`` of unsaved or saved segments that lack one for this encoder; does not save.

    A text that any passage already holds is not encoded again. An encoder that fails leaves passages without: words
    alone still group, less well.
    """
    current = encoders.version()
    missing = [segment for segment in segments if segment.vector_version != current]
    if not current or not missing:
        return
    known = _known_vectors({segment.text for segment in missing}, current)
    new = [text for text in dict.fromkeys(segment.text for segment in missing) if text not in known]
    try:
        vectors = encoders.encode(new) if new else ()
    except encoders.NoEncoder:
        vectors, new = (), []
    if len(vectors) and _is_of_another_size(vectors, current):
        vectors, new = (), []
    known |= {text: vector.astype(_STORED).tobytes() for text, vector in zip(new, vectors, strict=True)}
    for segment in missing:
        if segment.text in known:
            segment.vector, segment.vector_version = known[segment.text], current


def _is_of_another_size(vectors: np.ndarray, current: str) -> bool:
    """The same version, and not the numbers it gave before: two models must never meet."""
    stored = Segment.objects.filter(vector_version=current).order_by("-pk").values_list("vector", flat=True).first()
    before = len(bytes(stored)) // _STORED.itemsize if stored else vectors.shape[1]
    if before != vectors.shape[1]:
        logger.error("the sentence encoder gives %s numbers, %s were stored before", vectors.shape[1], before)
    return before != vectors.shape[1]


def _known_vectors(texts: set[str], current: str) -> dict[str, bytes]:
    """Stored vectors of these very texts, by the index on their digest."""
    digests = {hashlib.md5(text.encode(), usedforsecurity=False).hexdigest() for text in texts}
    held = Segment.objects.annotate(digest=MD5("text")).filter(digest__in=digests, vector_version=current)
    return {text: bytes(vector) for text, vector in held.values_list("text", "vector") if text in texts}


def vectors_of(segments: Sequence[Segment]) -> np.ndarray | None:
    """The stored vectors (n, d) as float32, or None as soon as one is missing or of another encoder."""
    versions = {segment.vector_version for segment in segments}
    if len(versions) != 1 or "" in versions:
        return None
    return np.stack([np.frombuffer(bytes(segment.vector), dtype=_STORED) for segment in segments]).astype(np.float32)


def version() -> str:
    """The version under which vectors are stored now; empty when grouping goes by words alone."""
    return encoders.version()
