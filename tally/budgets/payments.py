"""Who paid what in Equal Shares, told again from an outcome: for sentences, never for deciding."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tally.budgets.election import Election
from tally.budgets.market import Market
from tally.budgets.outcome import Outcome
from tally.budgets.prices import CLOSE, Purses, run
from tally.budgets.regulation import EQUAL_SHARES, Regulation
from tally.budgets.scores import scores
from tally.budgets.work import Work


@dataclass(frozen=True, slots=True)
class Payment:
    """``each``: cents a point, to the nearest cent; ``in_full``: ballots that gave as much (others gave all)."""

    each: int
    in_full: int


@dataclass(frozen=True)
class Payments:
    """``share``: cents of a ballot at first; ``raised``: in the run that was kept (completion).

    ``paid``: by project that its supporters bought; ``left``: cents that the supporters of each other project still had
    together when nothing more could be bought.
    """

    share: Fraction
    raised: Fraction
    paid: dict[str, Payment]
    left: dict[str, int]


def payments(election: Election, regulation: Regulation, done: Outcome) -> Payments | None:
    """None when shares bought nothing: another rule, no ballot, or the greedy outcome was kept (``comparison``)."""
    bought = [one.project for one in done.rounds if one.each]
    if regulation.rule != EQUAL_SHARES or not bought:
        return None
    work = Work.begun(election, regulation)
    market = Market.of(work)
    share = Fraction(market.money, market.voters)
    raised = share + done.steps * Fraction(regulation.step, work.found.scale)
    again, purses, paid = run(market, raised), Purses(market, raised), {}
    for rank, price in zip(again.bought, again.prices, strict=True):
        side = market.sides[rank]
        full = purses.left[side.members] >= price * side.points * (1 - CLOSE)
        in_full = int(election.ballots.count[side.members[full]].sum())
        paid[election.projects[rank].id] = Payment(round(price), in_full)
        purses.pay(side, price)
    others = {rank: side for rank, side in market.sides.items() if rank not in again.bought}
    left = {
        election.projects[rank].id: int(float(purses.left[side.members] @ side.weight)) for rank, side in others.items()
    }
    scale = work.found.scale
    return Payments(share * scale, raised * scale, paid, left)


@dataclass(frozen=True, slots=True)
class Served:
    """Ballots, each counted once: ``ballots`` in all, ``with_one`` that chose a winner at least, ``wins`` in total."""

    ballots: int
    with_one: int
    wins: int


def served(election: Election, regulation: Regulation, winners: tuple[str, ...]) -> Served:
    """What the winners give to the ballots: the same measure for every rule."""
    votes, found = election.ballots, scores(election, regulation)
    ranks = [rank for rank, project in enumerate(election.projects) if project.id in set(winners)]
    won = np.isin(votes.project, ranks) & (found.points > 0)
    each = np.bincount(votes.group[won], minlength=len(votes.count))
    return Served(len(votes), int(votes.count[each > 0].sum()), int((votes.count * each).sum()))
