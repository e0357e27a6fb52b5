"""What people's own themes teach: texts that resemble the same ones, in the same measure, resemble one another.

Each text is given its likeness to every theme as people left them, like a catalogue of archetypes that they wrote by
hand. Thirty simulated decisions, on the half of the texts that nobody was shown, eight draws: AMI .493 to .575 on
short fiches (.534 without this) and .742 to .791 on the demo town (.778 without); beside the catalogue, .578 and .788
(.555 and .771). Nothing is learned from themes that nobody corrected, nor from the texts that were moved alone.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from clustering.space import Space

_SMALLEST, _MOST = 2, 300  # texts that make a theme worth resembling; themes, the largest
_SHARE = 0.1  # against meaning; at .2 and .3, .562 and .552 on short fiches, .800 and .794 on the demo town


def taught(space: Space, themes: Sequence[Hashable | None]) -> Space:
    """The same space, where texts that resemble the same `themes` (n,) are closer; None: a text of no theme.

    Part of the meaning: nothing changes in a space of words alone.
    """
    likeness = profiles(space, themes) if space.weight else None
    if likeness is None or not likeness.shape[1]:
        return space
    share = np.float32(_SHARE)
    return replace(space, semantic=np.hstack([space.semantic, np.sqrt(share) * likeness]) / np.sqrt(1 + share))


def profiles(space: Space, themes: Sequence[Hashable | None]) -> np.ndarray:
    """How much each text resembles each theme, seen from the average text: unit rows (n, themes), float32.

    `themes` (n,): the theme of each text, None for none. A text is never compared with itself. No column when fewer
    than two themes hold two texts.
    """
    of, count = _numbers(themes)
    if count < 2:
        return np.zeros((len(of), 0), dtype=np.float32)
    rows = np.flatnonzero(of >= 0)
    member = sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (of[rows], rows)), shape=(count, len(of)))
    words, meaning = member @ space.lexical, member @ space.semantic
    close = (space.lexical @ words.T).toarray() + space.weight * (space.semantic @ meaning.T)
    length = np.asarray(words.multiply(words).sum(axis=1)).ravel() + space.weight * np.square(meaning).sum(axis=1)
    lengths = np.tile(length, (len(of), 1))
    itself = np.asarray(space.lexical.multiply(space.lexical).sum(axis=1)).ravel()
    itself = (itself + space.weight * np.square(space.semantic).sum(axis=1))[rows]
    lengths[rows, of[rows]] += itself - 2 * close[rows, of[rows]]
    close[rows, of[rows]] -= itself
    close = close / np.sqrt(np.maximum(lengths, 1e-9))
    close -= close.mean(axis=0)
    return (close / np.maximum(np.linalg.norm(close, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def _numbers(themes: Sequence[Hashable | None]) -> tuple[np.ndarray, int]:
    """A number from 0 per text, -1 for none and for themes too small; and how many themes there are."""
    sizes = Counter(theme for theme in themes if theme is not None)
    enough = sorted(
        (name for name, size in sizes.items() if size >= _SMALLEST), key=lambda name: (-sizes[name], repr(name))
    )
    place = {name: i for i, name in enumerate(enough[:_MOST])}
    return np.array([place.get(theme, -1) for theme in themes], dtype=np.int64), len(place)
