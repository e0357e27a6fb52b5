"""The fingerprint of answers, and the statements that part the groups."""

from hypothesis import given
from hypothesis import strategies as st

from tally import Votes
from tally.opinions import StatementFigures, dividing

ANSWERS = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 12), st.sampled_from([-1, 0, 1])), min_size=1)


def figures(id: str, **groups: list[int]) -> StatementFigures:
    return StatementFigures(id, 0, 0, 0, False, 0.0, 0.0, None, groups)


def votes(rows: list[tuple[int, int, int]], *, called: str = "") -> Votes:
    return Votes.of([f"{called}{person}" for person, *_ in rows], [s for _, s, _ in rows], [a for *_, a in rows])


@given(ANSWERS, st.randoms())
def test_the_fingerprint_is_that_of_the_answers_whatever_people_are_called(rows, chance):
    given_once = list({(person, statement): (person, statement, answer) for person, statement, answer in rows}.values())
    shuffled = chance.sample(given_once, len(given_once))
    assert votes(given_once).digest() == votes(shuffled, called="habitant ").digest()


def test_one_answer_changed_is_another_fingerprint():
    before = votes([(1, 1, 1), (2, 1, -1), (2, 2, 0)]).digest()
    assert before != votes([(1, 1, 1), (2, 1, -1), (2, 2, 1)]).digest()
    assert before != votes([(1, 1, 1), (2, 1, -1)]).digest()
    assert before == votes([(7, 1, -1), (7, 2, 0), (3, 1, 1)]).digest()
    # One person who answers two statements is not two who answer one each.
    assert votes([(1, 1, 1), (1, 2, 1)]).digest() != votes([(1, 1, 1), (2, 2, 1)]).digest()


def test_what_parts_the_groups_comes_first_and_what_few_answered_does_not_come():
    found = dividing(
        [
            figures("1", A=[18, 2, 0], B=[2, 18, 0]),
            figures("2", A=[10, 10, 0], B=[12, 8, 0]),
            figures("3", A=[20, 0, 0], B=[0, 20, 0], C=[10, 10, 0]),
            figures("4", A=[9, 0, 0], B=[0, 20, 0]),
            figures("5"),
        ]
    )
    assert [one.statement for one in found] == ["3", "1"]
    assert found[1].shares == {"A": round(19 / 22, 6), "B": round(3 / 22, 6)}
    assert abs(found[1].spread - 16 / 22) < 1e-5
