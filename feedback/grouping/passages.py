"""Cutting a fiche into passages, with their vectors and the documents they name."""

import logging
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from django.conf import settings
from django.utils.module_loading import import_string

import clustering
from feedback.models import Fiche, Segment
from feedback.radar import reading

logger = logging.getLogger(__name__)

_STORED = np.dtype("<f2")  # half precision: 1 kB a passage, and no neighbour changes


def cut(fiche: Fiche) -> list[Segment]:
    """The passages of a masked fiche, saved with their vectors; the ones it already has when it was cut before."""
    already = list(fiche.segments.order_by("position"))
    if already:
        return already
    segments = _segments(fiche, reading.gazetteer())
    give_vectors(segments)
    saved = Segment.objects.bulk_create(segments)
    reading.keep(saved)
    return saved


def cut_many(fiches: Sequence[Fiche]) -> None:
    """Cut those that are not, together and without vectors: ``regroup`` encodes by the batch, many times faster."""
    keys = [fiche.pk for fiche in fiches]
    already = set(Segment.objects.filter(fiche__in=keys).values_list("fiche", flat=True))
    words = reading.gazetteer()
    new = (segment for fiche in fiches if fiche.pk not in already for segment in _segments(fiche, words))
    reading.keep(Segment.objects.bulk_create(new))


def _segments(fiche: Fiche, words: reading.Words) -> list[Segment]:
    return [
        Segment(
            fiche=fiche,
            position=position,
            start=passage.start,
            end=passage.end,
            text=passage.text,
            documents=list(reading.named_in(passage.text, words)),
        )
        for position, passage in enumerate(clustering.segment(fiche.masked_text))
    ]


def give_vectors(segments: Sequence[Segment]) -> None:
    """Fill ``vector`` of unsaved or saved segments that lack one for this encoder; does not save.

    An encoder that fails leaves them without: words alone still group, less well.
    """
    encoder, version = _encoder(settings.CLUSTERING_ENCODER)
    missing = [segment for segment in segments if segment.vector_version != version]
    if encoder is None or not missing:
        return
    try:
        vectors = encoder([segment.text for segment in missing])
    except Exception:  # whatever another model may raise: grouping goes on without it
        logger.exception("the sentence encoder failed; grouping goes on with words alone")
        return
    for segment, vector in zip(missing, vectors, strict=True):
        segment.vector = vector.astype(_STORED).tobytes()
        segment.vector_version = version


def vectors_of(segments: Sequence[Segment]) -> np.ndarray | None:
    """The stored vectors (n, d) as float32, or None as soon as one is missing or of another encoder."""
    versions = {segment.vector_version for segment in segments}
    if len(versions) != 1 or "" in versions:
        return None
    return np.stack([np.frombuffer(bytes(segment.vector), dtype=_STORED) for segment in segments]).astype(np.float32)


def version() -> str:
    """The version under which vectors are stored now; empty when grouping goes by words alone."""
    return _encoder(settings.CLUSTERING_ENCODER)[1]


@lru_cache(maxsize=2)
def _encoder(path: str | None):
    """The encoder named by the setting, and the version under which its vectors are stored."""
    if not path:
        return None, ""
    version = clustering.MODEL_VERSION if path == "clustering.encode" else path
    return import_string(path), version[:40]
