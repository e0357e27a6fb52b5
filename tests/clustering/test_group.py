"""Grouping texts: what must hold whatever the texts."""

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score

import clustering
from tests.clustering.fiches import corpus

TEXTS, SUBJECTS = corpus()


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return clustering.encode(TEXTS)


def partition(texts: list[str], labels: np.ndarray) -> set[frozenset[str]]:
    return {frozenset(t for t, label in zip(texts, labels, strict=True) if label == one) for one in set(labels)}


def test_texts_about_one_grievance_end_up_together(vectors):
    by_words = clustering.group(TEXTS)
    by_meaning = clustering.group(TEXTS, vectors=vectors)
    assert adjusted_mutual_info_score(SUBJECTS, by_words.labels) > 0.55  # each thing has four names, no word in common
    assert adjusted_mutual_info_score(SUBJECTS, by_meaning.labels) > 0.6


def test_themes_are_described_in_words_people_wrote(vectors):
    grouping = clustering.group(TEXTS, vectors=vectors)
    assert sum(theme.size for theme in grouping.themes) == (grouping.labels >= 0).sum()
    assert [theme.size for theme in grouping.themes] == sorted((t.size for t in grouping.themes), reverse=True)
    written = " ".join(TEXTS).lower()
    for theme in grouping.themes:
        assert theme.keyphrases
        assert all(phrase in written for phrase in theme.keyphrases)
        assert theme.title[0].isupper()
        assert len(theme.title) <= 80
        assert 0 <= theme.cohesion <= 1
        assert all(grouping.labels[row] == theme.index for row in theme.representative)


def test_the_order_of_the_input_changes_nothing(vectors):
    grouping = clustering.group(TEXTS, vectors=vectors)
    order = random.Random(3).sample(range(len(TEXTS)), len(TEXTS))
    shuffled = clustering.group([TEXTS[i] for i in order], vectors=vectors[order])
    assert list(shuffled.labels) == [grouping.labels[i] for i in order]
    assert [theme.title for theme in shuffled.themes] == [theme.title for theme in grouping.themes]


def test_the_order_changes_nothing_above_five_hundred_texts_either():
    texts = [
        f"{text} Dossier {word}."
        for word in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")
        for text in TEXTS
    ]
    order = random.Random(5).sample(range(len(texts)), len(texts))
    grouping, shuffled = clustering.group(texts), clustering.group([texts[i] for i in order])
    assert list(shuffled.labels) == [grouping.labels[i] for i in order]


def test_the_same_seed_gives_the_same_themes(vectors):
    first, second = (clustering.group(TEXTS, vectors=vectors, seed=7) for _ in range(2))
    assert list(first.labels) == list(second.labels)
    assert list(first.scores) == list(second.scores)


def test_inputs_are_not_modified(vectors):
    before, must = vectors.copy(), [(0, 1)]
    clustering.group(TEXTS, vectors=vectors, must=must)
    assert (vectors == before).all()
    assert must == [(0, 1)]


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["", "  ", "\n\t"],
        ["poubelle"],
        ["poubelle", "piscine"],
        ["🙂", "👍👍", "❤️"],
        ["?", "!!!", "12", "…"],
        ["x" * 100_000, "mot " * 25_000, "court"],
        ["Où est le bus\x00 ?", "\ud800 surrogate", "normal"],
    ],
)
def test_poor_input_gives_no_theme_and_no_crash(texts):
    grouping = clustering.group(texts)
    assert len(grouping.labels) == len(grouping.scores) == len(texts)
    assert set(grouping.labels) <= {-1}
    assert grouping.themes == []


def test_poor_input_with_vectors_does_not_crash_either():
    texts = ["", "🙂", "poubelle", "mot " * 25_000, "Our street has been forgotten"]
    assert len(clustering.group(texts, vectors=clustering.encode(texts)).labels) == 5


def test_many_times_the_same_text_is_one_theme():
    grouping = clustering.group(["La poubelle déborde"] * 40)
    assert set(grouping.labels) == {0}
    assert grouping.themes[0].size == 40
    assert "poubelle" in grouping.themes[0].title.lower()


def test_capitals_without_accents_find_the_accented_theme(vectors):
    shouted = "LES DOUCHES SONT FROIDES ET MOISIES, LES VESTIAIRES SONT CASSES"
    texts = [*TEXTS, shouted]
    grouping = clustering.group(texts, vectors=np.vstack([vectors, clustering.encode([shouted])]))
    about = [SUBJECTS[row] for row in np.flatnonzero(grouping.labels[:-1] == grouping.labels[-1])]
    assert grouping.labels[-1] >= 0
    assert set(about) == {"pool"}


def test_another_language_joins_by_meaning(vectors):
    foreign = "The swimming pool changing rooms are dirty and the showers are cold."
    texts = [*TEXTS, foreign]
    grouping = clustering.group(texts, vectors=np.vstack([vectors, clustering.encode([foreign])]))
    about = {SUBJECTS[row] for row in np.flatnonzero(grouping.labels[:-1] == grouping.labels[-1])}
    assert about == {"pool"}


def test_the_knob_goes_from_few_to_many_themes(vectors):
    counts = [len(clustering.group(TEXTS, vectors=vectors, resolution=k).themes) for k in ("coarse", "medium", "fine")]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    with pytest.raises(ValueError, match="coarse, medium, fine"):
        clustering.group(TEXTS, resolution="enormous")


def test_progress_is_told(vectors):
    told = []
    clustering.group(TEXTS, vectors=vectors, progress=lambda step, share: told.append((step, share)))
    assert told[-1] == ("themes", 1.0)
    assert all(0 <= share <= 1 for _, share in told)


def test_lengths_that_differ_are_refused(vectors):
    with pytest.raises(ValueError, match="vectors"):
        clustering.group(TEXTS, vectors=vectors[:-1])
    with pytest.raises(ValueError, match="previous"):
        clustering.group(TEXTS, previous=[None])


PAIRS = st.lists(st.tuples(st.integers(0, 63), st.integers(0, 63)).filter(lambda p: p[0] != p[1]), max_size=6)


@settings(max_examples=25, deadline=None)
@given(must=PAIRS, cannot=PAIRS, seed=st.integers(0, 3))
def test_what_people_linked_or_parted_is_never_undone(must, cannot, seed):
    previous = [i % 5 if i % 3 else None for i in range(len(TEXTS))]
    try:
        grouping = clustering.group(TEXTS, must=must, cannot=cannot, previous=previous, seed=seed)
    except clustering.ContradictoryLinks:
        return
    assert all(grouping.labels[a] == grouping.labels[b] >= 0 for a, b in must)
    assert not any(grouping.labels[a] == grouping.labels[b] >= 0 for a, b in cannot)


def test_equal_texts_can_be_kept_apart():
    texts = [*TEXTS, TEXTS[0], TEXTS[0]]
    grouping = clustering.group(texts, cannot=[(0, 64)], must=[(0, 65)])
    assert grouping.labels[0] == grouping.labels[65]
    assert grouping.labels[0] != grouping.labels[64]


def test_a_whole_quarrel_is_parted():
    rows = [i for i, subject in enumerate(SUBJECTS) if subject == "bins"][:5]
    grouping = clustering.group(TEXTS, cannot=list(combinations(rows, 2)))
    placed = [grouping.labels[row] for row in rows if grouping.labels[row] >= 0]
    assert len(placed) == len(set(placed))


def test_contradictory_links_are_refused_with_their_name():
    with pytest.raises(clustering.ContradictoryLinks):
        clustering.group(TEXTS, must=[(0, 1), (1, 2)], cannot=[(0, 2)])
    with pytest.raises(IndexError):
        clustering.group(TEXTS, must=[(0, 64)])


def test_a_former_grouping_is_remembered_and_named(vectors):
    first = clustering.group(TEXTS, vectors=vectors)
    former = [None if label < 0 else 100 + int(label) for label in first.labels]
    new = ["Le bac jaune déborde encore dans la rue.", "Les vestiaires de la piscine sont sales."]
    second = clustering.group(
        [*TEXTS, *new], vectors=np.vstack([vectors, clustering.encode(new)]), previous=[*former, None, None]
    )
    names_now = [second.themes[label].previous if label >= 0 else None for label in second.labels[:64]]
    kept = [old == now for old, now in zip(former, names_now, strict=True) if old is not None]
    assert np.mean(kept) >= 0.95
    names = [theme.previous for theme in second.themes if theme.previous is not None]
    assert len(names) == len(set(names))
    assert all(theme.previous in theme.parents for theme in second.themes if theme.previous is not None)


def test_a_theme_continues_the_one_it_shares_most_with():
    assert clustering.match([7, 7, 7, 8, 8, None], [0, 0, 1, 1, 1, 0]) == {0: 7, 1: 8}
    assert clustering.match([7, 7, 7, 7], [0, 1, 2, 3]) == {}
    assert clustering.match([], []) == {}
    with pytest.raises(ValueError, match="same texts"):
        clustering.match([1], [])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([None, -1, 1, 2, 3]), st.integers(-1, 3)), max_size=30))
def test_no_former_number_is_given_twice(pairs):
    matched = clustering.match([old for old, _ in pairs], [new for _, new in pairs])
    assert len(set(matched.values())) == len(matched)
    assert not {None, -1} & set(matched.values())
    assert -1 not in matched
