"""Finding near-identical texts again among a great many, without reading them all.

Each text has a few *bands*: numbers such that two near-identical texts share at least one with a high probability,
and two others seldom do (MinHash over pieces of five letters: Broder, 1997; bands: Leskovec et al., *Mining of
massive datasets*, ch. 3). Who keeps them in an index finds the candidates of a newcomer at once, then lets
``duplicates`` decide: a shared band proves nothing.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from clustering.words import without_accents, words

BANDS, ROWS = 16, 3  # two texts that share 60 % of their pieces meet in 98 % of cases, 45 % in 78 %, 20 % in 12 %
_PIECE = 5
_BLOCK = 2048  # letters read together: 800 kB of numbers
_BASE = np.uint64(1_099_511_628_211)


def bands(texts: Sequence[str]) -> list[list[int]]:
    """For each text, ``BANDS`` signed 64-bit integers, the same on every machine; case, accents and digits are
    nothing. A text without a word has those of its characters."""
    said = [_letters(text) for text in texts]
    least = np.full((len(said), BANDS * ROWS), np.iinfo(np.uint64).max, dtype=np.uint64)
    for rows in _blocks(said):
        _read(said, rows, least)
    rows = least.reshape(len(said), BANDS, ROWS)
    key = np.tile(np.arange(1, BANDS + 1, dtype=np.uint64), (len(said), 1))
    for column in range(ROWS):
        key = _mixed(key * _BASE ^ rows[:, :, column])
    return key.view(np.int64).tolist()


def jaccard(texts: Sequence[str], pairs: Iterable[tuple[int, int]]) -> list[float]:
    """How much of their pieces of five letters the two texts of each pair (rows) share, 0 to 1."""
    known: dict[int, set[bytes]] = {}

    def pieces(row: int) -> set[bytes]:
        if row not in known:
            said = _letters(texts[row])
            known[row] = {said[at : at + _PIECE] for at in range(max(1, len(said) - _PIECE + 1))}
        return known[row]

    return [len(pieces(a) & pieces(b)) / len(pieces(a) | pieces(b)) for a, b in pairs]


def _letters(text: str) -> bytes:
    said = " ".join(without_accents(word) for word in words(text)) or text.strip()
    return f" {said} ".encode("utf-8", "surrogatepass")


def _blocks(said: Sequence[bytes]) -> Iterator[list[tuple[int, int, int]]]:
    """Parts of texts (row, start, end) that are read together: a text of 100 kB takes no more memory than a page."""
    block: list[tuple[int, int, int]] = []
    size = 0
    for row, text in enumerate(said):
        for start in range(0, max(1, len(text) - _PIECE + 1), _BLOCK):
            end = min(len(text), start + _BLOCK + _PIECE - 1)
            if block and size + end - start > _BLOCK:
                yield block
                block, size = [], 0
            block.append((row, start, end))
            size += end - start
    if block:
        yield block


def _read(said: Sequence[bytes], block: Sequence[tuple[int, int, int]], least: np.ndarray) -> None:
    """Bring ``least`` (texts, numbers) down to what these parts hold."""
    found = [_pieces(np.frombuffer(said[row][start:end], dtype=np.uint8)) for row, start, end in block]
    mixed = _mixed(np.concatenate(found)[:, None] * _ODD + _SHIFT)
    begins = np.cumsum([0, *map(len, found[:-1])])
    np.minimum.at(least, [row for row, _, _ in block], np.minimum.reduceat(mixed, begins, axis=0))


def _pieces(letters: np.ndarray) -> np.ndarray:
    """A number per piece of five letters; a shorter text is one piece."""
    length = min(_PIECE, len(letters))
    found = np.zeros(len(letters) - length + 1, dtype=np.uint64)
    for at in range(length):
        found = found * _BASE + letters[at : at + len(found)] + np.uint64(1)
    return found


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """Every bit of the result depends on every bit given (the finalizer of splitmix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


_DRAWN = _mixed(np.arange(1, 2 * BANDS * ROWS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
_ODD, _SHIFT = _DRAWN[: BANDS * ROWS] | np.uint64(1), _DRAWN[BANDS * ROWS :]
