"""The yardsticks of the bench, against results worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.clustering.scoring import extended_bcubed, kept, pair_f1, score, spans


def test_texts_left_out_count_as_one_group_and_are_told():
    found = score(["a", "a", "b", "b", "c", "c"], [0, 0, 1, 1, -1, -1])
    assert (found.ami, found.ari) == (pytest.approx(1), pytest.approx(1))
    assert (found.noise, found.themes) == (pytest.approx(1 / 3), 2)
    assert score(["a", "a", "b", "b"], [0, 0, -1, 1]).ami < 1
    assert score(["a", "a", "b", "b"], [0, 0, -1, 1]).ami_assigned == pytest.approx(1)


def test_a_result_without_any_theme_scores_nothing():
    found = score(["a", "b", "a"], [-1, -1, -1])
    assert (found.ami, found.ami_assigned, found.noise, found.themes) == (0, 0, 1, 0)


def test_bcubed_of_the_truth_is_perfect_and_names_do_not_count():
    truth = [{"a"}, {"a", "b"}, {"b"}, set(), {"c"}]
    assert extended_bcubed(truth, truth) == (1, 1, 1)
    assert extended_bcubed(truth, [{1}, {1, 2}, {2}, set(), {3}]) == (1, 1, 1)


def test_bcubed_by_hand():
    # Two texts of one topic found apart: each is alone with itself, half of what it should be with.
    assert extended_bcubed([{"a"}, {"a"}], [{1}, {2}]) == (1, 0.5, pytest.approx(2 / 3))
    # Two topics found as one group: the mirror image.
    assert extended_bcubed([{"a"}, {"b"}], [{1}, {1}]) == (0.5, 1, pytest.approx(2 / 3))
    # Two texts share two topics, and one group: half of what they share is found, nothing is wrong.
    precision, recall, _ = extended_bcubed([{"a", "b"}, {"a", "b"}], [{1}, {1}])
    assert (precision, recall) == (1, 0.5)
    # They share one topic and two groups: Amigó's figure 10, multiplicity counts.
    assert extended_bcubed([{"a"}, {"a"}], [{1, 2}, {1, 2}])[:2] == (0.5, 1)


def test_bcubed_blames_a_text_about_nothing_that_is_grouped_and_a_topic_that_is_not_found():
    assert extended_bcubed([{"a"}, set()], [{1}, {2}]) == (0.5, 1, pytest.approx(2 / 3))
    assert extended_bcubed([{"a"}, {"b"}], [{1}, set()]) == (1, 0.5, pytest.approx(2 / 3))
    assert extended_bcubed([set()], [set()]) == (0, 0, 0)


@given(st.lists(st.tuples(st.sets(st.integers(0, 3)), st.sets(st.integers(0, 3))), min_size=1, max_size=12))
def test_bcubed_swapped_is_recall_for_precision(rows):
    truth, found = zip(*rows, strict=True)
    precision, recall, f1 = extended_bcubed(truth, found)
    assert extended_bcubed(found, truth) == pytest.approx((recall, precision, f1))
    assert 0 <= f1 <= 1


def test_pairs_by_hand():
    # Three copies of one letter, two found together; one stranger wrongly with them.
    precision, recall, f1 = pair_f1(["x", "x", "x", None], [0, 0, 1, 0])
    assert (precision, recall) == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert f1 == pytest.approx(1 / 3)


def test_copies_among_the_background_are_nobodys_business():
    assert pair_f1(["x", "x", None, None], [0, 0, 1, 1]) == (1, 1, 1)
    assert pair_f1(["x", "y"], [0, 1]) == (0, 0, 0)


def test_keeping_ones_theme_is_counted_on_those_who_had_one():
    assert kept([7, 7, 8, -1], [0, 1, 2, 0], {0: 7, 2: 8}) == pytest.approx(2 / 3)
    assert kept([7], [-1], {}) == 0
    assert kept([-1], [0], {}) == 1


def test_themes_that_span_services():
    assert spans(np.array([0, 0, 1, 1, -1]), ["x", "y", "x", "x", "y"]) == 0.5
    assert spans([-1], ["x"]) == 0
