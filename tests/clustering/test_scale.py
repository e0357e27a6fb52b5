"""What makes large corpora affordable changes nothing that small ones would notice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

import clustering
from clustering import lists, near_duplicates, tokens
from clustering.features import Lexicon
from clustering.graph import weighted
from clustering.spelling import Speller
from clustering.words import words
from tests.clustering.fiches import corpus

TEXTS, SUBJECTS = corpus()


@given(st.lists(st.text(alphabet=st.sampled_from("aéÉœ’' -_1²中\n\x1e\u0301İΣ\ud800z"), max_size=30), max_size=6))
def test_a_corpus_is_cut_into_the_words_of_each_text(texts):
    read = tokens.read(texts)
    found = [[read.words[i] for i in read.of[a:b]] for a, b in zip(read.start, read.start[1:], strict=False)]
    assert found == [words(text) for text in texts]
    assert read.words == sorted(set(read.words))


def test_a_slip_is_read_as_the_frequent_word_and_nothing_else_is_touched():
    known = ["justificatif", "piscine", "poubelle", "court"]
    slips = ["justificatf", "jsutificatif", "justifficatif", "justifocatif"]
    kept = ["justicatif", "piscines", "cour", "cours", "rien"]  # two slips, well heard, too short, met as often
    every = sorted([*known, *slips, *kept])
    times = {**dict.fromkeys(known, 50), "piscines": 20, "cours": 40}
    frequency = np.array([times.get(word, 1) for word in every])
    read_as = [every[i] for i in Speller(every, frequency).repaired(frequency)]
    assert dict(zip(every, read_as, strict=True)) == {
        **{word: word for word in [*known, *kept]},
        **dict.fromkeys(slips, "justificatif"),
    }
    new = ["pisicne", "poubele", "ascenseur", "cour"]
    assert [every[i] if i >= 0 else None for i in Speller(every, frequency).nearest(new)] == [
        "piscine",
        "poubelle",
        None,
        None,
    ]
    assert list(Speller([], np.zeros(0, dtype=np.int64)).nearest(["piscine"])) == [-1]


@pytest.mark.parametrize("letters", [True, False])
def test_texts_are_placed_where_the_corpus_put_them(letters):
    lexicon = Lexicon([*TEXTS, "", "la poubele deborde"], letters=letters)
    again = lexicon.rows([*TEXTS, "", "la poubele deborde"])
    assert abs(again - lexicon.fitted).max() == 0
    lengths = np.linalg.norm(lexicon.fitted.toarray(), axis=1)
    assert np.allclose(lengths[:64], 1, atol=1e-5)
    assert lengths[64] == 0
    assert lexicon.rows(["zzz", ""]).nnz == 0


def _space(seed: int = 0, size: int = 600) -> tuple[sparse.csr_matrix, np.ndarray]:
    rng = np.random.default_rng(seed)
    rows = rng.random((size, 40)) * (rng.random((size, 40)) < 0.2)
    return sparse.csr_matrix(rows.astype(np.float32)), rng.standard_normal((size, 8)).astype(np.float32)


def test_looking_into_every_list_gives_the_exact_neighbours():
    rows, meaning = _space()
    close = (rows @ rows.T).toarray() + meaning @ meaning.T
    np.fill_diagonal(close, -np.inf)
    filed = lists.probed(meaning / np.linalg.norm(meaning, axis=1, keepdims=True), size=100, probes=6)
    near, likeness = lists.nearest(rows, meaning, filed, count=5)
    assert (near == np.argsort(-close, axis=1, kind="stable")[:, :5]).all()
    assert np.allclose(likeness, -np.sort(-close, axis=1)[:, :5], atol=1e-5)


def test_making_a_graph_leaves_the_neighbours_as_they_were():
    """A text with nothing in common with the next one is not linked to it; the rows after it must not move."""
    near = np.array([[1, 2], [0, 2], [0, 1]], dtype=np.int32)
    close = np.array([[0.5, 0.0], [0.5, 0.25], [0.0, 0.25]], dtype=np.float32)
    graph = weighted(near, close)
    assert near.tolist() == [[1, 2], [0, 2], [0, 1]]
    assert close.tolist() == [[0.5, 0.0], [0.5, 0.25], [0.0, 0.25]]
    assert graph.toarray().tolist() == [[0, 0.5, 0], [0.5, 0, 0.25], [0, 0.25, 0]]


def test_a_list_of_texts_all_alike_is_cut_and_nobody_is_their_own_neighbour():
    dense = np.ones((900, 1), dtype=np.float32)
    filed = lists.probed(dense, size=100, probes=4)
    assert np.bincount(filed[:, 0]).max() <= 500
    rows, _ = _space(size=900)
    near, likeness = lists.nearest(rows, np.zeros((900, 0), np.float32), filed, count=500)
    itself = near == np.arange(900)[:, None]
    assert (likeness[itself] == 0).all()
    assert not itself[:, :50].any()


def test_copies_are_the_same_whether_every_pair_is_compared_or_not(monkeypatch):
    texts = [f"{text} {mark}" for text in TEXTS for mark in ("", "Merci", "Cordialement, Paul")]
    exact = clustering.duplicates(texts)
    monkeypatch.setattr(near_duplicates, "_EVERY_PAIR", 10)
    assert list(clustering.duplicates(texts)) == list(exact)
    assert len(set(exact)) < len(texts)


def test_a_text_is_as_close_to_a_label_as_to_its_three_nearest_members():
    model = clustering.Model.from_labelled(TEXTS, SUBJECTS)
    lexicon = Lexicon([*TEXTS, *clustering.assign.SENTENCES], least=1)
    new = ["le bac jaune déborde dans la rue depuis lundi", "les vestiaires sont froids", "zzz"]
    close = (lexicon.rows(new) @ lexicon.fitted[:64].T).toarray()
    for row, found in zip(close, model.assign(new), strict=True):
        means = [np.sort(row[[s == label for s in SUBJECTS]])[-3:].mean() for label in set(SUBJECTS)]
        assert found.score == pytest.approx(max(means), abs=1e-4)
