"""Distinct texts, in an order that owes nothing to the order they came in."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from clustering.words import has_words


@dataclass(frozen=True)
class Nodes:
    """`texts`: the distinct texts; `first` (nodes,): a row saying each; `of` (n,): the node of each row;
    `rows` (nodes,): how many rows say it; `silent` (nodes,): no word in it, nothing to group by."""

    texts: list[str]
    first: np.ndarray
    of: np.ndarray
    rows: np.ndarray
    silent: np.ndarray

    def __len__(self) -> int:
        return len(self.texts)


def distinct(texts: Sequence[str], *, alone: Collection[int] = ()) -> Nodes:
    """Equal texts (but for spaces around) become one node; rows in `alone` are never joined to others."""
    number: dict[str | tuple[str, int], int] = {}
    said = [text.strip() for text in texts]
    told = [(text, row) if row in alone else text for row, text in enumerate(said)] if alone else said
    met = np.fromiter((number.setdefault(key, len(number)) for key in told), np.int64, len(told))
    if not said:
        return Nodes([], met, met, met, met.astype(bool))
    first = np.unique(met, return_index=True)[1]
    order = np.lexsort((first, *_hashes([said[row] for row in first]).T))
    first, place = first[order], np.empty_like(order)
    place[order] = np.arange(len(order))
    kept = [said[row] for row in first]
    return Nodes(kept, first, place[met], np.bincount(place[met]), np.array([not has_words(text) for text in kept]))


def _hashes(texts: Sequence[str]) -> np.ndarray:
    """Two numbers per text, (texts, 2), that owe nothing to the others."""
    digests = (hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts)
    return np.frombuffer(b"".join(digests), dtype=">u8").reshape(-1, 2)[:, ::-1].astype(np.uint64)
