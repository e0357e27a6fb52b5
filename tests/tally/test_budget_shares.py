"""Equal Shares, against a plain reading of its definition in fractions."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tally.budgets import POINTS, Regulation, UnsettledTie, completion, count
from tally.budgets.market import Market
from tally.budgets.prices import run
from tally.budgets.work import Work
from tests.tally.elections import approving, elections, naive_completed, naive_shares, of, winners


@given(elections(), st.sampled_from(["cost", "unit"]))
def test_it_buys_what_the_definition_says_in_the_same_order(election, utility):
    assert list(winners(election, rule="equal_shares", utility=utility)) == naive_shares(election, utility)


@given(elections(kind=POINTS), st.sampled_from(["cost", "unit", "points"]))
def test_points_weigh_as_the_definition_says(election, utility):
    assert list(winners(election, rule="equal_shares", utility=utility)) == naive_shares(election, utility)


@settings(deadline=None)  # the plain reading runs every step
@given(elections(), st.sampled_from(["cost", "unit"]), st.sampled_from([3, 7, 50]))
def test_steps_that_are_skipped_would_have_changed_nothing(election, utility, step):
    rules = {"rule": "equal_shares", "utility": utility, "completion": "first_over_budget", "step": step}
    assert list(winners(election, **rules)) == naive_completed(election, utility, step)


def many_steps():
    """Three camps, shares of forty cents, and two thousand cents to raise them by."""
    ballots = approving(*["ab"] * 30, *["bc"] * 20, *["d"] * 9, *["ce"] * 11)
    return of({"a": 900, "b": 800, "c": 500, "d": 700, "e": 450}, ballots, budget=2800)


def test_most_steps_are_not_run(monkeypatch):
    asked = []
    monkeypatch.setattr(completion, "run", lambda market, share: asked.append(share) or run(market, share))
    election = many_steps()
    rules = {"rule": "equal_shares", "completion": "first_over_budget", "step": 1}
    assert list(winners(election, **rules)) == naive_completed(election, "cost", 1)
    steps = max(asked) - Fraction(2800, 70)
    assert len(asked) < steps / 2


def test_no_step_is_skipped_that_is_not_proved_the_same(monkeypatch):
    asked = []
    monkeypatch.setattr(completion, "run", lambda market, share: asked.append(share) or run(market, share))
    monkeypatch.setattr(completion, "same_between", lambda *_runs: False)
    done = count(many_steps(), Regulation(rule="equal_shares", completion="first_over_budget", step=1))
    assert {Fraction(2800, 70) + step for step in range(done.steps + 2)} <= set(asked)


def test_shares_are_raised_until_the_last_cent():
    """The one who is alone needs forty: then all is spent, and nothing too much."""
    election = of({"a": 60, "b": 40}, approving("a", "a", "a", "b"), budget=100)
    for completed in ("first_over_budget", "first_exhaustive"):
        done = count(election, Regulation(rule="equal_shares", completion=completed, step=1))
        assert (done.winners, done.unspent, done.steps) == (("a", "b"), 0, 15)


def test_runs_between_which_a_comparison_flips_are_not_skipped():
    election = many_steps()
    regulation = Regulation(rule="equal_shares", completion="first_over_budget", step=1, ties=("earlier_deposit",))
    market = Market.of(Work.begun(election, regulation))
    runs = [run(market, Fraction(2800, 70) + step) for step in range(0, 60)]
    for low, one in enumerate(runs):
        for high in range(low + 1, len(runs)):
            if completion.same_between(market, one, runs[high]):
                assert all(between.bought == one.bought for between in runs[low:high])


def test_the_first_exhaustive_outcome_is_kept():
    election = many_steps()
    done = count(
        election,
        Regulation(rule="equal_shares", completion="first_exhaustive", step=1, ties=("earlier_deposit",)),
    )
    left = {project.id: project.cost for project in election.projects if project.id not in done.winners}
    assert all(cost > done.unspent for cost in left.values())


def test_a_minority_is_served_where_greedy_forgets_it():
    ballots = approving(*["abc"] * 6, *["d"] * 4)
    election = of({"a": 300, "b": 300, "c": 300, "d": 400}, ballots, budget=1000)
    assert winners(election, on_overflow="skip") == ("a", "b", "c")
    assert "d" in winners(election, rule="equal_shares")


def test_what_each_supporter_pays_and_what_was_missing_are_told():
    election = of({"a": 600, "b": 900}, approving(*["a"] * 6, *["b"] * 4), budget=1000)
    done = count(election, Regulation(rule="equal_shares", ties=("earlier_deposit",)))
    assert (done.rounds[0].project, done.rounds[0].each, done.rounds[0].supporters) == ("a", 100, 6)
    assert (done.reasons["b"].reason, done.reasons["b"].lacked) == ("supporters_cannot_pay", 500)


def test_prices_that_differ_by_less_than_a_rounding_are_told_apart():
    """One cent in 10^15 between two prices: float64 calls them equal."""
    big = 10**15
    election = of({"a": big + 1, "b": big}, approving("a", "b"), budget=3 * big)
    assert winners(election, rule="equal_shares", utility="unit", ties=()) == ("b", "a")


def test_a_tie_that_nothing_settles_stops_the_count():
    election = of({"a": 500, "b": 500}, approving("ab", "ab"), budget=500)
    with pytest.raises(UnsettledTie, match="a, b"):
        winners(election, rule="equal_shares", ties=())


def test_what_is_left_goes_down_the_list_when_the_rules_say_so():
    election = of({"a": 600, "b": 400}, approving(*["a"] * 7, *["b"] * 3), budget=1000)
    assert winners(election, rule="equal_shares") == ("a",)
    done = count(election, Regulation(rule="equal_shares", top_up="greedy", ties=("earlier_deposit",)))
    assert done.winners == ("a", "b")
    assert done.reasons["b"].reason == "funded_as_top_up"


def test_greedy_is_kept_when_more_ballots_get_more_from_it():
    """Five approve one large project that equal shares cannot buy; one ballot prefers what they can."""
    election = of({"a": 1000, "b": 150}, approving("a", "a", "a", "a", "ab"), budget=1000)
    rules = {"rule": "equal_shares", "utility": "unit", "ties": ("earlier_deposit",)}
    alone = count(election, Regulation(**rules))
    compared = count(election, Regulation(**rules, comparison="greedy"))
    assert alone.winners == ("b",)
    assert compared.winners == ("a",)
    assert compared.compared == {"equal_shares": 0, "greedy": 4}


def test_on_equality_equal_shares_stay():
    """One ballot has more from each of the two."""
    election = of({"a": 100, "b": 50}, approving("a", "b"), budget=100)
    rules = {"rule": "equal_shares", "ties": ("earlier_deposit",)}
    done = count(election, Regulation(**rules, utility="unit", comparison="greedy"))
    assert (done.winners, done.compared) == (("b",), {"equal_shares": 1, "greedy": 1})
