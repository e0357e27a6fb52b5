"""What parts the groups: the statements that some agree with and others do not."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from tally.opinions.honesty import LEAST_GROUP
from tally.opinions.mapping import StatementFigures

SHOWN = 5
LEAST_SPREAD = 0.3  # of the shares that agree, between two groups


@dataclass(frozen=True, slots=True)
class Dividing:
    """``spread``: the widest difference, between two groups, of the shares that agree (``shares``, by group)."""

    statement: Hashable
    spread: float
    shares: dict[str, float]


def dividing(statements: Sequence[StatementFigures]) -> tuple[Dividing, ...]:
    """At most five, the widest difference first; ten people or more of each group have answered each of them.

    Shares are (agree + 1) / (seen + 2): few answers stay near one half. Empty when there are no groups.
    """
    seen = [one for one in statements if len(one.groups) > 1 and min(map(sum, one.groups.values())) >= LEAST_GROUP]
    found = [told for told in map(_shared, seen) if told.spread >= LEAST_SPREAD]
    return tuple(sorted(found, key=lambda told: -told.spread)[:SHOWN])  # stable: in the order of the statements


def _shared(one: StatementFigures) -> Dividing:
    shares = {name: round((counts[0] + 1) / (sum(counts) + 2), 6) for name, counts in one.groups.items()}
    return Dividing(one.id, round(max(shares.values()) - min(shares.values()), 6), shares)
