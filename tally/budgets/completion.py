"""Equal Shares with shares raised step by step, until the next step would spend too much.

The shares that would be tried are thousands when a step is one euro and voters are few. So two runs far apart are
compared: when they buy the same projects in the same order, and no comparison can flip between the two, every run
between them does the same, and is not run.

Why bounds at both ends are enough: with the same purchases in the same order, a larger share leaves every purse at
least as full before each of them, hence a price that is no higher. So anywhere between two shares, a purse is at most
what it is at the larger one, and a price at most what it is at the smaller one. A project whose supporters could not
meet its cost with the purses of the one at the price of the other is not bought earlier anywhere between.
"""

from fractions import Fraction

import numpy as np

from tally.budgets.market import Market, Side
from tally.budgets.prices import CLOSE, Purses, Run, evenly, run

LEAP = 5  # steps that bought the same before one is skipped: to prove that it may be costs as much as to run it


def completed(market: Market) -> tuple[Run, int]:
    """The last run before the first one over the budget; with ``first_exhaustive``, the first that leaves too little.

    With how many steps the share was raised by.

    « Too little »: no project with a vote that is not bought yet would fit in what is left.
    """
    rules, scale = market.work.regulation, market.work.found.scale
    step = Fraction(rules.step, scale)
    start = Fraction(market.money, market.voters)
    known: dict[int, Run] = {}

    def at(steps: int) -> Run:
        if steps not in known:
            known[steps] = run(market, start + steps * step)
        return known[steps]

    steps, jump, alike = 0, 1, 0
    while not _is_done(market, at(steps)):
        ahead = at(steps + jump)
        if jump > 1 and not same_between(market, at(steps), ahead):
            jump //= 2
            continue
        if ahead.limits.left < 0:
            break
        alike = alike + 1 if ahead.bought == at(steps).bought else 0
        known = {further: one for further, one in known.items() if further >= steps + jump}
        steps += jump
        jump = jump * 2 if alike >= LEAP else 1
    return at(steps), steps


def _is_done(market: Market, one: Run) -> bool:
    """Whether more money would change nothing, or must not."""
    left = [rank for rank in set(market.sides).difference(one.bought) if one.limits.forbids(rank) is None]
    if market.work.regulation.completion == "first_exhaustive":
        left = [rank for rank in left if market.sides[rank].cost <= one.limits.left]
    return not left


def same_between(market: Market, low: Run, high: Run) -> bool:
    """Whether every share between the two buys the same, in the same order. False when it cannot be proved."""
    if low.bought != high.bought:
        return False
    rank_of, group_of, worth, weight = market.wide
    costs = np.zeros(rank_of.max() + 1)
    for side in market.sides.values():
        costs[side.rank] = side.cost
    poor, rich = (Purses(market, one.share) for one in (low, high))
    limits = market.work.limits.copy()
    waiting = set(market.sides)
    for rank, price_low, price_high in zip(low.bought, low.prices, high.prices, strict=True):
        side = market.sides[rank]
        waiting.discard(rank)
        most = np.minimum(rich.left[group_of], price_low / side.factor * worth)
        could = np.bincount(rank_of, weights=most * weight, minlength=len(costs))
        for other in _possible(could, costs, waiting):
            if limits.forbids(other) is None and not _never_before(market.sides[other], side, poor, rich):
                return False
        limits.fund(rank)
        poor.pay(side, price_low)
        rich.pay(side, price_high)
    could = np.bincount(rank_of, weights=rich.left[group_of] * weight, minlength=len(costs))
    return all(limits.forbids(other) is not None for other in _possible(could, costs, waiting))


def _possible(could: np.ndarray, costs: np.ndarray, waiting: set[int]) -> list[int]:
    return [rank for rank in np.flatnonzero(could >= costs * (1 - CLOSE)).tolist() if rank in waiting]


def _never_before(other: Side, chosen: Side, poor: Purses, rich: Purses) -> bool:
    """Both are split evenly among the same supporters all the way: they compare the same everywhere between.

    Who is empty with the larger share is empty with any, and who is able with the smaller one is able with any. When
    the two are equal, what settled the tie at both ends looks at no purse.
    """
    among = []
    for side in (other, chosen):
        empty = rich.empty[side.members]
        points = float(side.worth[~empty].sum())
        even = evenly(side, poor.able(side, side.cost / points), empty) if points else None
        if even is None:
            return False
        among.append(even)
    return other.cost * among[1] * chosen.factor >= chosen.cost * among[0] * other.factor
