"""The rules of one count, as they are frozen when the ballot opens: plain values that go to JSON and back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from fractions import Fraction
from typing import Any

from tally.budgets.errors import BadRegulation

GREEDY, TOP_N, EQUAL_SHARES, PHRAGMEN, JUDGMENT = "greedy", "top_n", "equal_shares", "phragmen", "majority_judgment"
CHOICES: dict[str, tuple[str, ...]] = {
    "rule": (GREEDY, TOP_N, EQUAL_SHARES, PHRAGMEN, JUDGMENT),
    "order": ("score", "score_per_cost"),
    "on_overflow": ("skip", "stop", "tolerance"),
    "threshold_kind": ("none", "absolute", "percent_of_ballots"),
    "utility": ("cost", "unit", "points"),
    "completion": ("none", "first_over_budget", "first_exhaustive"),
    "top_up": ("none", "greedy"),
    "comparison": ("none", "greedy"),
}
TIES = ("lower_cost", "more_supporters", "earlier_deposit", "drawn_lots")


@dataclass(frozen=True)
class Regulation:
    """How ballots become winners. What a rule does not use is left as it is.

    ``order`` and ``on_overflow``: of the greedy rule. With ``tolerance``, it stops at the first project that does not
    fit, and funds it all the same when at least ``tolerance`` % of its cost is left.
    ``threshold``: a score (``absolute``) or a share of the ballots cast, in percent, below which nobody wins.
    ``n``: how many win, for ``top_n``. ``completion``, ``step`` (cents a voter), ``utility``, ``top_up`` and
    ``comparison``: of Equal Shares. ``unmarked``: the mention of a project that a ballot of grades leaves out.
    ``ties``: tried in that order; an empty list stops the count at the first tie. ``seed``: for lots, made public
    before the count. ``channel_weights``: rational numbers by channel, « 3/2 »; 1 when absent.
    ``ceilings`` and ``at_most`` by territory or theme (« territory:Nord »): the most that can be spent there, in cents,
    and the most projects. ``one_each``: every territory has a winner before any has two. ``exclusive``: one winner a
    site.
    """

    rule: str = GREEDY
    order: str = "score"
    on_overflow: str = "skip"
    tolerance: str = "0"
    threshold_kind: str = "none"
    threshold: str = "0"
    n: int = 0
    utility: str = "cost"
    completion: str = "none"
    step: int = 100
    top_up: str = "none"
    comparison: str = "none"
    unmarked: int = -1
    ties: tuple[str, ...] = ()
    seed: str = ""
    channel_weights: Mapping[str, str] = field(default_factory=dict)
    ceilings: Mapping[str, int] = field(default_factory=dict)
    at_most: Mapping[str, int] = field(default_factory=dict)
    one_each: bool = False
    exclusive: bool = False
    ranking_length: int = 0

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                known, given = ", ".join(allowed), getattr(self, name)
                raise BadRegulation("%(name)s is one of %(known)s, not “%(text)s”", name=name, known=known, text=given)
        if unknown := [tie for tie in self.ties if tie not in TIES]:
            known = ", ".join(TIES)
            raise BadRegulation("ties are settled by %(known)s, not “%(text)s”", known=known, text=unknown[0])
        if "drawn_lots" in self.ties and not self.seed:
            raise BadRegulation("lots need a seed, named before the count")
        if self.rule == TOP_N and self.n < 1:
            raise BadRegulation("top_n needs n, at least 1")
        if self.step < 1:
            raise BadRegulation("the step is at least one cent")
        for name in ("tolerance", "threshold"):
            if _rational(name, getattr(self, name)) < 0:
                raise BadRegulation("%(name)s is below zero", name=name)
        if any(self.weight(channel) <= 0 for channel in self.channel_weights):
            raise BadRegulation("a channel's weight is above zero")
        for key in (*self.ceilings, *self.at_most):
            if key.partition(":")[0] not in ("territory", "theme"):
                raise BadRegulation("a ceiling is for territory:… or theme:…, not “%(text)s”", text=key)

    def weight(self, channel: str) -> Fraction:
        """How many votes a ballot of this channel is worth."""
        return _rational("channel_weights", self.channel_weights.get(channel, "1"))

    def as_json(self) -> dict[str, Any]:
        """Every field, in their order, ready for JSON."""
        return asdict(self) | {"ties": list(self.ties)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Regulation":
        """BadRegulation: an unknown field, or a value that is not allowed."""
        known = {each.name for each in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise BadRegulation("unknown field: %(name)s", name=unknown[0])
        try:
            return cls(**dict(values) | {"ties": tuple(values.get("ties", ()))})
        except (TypeError, AttributeError) as wrong:
            raise BadRegulation("a value of the wrong kind") from wrong

    @property
    def hash(self) -> str:
        """SHA-256 of the JSON with sorted keys."""
        return hashlib.sha256(json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _rational(name: str, text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError, TypeError):
        raise BadRegulation("%(name)s is a number or a fraction, not “%(text)s”", name=name, text=text) from None
