"""Large corpora with known topics, made from the sentences of real texts. For the measures that need them.

Each text is one to three sentences of one topic with 2 % of its letters mistyped. Blocks of 1,000 texts are drawn
from (seed, block), so a small corpus is the beginning of a large one, and nothing needs to be kept.
"""

import json
import os
import re
import string
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

DATA = Path(os.environ.get("CAHIER_BENCH_DATA", Path(__file__).parents[2] / "shared" / "data"))
SETS = ("repnum_args", "dila_fiches")
TYPOS = 0.02
_BLOCK = 1_000
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_SHORTEST = 30  # characters: « Oui. » says nothing of its topic


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def sentences_by_topic(data: Path = DATA) -> dict[str, list[str]]:
    """The distinct sentences of each topic of the real sets, in alphabetical order of topics."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name in SETS:
        for row in lines(data / "texts" / f"{name}.jsonl"):
            for sentence in _SENTENCE.split(row["text"]):
                if len(sentence) >= _SHORTEST:
                    found[f"{name}: {row['label']}"][sentence] = None
    return {topic: list(found[topic]) for topic in sorted(found)}


def recombined(size: int, *, seed: int = 0, data: Path = DATA) -> tuple[list[str], list[str]]:
    """`size` texts and the topic of each; topics are as frequent as their sentences are."""
    topics = sentences_by_topic(data)
    names = list(topics)
    share = np.array([len(topics[name]) for name in names], dtype=float)
    texts: list[str] = []
    labels: list[str] = []
    for block in range(-(-size // _BLOCK)):
        rng = np.random.default_rng([seed, block])
        for topic in rng.choice(len(names), _BLOCK, p=share / share.sum()):
            said = topics[names[topic]]
            chosen = rng.choice(len(said), min(int(rng.integers(1, 4)), len(said)), replace=False)
            texts.append(mistyped(" ".join(said[i] for i in chosen), rng))
            labels.append(names[topic])
    return texts[:size], labels[:size]


def mistyped(text: str, rng: np.random.Generator, *, share: float = TYPOS) -> str:
    """The text with `share` of its letters replaced, dropped, doubled or swapped with the next."""
    return "".join(_typed(text, set(np.flatnonzero(rng.random(len(text)) < share).tolist()), rng))


def _typed(text: str, wrong: set[int], rng: np.random.Generator) -> Iterator[str]:
    held = ""  # a letter that waits for the next one to pass before it
    for i, letter in enumerate(text):
        if i in wrong and letter.isalpha() and not held:
            slip = rng.integers(4)
            if slip == 0:
                yield string.ascii_lowercase[rng.integers(26)]
            elif slip == 2:
                yield letter * 2
            elif slip == 3:
                held = letter
        else:
            yield letter + held
            held = ""
    yield held
