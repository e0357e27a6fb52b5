"""What becomes of people's pain points when a tenth of new texts arrives, ours and BERTopic's.

Ours is given what it said before, as the product does. BERTopic has no memory: it is fitted again on everything, and
its topics are matched to the former ones by the same rule as ours (`clustering.match`, Jaccard index of .5).
"""

from collections.abc import Sequence

import numpy as np

import clustering
from bench.clustering.corpora import Corpus
from bench.clustering.engines import has
from bench.clustering.quality import Progress
from bench.clustering.scoring import kept, score
from bench.clustering.workers import Workers

NEW = 0.10
MANY = 1_000  # texts from which BERTopic is asked once only: it takes ten times our time
DRAWS = 12  # of what arrives, in sets under that: a few say little


def measure(corpora: Sequence[Corpus], workers: Workers, *, repetitions: int, say: Progress) -> list[dict]:
    """A row per set and engine. `kept`: share of the texts that had a theme and are still in it. `ami_loss`: of the
    regroup with memory, against one that forgets."""
    rows = []
    for corpus in corpora:
        say(f"stability: {corpus.name}")
        runs: dict[str, list[dict]] = {}
        for seed in range(repetitions if len(corpus.texts) > MANY else max(repetitions, DRAWS)):
            order = np.random.default_rng(seed).permutation(len(corpus.texts))
            full, first = corpus.taken(order), int(len(order) / (1 + NEW))
            runs.setdefault("ours, words and meaning", []).append(_ours(full, first, seed, meaning=True))
            runs.setdefault("ours, words alone", []).append(_ours(full, first, seed, meaning=False))
            if seed >= (1 if len(order) > MANY else repetitions):
                continue
            for features in ("words", "meaning") if has("bertopic") else ():
                one = _bertopic(full, first, seed, workers, features)
                runs.setdefault(f"BERTopic on {features}", []).append(one)
        rows += [{"set": corpus.name, "engine": name, **_means(found)} for name, found in runs.items()]
    return rows


def _ours(full: Corpus, first: int, seed: int, *, meaning: bool) -> dict:
    vectors = full.vectors if meaning else None
    before = clustering.group(full.texts[:first], vectors=None if vectors is None else vectors[:first], seed=seed)
    previous = [*before.labels.tolist(), *[None] * (len(full.texts) - first)]
    after = clustering.group(full.texts, vectors=vectors, previous=previous, seed=seed)
    forgetful = clustering.group(full.texts, vectors=vectors, seed=seed)
    continued = {theme.index: theme.previous for theme in after.themes if theme.previous is not None}
    matched = clustering.match(before.labels.tolist(), forgetful.labels[:first].tolist())
    ami, without = (score(full.labels, found.labels).ami for found in (after, forgetful))
    return {
        "kept": kept(before.labels, after.labels[:first], continued),
        "kept_without_memory": kept(before.labels, forgetful.labels[:first], matched),
        "ami": ami,
        "ami_loss": without - ami,
    }


def _bertopic(full: Corpus, first: int, seed: int, workers: Workers, features: str) -> dict:
    name = f"BERTopic on {features}"
    before, after = (workers.run(name, corpus, seed).results[0].labels for corpus in (full.taken(range(first)), full))
    share = kept(before, after[:first], clustering.match(before.tolist(), after[:first].tolist()))
    return {"kept": share, "kept_without_memory": share, "ami": score(full.labels, after).ami, "ami_loss": 0.0}


def _means(found: list[dict]) -> dict:
    return {"runs": len(found)} | {key: round(float(np.mean([one[key] for one in found])), 4) for key in found[0]}
