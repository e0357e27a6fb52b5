"""What a count says: who wins, in which round, and for each project what it had or lacked."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

KERNEL_VERSION = "budgets-1"

FUNDED = "funded"
FUNDED_WITHIN_TOLERANCE = "funded_within_tolerance"
FUNDED_AS_TOP_UP = "funded_as_top_up"
MANDATORY = "mandatory"
WITHDRAWN = "withdrawn"
NO_VOTE = "no_vote"
UNDER_THRESHOLD = "under_threshold"
OVER_BUDGET = "over_budget"
AFTER_STOP = "after_stop"
SUPPORTERS_CANNOT_PAY = "supporters_cannot_pay"
SAME_SITE = "same_site"
CEILING = "ceiling"
ENOUGH_WINNERS = "enough_winners"


@dataclass(frozen=True, slots=True)
class Round:
    """One decision. ``each``: what a supporter who could pays, a point, to the nearest cent (Equal Shares)."""

    project: str
    score: str
    spent: int
    left: int
    reason: str
    supporters: int
    each: int = 0
    settled_by: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a project won or did not. ``lacked``: cents missing. ``because``: what stood in its way."""

    reason: str
    score: str
    supporters: int
    round: int = 0
    lacked: int = 0
    because: str = ""


@dataclass(frozen=True)
class Outcome:
    """``winners`` in the order they won; ``unspent`` in cents; ``steps`` by which everybody's share was raised.

    Same input, same regulation, same kernel: same hash.
    """

    winners: tuple[str, ...]
    rounds: tuple[Round, ...]
    unspent: int
    reasons: dict[str, Reason]
    input_hash: str
    regulation_hash: str
    ballots: int
    compared: dict[str, int] | None = None
    steps: int = 0
    kernel_version: str = KERNEL_VERSION

    def as_json(self) -> dict[str, Any]:
        """Fields in a stable order; projects of ``reasons`` sorted by id."""
        values = asdict(self)
        values["winners"], values["rounds"] = list(self.winners), [asdict(one) for one in self.rounds]
        values["reasons"] = {project: asdict(self.reasons[project]) for project in sorted(self.reasons)}
        return values | {"hash": self.hash}

    @property
    def hash(self) -> str:
        """SHA-256 of what was counted, how, and who won: what a standalone recount can say again.

        Winners are sorted: where two equals both win, nothing says which is first.
        """
        said = [self.input_hash, self.regulation_hash, sorted(self.winners), self.unspent]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def from_json(values: Mapping[str, Any]) -> Outcome:
    """What ``as_json`` gave."""
    given = {name: value for name, value in values.items() if name != "hash"}
    return Outcome(
        **given
        | {
            "winners": tuple(given["winners"]),
            "rounds": tuple(Round(**one) for one in given["rounds"]),
            "reasons": {project: Reason(**one) for project, one in given["reasons"].items()},
        }
    )
