"""What must hold whatever people file and whatever owners decide, one regroup after another."""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

import clustering
from clustering import identity, links
from tests.clustering.fiches import corpus

TEXTS, SUBJECTS = corpus()
TEXTS, SUBJECTS = TEXTS[::2], SUBJECTS[::2]
ROWS = len(TEXTS)
PAIRS = st.lists(st.tuples(st.integers(0, ROWS - 1), st.integers(0, ROWS - 1)), max_size=6)
SLOW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return clustering.encode(TEXTS)


def holds(labels: np.ndarray, must, cannot) -> bool:
    together = all(labels[a] == labels[b] for a, b in must)
    return together and not any(labels[a] == labels[b] >= 0 for a, b in cannot)


def compatible(must, cannot):
    """The cannot-links that contradict none of the must-links."""
    side = links.components(ROWS, must)
    return [(a, b) for a, b in cannot if side[a] != side[b]]


@SLOW
@given(days=st.lists(st.tuples(PAIRS, PAIRS), min_size=1, max_size=3), seed=st.integers(0, 3))
def test_no_decision_is_undone_and_no_number_given_twice_whatever_the_sequence(vectors, days, seed):
    """Each day people decide more, then everything is grouped again from what the day before left."""
    must, cannot, numbers, issued = [], [], [None] * ROWS, 0
    for more, apart in days:
        must += more
        cannot = compatible(must, cannot + apart)
        grouping = clustering.group(TEXTS, vectors=vectors, previous=numbers, must=must, cannot=cannot, seed=seed)
        assert holds(grouping.labels, must, cannot)
        continued = [theme.previous for theme in grouping.themes if theme.previous is not None]
        assert len(continued) == len(set(continued))
        number = {theme.index: theme.previous for theme in grouping.themes}
        for index, former in number.items():
            if former is None:
                issued += 1
                number[index] = issued
        numbers = [number.get(int(label)) for label in grouping.labels]


@SLOW
@given(must=PAIRS, cannot=PAIRS, order=st.randoms(use_true_random=False))
def test_the_order_changes_nothing_with_memory_and_decisions_either(vectors, must, cannot, order):
    cannot = compatible(must, cannot)
    previous = [f"#{subject}" if row % 3 else None for row, subject in enumerate(SUBJECTS)]
    rows = list(range(ROWS))
    order.shuffle(rows)
    place = {row: i for i, row in enumerate(rows)}
    moved = [[(place[a], place[b]) for a, b in pairs] for pairs in (must, cannot)]
    here = clustering.group(TEXTS, vectors=vectors, previous=previous, must=must, cannot=cannot)
    there = clustering.group(
        [TEXTS[row] for row in rows],
        vectors=vectors[rows],
        previous=[previous[row] for row in rows],
        must=moved[0],
        cannot=moved[1],
    )
    assert partition(here.labels) == {frozenset(rows[i] for i in group) for group in partition(there.labels)}


def partition(labels: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels) if label >= 0}


SCRIPTS = [
    "Notre bac n'a pas été vidé \ud83d par le camion",
    "الحاوية لم تُفرَّغ منذ أسبوعين",
    "垃圾桶两个星期没有清空了",
    "Мусор не вывозили две недели",
    "Ο κάδος δεν αδειάστηκε",
    "🗑️🗑️🗑️",
    "a\u0301\u0308\u200d\u202e\u0000\x07\x1b[31m",
    "\ufeffLe bus\r\n\r\n\tne passe\u00a0plus",
    "ﬁche ŒUVRE ẞ İ ǅ",
    "?" * 500,
    " ",
    "",
]


@pytest.mark.parametrize("by_meaning", [True, False])
def test_any_script_and_any_broken_line_is_grouped_cut_and_searched_without_a_crash(by_meaning):
    texts = [*TEXTS, *SCRIPTS]
    vectors = clustering.encode(texts) if by_meaning else None
    grouping = clustering.group(texts, vectors=vectors)
    assert len(grouping.labels) == len(texts)
    assert np.isfinite(grouping.scores).all()
    assert grouping.labels[-1] == grouping.labels[-2] == -1
    for text in SCRIPTS:
        assert "".join("".join(p.text.split()) for p in clustering.segment(text)) == "".join(text.split())
        clustering.documents(text)
    assert len(clustering.duplicates(texts)) == len(texts)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=12))
def test_whatever_is_typed_is_grouped_by_words(texts):
    grouping = clustering.group(texts)
    assert len(grouping.labels) == len(texts)
    assert all(theme.size >= 3 for theme in grouping.themes)


def test_one_line_in_twenty_broken_leaves_the_others_where_they_were(vectors):
    texts, rng = list(TEXTS), random.Random(2)
    broken = rng.sample(range(ROWS), max(1, ROWS // 20))
    for row in broken:
        texts[row] = "\x00\ufffd" * 20 + texts[row][::-1]
    whole, damaged = (clustering.group(found, vectors=clustering.encode(found)) for found in (TEXTS, texts))
    pairs = [(a, b) for a in range(ROWS) for b in range(a) if not {a, b} & set(broken)]
    same = [(whole.labels[a] == whole.labels[b]) == (damaged.labels[a] == damaged.labels[b]) for a, b in pairs]
    assert np.mean(same) > 0.9


def test_one_text_of_a_hundred_thousand_characters_stands_among_the_others(vectors):
    texts = [*TEXTS, "poubelle pleine " * 6_250]
    grouping = clustering.group(texts, vectors=np.vstack([vectors, clustering.encode(texts[-1:])]))
    assert len(grouping.labels) == ROWS + 1


def test_a_theme_that_people_touched_is_remembered_more_firmly():
    graph = sparse.csr_matrix(np.ones((6, 6)) - np.eye(6))
    former = [1, 1, 1, 1, 2, None]
    lightly, firmly = (identity.remembered(graph, former, firm=firm).toarray() for firm in ((), {1}))
    assert firmly[0, 1] > lightly[0, 1] > 1 > lightly[0, 4] > firmly[0, 4]
    assert lightly[0, 5] == firmly[0, 5] == 1


def test_texts_of_one_theme_that_share_no_neighbour_are_held_by_a_thread():
    graph = sparse.block_diag([np.ones((2, 2)) - np.eye(2)] * 3).tocsr()
    held = identity.remembered(graph, [1, 1, 1, 1, 2, 2]).toarray()
    assert held[0, 2] > 0
    assert held[1, 2] > 0
    assert not held[:4, 4:].any()
    assert not identity.remembered(graph * 0, [None] * 6).nnz
