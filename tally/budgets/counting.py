"""From ballots and a regulation to an outcome."""

from collections.abc import Callable

from tally.budgets import regulation as rules
from tally.budgets.ballots import GRADES
from tally.budgets.election import Election
from tally.budgets.errors import BadRegulation
from tally.budgets.greedy import greedy
from tally.budgets.judgment import majority_judgment
from tally.budgets.outcome import Outcome
from tally.budgets.phragmen import phragmen
from tally.budgets.regulation import Regulation
from tally.budgets.shares import equal_shares
from tally.budgets.work import Work

RULES: dict[str, Callable[[Work], None]] = {
    rules.GREEDY: greedy,
    rules.TOP_N: greedy,
    rules.EQUAL_SHARES: equal_shares,
    rules.PHRAGMEN: phragmen,
    rules.JUDGMENT: majority_judgment,
}


def count(election: Election, regulation: Regulation) -> Outcome:
    """Who wins. The same whatever the order of projects and ballots.

    UnsettledTie: equals that the regulation does not tell apart, where it matters. BadRegulation: a rule that these
    ballots cannot feed (grades are for majority judgment, and it is for grades).
    """
    if (election.ballots.kind == GRADES) != (regulation.rule == rules.JUDGMENT):
        kind = election.ballots.kind
        raise BadRegulation("%(rule)s does not count ballots of %(kind)s", rule=regulation.rule, kind=kind)
    work = Work.begun(election, regulation)
    RULES[regulation.rule](work)
    return work.ended()
