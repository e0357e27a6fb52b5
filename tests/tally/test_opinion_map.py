"""The opinion map: camps are found, told as groups, and nothing about one person leaves it."""

import json

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_samples
from threadpoolctl import threadpool_limits

from tally import OpinionMap, Votes, opinion_map
from tally.opinions.groups import adjusted_rand, grouped, kmeans, silhouettes
from tally.opinions.honesty import Refusal
from tally.opinions.space import MANY, means, products, space
from tests.tally.conversations import Conversation, camps, noise


def agreement(found: OpinionMap, conversation: Conversation) -> float:
    camp = [conversation.camp[person] for person in found.placements.people]
    return adjusted_rand_score(camp, [str(name) for name in found.placements.groups])


def test_camps_are_found_and_named_by_size():
    conversation = camps((60, 40))
    found = opinion_map(conversation.votes())
    assert found.refusal is None
    assert [(group.name, group.size) for group in found.groups] == [("A", 60), ("B", 40)]
    assert agreement(found, conversation) == 1
    assert found.agreement == 1
    assert (found.people, found.grouped, found.answers) == (100, 100, len(conversation.answers))


def test_three_camps_make_three_groups():
    conversation = camps((70, 50, 40), statements=60)
    found = opinion_map(conversation.votes())
    assert [group.name for group in found.groups] == ["A", "B", "C"]
    assert agreement(found, conversation) > 0.95


def test_what_a_group_says_divides_and_what_all_say_does_not():
    found = opinion_map(camps((60, 40)).votes())
    divisive, shared = {f"s{at}" for at in range(15)}, {f"s{at}" for at in range(15, 30)}
    for group in found.groups:
        assert 1 <= len(group.representative) <= 5
        assert {one.statement for one in group.representative} <= divisive
        assert all(one.share > 0.5 and one.ratio > 1 for one in group.representative)
    assert {one.statement for one in found.consensus} <= shared
    assert {one.side for one in found.consensus} == {"agree", "disagree"}
    assert all(one.count / one.seen > 0.5 for one in found.consensus)


def test_counts_are_those_of_the_votes():
    conversation = camps((60, 40))
    found = opinion_map(conversation.votes())
    for told in found.statements:
        answers = [
            answer
            for statement, answer in zip(conversation.statements, conversation.answers, strict=True)
            if statement == told.id
        ]
        assert (told.agree, told.passed, told.disagree) == (answers.count(1), answers.count(0), answers.count(-1))
        assert sum(map(sum, told.groups.values())) == len(answers)


def test_a_rejected_statement_is_counted_and_says_nothing():
    conversation = camps((60, 40))
    everything = opinion_map(conversation.votes())
    rejected = {one.statement for group in everything.groups for one in group.representative}
    found = opinion_map(conversation.votes(), rejected=rejected)
    told = {one.statement for group in found.groups for one in group.representative}
    assert told
    assert not told & rejected
    for one in found.statements:
        assert one.rejected == (one.id in rejected)
        if one.rejected:
            assert one.agree + one.disagree + one.passed > 0
            assert (one.x, one.y, one.in_every_group, one.groups) == (0, 0, None, {})


def test_what_is_published_names_nobody_and_places_nobody():
    conversation = camps((60, 40))
    found = opinion_map(conversation.votes())
    told = json.dumps(found.published())
    assert "placements" not in told
    assert not any(f'"{person}"' in told for person in conversation.camp)
    assert "placements" not in repr(found)
    coordinates = {repr(round(float(value), 6)) for value in found.placements.points.ravel()}
    assert not any(one in told for one in coordinates)


def test_a_group_under_ten_is_neither_told_nor_named():
    conversation = camps((60, 40), seed=3)
    people, statements, answers = list(conversation.people), list(conversation.statements), list(conversation.answers)
    rng = np.random.default_rng(1)
    alone = rng.choice([-1, 1], 30)
    for person in range(8):  # eight people who think alike, and like nobody else
        people += [f"q{person}"] * 30
        statements += [f"s{at}" for at in range(30)]
        answers += (alone * 1).tolist()
    found = opinion_map(Votes.of(people, statements, answers))
    assert found.refusal is None
    assert all(group.size >= 10 for group in found.groups)
    told = {name for name in found.placements.groups if name}
    assert told == {group.name for group in found.groups}
    assert all(set(one.groups) <= told for one in found.statements)


# --- when there is no map ------------------------------------------------------------------------------------------


def test_forty_nine_people_make_no_map_and_fifty_do():
    assert opinion_map(camps((29, 20)).votes()).refusal is Refusal.FEW_PEOPLE
    assert opinion_map(camps((30, 20)).votes()).refusal is None


def test_people_who_answered_six_statements_are_not_grouped():
    conversation = camps((60, 40))
    more = [("q", f"s{at}", 1) for at in range(6)] + [("r", f"s{at}", 1) for at in range(7)]
    rows = [*zip(conversation.people, conversation.statements, conversation.answers, strict=True), *more]
    found = opinion_map(Votes.of(*zip(*rows, strict=True)))
    assert (found.people, found.grouped) == (102, 101)
    assert "q" not in found.placements.people
    assert "r" in found.placements.people


@pytest.mark.parametrize("seed", range(8))
def test_answers_at_random_make_no_map_though_kmeans_cuts_them_neatly(seed):
    votes = noise(300, 40, seed=seed)
    cut = grouped(space(votes, np.ones(40, bool)).points, seeds=range(5))
    assert cut.silhouette > 0.25  # control: the silhouette notices nothing
    assert opinion_map(votes).refusal is Refusal.CHANCE


def test_seeds_that_disagree_make_no_map(monkeypatch):
    def by_seed(points, k, *, rng):
        return rng.integers(0, 2, len(points))

    monkeypatch.setattr("tally.opinions.groups.kmeans", by_seed)
    monkeypatch.setattr("tally.opinions.honesty.LEAST_SILHOUETTE", -1)
    found = opinion_map(camps((60, 40)).votes())
    assert found.refusal is Refusal.UNSTABLE
    assert found.agreement < 0.9


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([(f"p{p}", f"s{s}", 1) for p in range(80) for s in range(20)], Refusal.CHANCE),
        ([(f"p{p}", f"s{s}", 0) for p in range(80) for s in range(20)], Refusal.CHANCE),
        ([(f"p{p}", "s", 1 - p % 3) for p in range(80)], Refusal.FEW_PEOPLE),
        ([("p", f"s{s}", 1 - s % 3) for s in range(80)], Refusal.FEW_PEOPLE),
        ([], Refusal.FEW_PEOPLE),
    ],
    ids=["all agree", "all pass", "one statement", "one person", "nothing"],
)
def test_nothing_to_map_is_said_and_not_an_error(answers, why):
    people, statements, given = zip(*answers, strict=True) if answers else ([], [], [])
    found = opinion_map(Votes.of(people, statements, given))
    assert found.refusal is why
    assert (found.groups, found.consensus, found.placements.people) == ((), (), [])
    assert json.dumps(found.published())


def test_two_camps_without_a_doubt_stand_on_two_points():
    rows = [(f"p{p}", f"s{s}", 1 if (p < 40) == (s < 10) else -1) for p in range(70) for s in range(20)]
    found = opinion_map(Votes.of(*zip(*rows, strict=True)))
    assert found.refusal is None
    assert [group.size for group in found.groups] == [40, 30]


# --- what it is made of --------------------------------------------------------------------------------------------


def test_axes_are_those_of_a_plain_decomposition():
    votes = camps((60, 40)).votes()
    table = np.zeros((100, 30))
    table[votes.person, votes.statement] = votes.answer - means(votes)[votes.statement]
    assert np.allclose(products(votes, means(votes)), table.T @ table)
    found = space(votes, np.ones(30, bool))
    _, spread, directions = np.linalg.svd(table)
    assert np.allclose(found.explained, (spread**2 / (spread**2).sum())[:2])
    for axis in (0, 1):
        assert abs(found.axes[:, axis] @ directions[axis]) == pytest.approx(1)
    pushed = table @ found.axes * np.sqrt(30 / votes.given)[:, None]
    assert np.allclose(found.points, pushed, atol=1e-6)


def test_many_statements_are_placed_the_same_without_their_table(monkeypatch):
    votes = camps((60, 40)).votes()
    few = space(votes, np.ones(30, bool))
    monkeypatch.setattr("tally.opinions.space.MANY", 10)
    assert MANY > 10
    many = space(votes, np.ones(30, bool))
    assert np.allclose(few.points, many.points, atol=1e-6)
    assert np.allclose(few.explained, many.explained)


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_kmeans_does_as_well_as_the_one_of_scikit_learn(k):
    rng = np.random.default_rng(k)
    points = np.concatenate([rng.normal(centre, 1, (200, 2)) for centre in ((0, 0), (3, 1), (1, 4))])

    def inertia(labels: np.ndarray) -> float:
        return sum(((points[labels == one] - points[labels == one].mean(axis=0)) ** 2).sum() for one in range(k))

    with threadpool_limits(1):  # threads would wait for one another on so few points
        reference = KMeans(k, n_init=10, random_state=0).fit(points).labels_
    assert inertia(kmeans(points, k, rng=rng)) <= inertia(reference) * 1.0001


def test_silhouettes_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(60, 2))
    cuts = [rng.integers(0, k, 60) for k in (2, 3, 5)]
    for ours, labels in zip(silhouettes(points, cuts), cuts, strict=True):
        assert np.allclose(ours, silhouette_samples(points, labels))


def test_our_agreement_of_groupings_is_the_published_one():
    rng = np.random.default_rng(0)
    for _time in range(100):
        one, other = (rng.integers(0, rng.integers(1, 6), 30) for _side in range(2))
        assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other))
