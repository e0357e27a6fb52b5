"""How well a group holds together among others."""

import numpy as np

from clustering.cohesion import CLEAR, WEAK, clarity, cohesion, inside

BUS = ["Le bus est en retard.", "Bus en retard encore.", "Retard du bus ce matin."]
WATER = ["Ma facture d'eau a triplé.", "Facture d'eau trop chère.", "L'eau : facture énorme."]
MIXED = ["Le bus en retard.", "La facture d'eau."]


def test_a_group_holds_among_others_and_a_mixture_does_not():
    found = cohesion([*BUS, *WATER, *MIXED], ["bus"] * 3 + ["water"] * 3 + ["mixed"] * 2)
    assert min(found["bus"], found["water"]) > found["mixed"] == 0.0


def test_texts_of_no_group_count_among_the_others():
    alone = cohesion(BUS, ["bus"] * 3)
    beside = cohesion([*BUS, *BUS], ["bus"] * 3 + [None] * 3)
    assert alone == {"bus": 1.0}
    assert beside["bus"] < 1.0


def test_one_text_alone_holds_and_nothing_is_nothing():
    assert cohesion(["Un seul."], ["a"]) == {"a": 1.0}
    assert cohesion([], []) == {}


def test_meaning_decides_when_there_are_vectors():
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 1, 1]]
    assert cohesion(["a", "b", "c", "d"], ["x", "x", "y", "y"], vectors=vectors) == {"x": 1.0, "y": 1.0}


def test_the_words_follow_the_thresholds():
    assert [clarity(share) for share in (0.0, WEAK, CLEAR)] == ["weak", "medium", "clear"]


def test_a_group_is_seen_among_all_the_texts_by_the_same_measure():
    labels = np.array([0, 0, 0, 1, 1])
    nearest = np.array([[1, 2], [0, 2], [0, 3], [4, 0], [2, 3]])
    assert inside(np.array([0, 1, 2]), labels, nearest) == round(5 / 6, 3)
    assert inside(np.array([3, 4]), labels, nearest) == 0.5  # one other text, one neighbour asked
    assert inside(np.array([3]), labels, nearest) == 1.0
