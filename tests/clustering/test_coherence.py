"""Words whose texts resemble one another weigh more than words of anybody, as rare as they may be."""

import numpy as np
import pytest
from scipy import sparse

import clustering
from clustering import grouping, space
from clustering.coherence import coherent
from clustering.features import Lexicon
from clustering.graph import scaled
from tests.clustering.fiches import corpus

TEXTS, SUBJECTS = corpus()


def test_a_word_of_one_subject_weighs_more_than_a_word_of_anybody():
    said = np.zeros((12, 8), dtype=np.float32)
    said[:4, [0, 2, 3]] = 1  # texts of one subject say 0, 2 and 3
    said[4:8, 1] = 1  # 1, as rare as 0, is said by four texts…
    for text in range(4):
        said[[4 + text, 8 + text], 4 + text] = 1  # … that share nothing else, each of them on the subject of another
    rows = sparse.csr_matrix(said / np.linalg.norm(said, axis=1, keepdims=True))
    before, after = (rows @ rows.T).toarray(), coherent(rows, rows.shape[1])
    likeness = (after @ after.T).toarray()
    assert likeness[0, 1] > likeness[4, 8] > before[4, 8]
    assert likeness[4, 5] < before[4, 5]


@pytest.mark.parametrize("texts", [TEXTS, ["🙂", "", "bonjour"], ["a b", "c d", "e f"]])
def test_rows_keep_their_length_and_their_columns(texts):
    lexicon = Lexicon(texts)
    after = coherent(lexicon.fitted, lexicon.stems)
    assert after.shape == lexicon.fitted.shape
    assert after.dtype == np.float32
    assert np.allclose(sparse.linalg.norm(after, axis=1), sparse.linalg.norm(lexicon.fitted, axis=1), atol=1e-5)
    assert abs(after[:, lexicon.stems :] - lexicon.fitted[:, lexicon.stems :]).sum() == 0


def test_a_text_close_to_everybody_pulls_less():
    nearest = np.array([[1, 2], [0, 2], [0, 1], [0, 1]])
    similarity = np.array([[0.9, 0.9], [0.9, 0.1], [0.9, 0.1], [0.2, 0.2]], dtype=np.float32)
    before = similarity.copy()
    edges = scaled(nearest, similarity)
    assert (similarity == before).all()
    assert edges[3, 1] > edges[3, 0]  # as close to both, the second is less used to it
    assert np.isfinite(scaled(nearest, np.zeros_like(similarity))).all()


def test_larger_corpora_are_grouped_so_whatever_their_order(monkeypatch):
    monkeypatch.setattr(grouping, "FEW", 10)
    monkeypatch.setattr(grouping, "_SCALED", (10, 5_000))
    monkeypatch.setattr(space, "_COHERENT", (10, 5_000))
    found = clustering.group(TEXTS)
    order = np.random.default_rng(1).permutation(len(TEXTS))
    again = clustering.group([TEXTS[i] for i in order])
    assert (again.labels == found.labels[order]).all()
    assert len(found.themes) >= 3
