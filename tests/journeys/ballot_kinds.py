"""The five kinds of ballot, each with what somebody says on it."""

from dataclasses import dataclass, field
from typing import Any

from consult.budgets.choices import BallotKind
from tally.budgets import Regulation

MENTIONS = ("Très bien", "Bien", "Passable")


@dataclass(frozen=True)
class Said:
    """``typed``: number and value, as a draft keeps them. ``cast``: what is then in the box."""

    kind: BallotKind
    typed: list[tuple[str, str]]
    cast: list[list[int]]
    rules: dict[str, Any] = field(default_factory=dict)


EACH = [
    Said(BallotKind.APPROVAL, [("1", ""), ("4", "")], [[1, 1], [4, 1]], {"at_most": 3}),
    Said(BallotKind.KNAPSACK, [("1", ""), ("3", "")], [[1, 1], [3, 1]]),
    Said(BallotKind.POINTS, [("1", "3"), ("2", "7")], [[1, 3], [2, 7]], {"points": 10}),
    Said(BallotKind.RANKING, [("5", "1"), ("2", "2")], [[5, 1], [2, 1]], {"at_most": 3}),
    Said(
        BallotKind.JUDGMENT,
        [("1", "0"), ("2", "2")],
        [[1, 0], [2, 2]],
        {"mentions": MENTIONS, "count": Regulation(rule="majority_judgment", unmarked=2)},
    ),
]
