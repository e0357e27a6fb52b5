"""Equal Shares: every ballot is worth the same money, and a project is paid for by those who chose it.

Peters, Pierczyński and Skowron, « Proportional Participatory Budgeting with Additive Utilities » (NeurIPS 2021). The
completion that raises everybody's share until the budget is used is the one of equalshares.net. Rounds run in float64;
whatever is closer than ``prices.CLOSE`` is decided again in fractions (``exactly.py``).
"""

from dataclasses import replace
from fractions import Fraction
from math import ceil

import numpy as np

from tally.budgets import outcome
from tally.budgets.completion import completed
from tally.budgets.greedy import greedy
from tally.budgets.market import Market
from tally.budgets.prices import Run, run
from tally.budgets.regulation import GREEDY
from tally.budgets.work import Work


def equal_shares(work: Work) -> None:
    """Buys, completes, tops up, compares, as the regulation says."""
    rules = work.regulation
    market = Market.of(work)
    if market.sides and market.voters:
        if rules.completion == "none":
            _write(work, market, run(market, Fraction(market.money, market.voters)))
        else:
            done, work.steps = completed(market)
            _write(work, market, done)
    if rules.top_up == "greedy":
        _top_up(work)
    if rules.comparison == "greedy":
        _compare(work)


def _write(work: Work, market: Market, done: Run) -> None:
    """What forbids a project, or what its supporters were short of, when nothing more could be bought."""
    for rank, price, settled_by in zip(done.bought, done.prices, done.settled, strict=True):
        work.fund(rank, each=round(price), settled_by=settled_by)
    for rank in work.candidates():
        if forbidden := done.limits.forbids(rank):
            work.leave(rank, forbidden[0], because=forbidden[1])
        else:
            side = market.sides[rank]
            lacked = ceil(side.cost - float(done.left[side.members].dot(side.weight)))
            work.leave(rank, outcome.SUPPORTERS_CANNOT_PAY, lacked=max(1, lacked))


def _top_up(work: Work) -> None:
    """What is left goes down the list of the most supported."""
    for rank, said in list(work.reasons.items()):
        if said.reason == outcome.SUPPORTERS_CANNOT_PAY:
            del work.reasons[rank]
    greedy(work, funded_as=outcome.FUNDED_AS_TOP_UP)


def _compare(work: Work) -> None:
    """Keeps the greedy outcome when more ballots get more from it; on equality, Equal Shares stays."""
    other = Work.begun(work.election, replace(work.regulation, rule=GREEDY, order="score", on_overflow="skip"))
    greedy(other)
    ours, theirs = (_satisfaction(work, one.limits.winners) for one in (work, other))
    work.compared = {
        "equal_shares": int(work.found.weight[ours > theirs].sum()),
        "greedy": int(work.found.weight[theirs > ours].sum()),
    }
    if work.compared["greedy"] > work.compared["equal_shares"]:
        work.limits, work.rounds, work.reasons = other.limits, other.rounds, other.reasons


def _satisfaction(work: Work, winners: list[int]) -> np.ndarray:
    """(groups,) int64: what each ballot gets, in the regulation's unit."""
    votes, found, utility = work.election.ballots, work.found, work.regulation.utility
    worth = {
        "cost": np.where(found.points > 0, work.election.costs[votes.project], 0),
        "unit": (found.points > 0).astype(np.int64),
        "points": found.points,
    }[utility]
    won = np.isin(votes.project, winners)
    got = np.zeros(len(votes.count), np.int64)
    np.add.at(got, votes.group[won], worth[won])
    return got
