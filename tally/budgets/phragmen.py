"""Sequential Phragmén: a study tool that shows what a load shared evenly would give.

Los, Christoff and Grossi, « Proportional budget allocations: towards a systematization » (IJCAI 2022): everybody
earns money at the same pace; a project is bought when its supporters have its cost together; the count stops when the
one that would be bought next does not fit.
"""

from fractions import Fraction

from tally.budgets import outcome
from tally.budgets.work import Work


def phragmen(work: Work) -> None:
    """Supporters share the cost so that all end with one load; the lowest load is bought first. Exact."""
    votes, found = work.election.ballots, work.found
    loads: list[Fraction] = [Fraction(0)] * len(votes.count)
    supports = found.points > 0
    groups = {rank: votes.group[supports & (votes.project == rank)].tolist() for rank in work.candidates()}
    weight = found.weight.tolist()
    while groups:
        loaded = {rank: _load(work, rank, members, loads, weight) for rank, members in groups.items()}
        least = min(loaded.values())
        equals = [rank for rank, load in loaded.items() if load == least]
        if any(work.election.projects[rank].cost > work.limits.left for rank in equals):
            return _stopped(work, equals)
        rank, settled_by = work.ties.first(equals)
        for group in groups.pop(rank):
            loads[group] = least
        forbidden = work.limits.forbids(rank)
        if forbidden:
            work.leave(rank, forbidden[0], because=forbidden[1])
        else:
            work.fund(rank, settled_by=settled_by)
    return None


def _load(work: Work, rank: int, members: list[int], loads: list[Fraction], weight: list[int]) -> Fraction:
    carried: dict[Fraction, int] = {}
    for group in members:
        carried[loads[group]] = carried.get(loads[group], 0) + weight[group]
    total = sum((load * by for load, by in carried.items()), Fraction(work.election.projects[rank].cost))
    return total / sum(carried.values())


def _stopped(work: Work, equals: list[int]) -> None:
    for rank in equals:
        work.leave(rank, outcome.OVER_BUDGET, lacked=max(0, work.election.projects[rank].cost - work.limits.left))
    work.leave_all(work.candidates(), outcome.AFTER_STOP, because=work.election.projects[equals[0]].id)
