"""What somebody typed, judged against what was frozen: each kind of ballot, each fault with its sentence."""

import pytest

from consult.budgets import papers
from consult.budgets.choices import BallotKind
from consult.budgets.errors import PaperRefused
from consult.budgets.models import BallotOption
from consult.budgets.phases import clock
from tally.budgets import Regulation
from tests.budgets import world

pytestmark = pytest.mark.django_db
GRADES = Regulation(rule="majority_judgment", unmarked=3)


def sheet(kind, **given):
    asked = world.ballot(200_000, 300_000, 250_000, rules=world.ballot_rules(kind, **given))
    return papers.sheet(asked, world.envelope_of(asked))


GOOD = [
    (BallotKind.APPROVAL, {}, [("3", ""), ("1", "")], [[1, 1], [3, 1]]),
    (BallotKind.KNAPSACK, {}, [("2", ""), ("1", "")], [[1, 1], [2, 1]]),
    (BallotKind.POINTS, {"points": 10}, [("2", "7"), ("1", " 3 "), ("3", "0")], [[1, 3], [2, 7]]),
    (BallotKind.RANKING, {"at_most": 3}, [("1", "4"), ("3", "1"), ("2", "")], [[3, 1], [1, 1]]),
    (
        BallotKind.JUDGMENT,
        {"mentions": ("Très bien", "Bien", "Passable"), "count": GRADES},
        [("2", "0"), ("1", "2"), ("3", "")],
        [[1, 2], [2, 0]],
    ),
]


@pytest.mark.parametrize(("kind", "rules", "typed", "ballot"), GOOD)
def test_a_ballot_of_each_kind_is_read_the_same_way_whatever_its_order(kind, rules, typed, ballot):
    paper = sheet(kind, **rules)
    assert papers.canonical(paper, typed) == papers.canonical(paper, typed[::-1]) == ballot
    assert papers.canonical(paper, papers.as_typed(paper, ballot)) == ballot


BAD = [
    (BallotKind.APPROVAL, {}, [("9", "")], "9"),
    (BallotKind.APPROVAL, {}, [("١", "")], "١"),
    (BallotKind.APPROVAL, {}, [("1", ""), ("01", "")], "twice"),
    (BallotKind.APPROVAL, {}, [], "at least"),
    (BallotKind.APPROVAL, {"at_most": 2}, [("1", ""), ("2", ""), ("3", "")], "at most"),
    (BallotKind.KNAPSACK, {}, [("1", ""), ("2", ""), ("3", "")], "150"),
    (BallotKind.POINTS, {"points": 10}, [("1", "7"), ("2", "4")], "1 off"),
    (BallotKind.POINTS, {"points": 10, "points_each": 5}, [("1", "6")], "5 points"),
    (BallotKind.POINTS, {"points": 10}, [("1", "-3")], "whole number"),
    (BallotKind.POINTS, {"points": 10}, [("1", "2,5")], "whole number"),
    (BallotKind.RANKING, {"at_most": 3}, [("1", "1"), ("2", "1")], "rank 1"),
    (BallotKind.RANKING, {"at_most": 3}, [("1", "first")], "rank"),
    (BallotKind.JUDGMENT, {"mentions": ("Bien", "Non"), "count": GRADES}, [("1", "2")], "mentions"),
]


@pytest.mark.parametrize(("kind", "rules", "typed", "said"), BAD)
def test_what_the_regulation_does_not_allow_is_refused_with_a_sentence(kind, rules, typed, said):
    from django.utils import translation

    with translation.override("en"), pytest.raises(PaperRefused) as refused:
        papers.canonical(sheet(kind, **rules), typed)
    assert said in str(refused.value).replace("\N{NO-BREAK SPACE}", " ")


def test_a_withdrawn_project_is_refused_and_a_ballot_begun_again_without_it():
    paper = sheet(BallotKind.APPROVAL)
    BallotOption.objects.filter(number=2).update(withdrawn_at=clock(), withdrawn_reason="Le terrain est vendu.")
    paper = papers.sheet(paper.envelope.page.budget, paper.envelope)
    with pytest.raises(PaperRefused, match="Le terrain est vendu"):
        papers.canonical(paper, [("2", "")])
    assert papers.as_typed(paper, [[1, 1], [2, 1]]) == [("1", "")]


def test_the_last_euro_is_given_and_not_one_cent_more():
    paper = sheet(BallotKind.KNAPSACK)
    exact = world.ballot(300_000, 300_000)
    assert papers.canonical(papers.sheet(exact, world.envelope_of(exact)), [("1", ""), ("2", "")])
    over = world.ballot(300_000, 300_000, amount=600_000 * 100 - 1)
    with pytest.raises(PaperRefused):
        papers.canonical(papers.sheet(over, world.envelope_of(over)), [("1", ""), ("2", "")])
    assert paper.cost([[1, 1], [2, 1]]) == 500_000 * 100
