"""The grouping against its rivals, on real texts: ``./cahier bench clustering``.

Every engine is given the same texts in the same shuffled order, warmed up once, then run in turn, so that
a busy moment of the machine falls on all of them. Labels are only ever used to score.
"""

import argparse
import datetime
import json
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
from tqdm import tqdm

import clustering
from clustering.words import stem, words

RESULTS = Path(__file__).parent / "results"
Labels = np.ndarray


@dataclass(frozen=True)
class Corpus:
    """Texts in a shuffled order, their true labels, and their vectors (encoded once, timed apart)."""

    name: str
    texts: list[str]
    labels: list[str]
    contexts: list[str] | None
    vectors: np.ndarray
    encoding: float  # CPU seconds


def main() -> int:
    arguments = _arguments()
    if not arguments.data.is_dir():
        print(f"bench clustering: no data in {arguments.data}", file=sys.stderr)
        return 1
    corpora = [_corpus(name, arguments.data) for name in ("fiches_dev", "repnum_args", "dila_fiches")]
    report = {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "repetitions": arguments.repetitions,
        "grouping": [row for corpus in corpora for row in _grouped(corpus, arguments.repetitions)],
        "encoding": [{"set": c.name, "ms_per_text": round(1000 * c.encoding / len(c.texts), 2)} for c in corpora],
        "documents": _documents(arguments.data),
        "one new text": _one_text(corpora[1]),
        "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "clustering.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    print(_table(report))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.clustering", description=__doc__)
    default = os.environ.get("CAHIER_BENCH_DATA", Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--repetitions", type=int, default=3)
    return parser.parse_args()


def _corpus(name: str, data: Path) -> Corpus:
    """Passages that have a label, shuffled: files sorted by label have hidden a leak before."""
    if name == "fiches_dev":
        rows = [
            (passage["text"], passage["pain_point"], fiche["service"])
            for fiche in _lines(data / "fiches_dev.jsonl")
            for passage in fiche["segments"]
            if passage["pain_point"]
        ]
    else:
        rows = [(row["text"], row["label"], "") for row in _lines(data / "texts" / f"{name}.jsonl")]
    rows = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))]
    texts, labels, contexts = (list(column) for column in zip(*rows, strict=True))
    clustering.encode(texts[:10])
    start = time.process_time()
    vectors = clustering.encode(texts)
    spent = time.process_time() - start
    return Corpus(name, texts, labels, contexts if any(contexts) else None, vectors, spent)


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _engines(corpus: Corpus) -> dict[str, Callable[[int], Labels]]:
    """Each engine is a function of the seed. Rivals are told the true number of themes; ours finds it."""
    true = len(set(corpus.labels))

    def tokens(text: str) -> list[str]:
        return [stem(word) for word in words(text)]

    def tfidf(seed: int) -> Labels:
        rows = TfidfVectorizer(analyzer=tokens, sublinear_tf=True, min_df=2, max_df=0.3).fit_transform(corpus.texts)
        return KMeans(true, n_init=3, random_state=seed).fit_predict(rows)

    def lda(seed: int) -> Labels:
        rows = CountVectorizer(analyzer=tokens, min_df=2, max_df=0.3).fit_transform(corpus.texts)
        return LatentDirichletAllocation(true, random_state=seed).fit_transform(rows).argmax(axis=1)

    def same_vectors(seed: int) -> Labels:
        return KMeans(true, n_init=3, random_state=seed).fit_predict(corpus.vectors)

    engines: dict[str, Callable[[int], Labels]] = {
        "ours, words and meaning": lambda seed: _ours(corpus, seed, vectors=corpus.vectors),
        "ours, words alone": lambda seed: _ours(corpus, seed),
        "KMeans, same vectors, k told": same_vectors,
        "TF-IDF + KMeans, k told": tfidf,
        "LDA, k told": lda,
    }
    if corpus.contexts:
        engines["ours, with the service as a hint"] = lambda seed: _ours(
            corpus, seed, vectors=corpus.vectors, contexts=corpus.contexts
        )
    return engines


def _ours(corpus: Corpus, seed: int, **given) -> Labels:
    return clustering.group(corpus.texts, seed=seed, **given).labels


def _grouped(corpus: Corpus, repetitions: int) -> list[dict]:
    engines = _engines(corpus)
    runs: dict[str, list[tuple[float, float, float, int, float]]] = {name: [] for name in engines}
    for turn in tqdm(range(-1, repetitions), desc=corpus.name, leave=False):
        for name, engine in engines.items():
            start = time.process_time()
            labels = engine(max(turn, 0))
            spent = time.process_time() - start
            if turn >= 0:  # the first turn warms up
                runs[name].append((*_scores(corpus.labels, labels), spent))
    return [{"set": corpus.name, "engine": name, **_means(found)} for name, found in runs.items()]


def _scores(truth: list[str], labels: Labels) -> tuple[float, float, int, float]:
    return (
        adjusted_mutual_info_score(truth, labels),
        adjusted_rand_score(truth, labels),
        len(set(labels.tolist()) - {-1}),
        float((labels == -1).mean()),
    )


def _means(found: list[tuple]) -> dict[str, float]:
    ami, ari, themes, noise, spent = (np.array(column) for column in zip(*found, strict=True))
    return {
        "AMI": round(float(ami.mean()), 3),
        "AMI spread": round(float(ami.std()), 3),
        "ARI": round(float(ari.mean()), 3),
        "themes": round(float(themes.mean()), 1),
        "noise": round(float(noise.mean()), 3),
        "CPU s": round(float(spent.mean()), 2),
    }


def _documents(data: Path) -> dict[str, float]:
    right = wrong = missed = 0
    for fiche in _lines(data / "fiches_dev.jsonl"):
        true, found = set(fiche["documents"]), {m.document for m in clustering.documents(fiche["text"])}
        right, wrong, missed = right + len(true & found), wrong + len(found - true), missed + len(true - found)
    return {"precision": round(right / (right + wrong), 3), "recall": round(right / (right + missed), 3)}


def _one_text(corpus: Corpus) -> dict[str, float]:
    """Milliseconds for a text already encoded, among all those of the corpus; and to encode it."""
    model = clustering.Model.from_labelled(corpus.texts, corpus.labels, vectors=corpus.vectors)
    start = time.process_time()
    for row in range(100):
        model.assign([corpus.texts[row]], corpus.vectors[row : row + 1])
    single = (time.process_time() - start) * 10
    start = time.process_time()
    model.assign(corpus.texts[:500], corpus.vectors[:500])
    return {"single, ms": round(single, 2), "in a batch, ms": round((time.process_time() - start) * 2, 2)}


def _table(report: dict) -> str:
    head = f"{'set':12} {'engine':34} {'AMI':>13} {'ARI':>6} {'themes':>7} {'noise':>6} {'CPU s':>7}"
    lines = [
        f"{row['set']:12} {row['engine']:34} {row['AMI']:6.3f} ±{row['AMI spread']:.3f} {row['ARI']:6.3f}"
        f" {row['themes']:7.1f} {row['noise']:6.3f} {row['CPU s']:7.2f}"
        for row in report["grouping"]
    ]
    rest = [f"{name}: {report[name]}" for name in ("encoding", "documents", "one new text", "peak memory, MB")]
    return "\n".join([head, *lines, "", *rest])


if __name__ == "__main__":
    sys.exit(main())
