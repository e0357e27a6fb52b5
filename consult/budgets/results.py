"""What a budget came to, as pages, files and programs may read it: nothing before every envelope's count is signed."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from consult.budgets.choices import CountKind
from consult.budgets.models import BallotOption, Budget, ByDecision, Count, Drawing, Envelope, FrozenRegulation
from tally.budgets import Regulation


@dataclass(frozen=True)
class Result:
    """One envelope: its official count, the projects by number, what was decided beside the count."""

    count: Count
    options: dict[str, BallotOption]
    decisions: dict[str, ByDecision]
    drawing: Drawing | None
    what_if: Count | None

    @property
    def envelope(self) -> Envelope:
        return self.count.envelope

    @property
    def outcome(self) -> dict[str, Any]:
        return self.count.outcome

    @cached_property
    def regulation(self) -> Regulation:
        return Regulation.from_json(self.count.regulation)

    @property
    def winners(self) -> list[BallotOption]:
        """Those of the count, in the order they won."""
        return [self.options[number] for number in self.outcome["winners"]]

    @property
    def spent(self) -> int:
        return self.envelope.amount - self.outcome["unspent"]

    @property
    def decided(self) -> int:
        """What decisions add to what the count spends, in cents; under zero when they take away."""
        costs = [(self.options[number].cost, one.funded) for number, one in self.decisions.items()]
        return sum(cost if is_funded else -cost for cost, is_funded in costs)

    def is_funded(self, number: str) -> bool:
        """By the count, or by a decision that departs from it."""
        decided = self.decisions.get(number)
        return decided.funded if decided else number in self.outcome["winners"]


def counts(budget: Budget) -> QuerySet[Count]:
    """All that was counted by the regulation of the ballot, the last asked for first: for those who run the budget."""
    return Count.objects.of_ballots().filter(budget=budget).select_related("envelope").order_by("-number", "envelope")


def is_public(budget: Budget) -> bool:
    """Whether every envelope of the frozen regulation has its signed count."""
    frozen = FrozenRegulation.objects.filter(budget=budget).values_list("content__envelopes", flat=True).first()
    signed = Count.objects.filter(budget=budget, kind=CountKind.OFFICIAL).count()
    return bool(frozen) and signed == len(frozen)


def official(budget: Budget) -> list[Result]:
    """The result of each envelope, in the order of the regulation; empty as long as one is not signed."""
    if not is_public(budget):
        return []
    signed = Count.objects.filter(budget=budget, kind=CountKind.OFFICIAL).select_related("envelope", "budget")
    return list(of_counts(budget, list(signed.order_by("envelope"))))


def of_counts(budget: Budget, found: list[Count]) -> list[Result]:
    """The same for counts that are done, signed or not."""
    options: dict[int, dict[str, BallotOption]] = {}
    for option in BallotOption.objects.filter(budget=budget).select_related("project"):
        options.setdefault(option.envelope_id, {})[str(option.number)] = option
    decided = ByDecision.objects.filter(project__budget=budget).select_related("project")
    decisions = {str(one.project.number): one for one in decided}
    drawings = {one.envelope_id: one for one in Drawing.objects.filter(envelope__in=[one.envelope_id for one in found])}
    others = Count.objects.filter(budget=budget, kind=CountKind.WHAT_IF, number__in=[one.number for one in found])
    what_if = {(one.envelope_id, one.number): one for one in others}
    return [
        Result(
            count=one,
            options=options.get(one.envelope_id, {}),
            decisions={
                number: said for number, said in decisions.items() if number in options.get(one.envelope_id, {})
            },
            drawing=drawings.get(one.envelope_id),
            what_if=what_if.get((one.envelope_id, one.number)),
        )
        for one in found
    ]
