"""One count under way: what every rule reads and writes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tally.budgets import outcome, pabulib
from tally.budgets.election import Election
from tally.budgets.limits import Limits, unfit
from tally.budgets.outcome import Outcome, Reason, Round
from tally.budgets.regulation import Regulation
from tally.budgets.scores import Scores, scores
from tally.budgets.ties import Ties


@dataclass(eq=False)
class Work:
    """``rounds`` and ``reasons`` are written as the rule goes; a project has one reason, the last one said."""

    election: Election
    regulation: Regulation
    found: Scores
    limits: Limits
    ties: Ties
    rounds: list[Round] = field(default_factory=list)
    reasons: dict[int, Reason] = field(default_factory=dict)
    compared: dict[str, int] | None = None
    steps: int = 0

    @classmethod
    def begun(cls, election: Election, regulation: Regulation) -> "Work":
        """Those who cannot win are told apart, mandatory projects are paid for."""
        found = scores(election, regulation)
        work = cls(election, regulation, found, Limits(election, regulation), Ties(election, regulation, found))
        for rank, reason in unfit(election, regulation, found).items():
            work.leave(rank, reason)
        for rank, project in enumerate(election.projects):
            if project.mandatory and not project.withdrawn:
                work.fund(rank, outcome.MANDATORY)
        return work

    def candidates(self) -> list[int]:
        """Ranks of the projects about which nothing is said yet."""
        return [rank for rank in range(len(self.election.projects)) if rank not in self.reasons]

    def fund(
        self,
        rank: int,
        reason: str = outcome.FUNDED,
        *,
        within: int | None = None,
        each: int = 0,
        settled_by: str = "",
    ) -> None:
        """A winner, and its round. ``each``: see ``Round``; ``within``: see ``Limits.fund``."""
        project, before = self.election.projects[rank], self.limits.left
        self.limits.fund(rank, within=within)
        score, supporters = str(self.found.exact(rank)), int(self.found.supporters[rank])
        self.rounds.append(
            Round(project.id, score, before - self.limits.left, self.limits.left, reason, supporters, each, settled_by)
        )
        self.reasons[rank] = Reason(reason, score, supporters, round=len(self.rounds))

    def leave(self, rank: int, reason: str, *, lacked: int = 0, because: str = "") -> None:
        """Not a winner."""
        score, supporters = str(self.found.exact(rank)), int(self.found.supporters[rank])
        self.reasons[rank] = Reason(reason, score, supporters, lacked=lacked, because=because)

    def leave_all(self, ranks: Iterable[int], reason: str, *, because: str = "") -> None:
        for rank in ranks:
            self.leave(rank, reason, because=because)

    def ended(self) -> Outcome:
        projects = self.election.projects
        return Outcome(
            winners=tuple(projects[rank].id for rank in self.limits.winners),
            rounds=tuple(self.rounds),
            unspent=self.limits.left,
            reasons={projects[rank].id: reason for rank, reason in self.reasons.items()},
            input_hash=pabulib.fingerprint(self.election),
            regulation_hash=self.regulation.hash,
            ballots=len(self.election.ballots),
            compared=self.compared,
            steps=self.steps,
        )
