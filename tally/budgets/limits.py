"""What forbids a project although it has the votes: money, its site, ceilings, the number of winners."""

from collections import Counter
from fractions import Fraction

from tally.budgets import outcome
from tally.budgets.election import Election, Project
from tally.budgets.regulation import TOP_N, Regulation
from tally.budgets.scores import Scores


class Limits:
    """The state of a count: what is left, and what each project would break. Funding only ever forbids more."""

    def __init__(self, election: Election, regulation: Regulation) -> None:
        self.left = election.budget
        self.winners: list[int] = []
        self._projects = election.projects
        limited = regulation.exclusive or regulation.ceilings or regulation.at_most
        self._is_free = not limited and regulation.rule != TOP_N
        told = not self._is_free or regulation.one_each
        self._keys = [_keys(project) if told else () for project in election.projects]
        self._regulation = regulation
        self._spent: Counter[str] = Counter()
        self._won: Counter[str] = Counter()
        self._sites: dict[str, int] = {}

    def fund(self, rank: int, *, within: int | None = None) -> None:
        """``within``: what it takes from the envelope when that is less than its cost."""
        project = self._projects[rank]
        self.left -= project.cost if within is None else within
        self.winners.append(rank)
        for key in self._keys[rank]:
            self._spent[key] += project.cost
            self._won[key] += 1
        self._sites.setdefault(project.site, rank)

    def forbids(self, rank: int) -> tuple[str, str] | None:
        """Why it cannot be funded although money is left, and what stands in its way; None when nothing does."""
        if self._is_free:
            return None
        project, rules = self._projects[rank], self._regulation
        if rules.rule == TOP_N and len(self.winners) >= rules.n:
            return outcome.ENOUGH_WINNERS, ""
        if rules.exclusive and project.site and project.site in self._sites:
            return outcome.SAME_SITE, self._projects[self._sites[project.site]].id
        for key in self._keys[rank]:
            if key in rules.ceilings and self._spent[key] + project.cost > rules.ceilings[key]:
                return outcome.CEILING, key
            if key in rules.at_most and self._won[key] >= rules.at_most[key]:
                return outcome.ENOUGH_WINNERS, key
        return None

    def allows(self, rank: int) -> bool:
        """Money is left for it, and nothing forbids it."""
        return self._projects[rank].cost <= self.left and self.forbids(rank) is None

    def served(self, rank: int) -> bool:
        """Its territory has a winner already."""
        territory = self._projects[rank].territory
        return bool(self._won[f"territory:{territory}"])

    def copy(self) -> "Limits":
        """The same state, to try something on."""
        twin = object.__new__(Limits)
        twin.__dict__ = self.__dict__ | {
            "winners": list(self.winners),
            "_spent": Counter(self._spent),
            "_won": Counter(self._won),
            "_sites": dict(self._sites),
        }
        return twin


def _keys(project: Project) -> tuple[str, ...]:
    return tuple(
        f"{kind}:{name}" for kind, name in (("territory", project.territory), ("theme", project.theme)) if name
    )


def unfit(election: Election, regulation: Regulation, found: Scores) -> dict[int, str]:
    """Who cannot win whatever the others do: withdrawn, without a vote, under the threshold. Rank → reason."""
    asked = Fraction(regulation.threshold)
    if regulation.threshold_kind == "percent_of_ballots":
        asked = found.ballots * asked / 100
    reasons: dict[int, str] = {}
    for rank, project in enumerate(election.projects):
        if project.withdrawn:
            reasons[rank] = outcome.WITHDRAWN
        elif project.mandatory:
            continue
        elif found.supporters[rank] == 0:
            reasons[rank] = outcome.NO_VOTE
        elif regulation.threshold_kind != "none" and found.exact(rank) < asked:
            reasons[rank] = outcome.UNDER_THRESHOLD
    return reasons
