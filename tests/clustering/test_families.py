"""Two levels: what says nearly the same stands under one heading, whatever the order, and stays there."""

import numpy as np
import pytest

from clustering import archetypes, families, identity
from clustering.families import MANY, MOST, kindred, shared_words

SUBJECTS = {
    "cantine": ("menu", "facture", "allergie", "inscription", "repas froid"),
    "piscine": ("horaires", "douche", "vestiaire", "tarif", "eau froide"),
    "bus": ("retard", "arrêt supprimé", "abonnement", "chauffeur", "vélo"),
}
TEXTS = [f"{subject} : {word}. {subject}. {word}" for subject, words in SUBJECTS.items() for word in words]
TRUTH = [row // 5 for row in range(15)]


def same(a, b):
    """Whether two labellings put the same rows together."""
    return all((a[i] == a[j]) == (b[i] == b[j]) for i in range(len(a)) for j in range(i))


def towards(truth, *, seed=0, noise=0.3):
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(max(truth) + 1, 32))
    return (middles[truth] + noise * rng.normal(size=(len(truth), 32))).astype(np.float32)


@pytest.mark.parametrize("vectors", [None, towards(TRUTH)], ids=["words", "meaning"])
def test_groups_about_one_thing_are_one_family_in_any_order(vectors):
    found = kindred(TEXTS, vectors=vectors)
    assert same(found, TRUTH)
    for seed in range(5):
        rows = np.random.default_rng(seed).permutation(len(TEXTS))
        shuffled = kindred([TEXTS[row] for row in rows], vectors=None if vectors is None else vectors[rows])
        assert same(shuffled, found[rows])


def test_families_keep_to_what_they_were_and_more_to_what_people_touched():
    truth = [row % 6 for row in range(48)]
    texts = [f"sujet {label} numéro {row}" for row, label in enumerate(truth)]
    vectors = towards(truth, noise=1.2)
    first = kindred(texts[:42], vectors=vectors[:42])
    before = [*(int(label) if label >= 0 else None for label in first), *[None] * 6]
    again = kindred(texts, vectors=vectors, previous=before)
    continued = identity.match(before, again.tolist())
    kept = [continued.get(int(again[row])) == before[row] for row in range(42) if before[row] is not None]
    assert np.mean(kept) >= 0.95
    odd = [*before[:1], *["chosen" if row in (1, 2) else label for row, label in enumerate(before)][1:]]
    held = kindred(texts, vectors=vectors, previous=odd, firm={"chosen"})
    assert held[1] == held[2]


def test_a_family_is_never_too_long_to_read():
    found = kindred([f"la même chose {row}" for row in range(90)], vectors=towards([0] * 90, noise=1.0))
    assert np.bincount(found[found >= 0]).max() <= MOST


def test_few_groups_strange_ones_and_odd_input_are_no_trouble():
    assert kindred([]).tolist() == []
    assert kindred(["seul"]).tolist() == [-1]
    assert len(kindred(["", ""])) == 2
    assert set(kindred(["a", "🙂", "!!", "x" * 10_000])) <= {-1, 0, 1}
    assert len(kindred(["même"] * 9, vectors=np.zeros((9, 8), np.float32))) == 9
    with pytest.raises(ValueError, match="vectors"):
        kindred(["a", "b"], vectors=np.zeros((3, 4)))


def test_a_name_is_made_of_words_that_most_titles_say():
    assert shared_words(["Cantine trop chère", "Menus de la cantine", "Facture de cantine"]) == "Cantine"
    assert shared_words(["Bus en retard", "Piscine fermée", "Cantine trop chère"]) == ""
    assert shared_words(["Cantine trop chère"]) == ""
    assert shared_words([]) == ""


def test_the_catalogue_names_a_family_only_when_it_stands_out():
    names = ["accueil", "accueil", "pieces", ""]
    assert archetypes.family_of_groups(np.array([[0.4, 0.1, 0.1, 0.9], [0.1, 0.5, 0.1, 0.9]]), names) == "accueil"
    assert archetypes.family_of_groups(np.array([[0.4, 0.1, 0.4, 0], [0.1, 0.4, 0.3, 0]]), names) == ""
    assert archetypes.family_of_groups(np.array([[0.1, 0.1, 0.0, 0]]), names) == ""
    assert archetypes.family_of_groups(np.zeros((0, 4)), names) == ""
    known = {one.family for one in archetypes.default()}
    assert known <= set(archetypes.family_names())


def test_themes_of_a_file_have_families_from_eight_on():
    from scipy import sparse

    labels = np.repeat(np.arange(MANY + 1), 3)
    near = sparse.csr_matrix(np.equal.outer(labels // 4, labels // 4).astype(np.float32))
    found = families.families(near, labels)
    assert sorted(theme for family in found for theme in family) == list(range(MANY + 1))
    assert {frozenset(family) for family in found} == {frozenset(range(4)), frozenset(range(4, 8))}
    assert families.families(near[:21, :21], labels[:21]) == []
