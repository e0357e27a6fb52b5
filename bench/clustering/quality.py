"""Every engine on every set: warmed up, interleaved, several seeds."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

import numpy as np

from bench.clustering import engines
from bench.clustering.corpora import Corpus
from bench.clustering.scoring import score, spans
from bench.clustering.workers import Workers

Progress = Callable[[str], None]


def measure(corpora: Sequence[Corpus], workers: Workers, *, repetitions: int, say: Progress) -> list[dict]:
    """A row per set and engine: means over the repetitions, and the spread of the AMI."""
    rows = []
    for corpus in corpora:
        say(f"{corpus.name}: warming up")
        present = engines.available(corpus.name)
        for engine in present:
            workers.run(engine.name, corpus, 0)
        runs: dict[tuple[str, str], list[dict]] = {}
        for turn in range(repetitions):
            say(f"{corpus.name}: repetition {turn + 1} of {repetitions}")
            for engine in present:
                measured = workers.run(engine.name, corpus, turn)
                for found in measured.results:
                    one = asdict(score(corpus.labels, found.labels))
                    one |= {"cpu": found.cpu, "memory": measured.memory}
                    if corpus.contexts:
                        one["across"] = spans(found.labels, corpus.contexts)
                    runs.setdefault((engine.name, found.name), []).append(one)
        rows += [_row(corpus, *names, found) for names, found in runs.items()]
    return rows


def _row(corpus: Corpus, engine: str, name: str, found: list[dict]) -> dict:
    row: dict = {"set": corpus.name, "engine": name}
    row |= {key: round(float(np.mean([one[key] for one in found])), 4) for key in found[0]}
    row["ami_spread"] = round(float(np.std([one["ami"] for one in found])), 4)
    row["memory"] = round(max(one["memory"] for one in found))
    row["features_cpu"] = round(corpus.cpu.get(engines.ENGINES[engine].features, 0.0), 2)
    return row
