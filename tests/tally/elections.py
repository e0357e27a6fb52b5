"""Small invented elections, and a plain reading of Equal Shares to compare ours with: slow, short, in fractions."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

from hypothesis import strategies as st

from tally.budgets import APPROVAL, POINTS, Choice, Election, Project, Regulation, count

LETTERS = "abcdefgh"


def approving(*ballots: str) -> list[list[Choice]]:
    """« ab » approves a and b."""
    return [[(project, 1) for project in ballot] for ballot in ballots]


def of(costs: dict[str, int], ballots: Sequence[Sequence[Choice]], *, budget: int, **more) -> Election:
    projects = [Project(name, cost, deposit=rank) for rank, (name, cost) in enumerate(costs.items())]
    return Election.of(projects, ballots, budget=budget, **more)


def winners(election: Election, **rules) -> tuple[str, ...]:
    return count(election, Regulation(**{"ties": ("earlier_deposit",)} | rules)).winners


@st.composite
def elections(draw, kind: str = APPROVAL) -> Election:
    """Up to eight projects of few different costs, so that ties and purses just emptied are frequent."""
    names = LETTERS[: draw(st.integers(1, 8))]
    costs = {name: draw(st.sampled_from([0, 100, 200, 300, 400, 700, 1000, 1299])) for name in names}
    points = st.integers(0, 4) if kind == POINTS else st.just(1)
    ballot = st.dictionaries(st.sampled_from(names), points, max_size=4).map(lambda chosen: list(chosen.items()))
    ballots = draw(st.lists(ballot, max_size=14))
    return of(costs, ballots, budget=draw(st.integers(0, 3000)), kind=kind)


def crowded(seed: int, *, kind: str = APPROVAL) -> Election:
    """The election of a seed: more of everything than hypothesis draws, which looks for the smallest."""
    chance = Random(seed)
    names = LETTERS[: chance.randint(3, 8)]
    costs = {name: chance.choice([40, 100, 200, 300, 400, 700, 1000, 1299]) for name in names}
    lists = [chance.sample(names, chance.randint(1, min(4, len(names)))) for _ballot in range(chance.randint(2, 14))]
    ballots = [[(name, chance.randint(1, 4) if kind == POINTS else 1) for name in chosen] for chosen in lists]
    return of(costs, ballots, budget=chance.randint(200, 3000), kind=kind)


def naive_shares(election: Election, utility: str, share: Fraction | None = None) -> list[str]:
    """Ids in the order bought; equals by deposit. Recomputes everything each time, in fractions."""
    ballots = _ballots(election)
    share = Fraction(election.budget, len(ballots)) if share is None and ballots else share
    purses = [share] * len(ballots)
    waiting = sorted(election.projects, key=lambda project: project.deposit)
    bought: list[str] = []
    while True:
        best: tuple[Fraction, Project, Fraction] | None = None
        for project in waiting:
            points = {at: given.get(project.id, 0) for at, given in enumerate(ballots) if given.get(project.id, 0) > 0}
            if not points:
                continue
            if utility != "points":
                points = dict.fromkeys(points, 1)
            price = _price(project.cost, purses, points)
            if price is None:
                continue
            unit = price / project.cost if utility == "cost" and project.cost else price
            if best is None or unit < best[0]:
                best = (unit, project, price)
        if best is None:
            return bought
        _unit, project, price = best
        for at, given in enumerate(ballots):
            if (points_given := given.get(project.id, 0)) > 0:
                purses[at] = max(purses[at] - price * (points_given if utility == "points" else 1), Fraction(0))
        waiting.remove(project)
        bought.append(project.id)


def naive_completed(election: Election, utility: str, step: int, *, exhaustive: bool = False) -> list[str]:
    """Every step is run; with ``exhaustive``, until what is left pays for nothing that was voted."""
    voters = len(election.ballots)
    if not voters:
        return []
    supported = {project for given in _ballots(election) for project, points in given.items() if points > 0}
    costs = {project.id: project.cost for project in election.projects}
    share, bought = Fraction(election.budget, voters), naive_shares(election, utility)
    while set(bought) != supported:
        left = election.budget - sum(costs[project] for project in bought)
        if exhaustive and all(costs[project] > left for project in supported.difference(bought)):
            break
        share += step
        ahead = naive_shares(election, utility, share)
        if sum(costs[project] for project in ahead) > election.budget:
            break
        bought = ahead
    return bought


def _price(cost: int, purses: list[Fraction], points: dict[int, int]) -> Fraction | None:
    if sum((purses[at] for at in points), Fraction(0)) < cost:
        return None
    left, among = Fraction(cost), sum(points.values())
    for at in sorted(points, key=lambda at: purses[at] / points[at]):
        if left <= purses[at] / points[at] * among:
            return left / among
        left -= purses[at]
        among -= points[at]
    return max(purses[at] / points[at] for at in points)


def _ballots(election: Election) -> list[dict[str, int]]:
    votes, ids = election.ballots, [project.id for project in election.projects]
    return [
        {
            ids[votes.project[at]]: int(votes.points[at])
            for at in range(int(votes.start[group]), int(votes.start[group + 1]))
        }
        for group, times in enumerate(votes.count.tolist())
        for _time in range(times)
    ]
