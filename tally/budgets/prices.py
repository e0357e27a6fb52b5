"""One run of Equal Shares: what is bought, in which order and at which price, with a given share for everybody."""

from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import NamedTuple

import numpy as np

from tally.budgets.exactly import Exact
from tally.budgets.limits import Limits
from tally.budgets.market import Market, Side

CLOSE = 1e-9  # relative: nearer than this, two prices are compared in fractions
_ROUNDING = 1e-12  # of the cost: what float64 may have lost on the way to a price
_NOTHING = np.array(0.0)  # beside small arrays, an array of one number takes half the time of a number


class Price(NamedTuple):
    """``point``: what a supporter who can pays, a point, in cents; ``unit``: for one unit of satisfaction.

    The true ``unit`` is within ``slack`` of this one.
    """

    point: float
    unit: float
    slack: float


@dataclass(eq=False)
class Run:
    """``bought`` in order, each with its price a point and the rule that settled a tie.

    ``limits`` and ``left`` (groups,), cents, are the state after it: ``limits.left`` below zero is over the budget.
    """

    share: Fraction
    limits: Limits
    left: np.ndarray
    bought: list[int] = field(default_factory=list)
    prices: list[float] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)


class Purses:
    """What every group has left, in cents. ``empty``: surely nothing, by more than a rounding."""

    def __init__(self, market: Market, share: Fraction) -> None:
        self.left = np.full(market.groups, float(share))
        self.empty = np.zeros(market.groups, bool)
        self._rounding = _ROUNDING * float(share)

    def pay(self, side: Side, point: float) -> None:
        """Every supporter gives that much a point, or all they have."""
        asked = np.array(point) if side.alike else point * side.points
        after = self.left[side.members] - asked
        self.empty[side.members[after < -(asked * CLOSE + self._rounding)]] = True
        self.left[side.members] = np.maximum(after, _NOTHING)

    def able(self, side: Side, point: float) -> np.ndarray:
        """(members,) who can surely give that much a point."""
        return self.left[side.members] > point * (1 + CLOSE) * side.points + self._rounding


def run(market: Market, share: Fraction) -> Run:
    """Buys, again and again, the project that costs its supporters least for what it is worth to them.

    A price can only rise as purses empty: what was found earlier is a lower bound, and most prices are not computed
    again. UnsettledTie: see ``Ties``.
    """
    under_way = _Run(market, share)
    while (chosen := under_way.next()) is not None:
        under_way.buy(*chosen)
    return under_way.done


class _Run:
    def __init__(self, market: Market, share: Fraction) -> None:
        self.market = market
        self.purses = Purses(market, share)
        self.done = Run(share, market.work.limits.copy(), self.purses.left)
        self.exact = Exact(market, share)
        self.points: dict[int, float] = {}  # the last price a point: a lower bound of the next
        self.still: dict[int, Price] = {}  # prices of those whose supporters paid for nothing since
        self.waiting = market.affordable(float(share) * (1 + CLOSE))
        heapify(self.waiting)

    def next(self) -> tuple[int, Price, str] | None:
        """The project to buy, its price, and what settled a tie; None when nobody can pay for anything more."""
        found: dict[int, Price] = {}
        limit = float("inf")
        while self.waiting and self.waiting[0][0] <= limit:
            rank = heappop(self.waiting)[1]
            price = self._priced(rank)
            if price is not None:
                found[rank] = price
                limit = min(limit, price.unit + price.slack)
        if not found:
            return None
        if len(found) == 1:
            rank, price = found.popitem()
            return rank, price, ""
        rank, settled_by = self._first({rank: one for rank, one in found.items() if one.unit - one.slack <= limit})
        for other, price in found.items():
            if other != rank:
                heappush(self.waiting, (price.unit - price.slack, other))
                self.still[other] = price
        return rank, found[rank], settled_by

    def buy(self, rank: int, price: Price, settled_by: str) -> None:
        self.purses.pay(self.market.sides[rank], price.point)
        if self.still:
            touched = self.market.neighbours(rank)
            self.still = {other: kept for other, kept in self.still.items() if other not in touched}
        self.done.limits.fund(rank)
        self.done.bought.append(rank)
        self.done.prices.append(price.point)
        self.done.settled.append(settled_by)

    def _priced(self, rank: int) -> Price | None:
        if self.done.limits.forbids(rank):
            return None
        if rank in self.still:
            return self.still[rank]
        side = self.market.sides[rank]
        have = self.purses.left[side.members]
        together = float(have.dot(side.weight))
        can = together >= side.cost
        if abs(together - side.cost) <= CLOSE * side.cost:
            can = self.exact.after(self.done.bought).can_pay(side)
        if not can:
            return None
        price = _price(side, have, self.points.get(rank, 0.0))
        self.points[rank] = price.point
        return price

    def _first(self, close: dict[int, Price]) -> tuple[int, str]:
        """Among prices that float64 does not tell apart, the lowest in truth; among equals, whoever the rules say."""
        if len(close) == 1:
            return next(iter(close)), ""
        sides = self.market.sides
        true: dict[int, Fraction] = {}
        for rank, price in close.items():
            able = self.purses.able(sides[rank], price.point)
            even = evenly(sides[rank], able, self.purses.empty[sides[rank].members])
            point = Fraction(sides[rank].cost, even) if even else self._exact_price(sides[rank])
            true[rank] = point / sides[rank].factor
        least = min(true.values())
        return self.market.work.ties.first([rank for rank in sorted(true) if true[rank] == least])

    def _exact_price(self, side: Side) -> Fraction:
        price = self.exact.after(self.done.bought).price(side)
        if price is None:
            raise AssertionError("what has a price can be paid")
        return price


def _price(side: Side, have: np.ndarray, least: float) -> Price:
    """Whoever cannot pay the even price gives all; the others' price rises until the cost is met.

    ``have``: (members,) their purses. ``least``: a price that is surely no higher, where to begin. On small arrays,
    ``dot`` takes half the time of ``@``.
    """
    point, points, giving_all = side.cost / side.utility, float(side.utility), 0
    asked = max(point, least)
    while True:
        short = have < (np.array(asked) if side.alike else asked * side.points)
        found = np.count_nonzero(short)
        if found <= giving_all:
            break
        giving_all, alone = found, short.astype(np.float64)
        points = side.utility - float(side.worth.dot(alone))
        if points < 0.5:  # all of them give all they have: the cost is just met
            point = float((have / side.points).max())
            break
        asked = point = (side.cost - float((have * alone).dot(side.weight))) / points
    unit = point / side.factor
    return Price(point, unit, CLOSE * unit + _ROUNDING * side.cost / (max(points, 1.0) * side.factor))


def evenly(side: Side, able: np.ndarray, empty: np.ndarray) -> int | None:
    """The points among which the cost is split when every member is able or empty; None when one gives a part."""
    return int(side.worth[able].sum()) or None if bool((able | empty).all()) else None
