"""The simulated owner only puts right what is wrong, and says it by links."""

import numpy as np

from bench.clustering.owner import Owner
from bench.clustering.scoring import score

TRUTH = ["a"] * 6 + ["b"] * 6 + ["c"] * 4
WRONG = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 0, 2, 2, 2, 2])  # a in two themes, b and c in one, one b astray


def owner(shown: np.ndarray | None = None) -> Owner:
    seen = np.ones(len(TRUTH), bool) if shown is None else shown
    return Owner(TRUTH, WRONG.copy(), seen, np.random.default_rng(0))


def test_enough_decisions_put_everything_right():
    one = owner()
    while one.decide():
        assert sum(one.acts.values()) < 30
    assert score(TRUTH, one.labels).ami == 1
    assert dict(one.acts) == {"merge": 1, "split": 1, "move": 1}


def test_links_hold_what_was_placed_together_and_part_the_rest():
    one = owner()
    while one.decide():
        pass
    must, cannot = one.links()
    assert all(TRUTH[a] == TRUTH[b] for a, b in must)
    assert all(TRUTH[a] != TRUTH[b] for a, b in cannot)
    assert must


def test_texts_not_shown_are_never_touched():
    shown = np.arange(len(TRUTH)) % 2 == 0
    one = owner(shown)
    while one.decide():
        pass
    assert (one.labels[~shown] == WRONG[~shown]).all()
    assert all(shown[row] for row in one.placed)
