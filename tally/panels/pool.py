"""The volunteers, and what the panel must look like."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

Kind = tuple[str, ...]  # the value of a volunteer for each category that has quotas, in the order of ``categories``


class Bounds(NamedTuple):
    """At least ``low`` people, at most ``high``."""

    low: int
    high: int


@dataclass(frozen=True)
class Pool:
    """``volunteers``: identifier → value of each category. ``quotas``: category → value → bounds.

    Volunteers with the same values are of one kind: the draw treats them alike. Raises ``ValueError`` when a volunteer
    lacks a category, when bounds are upside down, or when the size is not positive.
    """

    volunteers: Mapping[str, Mapping[str, str]]
    quotas: Mapping[str, Mapping[str, Bounds]]
    size: int

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ValueError("a panel has one person at least")
        for category, bounds in self.quotas.items():
            if any(low < 0 or high < low for low, high in bounds.values()):
                raise ValueError(f"the bounds of {category} are upside down")
            if missing := [one for one, values in self.volunteers.items() if category not in values]:
                raise ValueError(f"{min(missing)} has no {category}")

    @property
    def categories(self) -> list[str]:
        return sorted(self.quotas)

    def kind_of(self, volunteer: str) -> Kind:
        values = self.volunteers[volunteer]
        return tuple(values[category] for category in self.categories)

    def kinds(self) -> Counter[Kind]:
        """How many volunteers of each kind."""
        return Counter(self.kind_of(one) for one in self.volunteers)

    def bounds(self, category: str, value: str) -> Bounds:
        """A value that the quotas do not name may be there, or not."""
        return self.quotas[category].get(value, Bounds(0, self.size))


def fingerprint(volunteers: Mapping[str, Mapping[str, str]]) -> str:
    """SHA-256 of the list, to be published before the draw: it changes when anything of it does, not with its order."""
    lines = []
    for one in sorted(volunteers):
        values = volunteers[one]
        lines.append("\x1f".join([one, *(f"{name}={values[name]}" for name in sorted(values))]))
    return sha256("\x1e".join(lines).encode()).hexdigest()


def counted(pool: Pool, people: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many of these people have each value of each category."""
    found: dict[str, dict[str, int]] = {}
    for category in pool.categories:
        counts = Counter(pool.volunteers[one][category] for one in people)
        values = sorted({*pool.quotas[category], *counts})
        found[category] = {value: counts[value] for value in values}
    return found
