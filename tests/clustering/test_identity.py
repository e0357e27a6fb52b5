"""What became of each theme: numbers that go on, lineage, merges and splits told as events."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clustering.identity import Change, compare, lineage, match

A, B, C = 12, 15, 20


def told(previous, new):
    return [(event.change, event.theme, event.former, event.parents) for event in compare(previous, new)]


def test_nothing_changed():
    assert told([A, A, B, B, None], [0, 0, 1, 1, -1]) == [
        (Change.SAME, 0, A, (A,)),
        (Change.SAME, 1, B, (B,)),
    ]


def test_a_theme_that_grew_says_which_rows_joined():
    [event] = compare([A, A, A, None, None], [0, 0, 0, 0, -1])
    assert (event.change, event.former, event.joined, event.left) == (Change.GROWN, A, (3,), ())


def test_a_theme_that_lost_some_says_which():
    [event] = compare([A, A, A], [0, 0, -1])
    assert (event.change, event.former, event.joined, event.left) == (Change.SHRUNK, A, (), (2,))


def test_a_part_that_left_knows_where_it_comes_from():
    assert told([A] * 6, [0, 0, 0, 0, 1, 1]) == [(Change.SHRUNK, 0, A, (A,)), (Change.SPLIT, 1, None, (A,))]


def test_two_halves_that_meet_are_a_merge_and_the_smaller_one_says_into_what():
    first, second = compare([A] * 4 + [B] * 3, [0] * 7)
    assert (first.change, first.former, first.parents, first.joined) == (Change.MERGED, A, (A, B), (4, 5, 6))
    assert (second.change, second.former, second.left, second.into) == (Change.VANISHED, B, (4, 5, 6), 0)


def test_a_merge_that_continues_neither_takes_a_new_number():
    assert told([A] * 3 + [B] * 3 + [C] * 3, [0] * 9) == [
        (Change.MERGED, 0, None, (A, B, C)),
        (Change.VANISHED, None, A, ()),
        (Change.VANISHED, None, B, ()),
        (Change.VANISHED, None, C, ()),
    ]


def test_new_texts_found_a_theme_without_parents():
    assert told([A, A, None, None, -1], [0, 0, 1, 1, 1]) == [(Change.SAME, 0, A, (A,)), (Change.NEW, 1, None, ())]


def test_a_theme_whose_texts_scattered_vanished_into_nothing():
    *_, last = compare([A] * 4 + [None] * 9, [0, 1, 2, -1] + [0] * 3 + [1] * 3 + [2] * 3)
    assert (last.change, last.former, last.into) == (Change.VANISHED, A, None)


def test_lengths_that_differ_are_refused():
    for act in (compare, lineage, match):
        with pytest.raises(ValueError, match="same texts"):
            act([A], [])


LABELS = st.lists(
    st.tuples(st.sampled_from([None, -1, "a", "b", 3, 4]), st.integers(min_value=-1, max_value=4)), max_size=40
)


@settings(max_examples=200, deadline=None)
@given(LABELS)
def test_events_account_for_every_text_and_no_former_number_is_given_twice(pairs):
    previous, new = [old for old, _ in pairs], [label for _, label in pairs]
    events = compare(previous, new)
    living = [event for event in events if event.theme is not None]
    assert [event.theme for event in living] == sorted({label for label in new if label >= 0})
    formers = [event.former for event in events if event.former is not None]
    assert len(formers) == len(set(formers))
    assert set(formers) == {old for old in previous if old not in (None, -1)}
    for event in living:
        held = {row for row, old in enumerate(previous) if event.former is not None and old == event.former}
        assert (held | set(event.joined)) - set(event.left) == {row for row, at in enumerate(new) if at == event.theme}
    assert {event.theme: event.parents for event in living} == lineage(previous, new)
    assert {event.theme: event.former for event in living if event.former is not None} == match(previous, new)
