"""How well each text is surrounded: strangers, passages that say nothing and odd lengths score low."""

from dataclasses import replace

import numpy as np
import pytest

import clustering
from clustering.space import build
from clustering.surroundings import surroundings

WHAT = ["le bus", "la cantine", "le guichet", "la piscine", "le passeport", "le formulaire"]
WRONG = ["est en retard", "ferme trop tôt", "est toujours en panne", "demande encore un papier", "coûte trop cher"]
TEXTS = [f"{what.capitalize()} {wrong} ce mois-ci." for what in WHAT for wrong in WRONG] * 2
TEXTS = [f"{text} {'Que faire ?' if row % 2 else 'Personne ne répond.'}" for row, text in enumerate(TEXTS)]


def test_a_stranger_scores_lower_than_anyone_else():
    stranger = "Recette de ma grand-mère : trois œufs, du beurre, cuire doucement quarante minutes au four."
    by_words = clustering.group([*TEXTS, stranger])
    by_meaning = clustering.group([*TEXTS, stranger], vectors=clustering.encode([*TEXTS, stranger]))
    for grouping in (by_words, by_meaning):
        assert grouping.scores[-1] < grouping.scores[:-1].min()
        assert ((grouping.scores >= 0) & (grouping.scores <= 1)).all()


def test_a_passage_that_says_nothing_scores_low():
    texts = [*TEXTS, "blabla", "Cordialement"]
    scores = clustering.group(texts, vectors=clustering.encode(texts)).scores
    assert scores[-2:].max() < np.quantile(scores[:-2], 0.05)


def test_words_that_nobody_else_says_tell_a_text_that_usual_ones_bring_close():
    said = [TEXTS[0], "Le bus arrimait sa misaine ce mois-ci au cabestan.", ""]
    found = build([*TEXTS, *said], None).familiar
    assert found[-2] < found[:-2].min()
    assert found[-1] == 0


def test_how_familiar_words_are_owes_nothing_to_the_order():
    order = np.random.default_rng(0).permutation(len(TEXTS))
    shuffled = build([TEXTS[row] for row in order], None).familiar
    assert shuffled == pytest.approx(build(TEXTS, None).familiar[order])


def test_an_unusual_length_costs_in_many_texts_only():
    def score(texts: list[str]) -> float:
        n = len(texts)
        space = replace(build(texts, None), familiar=np.zeros(n))  # only lengths differ
        others = np.tile(np.arange(n), (n, 1))
        found = surroundings(
            texts, space=space, vectors=None, nearest=others, similarity=np.linspace(0.2, 0.8, n * n).reshape(n, n)
        )
        return float(found[-1])

    said = [" ".join([text] * (1 + row % 3)) for row, text in enumerate(TEXTS)]
    long = " ".join([*TEXTS, *TEXTS])
    assert score([*said, long]) < score([*said, said[0]])
    assert score([*said[:20], long]) == score([*said[:20], said[0]])


def test_texts_without_neighbours_score_nothing():
    assert clustering.group(["Seul."], vectors=clustering.encode(["Seul."])).scores.tolist() == [0.0]
    assert clustering.group([]).scores.size == 0


def test_two_texts_taken_at_random_are_no_neighbours():
    rows = np.random.default_rng(0).normal(size=(400, 64)).astype(np.float32)
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    texts = [f"mot{row} autre{row}" for row in range(400)]
    space = build(texts, rows)
    nearest = np.random.default_rng(1).integers(400, size=(400, 5))
    similarity = np.take_along_axis(np.asarray(space.similarity(slice(None))), nearest, axis=1)
    found = surroundings(texts, space=space, vectors=rows, nearest=nearest, similarity=similarity)
    assert found.mean() < 0.05
