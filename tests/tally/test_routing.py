"""What is shown next: new and uncertain statements first, to each person in an order of their own."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally import next_statement, routing_weights

counts = st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))


def test_new_then_divided_then_known():
    weights = routing_weights({"new": (0, 0, 0), "divided": (10, 10, 0), "known": (20, 0, 0), "passed": (5, 5, 30)})
    assert weights["new"] > weights["divided"] > weights["known"]
    assert weights["passed"] < weights["divided"]


@given(counts)
def test_every_statement_keeps_a_chance(count):
    weights = routing_weights({"s": count})
    assert 0 < weights["s"] <= routing_weights({"s": (0, 0, 0)})["s"]


@given(st.integers(0, 300), st.integers(0, 300))
def test_agreeing_and_disagreeing_weigh_alike(agree, disagree):
    weights = routing_weights({"one": (agree, disagree, 3), "other": (disagree, agree, 3)})
    assert weights["one"] == pytest.approx(weights["other"])


def test_a_count_is_not_negative():
    with pytest.raises(ValueError, match="negative"):
        routing_weights({"s": (1, -1, 0)})


def test_all_are_shown_once_then_nothing():
    held = {f"s{at}": (at, 2, 1) for at in range(30)}
    answered: set = set()
    while (shown := next_statement(held, answered=answered, person="somebody")) is not None:
        assert shown not in answered
        answered.add(shown)
    assert answered == set(held)


def test_coming_back_shows_the_same_and_others_see_another_order():
    held = {f"s{at}": (0, 0, 0) for at in range(50)}
    shown = [next_statement(held, answered=set(), person=f"p{at}") for at in range(40)]
    assert shown == [next_statement(held, answered=set(), person=f"p{at}") for at in range(40)]
    assert shown[0] == next_statement(dict(reversed(held.items())), answered=set(), person="p0")
    assert len(set(shown)) > 15


def test_chances_follow_weights():
    held = {"new": (0, 0, 0), "known": (60, 2, 0)}
    weights = routing_weights(held)
    drawn = Counter(next_statement(held, answered=set(), person=f"p{at}") for at in range(4000))
    assert drawn["new"] / 4000 == pytest.approx(weights["new"] / sum(weights.values()), abs=0.03)
