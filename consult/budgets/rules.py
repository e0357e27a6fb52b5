"""The regulation of a ballot: what a ballot looks like, and how ballots become winners.

Plain values that go to JSON and back. An editor changes them until they are frozen (``FrozenRegulation``), with the
hash that people can check. ``count`` is the kernel's own regulation (``tally.budgets``), the same for every envelope.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from consult.budgets.choices import BallotKind
from tally.budgets import APPROVAL, GRADES, POINTS, RANKING, BadRegulation, Regulation

EVERY, ONE_TERRITORY = "every", "one_territory"
ACCOUNT, CIVIL = "account", "civil"
# How the kernel reads each kind of ballot.
COUNTED_AS = {
    BallotKind.APPROVAL: APPROVAL,
    BallotKind.KNAPSACK: APPROVAL,
    BallotKind.POINTS: POINTS,
    BallotKind.RANKING: RANKING,
    BallotKind.JUDGMENT: GRADES,
}


@dataclass(frozen=True)
class Rules:
    """``kind``: a ``BallotKind``. ``at_least`` and ``at_most``: projects on one ballot, 0 = no limit.

    ``points`` to share out, and ``points_each`` at most on one project (0 = no limit). ``mentions``: of majority
    judgment, the best first. ``identity``: one person is one ``account``, or one ``civil`` identity, which paper knows
    too. ``envelopes``: one votes on ``every`` one, or on the whole town and ``one_territory``.
    Raises ``BadRegulation``.
    """

    kind: str = BallotKind.APPROVAL
    at_least: int = 1
    at_most: int = 0
    points: int = 0
    points_each: int = 0
    mentions: tuple[str, ...] = ()
    envelopes: str = EVERY
    identity: str = ACCOUNT
    count: Regulation = field(default_factory=Regulation)

    def __post_init__(self) -> None:
        if self.kind not in BallotKind.values:
            raise BadRegulation(f"kind is one of {', '.join(BallotKind.values)}, not {self.kind!r}")
        if self.envelopes not in (EVERY, ONE_TERRITORY):
            raise BadRegulation(f"envelopes is {EVERY} or {ONE_TERRITORY}, not {self.envelopes!r}")
        if self.identity not in (ACCOUNT, CIVIL):
            raise BadRegulation(f"identity is {ACCOUNT} or {CIVIL}, not {self.identity!r}")
        if self.at_least < 0 or self.at_most < 0 or (self.at_most and self.at_most < self.at_least):
            raise BadRegulation("at_least and at_most: from 0, and the least first")
        if self.kind == BallotKind.POINTS and self.points < 1:
            raise BadRegulation("points to share out: at least 1")
        if self.kind == BallotKind.RANKING and not self.at_most:
            raise BadRegulation("a ranking has a length: at_most is at least 1")
        if self.kind == BallotKind.JUDGMENT and len(self.mentions) < 2:
            raise BadRegulation("majority judgment needs two mentions or more")
        if (self.kind == BallotKind.JUDGMENT) != (self.count.rule == "majority_judgment"):
            raise BadRegulation("majority judgment counts mentions, and nothing else does")

    @property
    def counted_as(self) -> str:
        """The kernel's kind of ballot."""
        return COUNTED_AS[BallotKind(self.kind)]

    def as_json(self) -> dict[str, Any]:
        """Every field, ready for JSON."""
        return asdict(self) | {"mentions": list(self.mentions), "count": self.count.as_json()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Rules":
        """The defaults where a field is absent. BadRegulation: an unknown field, or a value that is not allowed."""
        if unknown := sorted(set(values) - {each.name for each in fields(cls)}):
            raise BadRegulation(f"unknown field: {unknown[0]}")
        given = dict(values)
        try:
            given["mentions"] = tuple(given.get("mentions", ()))
            given["count"] = Regulation.from_json(given.get("count", {}))
            return cls(**given)
        except (TypeError, AttributeError) as wrong:
            raise BadRegulation(f"a value of the wrong kind: {wrong}") from wrong


def read_rules(values: Mapping[str, Any]) -> Rules | None:
    """Those that an editor wrote, None while nothing is written or it does not hold together."""
    try:
        return Rules.from_json(values) if values else None
    except BadRegulation:
        return None


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of the JSON with sorted keys: the hash shown to people."""
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
