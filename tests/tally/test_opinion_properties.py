"""What must not change a map: the order of rows, the names of people and statements, a statement asked twice."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tally import OpinionMap, Votes, opinion_map
from tests.tally.conversations import camps

CONVERSATION = camps((45, 25), statements=20, seed=5)
ROWS = list(zip(CONVERSATION.people, CONVERSATION.statements, CONVERSATION.answers, strict=True))
few = settings(max_examples=8, deadline=None)


def of(rows: list[tuple[str, str, int]]) -> OpinionMap:
    return opinion_map(Votes.of(*zip(*rows, strict=True)))


FOUND = of(ROWS)


def parts(found: OpinionMap, name=lambda person: person) -> set[frozenset]:
    held: dict = {}
    for person, group in zip(found.placements.people, found.placements.groups, strict=True):
        held.setdefault(group, set()).add(name(person))
    return {frozenset(people) for people in held.values()}


@few
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(random):
    rows = list(ROWS)
    random.shuffle(rows)
    again = of(rows)
    assert again == FOUND
    assert again.published() == FOUND.published()
    assert np.array_equal(again.placements.points, FOUND.placements.points)


@few
@given(st.randoms(use_true_random=False))
def test_new_names_change_names_only(random):
    people, statements = sorted({row[0] for row in ROWS}), sorted({row[1] for row in ROWS})
    numbers = random.sample(range(10_000), len(people) + len(statements))
    person = dict(zip(people, numbers, strict=False))
    statement = dict(zip(statements, numbers[len(people) :], strict=True))
    back = {number: name for name, number in (person | statement).items()}
    again = opinion_map(
        Votes.of([person[p] for p, _, _ in ROWS], [statement[s] for _, s, _ in ROWS], CONVERSATION.answers)
    )
    assert parts(again, back.__getitem__) == parts(FOUND)
    for ours, theirs in zip(FOUND.groups, again.groups, strict=True):
        assert (ours.size, ours.x, ours.y, ours.width) == (theirs.size, theirs.x, theirs.y, theirs.width)
        assert [one.statement for one in ours.representative] == [back[one.statement] for one in theirs.representative]
    assert {one.statement for one in FOUND.consensus} == {back[one.statement] for one in again.consensus}


@few
@given(st.sampled_from(sorted({row[1] for row in ROWS})))
def test_a_statement_asked_twice_is_told_twice_and_alike(statement):
    again = of(ROWS + [(p, "again", a) for p, s, a in ROWS if s == statement])
    told = {one.id: one for one in again.statements}
    one, other = told[statement], told["again"]
    assert (one.agree, one.disagree, one.passed, one.groups) == (
        other.agree,
        other.disagree,
        other.passed,
        other.groups,
    )
    assert (one.x, one.y, one.in_every_group) == (other.x, other.y, other.in_every_group)


@few
@given(st.integers(1, 40))
def test_people_who_pass_at_everything_break_nothing(people):
    statements = sorted({row[1] for row in ROWS})
    again = of(ROWS + [(f"pass{p}", s, 0) for p in range(people) for s in statements])
    passing = {
        group
        for person, group in zip(again.placements.people, again.placements.groups, strict=True)
        if person.startswith("pass")
    }
    assert again.refusal is not None or len(passing) == 1


@few
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 12), st.sampled_from([-1, 0, 1])),
        max_size=900,
        unique_by=lambda row: row[:2],
    )
)
def test_any_votes_give_a_map_or_a_reason(rows):
    found = opinion_map(Votes.of(*zip(*rows, strict=True)) if rows else Votes.of([], [], []))
    assert (found.refusal is None) == (len(found.groups) >= 2)
    assert all(group.size >= 10 for group in found.groups)
    assert sum(one.agree + one.disagree + one.passed for one in found.statements) == len(rows)
