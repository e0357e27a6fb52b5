"""The same purse by purse in fractions, for comparisons that float64 cannot settle."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from tally.budgets.market import Market, Side

Together = list[tuple[Fraction, int, int]]  # what one of them has, points, weight of all of them


class Exact:
    """What every group has left after the projects bought so far, rebuilt from whole numbers.

    Groups that paid alike since the beginning have one amount together: ``_amounts[_purse[group]]``.
    """

    def __init__(self, market: Market, share: Fraction) -> None:
        self._market = market
        self._amounts = [share]
        self._purse = np.zeros(market.groups, np.int64)
        self._paid = 0

    def after(self, bought: Sequence[int]) -> "Exact":
        """Pays what was bought since the last call."""
        for rank in bought[self._paid :]:
            side = self._market.sides[rank]
            price = self.price(side)
            if price is None:
                raise AssertionError("what was bought can be paid")
            self._pay(side, price)
        self._paid = len(bought)
        return self

    def can_pay(self, side: Side) -> bool:
        """Whether its supporters have its cost together."""
        return sum(amount * weight for amount, _points, weight in self._together(side)) >= side.cost

    def price(self, side: Side) -> Fraction | None:
        """The lowest price a point at which the cost is met, nobody giving more than they have; None when it is not.

        The poorest, by point, give all they have until the others can share the rest evenly.
        """
        together = sorted((amount / points, points, weight) for amount, points, weight in self._together(side))
        cost, points_left = Fraction(side.cost), side.utility
        for limit, points, weight in together:
            if cost <= limit * points_left:
                return cost / points_left
            cost -= limit * points * weight
            points_left -= points * weight
        return together[-1][0] if cost <= 0 else None

    def _together(self, side: Side) -> Together:
        alike, which = self._alike(side)
        weights = np.bincount(which, weights=side.weight).tolist()
        return [
            (self._amounts[purse], points, int(weight))
            for (purse, points), weight in zip(alike.tolist(), weights, strict=True)
        ]

    def _alike(self, side: Side) -> tuple[np.ndarray, np.ndarray]:
        """(kinds, 2): purse and points of members of one kind; (members,): the kind of each."""
        base = int(side.points.max()) + 1
        kinds, which = np.unique(self._purse[side.members] * base + side.points.astype(np.int64), return_inverse=True)
        return np.stack(np.divmod(kinds, base), axis=1), which

    def _pay(self, side: Side, price: Fraction) -> None:
        alike, which = self._alike(side)
        purses: dict[Fraction, int] = {}
        codes = []
        for purse, points in alike.tolist():
            left = max(self._amounts[purse] - price * points, Fraction(0))
            codes.append(purses.setdefault(left, len(self._amounts)))
            if codes[-1] == len(self._amounts):
                self._amounts.append(left)
        self._purse[side.members] = np.array(codes)[which]
