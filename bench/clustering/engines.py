"""Every engine of the comparison behind one call. Rivals are imported where they run: they may not be installed.

All are given the same texts in the same order; rivals that need vectors get those of our own engine. Those that must
be told a number of themes are told the true one, which ours never is.
"""

import importlib.util
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

import clustering
from bench.clustering.corpora import Corpus

Run = Callable[[Corpus, int], Iterator[tuple[str, np.ndarray]]]


@dataclass(frozen=True)
class Engine:
    """`family`: who shares a process. `features`: what of the corpus it is fed with, "" for texts only.
    `only`: sets it runs on, all when empty."""

    name: str
    family: str
    features: str
    run: Run
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """One result of one run: BERTopic gives three, before and after its reductions of outliers. `cpu`: engine only,
    all threads, up to this result."""

    name: str
    labels: np.ndarray
    cpu: float


def has(module: str) -> bool:
    """Whether a rival is installed."""
    return importlib.util.find_spec(module) is not None


def run(name: str, corpus: Corpus, seed: int) -> list[Found]:
    """The results of one engine, each with the CPU seconds up to it."""
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rivals warn of their own future
        return [
            Found(result, labels, time.process_time() - start) for result, labels in ENGINES[name].run(corpus, seed)
        ]


def available(set_name: str) -> list[Engine]:
    """Engines that can run on this set, ours first."""
    missing = {family for family in ("bertopic", "evoc") if not has(family)}
    return [
        engine
        for engine in ENGINES.values()
        if engine.family not in missing and (not engine.only or set_name in engine.only)
    ]


def _ours(name: str, *, meaning: bool = True, archetypes: bool = False, context: bool = False) -> Engine:
    def run(corpus: Corpus, seed: int) -> Iterator[tuple[str, np.ndarray]]:
        given: dict = {"vectors": corpus.vectors} if meaning else {}
        if context:
            given["contexts"] = corpus.contexts
        if archetypes:
            given["archetypes"] = _profiles(corpus.vectors)
        yield name, clustering.group(corpus.texts, seed=seed, **given).labels

    only = ("fiches_dev",) if context else ()
    return Engine(name, "ours", "meaning" if meaning else "", run, only)


def _profiles(vectors: np.ndarray) -> np.ndarray:
    from clustering.archetypes import profiles

    return profiles(vectors)


def _service_alone(corpus: Corpus, _seed: int) -> Iterator[tuple[str, np.ndarray]]:
    yield "the service alone, no text read", np.unique(corpus.contexts, return_inverse=True)[1]


REDUCTIONS: dict[str, dict] = {"outlier reduction": {}, "outlier reduction by embeddings": {"strategy": "embeddings"}}


def _bertopic(features: str, *, least: int = 10, only: tuple[str, ...] = ()) -> Engine:
    """BERTopic (Grootendorst 2022) as its documentation sets it up, with a seed; then its reduction of outliers, as it
    does it by default, and by embeddings, the best of its strategies on these sets."""
    name = f"BERTopic on {features}" + (f", themes from {least}" if least != 10 else "")

    def run(corpus: Corpus, seed: int) -> Iterator[tuple[str, np.ndarray]]:
        from bertopic import BERTopic
        from umap import UMAP

        vectors = corpus.features(features)
        umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed)
        model = BERTopic(umap_model=umap, min_topic_size=least)
        topics, _ = model.fit_transform(corpus.texts, vectors)
        yield name, np.array(topics)
        for said, given in REDUCTIONS.items():
            reduced = topics
            if -1 in topics and len(set(topics)) > 2:
                reduced = model.reduce_outliers(corpus.texts, topics, embeddings=vectors, **given)
            yield f"{name} + {said}", np.array(reduced)

    return Engine(name, "bertopic", features, run, only)


def _evoc(features: str) -> Engine:
    name = f"EVoC on {features}"

    def run(corpus: Corpus, seed: int) -> Iterator[tuple[str, np.ndarray]]:
        from evoc import EVoC

        yield name, EVoC(random_state=seed).fit_predict(np.ascontiguousarray(corpus.features(features), np.float32))

    return Engine(name, "evoc", features, run)


def _kmeans(features: str) -> Engine:
    name = f"KMeans on {features}, k told"

    def run(corpus: Corpus, seed: int) -> Iterator[tuple[str, np.ndarray]]:
        from sklearn.cluster import KMeans

        told = KMeans(len(set(corpus.labels)), n_init=3, random_state=seed)
        yield name, told.fit_predict(corpus.features(features))

    return Engine(name, "sklearn", features, run)


def _tokens(text: str) -> list[str]:
    from clustering.words import stem, words

    return [stem(word) for word in words(text)]


def _tfidf_kmeans(corpus: Corpus, seed: int) -> Iterator[tuple[str, np.ndarray]]:
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = TfidfVectorizer(analyzer=_tokens, sublinear_tf=True, min_df=2, max_df=0.3).fit_transform(corpus.texts)
    yield "TF-IDF + KMeans, k told", KMeans(len(set(corpus.labels)), n_init=3, random_state=seed).fit_predict(rows)


def _lda(corpus: Corpus, seed: int) -> Iterator[tuple[str, np.ndarray]]:
    from sklearn.decomposition import LatentDirichletAllocation
    from sklearn.feature_extraction.text import CountVectorizer

    rows = CountVectorizer(analyzer=_tokens, min_df=2, max_df=0.3).fit_transform(corpus.texts)
    model = LatentDirichletAllocation(len(set(corpus.labels)), random_state=seed)
    yield "LDA, k told", model.fit_transform(rows).argmax(axis=1)


WORDS = "ours, words alone"
MEANING = "ours, words and meaning"
ARCHETYPES = "ours, with archetypes"
SERVICE = "ours, with the service as a hint"
SERVICE_ARCHETYPES = "ours, with archetypes and service"

_ALL = [
    _ours(WORDS, meaning=False),
    _ours(MEANING),
    _ours(ARCHETYPES, archetypes=True),
    _ours(SERVICE, context=True),
    _ours(SERVICE_ARCHETYPES, archetypes=True, context=True),
    Engine("the service alone, no text read", "ours", "", _service_alone, ("fiches_dev",)),
    *(_bertopic(features) for features in ("words", "meaning", "both")),
    _bertopic("meaning", least=3, only=("fiches_dev",)),
    *(_evoc(features) for features in ("words", "meaning", "both")),
    *(_kmeans(features) for features in ("meaning", "both")),
    Engine("TF-IDF + KMeans, k told", "sklearn", "", _tfidf_kmeans),
    Engine("LDA, k told", "sklearn", "", _lda),
]
ENGINES = {engine.name: engine for engine in _ALL}
