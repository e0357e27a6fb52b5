"""How much of the AMI is left when texts come as people type them: mistyped, in capitals, without accents."""

from collections.abc import Callable, Sequence

import numpy as np

from bench.clustering import engines
from bench.clustering.corpora import Corpus, prepared
from bench.clustering.corruption import corrupted, upper, without_accents
from bench.clustering.quality import Progress
from bench.clustering.scoring import score
from bench.clustering.workers import Workers

HARMS: dict[str, Callable[[Sequence[str], int], list[str]]] = {
    "3 % of characters mistyped": lambda texts, seed: corrupted(texts, seed=seed),
    "capitals": lambda texts, _seed: upper(texts),
    "no accents": lambda texts, _seed: without_accents(texts),
}
ENGINES = (engines.WORDS, engines.MEANING, "BERTopic on meaning")
FEW, TURNS = 1_000, 12  # a set under so many texts is harmed and grouped so many times: one result says little


def measure(corpora: Sequence[Corpus], workers: Workers, *, say: Progress) -> list[dict]:
    """A row per set, harm and engine: AMI on clean texts, on harmed ones, and what is kept of it."""
    rows = []
    for corpus in corpora:
        names = [engine.name for engine in engines.available(corpus.name) if engine.name in ENGINES]
        turns = range(TURNS if len(corpus.texts) < FEW else 1)
        clean = {name: [_ami(name, corpus, workers, seed) for seed in turns] for name in names}
        for harm, harmed_by in HARMS.items():
            say(f"robustness: {corpus.name}, {harm}")
            harmed: dict[str, list[float]] = {name: [] for name in names}
            for seed in turns:
                texts = prepared(corpus.name, harmed_by(corpus.texts, seed), corpus.labels)
                for name in names:
                    harmed[name].append(_ami(name, texts, workers, seed))
            rows += [_row(corpus, harm, name, clean[name], harmed[name]) for name in names]
    return rows


def _row(corpus: Corpus, harm: str, name: str, clean: list[float], harmed: list[float]) -> dict:
    before, after = float(np.mean(clean)), float(np.mean(harmed))
    kept = after / before if before > 0 else 0.0
    figures = {"clean": round(before, 4), "harmed": round(after, 4), "kept": round(kept, 4)}
    return {"set": corpus.name, "harm": harm, "engine": name} | figures


def _ami(name: str, corpus: Corpus, workers: Workers, seed: int) -> float:
    return score(corpus.labels, workers.run(name, corpus, seed).results[0].labels).ami
