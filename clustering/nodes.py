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
    keys = [_hash(text) for text in texts]
    keys = [f"{key}{row}" if row in alone else key for row, key in enumerate(keys)]
    if not keys:
        none = np.zeros(0, dtype=np.int64)
        return Nodes([], none, none, none, none.astype(bool))
    _, first, of, rows = np.unique(
        np.array(keys, dtype=object), return_index=True, return_inverse=True, return_counts=True
    )
    said = [texts[row].strip() for row in first]
    return Nodes(said, first, of, rows, np.array([not has_words(text) for text in said]))


def _hash(text: str) -> str:
    return hashlib.blake2b(text.strip().encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
