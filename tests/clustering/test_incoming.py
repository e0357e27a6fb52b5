"""A new text among pain points, and the first texts of a fresh site."""

import time

import numpy as np
import pytest

import clustering
from tests.clustering.fiches import QUADRUPLETS, corpus

TEXTS, SUBJECTS = corpus()


@pytest.fixture(scope="module")
def model() -> clustering.Model:
    return clustering.Model.from_labelled(TEXTS, SUBJECTS, vectors=clustering.encode(TEXTS))


def assigned(model, *texts):
    return [found.label for found in model.assign(texts, clustering.encode(texts))]


def test_a_new_text_finds_its_pain_point(model):
    assert assigned(model, "Notre bac n'a pas été ramassé, ça sent mauvais dans l'impasse") == ["bins"]
    assert assigned(model, "j'appelle et votre standard raccroche") == ["phone"]
    assert assigned(model, "PISCINE SALE, DOUCHES GLACEES") == ["pool"]


def test_a_text_about_something_else_is_left_to_sort(model):
    others = ["Le bus de sept heures ne passe plus.", "Justice pourrie.", "Merci pour le café et la clim.", "?", ""]
    assert assigned(model, *others) == [None] * len(others)


def test_a_text_between_two_pain_points_is_left_to_a_person():
    texts = ["Les poubelles débordent rue Haute", "Les poubelles débordent rue Basse"]
    model = clustering.Model.from_labelled(texts, [1, 2], vectors=clustering.encode(texts))
    new = ["Les poubelles débordent"]
    [found] = model.assign(new, clustering.encode(new))
    assert found.label is None
    assert found.score > 0.3


def test_assignment_takes_milliseconds(model):
    new = ["Le camion de collecte oublie notre impasse"]
    vectors = clustering.encode(new)
    model.assign(new, vectors)
    spent = []
    for _ in range(5):
        start = time.process_time()
        model.assign(new, vectors)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.05


@pytest.mark.parametrize("with_meaning", [True, False])
def test_a_text_finds_the_same_alone_and_among_hundreds(with_meaning):
    vectors = clustering.encode(TEXTS) if with_meaning else None
    model = clustering.Model.from_labelled(TEXTS, SUBJECTS, vectors=vectors)
    rows = np.arange(300) % len(TEXTS)
    together = model.assign([TEXTS[row] for row in rows], None if vectors is None else vectors[rows])
    for row in range(len(TEXTS)):
        [alone] = model.assign([TEXTS[row]], None if vectors is None else vectors[row : row + 1])
        for found in together[row :: len(TEXTS)]:
            assert found.label == alone.label
            assert found.score == pytest.approx(alone.score, abs=2e-4)


def test_words_alone_assign_too():
    model = clustering.Model.from_labelled(TEXTS, SUBJECTS)
    found = model.assign(["le bac jaune déborde dans la rue depuis lundi", "rien à voir"])
    assert [one.label for one in found] == ["bins", None]


def test_texts_without_a_label_are_not_learned_from():
    model = clustering.Model.from_labelled(["poubelle pleine", "poubelle vide", "poubelle"], [None, -1, 4])
    assert model.labels == [4]
    empty = clustering.Model.from_labelled([], [])
    assert empty.assign(["poubelle"]) == [clustering.Assignment(None, 0.0)]
    assert empty.assign([]) == []


def test_mismatched_input_is_refused(model):
    with pytest.raises(ValueError, match="vectors"):
        model.assign(["poubelle"])
    with pytest.raises(ValueError, match="same length"):
        clustering.Model.from_labelled(["a"], [])


@pytest.fixture(scope="module")
def encoded():
    return [([*same, *others], clustering.encode([*same, *others])) for same, others in QUADRUPLETS]


def test_three_ways_to_say_one_grievance_found_a_pain_point_without_the_stranger(encoded):
    found = [clustering.nucleate(texts, vectors=vectors) for texts, vectors in encoded]
    assert all(groups in ([], [[0, 1, 2]]) for groups in found), "a stranger was let in"
    assert sum(groups == [[0, 1, 2]] for groups in found) >= 10


def test_unrelated_texts_found_nothing():
    strangers = [text for _, others in QUADRUPLETS for text in others]
    groups = clustering.nucleate(strangers, vectors=clustering.encode(strangers))
    assert len(groups) <= 1, [[strangers[row] for row in rows] for rows in groups]


def test_in_a_pool_of_everything_most_groups_are_about_one_thing(encoded):
    texts = [text for texts, _ in encoded for text in texts]
    subject = [n if i < 3 else f"other {n} {i}" for n, (texts, _) in enumerate(encoded) for i in range(len(texts))]
    groups = clustering.nucleate(texts, vectors=np.vstack([vectors for _, vectors in encoded]))
    pure = [rows for rows in groups if len({subject[row] for row in rows}) == 1]
    assert len(pure) >= 4
    assert len(pure) / len(groups) >= 0.6


def test_copies_found_a_group_and_blanks_do_not():
    assert clustering.nucleate(["La rampe est bloquée"] * 3) == [[0, 1, 2]]
    assert clustering.nucleate(["", " ", "?"]) == []
    assert clustering.nucleate([]) == []
    assert clustering.nucleate(["un", "deux"], minimum=3) == []
