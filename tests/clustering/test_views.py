"""Several views of a small corpus, weak hints, and families of themes."""

import random

import numpy as np
import pytest
from scipy import sparse

import clustering
from clustering.families import families
from clustering.space import CONTEXT_WEIGHT, build
from clustering.views import views
from tests.clustering.fiches import corpus

TEXTS, SUBJECTS = corpus()


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return clustering.encode(TEXTS)


def test_each_view_is_a_symmetric_graph_of_all_texts(vectors):
    graphs = views(build(TEXTS, vectors), count=6)
    assert len(graphs) == 12
    assert all(graph.shape == (64, 64) for graph in graphs)
    assert all(abs(graph - graph.T).max() < 1e-6 for graph in graphs)
    assert len(views(build(TEXTS, None), count=6)) == 6


def test_a_context_brings_texts_as_close_whatever_the_weight_of_meaning(vectors):
    plain = build(TEXTS, vectors)
    told = plain.with_context(["one", "two"] * 32)
    for factor in (0.5, 1.0, 2.0):
        closer = told.weighing(factor).similarity(slice(None)) - plain.weighing(factor).similarity(slice(None))
        assert closer[0, 2] == pytest.approx(CONTEXT_WEIGHT, abs=1e-5)
        assert closer[0, 1] == pytest.approx(0, abs=1e-5)


def test_a_context_is_a_hint_that_does_not_cut_one_grievance_in_two(vectors):
    grouping = clustering.group(TEXTS, vectors=vectors, contexts=["here", "there"] * 32)
    bins = {grouping.labels[row] for row, subject in enumerate(SUBJECTS) if subject == "bins"}
    here = {grouping.labels[row] for row in range(0, 64, 2)}
    there = {grouping.labels[row] for row in range(1, 64, 2)}
    assert bins <= here & there


def test_archetypes_are_part_of_the_meaning_and_keep_every_promise(vectors):
    profiles = vectors[:, :40]
    grouping = clustering.group(TEXTS, vectors=vectors, archetypes=profiles, must=[(0, 40)], cannot=[(1, 2)])
    assert grouping.labels[0] == grouping.labels[40] >= 0
    assert grouping.labels[1] != grouping.labels[2]
    order = random.Random(4).sample(range(64), 64)
    given = {"vectors": vectors, "archetypes": profiles}
    first = clustering.group(TEXTS, **given)
    shuffled = clustering.group([TEXTS[i] for i in order], **{name: rows[order] for name, rows in given.items()})
    assert list(shuffled.labels) == [first.labels[i] for i in order]


def test_archetypes_without_vectors_change_nothing(vectors):
    told = clustering.group(TEXTS, archetypes=vectors[:, :40])
    assert list(told.labels) == list(clustering.group(TEXTS).labels)
    with pytest.raises(ValueError, match="archetypes"):
        clustering.group(TEXTS, vectors=vectors, archetypes=vectors[:-1])


def test_many_themes_come_in_families_and_few_do_not(vectors):
    labels = np.repeat(np.arange(16), 4)
    near = np.kron(np.eye(4), np.ones((16, 16)))  # four neighbourhoods of four themes
    found = families(sparse.csr_matrix(near), labels)
    assert found == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]
    assert families(sparse.csr_matrix(near), np.minimum(labels, 6)) == []
    assert families(sparse.csr_matrix(np.kron(np.eye(16), np.ones((4, 4)))), labels) == []  # all apart
    grouping = clustering.group(TEXTS, vectors=vectors, resolution="fine")
    told = [theme for family in grouping.families for theme in family]
    assert sorted(told) == (list(range(len(grouping.themes))) if len(grouping.themes) > 12 else [])
