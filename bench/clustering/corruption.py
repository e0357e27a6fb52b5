"""Texts as people may send them: mistyped, in capitals, without accents. And copies, as campaigns send them."""

import unicodedata
from collections.abc import Sequence

import numpy as np

from bench._recombined import mistyped

_GREETINGS = ("Bonjour, ", "Madame, Monsieur, ", "À qui de droit : ", "")
_ENDINGS = (" Merci d'avance.", " Cordialement.", " Je compte sur vous.", "")


def corrupted(texts: Sequence[str], *, share: float = 0.03, seed: int = 0) -> list[str]:
    """`share` of the characters replaced, dropped, doubled or swapped."""
    rng = np.random.default_rng(seed)
    return [mistyped(text, rng, share=share) for text in texts]


def upper(texts: Sequence[str]) -> list[str]:
    """All in capitals, accents kept."""
    return [text.upper() for text in texts]


def without_accents(texts: Sequence[str]) -> list[str]:
    """Letters without their marks: « réunion » becomes « reunion »; nothing else changes."""
    return [
        "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
        for text in texts
    ]


def copies(text: str, count: int, *, seed: int = 0) -> list[str]:
    """`count` letters of one campaign: a greeting and an ending of one's own, one word left out, 2 % of typos,
    and capitals for one in ten."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        words = text.split()
        if len(words) > 5:
            del words[rng.integers(len(words))]
        said = _GREETINGS[rng.integers(4)] + mistyped(" ".join(words), rng) + _ENDINGS[rng.integers(4)]
        found.append(said.upper() if rng.random() < 0.1 else said)
    return found
