"""The catalogue of frequent pain points, as this site keeps it, beside the passages of this site."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clustering import archetypes
from feedback.grouping import encoders
from feedback.models import Archetype

_UNABLE = (OSError, ValueError, RuntimeError)


@dataclass(frozen=True)
class Known:
    """The active archetypes, read once for a batch of work."""

    rows: dict[str, Archetype]
    catalogue: archetypes.Catalogue

    def nearest(self, texts: Sequence[str], vectors: np.ndarray | None) -> Archetype | None:
        """The one these passages stand out for, taken together. ``vectors`` are of the current encoder, or None."""
        backend = encoders.ready() if vectors is not None else None
        if not self.catalogue:
            return None
        if backend is None or vectors is None:
            found = archetypes.nearest_of_group(texts, None, catalogue=self.catalogue)
        else:
            try:
                found = archetypes.nearest_of_group(texts, vectors, catalogue=self.catalogue, by=backend.encode)
            except _UNABLE:  # it fails now, or these vectors are of a former model
                found = archetypes.nearest_of_group(texts, None, catalogue=self.catalogue)
        return self.rows[found.archetype.key] if found else None

    def profiles(self, vectors: np.ndarray | None) -> np.ndarray | None:
        """What ``clustering.group`` takes as soft seeds: (n, k), None when nothing is known."""
        backend = encoders.ready() if vectors is not None else None
        if not self.catalogue or backend is None or vectors is None:
            return None
        try:
            return archetypes.profiles(vectors, catalogue=self.catalogue, by=backend.encode)
        except _UNABLE:
            return None


def active() -> Known:
    """In the order of their keys, so that two runs agree."""
    rows = {one.key: one for one in Archetype.objects.active().prefetch_related("documents").order_by("key")}
    catalogue = tuple(
        archetypes.Archetype(
            key=one.key,
            title=one.title,
            examples=tuple(one.examples),
            documents=tuple(sorted(document.key for document in one.documents.all())),
            family=one.family,
        )
        for one in rows.values()
    )
    return Known(rows, catalogue)
