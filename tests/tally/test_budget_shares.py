"""Equal Shares, against a plain reading of its definition in fractions."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tally.budgets import APPROVAL, POINTS, Election, Project, Regulation, UnsettledTie, completion, count
from tally.budgets.market import Market
from tally.budgets.prices import run
from tally.budgets.work import Work
from tests.tally.elections import approving, crowded, elections, naive_completed, naive_shares, of, winners


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


@pytest.mark.parametrize("utility", ["cost", "unit", "points"])
def test_three_hundred_elections_as_the_definition_says(utility):
    """Purses that are emptied by one project and asked by another are rare in small elections."""
    rules = {"rule": "equal_shares", "utility": utility}
    drawn = [crowded(seed, kind=POINTS if utility == "points" else APPROVAL) for seed in range(300)]
    assert [seed for seed, one in enumerate(drawn) if list(winners(one, **rules)) != naive_shares(one, utility)] == []


def test_forty_completions_as_the_definition_says():
    """With, for each, the last outcome before the first one over the budget, and the first that leaves too little."""
    wrong, unlike = [], 0
    for seed in range(40):
        one, found = crowded(seed), []
        for completed in ("first_over_budget", "first_exhaustive"):
            found.append(list(winners(one, rule="equal_shares", utility="unit", completion=completed, step=7)))
            if found[-1] != naive_completed(one, "unit", 7, exhaustive=completed == "first_exhaustive"):
                wrong.append((seed, completed))
        unlike += found[0] != found[1]
    assert wrong == []
    assert unlike


# A larger share buys something else, and a still larger one the first again: utility, costs, ballots, money, the three
# numbers of steps of a cent.
THERE_AND_BACK = {
    "another instead": (
        "cost",
        {"a": 410, "b": 210, "c": 150, "d": 580, "e": 260, "f": 230, "g": 230},
        ["df"] * 2 + ["bcf"] * 3 + ["g"] * 2 + ["d"] * 2 + ["abcde"] * 4 + ["cdfg"] * 4 + ["efg"],
        900,
        (1, 5, 6),
    ),
    "another order": (
        "cost",
        {"a": 31, "b": 52, "c": 2, "d": 26, "e": 23, "f": 45, "g": 12},
        ["bcdfg"] * 2 + ["c"] * 2 + ["bd"] * 3 + ["aefg"] * 4,
        19,
        (8, 11, 12),
    ),
    "another at the end": (
        "unit",
        {"a": 47, "b": 9, "c": 35, "d": 57, "e": 3, "f": 53, "g": 15, "h": 25},
        ["beh"] * 2 + ["b"] + ["abfgh"] * 3 + ["adfh"] * 2 + ["cefgh"] + ["h"] * 2 + ["adefh"] * 3,
        160,
        (0, 1, 2),
    ),
    "one more between": (
        "unit",
        {"a": 13, "b": 43, "c": 56, "d": 21, "e": 44, "f": 54, "g": 59, "h": 15},
        ["cdf"] * 4 + ["ch"] * 4 + ["f"] * 4 + ["h"] + ["cdgh"] * 2 + ["acfg"] * 2,
        110,
        (4, 5, 6),
    ),
}


@pytest.mark.parametrize(("utility", "costs", "ballots", "money", "steps"), THERE_AND_BACK.values(), ids=THERE_AND_BACK)
def test_the_same_at_both_ends_and_not_between_is_never_skipped(utility, costs, ballots, money, steps):
    rules = Regulation(rule="equal_shares", utility=utility, completion="first_over_budget", ties=("earlier_deposit",))
    market = Market.of(Work.begun(of(costs, approving(*ballots), budget=money), rules))
    low, between, high = (run(market, Fraction(money, len(ballots)) + step) for step in steps)
    assert low.bought == high.bought != between.bought
    assert not completion.same_between(market, low, high)


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
    asked.clear()
    dearer = replace(election, budget=28_000, projects=[replace(one, cost=10 * one.cost) for one in election.projects])
    assert winners(dearer, **rules) == winners(election, **rules)
    steps = max(asked) - Fraction(28_000, 70)
    assert len(asked) < steps / 5


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


def test_who_has_nothing_left_owes_nothing():
    """Ten cents each. The first gives 8 of them for a, the 2 others for b, and nothing for c, which another can pay."""
    election = of({"a": 40, "b": 9, "c": 10}, approving("abc", "b", "c", *["a"] * 4), budget=70)
    assert winners(election, rule="equal_shares") == ("a", "b", "c")


def test_a_price_that_has_not_changed_does_not_hide_that_the_site_is_taken():
    """Both are priced in the same round, and nobody who chose the second pays for the first."""
    projects = [Project(name, 100, site="place", deposit=rank) for rank, name in enumerate("ab")]
    election = Election.of(projects, approving("a", "b"), budget=400)
    done = count(election, Regulation(rule="equal_shares", exclusive=True, ties=("earlier_deposit",)))
    assert (done.winners, done.reasons["b"].reason) == (("a",), "same_site")


def test_what_was_missing_is_told_as_it_stands_at_the_end():
    """Ten euros a ballot: b lacks five at its turn, and fifteen once its supporter has paid for a."""
    election = of({"a": 2000, "b": 2500, "c": 1000}, approving("ab", "ac", "b"), budget=3000)
    done = count(election, Regulation(rule="equal_shares", ties=("earlier_deposit",)))
    assert (done.winners, done.reasons["b"].lacked, done.reasons["c"].lacked) == (("a",), 1500, 1000)


def test_one_cent_short_is_short():
    """One cent in 10^12: float64 at that distance is not believed."""
    election = of({"a": 10**12 + 1}, approving("a"), budget=10**12)
    done = count(election, Regulation(rule="equal_shares"))
    assert (done.winners, done.reasons["a"].lacked) == ((), 1)


def test_ballots_of_a_channel_have_their_weight_of_the_money_and_of_each_step():
    """Paper counts for three halves: 66 of 110 cents at first, then three cents where the web has two."""
    ballots = {("paper", (("a", 1),)): 1, ("web", (("b", 1),)): 1}
    projects = [Project("a", 69), Project("b", 40)]
    election = Election.of(projects, ballots, budget=110)
    rules = {"rule": "equal_shares", "channel_weights": {"paper": "3/2"}, "step": 1}
    assert count(election, Regulation(**rules)).winners == ("b",)
    done = count(election, Regulation(**rules, completion="first_over_budget"))
    assert (set(done.winners), done.steps) == ({"a", "b"}, 2)


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
