"""What people's own themes teach about the texts that nobody touched."""

import numpy as np

import clustering
from clustering.space import build
from clustering.taught import profiles, taught

WHAT = ["le bus", "la cantine", "le guichet", "la piscine"]
WRONG = ["est en retard", "ferme trop tôt", "est en panne", "demande un papier", "coûte trop cher"]
TEXTS = [f"{what.capitalize()} {wrong} ce mois-ci." for what in WHAT for wrong in WRONG]
BY_WHAT = [what for what in WHAT for _ in WRONG]


def test_texts_resemble_the_theme_that_speaks_of_the_same_thing_themselves_apart():
    space = build(TEXTS, clustering.encode(TEXTS))
    found = profiles(space, BY_WHAT)
    assert found.shape == (len(TEXTS), len(WHAT))
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    best = [WHAT[place] for place in profiles(space, [*BY_WHAT[:-1], None]).argmax(axis=1)]
    assert best[-1] in WHAT
    alone = profiles(space, ["alone", *BY_WHAT[1:]])
    assert alone.shape[1] == len(WHAT)  # one text is no theme


def test_a_regroup_follows_people_on_texts_that_they_never_saw():
    vectors = clustering.encode(TEXTS)
    shown = [row % len(WRONG) < 3 for row in range(len(TEXTS))]
    board = [label if seen else None for label, seen in zip(BY_WHAT, shown, strict=True)]
    space = build(TEXTS, vectors)

    def apart(one) -> float:
        close = np.asarray(one.similarity(slice(None)))
        rows = [row for row, seen in enumerate(shown) if not seen]
        same = np.array([[BY_WHAT[a] == BY_WHAT[b] for b in rows] for a in rows])
        close = close[np.ix_(rows, rows)]
        return float(close[same].mean() - close[~same].mean())

    assert apart(taught(space, board)) > apart(space)


def test_nothing_is_taught_without_themes_or_without_meaning():
    words = build(TEXTS, None)
    assert taught(words, BY_WHAT) is words
    space = build(TEXTS, clustering.encode(TEXTS))
    assert taught(space, [None] * len(TEXTS)) is space


def test_a_regroup_that_knows_the_board_is_the_same_each_time():
    vectors, must = clustering.encode(TEXTS), [(0, 1)]
    one, two = (clustering.group(TEXTS, vectors=vectors, previous=BY_WHAT, must=must).labels.tolist() for _ in range(2))
    assert one == two
