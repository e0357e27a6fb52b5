"""Counting a signed result again from what is in the box, and comparing the hashes."""

from dataclasses import dataclass

from consult.budgets import counting, results
from consult.budgets.models import Budget, Count
from tally import budgets as kernel


@dataclass(frozen=True)
class Recounted:
    count: Count
    hash: str
    winners: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return self.hash == self.count.outcome_hash


def recount(budget: Budget) -> list[Recounted]:
    """Each envelope; empty when no count is signed. Nothing is written."""
    again = []
    for one in results.official(budget):
        ballots = counting.election(one.envelope, at=one.count.asked_at)
        done = kernel.count(ballots, one.regulation)
        again.append(Recounted(one.count, done.hash, done.winners))
    return again
