"""Who goes first among equals: what the regulation says, in its order, or nobody."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from tally.budgets.election import Election
from tally.budgets.errors import UnsettledTie
from tally.budgets.regulation import Regulation
from tally.budgets.scores import Scores


class Ties:
    """Sorts equals. Lots are SHA-256 of the seed followed by the project's id, the smallest first."""

    def __init__(self, election: Election, regulation: Regulation, found: Scores) -> None:
        self._ids = [project.id for project in election.projects]
        self._rules: list[tuple[str, Callable[[int], Any]]] = []
        keys: dict[str, Callable[[int], Any]] = {
            "lower_cost": lambda rank: election.projects[rank].cost,
            "more_supporters": lambda rank: -int(found.supporters[rank]),
            "earlier_deposit": lambda rank: election.projects[rank].deposit,
            "drawn_lots": lambda rank: hashlib.sha256((regulation.seed + self._ids[rank]).encode()).hexdigest(),
        }
        self._rules = [(name, keys[name]) for name in regulation.ties]

    def first(self, equals: Sequence[int]) -> tuple[int, str]:
        """The one that goes first, and the rule that said so (empty when it was alone).

        UnsettledTie: no rule says.
        """
        left, settled = list(equals), ""
        for name, key in self._rules:
            if len(left) == 1:
                break
            best = min(map(key, left))
            kept = [rank for rank in left if key(rank) == best]
            settled = name if len(kept) < len(left) else settled
            left = kept
        if len(left) > 1:
            raise UnsettledTie(tuple(sorted(self._ids[rank] for rank in left)))
        return left[0], settled
