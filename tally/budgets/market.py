"""Who can pay for what: the ground of Equal Shares, laid out once for all its runs."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tally.budgets.work import Work


@dataclass(frozen=True, eq=False)
class Side:
    """The supporters of a project. A member who pays ``q`` a point gives ``q × points``.

    ``cost / utility`` is the price ``q`` when everybody can pay; divided by ``factor`` it is what projects are compared
    by: money for one unit of satisfaction.
    """

    rank: int
    cost: int
    factor: int
    members: np.ndarray  # (members,) ranks of groups of ballots
    points: np.ndarray  # (members,) float64
    weight: np.ndarray  # (members,) float64
    utility: int  # the members' points, with their weights
    alike: bool  # every member has one point

    @cached_property
    def worth(self) -> np.ndarray:
        """(members,) weight × points."""
        return self.weight * self.points


@dataclass(frozen=True, eq=False)
class Market:
    """``voters``: all ballots in ``found.scale``-ths; ``money``: the envelope in cents, mandatory projects paid."""

    work: Work
    sides: dict[int, Side]
    money: int
    voters: int
    groups: int
    _neighbours: dict[int, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, work: Work) -> "Market":
        """``utility``: « cost », a project is worth what it costs; « unit », one; « points », what the ballot gave."""
        votes, found, utility = work.election.ballots, work.found, work.regulation.utility
        chosen = np.flatnonzero(found.points > 0)
        chosen = chosen[np.argsort(votes.project[chosen], kind="stable")]
        edges = np.searchsorted(votes.project[chosen], np.arange(len(work.election.projects) + 1))
        sides = {}
        for rank in work.candidates():
            at = chosen[edges[rank] : edges[rank + 1]]
            members = votes.group[at]
            points = found.points[at] if utility == "points" else np.broadcast_to(np.int64(1), len(at))
            cost = work.election.projects[rank].cost
            sides[rank] = Side(
                rank=rank,
                cost=cost,
                factor=cost if utility == "cost" and cost else 1,
                members=members,
                points=points.astype(np.float64) if utility == "points" else np.broadcast_to(1.0, len(at)),
                weight=found.weight[members].astype(np.float64),
                utility=int((found.weight[members] * points).sum()),
                alike=utility != "points",
            )
        return cls(work, sides, work.limits.left, int(found.weight.sum()), len(votes.count))

    def neighbours(self, rank: int) -> frozenset[int]:
        """Ranks of the projects that have a supporter of this one."""
        if rank not in self._neighbours:
            mine = self._bits[rank]
            self._neighbours[rank] = frozenset(other for other, bits in self._bits.items() if mine & bits)
        return self._neighbours[rank]

    @cached_property
    def _bits(self) -> dict[int, int]:
        """One bit a group, in whole numbers as long as it takes: all against all costs nothing, even for a million."""
        bits = {}
        for rank, side in self.sides.items():
            among = np.zeros(self.groups, bool)
            among[side.members] = True
            bits[rank] = int.from_bytes(np.packbits(among).tobytes())
        return bits

    def affordable(self, share: float) -> list[tuple[float, int]]:
        """(price of a unit of satisfaction when everybody can pay, rank) of all that such shares can pay for."""
        return [one for one, least in self._least if least <= share]

    @cached_property
    def _least(self) -> list[tuple[tuple[float, int], float]]:
        return [
            ((side.cost / (side.utility * side.factor), rank), side.cost / float(side.weight.sum()))
            for rank, side in self.sides.items()
        ]

    @cached_property
    def wide(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Every member of every side in four columns: rank of the project, group, points × factor, weight."""
        sides = list(self.sides.values())
        return (
            np.concatenate([np.full(len(side.members), side.rank) for side in sides]),
            np.concatenate([side.members for side in sides]),
            np.concatenate([side.points * side.factor for side in sides]),
            np.concatenate([side.weight for side in sides]),
        )
