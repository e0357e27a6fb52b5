"""From the most supported down, as long as there is money: what most cities do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

from tally.budgets import outcome
from tally.budgets.work import Work


def greedy(work: Work, *, funded_as: str = outcome.FUNDED) -> None:
    """Funds from the best placed down; ``regulation.on_overflow`` says what happens when one does not fit."""
    fund_in_order(work, {rank: _merit(work, rank) for rank in work.candidates()}, funded_as=funded_as)


def fund_in_order(work: Work, merit: Mapping[int, Any], *, funded_as: str = outcome.FUNDED) -> None:
    """The same by any merit: ``merit`` grows with it, and is equal for equals."""
    if work.regulation.one_each:
        _serve_each(work, merit, funded_as)
    for block in _blocks(merit, work.candidates()):
        for rank, settled_by in _ordered(work, block):
            if not _decide(work, rank, funded_as, settled_by):
                stopped = work.election.projects[rank].id
                work.leave_all(work.candidates(), outcome.AFTER_STOP, because=stopped)
                return


def _blocks(merit: Mapping[int, Any], ranks: Iterable[int]) -> Iterator[list[int]]:
    """Projects of equal merit together, the best first."""
    for _equal, block in groupby(sorted(ranks, key=merit.__getitem__, reverse=True), merit.__getitem__):
        yield sorted(block)


def _merit(work: Work, rank: int) -> tuple[bool, Fraction]:
    score, cost = Fraction(int(work.found.score[rank])), work.election.projects[rank].cost
    if work.regulation.order == "score":
        return False, score
    return (True, score) if cost == 0 else (False, score / cost)  # what costs nothing comes before all that costs


def _serve_each(work: Work, merit: Mapping[int, Any], funded_as: str) -> None:
    """The best placed of each territory that can be paid for, before anybody's second."""
    for block in _blocks(merit, [rank for rank in work.candidates() if work.election.projects[rank].territory]):
        waiting = [rank for rank in block if not work.limits.served(rank)]
        for rank, settled_by in _ordered(work, waiting, once_served=True):
            if not work.limits.served(rank) and work.limits.allows(rank):
                work.fund(rank, funded_as, settled_by=settled_by)


def _ordered(work: Work, block: Sequence[int], *, once_served: bool = False) -> Iterator[tuple[int, str]]:
    """Equals, in the order of the regulation; in any order when it changes nothing (``_harmless``)."""
    left = list(block)
    while left:
        if _harmless(work, left, once_served=once_served):
            projects = work.election.projects
            yield from ((rank, "") for rank in sorted(left, key=lambda rank: projects[rank].deposit))
            return
        rank, settled_by = work.ties.first(left)
        left.remove(rank)
        yield rank, settled_by


def _harmless(work: Work, block: Sequence[int], *, once_served: bool) -> bool:
    """Whether equals have the same fate in any order: all that can be funded now can be funded together.

    Funding only ever forbids more, so one order is enough to know.
    """
    if len(block) < 2:
        return True
    trial = work.limits.copy()
    can = [rank for rank in block if trial.allows(rank)]
    too_dear = [rank for rank in block if rank not in can and trial.forbids(rank) is None]
    if work.regulation.on_overflow != "skip" and too_dear and (can or work.regulation.on_overflow == "tolerance"):
        return False
    for rank in can:
        if not trial.allows(rank) or (once_served and trial.served(rank)):
            return False
        trial.fund(rank)
    return True


def _decide(work: Work, rank: int, funded_as: str, settled_by: str) -> bool:
    """Whether the count goes on after this project."""
    cost, left, rules = work.election.projects[rank].cost, work.limits.left, work.regulation
    forbidden = work.limits.forbids(rank)
    if forbidden:
        work.leave(rank, forbidden[0], because=forbidden[1])
        return True
    if cost <= left:
        work.fund(rank, funded_as, settled_by=settled_by)
        return True
    if rules.on_overflow == "tolerance" and left * 100 >= Fraction(rules.tolerance) * cost:
        work.fund(rank, outcome.FUNDED_WITHIN_TOLERANCE, within=left, settled_by=settled_by)
        return False
    work.leave(rank, outcome.OVER_BUDGET, lacked=cost - left)
    return rules.on_overflow == "skip"
