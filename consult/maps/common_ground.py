"""What every group of the opinion map says: the widest agreement that a count of heads would not show.

The groups are those of ``tally.opinions``, told only under its honesty rules; what all say is its group-aware
consensus: more than half of each group, surely more than half of everybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from consult.maps import reading
from consult.models import Statement
from consult.public import Asked

SIDES = ("agree", "disagree", "pass")  # the order of the counts of a group


@dataclass(frozen=True)
class Shared:
    """A statement to which all groups give the same answer. ``by_group``: who gives it, None from 1 to 4 people."""

    statement: Statement
    side: str
    count: int
    seen: int
    by_group: dict[str, int | None]

    @property
    def share(self) -> float:
        return self.count / self.seen


@dataclass(frozen=True)
class CommonGround:
    """``groups``: their letters, A the largest; ``said``: the widest agreement first."""

    groups: list[str]
    said: list[Shared]


def common_ground(asked: Asked) -> CommonGround | None:
    """None without a map, before it may be read, and when the honesty rules refused it."""
    if not reading.is_there(asked) or reading.hidden_until(asked) is not None:
        return None
    found = reading.read(asked.consultation)
    if found.run is None or found.run.refusal:
        return None
    result = found.run.result
    groups = [group["name"] for group in result["groups"]]
    cells = {one["id"]: one["groups"] for one in result["statements"]}
    return CommonGround(groups, list(_shared(result["consensus"], groups, cells, found.statements)))


def _shared(
    told: list[dict[str, Any]], groups: list[str], cells: dict[str, Any], standing: dict[str, Statement]
) -> Iterator[Shared]:
    for one in told:
        if (statement := standing.get(one["statement"])) is not None:
            place, counted = SIDES.index(one["side"]), cells.get(one["statement"], {})
            by_group = {name: counted.get(name, [0, 0, 0])[place] for name in groups}
            yield Shared(statement, one["side"], one["count"], one["seen"], by_group)
