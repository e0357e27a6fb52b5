"""Down the list of the most supported: what fits, what stops, who goes first among equals, what forbids."""

import hashlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tally.budgets import (
    GRADES,
    POINTS,
    RANKING,
    BadRegulation,
    Election,
    Project,
    Regulation,
    UnsettledTie,
    count,
)
from tests.tally.elections import approving, elections, of, winners

THREE = {"a": 500, "b": 600, "c": 300}
BALLOTS = approving(*["a"] * 5, *["b"] * 4, *["c"] * 3)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, ("a", "c")),
        ({"on_overflow": "stop"}, ("a",)),
        ({"on_overflow": "tolerance", "tolerance": "80"}, ("a", "b")),
        ({"on_overflow": "tolerance", "tolerance": "84"}, ("a",)),
        ({"on_overflow": "tolerance", "tolerance": "250/3"}, ("a", "b")),  # just what is left
        ({"order": "score_per_cost"}, ("a", "c")),
        ({"rule": "top_n", "n": 1}, ("a",)),
        ({"threshold_kind": "absolute", "threshold": "4"}, ("a",)),
        ({"threshold_kind": "percent_of_ballots", "threshold": "25"}, ("a", "c")),
        ({"threshold_kind": "percent_of_ballots", "threshold": "25.1"}, ("a",)),
        ({"rule": "phragmen"}, ("a", "c")),
    ],
)
def test_each_rule_on_one_election(rules, expected):
    assert winners(of(THREE, BALLOTS, budget=1000), **rules) == expected


def test_who_carries_a_load_waits_and_the_first_too_dear_stops_phragmen():
    election = of({"a": 100, "b": 100, "c": 80}, approving("ab", "ab", "c"), budget=280)
    assert winners(election, rule="phragmen") == ("a", "c", "b")  # loads of 50, 80, then 50 + 50
    tied = of({"a": 100, "b": 200}, approving("a", "b", "b"), budget=150)
    assert winners(tied, rule="phragmen") == ()  # both at 100, and one of them does not fit


def test_within_the_tolerance_only_what_was_left_is_spent():
    rules = Regulation(on_overflow="tolerance", tolerance="80", ties=("earlier_deposit",))
    done = count(of(THREE, BALLOTS, budget=1000), rules)
    assert (done.rounds[1].spent, done.unspent) == (500, 0)
    assert done.reasons["b"].reason == "funded_within_tolerance"
    assert (done.reasons["c"].reason, done.reasons["c"].because) == ("after_stop", "b")


@given(elections(), st.sampled_from(["skip", "stop"]), st.sampled_from(["score", "score_per_cost"]))
def test_the_budget_is_respected_and_a_project_without_a_vote_never_wins(election, on_overflow, order):
    done = count(election, Regulation(on_overflow=on_overflow, order=order, ties=("earlier_deposit",)))
    costs = {project.id: project.cost for project in election.projects}
    assert done.unspent == election.budget - sum(costs[project] for project in done.winners) >= 0
    assert all(done.reasons[project].supporters for project in done.winners)
    assert set(done.reasons) == set(costs)


@given(elections(), st.sampled_from(["greedy", "equal_shares", "phragmen"]), st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_of_projects_changes_nothing(election, rule, chance):
    regulation = Regulation(rule=rule, ties=("lower_cost", "drawn_lots"), seed="42")
    votes, ids = election.ballots, [project.id for project in election.projects]
    ballots = [
        [(ids[votes.project[at]], 1) for at in range(votes.start[group], votes.start[group + 1])]
        for group, times in enumerate(votes.count.tolist())
        for _time in range(times)
    ]
    projects = list(election.projects)
    chance.shuffle(ballots)
    chance.shuffle(projects)
    shuffled = Election.of(projects, ballots, budget=election.budget)
    assert count(shuffled, regulation).as_json() == count(election, regulation).as_json()


@given(elections(), st.sampled_from(["skip", "stop"]))
def test_one_more_supporter_never_unfunds(election, on_overflow):
    rules = Regulation(on_overflow=on_overflow, ties=("earlier_deposit",))
    before = count(election, rules).winners
    assume(before)
    votes, ids = election.ballots, [project.id for project in election.projects]
    cast = {
        (
            votes.channels[votes.channel[group]],
            tuple((ids[votes.project[at]], 1) for at in range(votes.start[group], votes.start[group + 1])),
        ): times
        for group, times in enumerate(votes.count.tolist())
    }
    for winner in before:
        more = dict(cast)
        more["", ((winner, 1),)] = more.get(("", ((winner, 1),)), 0) + 1
        assert winner in count(Election.of(election.projects, more, budget=election.budget), rules).winners


@given(elections())
def test_other_ids_give_the_same_projects(election):
    """Ids reversed in the alphabet: what decides is never the id."""
    other = {project.id: f"z{104 - ord(project.id)}" for project in election.projects}
    votes, ids = election.ballots, [project.id for project in election.projects]
    ballots = [
        [(other[ids[votes.project[at]]], 1) for at in range(votes.start[group], votes.start[group + 1])]
        for group, times in enumerate(votes.count.tolist())
        for _time in range(times)
    ]
    renamed = Election.of(
        [Project(other[one.id], one.cost, deposit=one.deposit) for one in election.projects],
        ballots,
        budget=election.budget,
    )
    for rule in ("greedy", "equal_shares", "phragmen"):
        assert winners(renamed, rule=rule) == tuple(other[project] for project in winners(election, rule=rule))


def test_a_tie_for_the_last_euro_stops_the_count():
    election = of({"a": 600, "b": 600}, approving("ab"), budget=1000)
    with pytest.raises(UnsettledTie) as stopped:
        winners(election, ties=())
    assert stopped.value.projects == ("a", "b")


@pytest.mark.parametrize("budget", [1200, 500])
def test_equals_that_both_win_or_both_lose_do_not_stop_it(budget):
    election = of({"a": 600, "b": 600}, approving("ab"), budget=budget)
    assert set(winners(election, ties=())) in ({"a", "b"}, set())


@pytest.mark.parametrize(("tie", "expected"), [("lower_cost", "b"), ("more_supporters", "a"), ("earlier_deposit", "a")])
def test_each_way_to_settle_a_tie(tie, expected):
    ballots = [[("a", 1)], [("a", 2)], [("b", 3)]]
    election = of({"a": 600, "b": 500}, ballots, budget=700, kind=POINTS)
    done = count(election, Regulation(ties=(tie,)))
    assert done.winners == (expected,)
    assert done.rounds[0].settled_by == tie


def test_equals_of_one_territory_are_told_apart_where_each_is_served_first():
    """Both fit: but only one is the first of its territory, and what is left then decides for the other."""
    projects = [Project("a", 300, territory="Nord"), Project("b", 200, territory="Nord", deposit=1)]
    election = Election.of([*projects, Project("c", 550, territory="Sud")], approving("ab", "ab", "c"), budget=800)
    assert winners(election, one_each=True, ties=("lower_cost",)) == ("b", "c")
    with pytest.raises(UnsettledTie):
        winners(election, one_each=True, ties=())


def test_lots_are_drawn_from_the_seed_named_before():
    election = of({"a": 600, "b": 600}, approving("ab"), budget=700)
    for seed in ("2026", "un dé", "7"):
        drawn = min("ab", key=lambda project: hashlib.sha256((seed + project).encode()).hexdigest())
        assert winners(election, ties=("drawn_lots",), seed=seed) == (drawn,)
    with pytest.raises(BadRegulation, match="seed"):
        Regulation(ties=("drawn_lots",))


def with_limits(**rules) -> tuple[str, ...]:
    projects = [
        Project("a", 300, site="place", territory="Nord", theme="vert", deposit=1),
        Project("b", 200, site="place", territory="Nord", deposit=2),
        Project("c", 300, territory="Nord", theme="vert", deposit=3),
        Project("d", 100, territory="Sud", deposit=4),
    ]
    ballots = approving(*["a"] * 5, *["b"] * 4, *["c"] * 3, "d")
    return winners(Election.of(projects, ballots, budget=800), **rules)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, ("a", "b", "c")),
        ({"exclusive": True}, ("a", "c", "d")),
        ({"ceilings": {"territory:Nord": 500}}, ("a", "b", "d")),
        ({"ceilings": {"theme:vert": 300}}, ("a", "b", "d")),
        ({"at_most": {"territory:Nord": 1}}, ("a", "d")),
        ({"one_each": True}, ("a", "d", "b")),
        ({"rule": "equal_shares", "exclusive": True, "completion": "first_over_budget"}, ("a", "c", "d")),
        ({"rule": "phragmen"}, ("b", "a", "c")),
        ({"rule": "phragmen", "exclusive": True}, ("b", "c", "d")),
    ],
)
def test_limits_of_places_and_themes(rules, expected):
    assert with_limits(**rules) == expected


def test_a_site_is_remembered_after_another_site_won():
    sites = (("a", "place"), ("b", "quai"), ("c", "place"))
    election = Election.of([Project(name, 1, site=site) for name, site in sites], approving("abc", "ab", "a"), budget=9)
    done = count(election, Regulation(exclusive=True))
    assert (done.winners, done.reasons["c"].because) == (("a", "b"), "a")


def test_a_withdrawn_project_keeps_its_ballots_and_a_mandatory_one_is_paid_first():
    gone = Project("d", 100, mandatory=True, withdrawn=True)
    projects = [Project("a", 500, withdrawn=True), Project("b", 400), Project("c", 700, mandatory=True), gone]
    election = Election.of(projects, approving("a", "a", "b"), budget=1000)
    done = count(election, Regulation())
    assert done.winners == ("c",)
    assert {project: reason.reason for project, reason in done.reasons.items()} == {
        "a": "withdrawn",
        "b": "over_budget",
        "c": "mandatory",
        "d": "withdrawn",
    }
    assert done.reasons["a"].supporters == 2
    assert done.reasons["b"].lacked == 100


def test_a_free_project_wins_as_soon_as_somebody_wants_it():
    election = of({"a": 0, "b": 0, "c": 10}, approving("ac"), budget=0)
    for rule in ("greedy", "equal_shares", "phragmen"):
        assert winners(election, rule=rule) == ("a",)
    assert winners(election, order="score_per_cost") == ("a",)
    dear = of({"a": 0, "c": 1}, approving("a", "c", "c"), budget=10)
    assert winners(dear, order="score_per_cost") == ("a", "c")


def test_a_cost_above_the_envelope_is_told_not_funded():
    election = of({"a": 32_500_000}, approving("a"), budget=100_000)
    for rule in ("greedy", "equal_shares", "phragmen"):
        done = count(election, Regulation(rule=rule))
        assert done.winners == ()
        assert done.reasons["a"].lacked


def test_zero_points_are_not_support():
    election = of({"a": 100, "b": 100}, [[("a", 0), ("b", 1)]], budget=1000, kind=POINTS)
    assert winners(election) == ("b",)
    assert count(election, Regulation()).reasons["a"].reason == "no_vote"


def test_a_ranking_is_worth_its_places():
    ballots = [[("a", 1), ("b", 1)], [("b", 1)], [("b", 1)]]
    election = of({"a": 100, "b": 100}, ballots, budget=100, kind=RANKING)
    done = count(election, Regulation(ranking_length=5))
    assert done.winners == ("b",)
    assert (done.reasons["a"].score, done.reasons["b"].score) == ("5", "14")
    assert count(election, Regulation(ranking_length=1)).reasons["b"].score == "2"  # beyond the length: nothing less
    three = of({"a": 1, "b": 1, "c": 1}, [[("a", 1), ("b", 1), ("c", 1)]], budget=9, kind=RANKING)
    assert count(three, Regulation(ranking_length=1)).reasons["c"].score == "0"


def test_ballots_of_a_channel_weigh_what_the_rules_say():
    ballots = {("paper", (("a", 1),)): 2, ("web", (("b", 1),)): 3}
    election = Election.of([Project("a", 100), Project("b", 100)], ballots, budget=100)
    assert winners(election) == ("b",)
    assert winners(election, channel_weights={"paper": "8/5"}) == ("a",)
    assert count(election, Regulation(channel_weights={"paper": "8/5"})).reasons["a"].score == "16/5"
    assert count(election, Regulation(channel_weights={"paper": "8/5"})).reasons["a"].supporters == 2
    half = {"threshold_kind": "percent_of_ballots", "threshold": "50", "on_overflow": "skip"}
    assert winners(election, **half, channel_weights={"paper": "8/5"}) == ("a",)  # 3.2 of 6.2
    assert winners(election, **half, channel_weights={"paper": "7/5"}) == ("b",)  # 3 of 5.8
    assert winners(election, **half, channel_weights={"paper": "4"}) == ("a",)  # 8 of 11, not 8 of 5
    assert winners(election, **half | {"threshold": "80"}, channel_weights={"paper": "4"}) == ()


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ({"a": [0, 0, 3], "b": [1, 1, 1]}, ("a",)),
        ({"a": [0, 0, 3, 3], "b": [1, 1, 1, 1]}, ("b",)),
        ({"a": [0, 1, 1, 2, 2], "b": [0, 0, 1, 1, 2]}, ("b",)),
        ({"a": [0, 1, 1], "b": [1, 1, 2]}, ("a",)),
        ({"a": [1, 1, 1], "b": [0]}, ("a",)),
    ],
    ids=["median", "lower median", "larger side", "against", "left out is the worst"],
)
def test_majority_judgment(grades, expected):
    voters = max(map(len, grades.values()))
    ballots = [[(name, row[at]) for name, row in grades.items() if at < len(row)] for at in range(voters)]
    mentions = ("excellent", "bien", "passable", "à rejeter")
    election = of({"a": 100, "b": 100}, ballots, budget=100, kind=GRADES, mentions=mentions)
    assert winners(election, rule="majority_judgment", unmarked=3, ties=()) == expected


def test_among_equal_medians_fewer_mentions_below_go_first_and_channels_weigh():
    mentions = ("excellent", "bien", "à rejeter")
    row = {"a": [1, 1, 1, 2, 2], "b": [1, 1, 1, 1, 2]}
    ballots = [[(name, row[name][at]) for name in row] for at in range(5)]
    election = of({"a": 100, "b": 100}, ballots, budget=100, kind=GRADES, mentions=mentions)
    assert winners(election, rule="majority_judgment", unmarked=2, ties=()) == ("b",)
    weighed = {("paper", (("a", 0), ("b", 2))): 2, ("web", (("a", 2), ("b", 0))): 3}
    both = Election.of([Project("a", 100), Project("b", 100)], weighed, budget=100, kind=GRADES, mentions=mentions)
    assert winners(both, rule="majority_judgment", unmarked=2) == ("b",)
    assert winners(both, rule="majority_judgment", unmarked=2, channel_weights={"paper": "2"}) == ("a",)


def test_a_rule_and_ballots_that_do_not_go_together_are_refused():
    with pytest.raises(BadRegulation):
        winners(of({"a": 1}, approving("a"), budget=1), rule="majority_judgment", unmarked=0)
    graded = of({"a": 1}, [[("a", 0)]], budget=1, kind=GRADES, mentions=("oui", "non"))
    with pytest.raises(BadRegulation):
        winners(graded)
    with pytest.raises(BadRegulation, match="unmarked"):
        winners(graded, rule="majority_judgment")


@pytest.mark.parametrize(
    "values",
    [
        {"rule": "dictator"},
        {"on_overflow": "borrow"},
        {"ties": ["alphabet"]},
        {"rule": "top_n"},
        {"threshold": "many"},
        {"threshold": "-1"},
        {"channel_weights": {"web": "0"}},
        {"ceilings": {"Nord": 3}},
        {"unknown": 1},
        {"step": 0},
    ],
)
def test_a_regulation_that_does_not_hold_together_is_refused(values):
    with pytest.raises(BadRegulation):
        Regulation.from_json(values)


def test_a_regulation_goes_to_json_and_back_with_the_same_hash():
    rules = Regulation(rule="top_n", n=3, ties=("drawn_lots",), seed="9", ceilings={"theme:vert": 5})
    assert Regulation.from_json(rules.as_json()) == rules
    assert Regulation.from_json(rules.as_json()).hash == rules.hash
    assert Regulation.from_json(rules.as_json() | {"n": 4}).hash != rules.hash
