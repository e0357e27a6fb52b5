"""Seconds and memory against the number of texts, ours and the rivals', on one corpus recombined from real sentences.

Words alone on both sides. Rivals get our dense features of the words: their seconds are given without and with them.
Larger sizes, of ours only, are those of ``bench/scale.py`` when it has run.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench._recombined import recombined
from bench.clustering import engines
from bench.clustering.corpora import Corpus, prepared
from bench.clustering.quality import Progress
from bench.clustering.scoring import score
from bench.clustering.workers import Measured, Workers

ENGINES = (engines.WORDS, "BERTopic on words", "EVoC on words")
LONG = 60_000  # texts from which one repetition is enough

WARM = 5_000  # UMAP compiles another way from 4,096 texts


def measure(
    sizes: Sequence[int], workers: Workers, *, largest_rival: int, repetitions: int, say: Progress
) -> list[dict]:
    """A row per size and engine: CPU seconds (median), peak memory, AMI, themes."""
    rows = []
    say("scale: warming up")
    warm = prepared("warm", *recombined(WARM), meaning=False)
    for engine in _present():
        workers.run(engine, warm, 0)
    for size in sizes:
        say(f"scale: {size} texts")
        texts, labels = recombined(size)
        corpus = prepared(f"{size} texts", texts, labels, meaning=False)
        names = [name for name in _present() if size <= largest_rival or not name.startswith("BERTopic")]
        turns = 1 if size >= LONG else repetitions
        rows += [_row(size, name, corpus, found) for name, found in _interleaved(names, corpus, workers, turns)]
    return rows


def larger(path: Path, than: int) -> list[dict]:
    """Our rows of ``bench/scale.py`` at larger sizes, when it ran: its JSON is at `path`."""
    if not path.exists():
        return []
    sizes = json.loads(path.read_text(encoding="utf-8"))["sizes"]
    return [
        {
            "texts": row["texts"],
            "engine": engines.WORDS,
            "cpu": row["CPU s"],
            "cpu_with_features": row["CPU s"],
            "memory": row["peak memory, MB"],
            "ami": row["AMI"],
            "noise": 0.0,
            "themes": row["themes"],
            "topics": row["topics"],
        }
        for row in sizes
        if row["by"] == "words" and row["texts"] > than
    ]


def _present() -> list[str]:
    return [engine.name for engine in engines.available("recombined") if engine.name in ENGINES]


def _interleaved(
    names: Sequence[str], corpus: Corpus, workers: Workers, turns: int
) -> list[tuple[str, list[Measured]]]:
    found: dict[str, list[Measured]] = {name: [] for name in names}
    for turn in range(turns):
        for name in names:
            found[name].append(workers.run(name, corpus, turn))
    return list(found.items())


def _row(size: int, name: str, corpus: Corpus, found: list[Measured]) -> dict:
    cpu = float(np.median([one.results[0].cpu for one in found]))
    scores = [score(corpus.labels, one.results[0].labels) for one in found]
    features = 0.0 if name == engines.WORDS else corpus.cpu["words"]
    return {
        "texts": size,
        "engine": name,
        "cpu": round(cpu, 2),
        "cpu_with_features": round(cpu + features, 2),
        "memory": round(max(one.memory for one in found)),
        "ami": round(float(np.mean([one.ami for one in scores])), 4),
        "noise": round(float(np.mean([one.noise for one in scores])), 4),
        "themes": round(float(np.mean([one.themes for one in scores]))),
        "topics": len(set(corpus.labels)),
    }
