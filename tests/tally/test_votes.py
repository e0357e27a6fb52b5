"""Answers are coded once: sorted ids, one answer per person and statement, the last one given."""

import numpy as np
import pytest

from tally import Votes


def test_the_last_answer_counts_and_the_others_are_told():
    votes = Votes.of(["a", "b", "a"], ["s", "s", "s"], [1, 0, -1])
    assert votes.people == ["a", "b"]
    assert votes.answer.tolist() == [-1, 0]
    assert votes.replaced == 1


def test_ids_are_in_the_order_people_expect():
    votes = Votes.of(["10", "9", "x"], ["2", "10", "1"], [1, 1, 1])
    assert votes.people == ["9", "10", "x"]
    assert votes.statements == ["1", "2", "10"]


@pytest.mark.parametrize("kind", [list, np.array, lambda ids: np.array(ids) - 7, lambda ids: np.array(ids) * 10**9])
def test_numbers_and_arrays_are_coded_alike(kind):
    votes = Votes.of(kind([30, 20, 30]), kind([4, 5, 5]), [1, 0, -1])
    assert votes.person.tolist() == [0, 1, 1]
    assert votes.statement.tolist() == [1, 0, 1]
    assert votes.answer.tolist() == [0, 1, -1]
    assert votes.seen.tolist() == [1, 2]
    assert votes.given.tolist() == [1, 2]


@pytest.mark.parametrize("answers", [[2], [0.5], [float("nan")], [-2]])
def test_an_answer_is_one_of_three(answers):
    with pytest.raises(ValueError, match="1, 0 or -1"):
        Votes.of(["a"], ["s"], answers)


def test_columns_are_of_one_length():
    with pytest.raises(ValueError, match="lengths"):
        Votes.of(["a", "b"], ["s"], [1])
