"""Regulations to start from, under plain names."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext

from consult.budgets.choices import BallotKind
from consult.budgets.rules import Rules
from tally.budgets import Regulation

TIES = ("more_supporters", "lower_cost", "earlier_deposit")


@dataclass(frozen=True)
class Preset:
    """``words``: when it suits."""

    name: str
    title: str | Promise
    words: str | Promise

    @property
    def rules(self) -> Rules:
        return _RULES[self.name]()


def mentions() -> tuple[str, ...]:
    """Those of Paris, the best first, in the language of the editor."""
    return (
        pgettext("mention", "Very good"),
        pgettext("mention", "Good"),
        pgettext("mention", "Fair"),
        pgettext("mention", "Poor"),
    )


def _most_chosen() -> Rules:
    return Rules(kind=BallotKind.APPROVAL, at_most=5, count=Regulation(rule="greedy", ties=TIES))


def _equal_share() -> Rules:
    shares = Regulation(rule="equal_shares", completion="first_over_budget", step=100, top_up="greedy", ties=TIES)
    return Rules(kind=BallotKind.KNAPSACK, count=shares)


def _own_budget() -> Rules:
    return Rules(kind=BallotKind.KNAPSACK, count=Regulation(rule="greedy", ties=TIES))


def _each_territory() -> Rules:
    return Rules(kind=BallotKind.APPROVAL, at_most=5, count=Regulation(rule="greedy", one_each=True, ties=TIES))


def _first_ones() -> Rules:
    return Rules(kind=BallotKind.APPROVAL, at_most=3, count=Regulation(rule="top_n", n=3, ties=TIES))


def _points() -> Rules:
    return Rules(kind=BallotKind.POINTS, points=10, points_each=5, count=Regulation(rule="greedy", ties=TIES))


def _mentions() -> Rules:
    graded = Regulation(rule="majority_judgment", unmarked=len(mentions()) - 1, ties=TIES)
    return Rules(kind=BallotKind.JUDGMENT, mentions=mentions(), count=graded)


_RULES = {
    "choisis": _most_chosen,
    "parts": _equal_share,
    "panier": _own_budget,
    "quartiers": _each_territory,
    "premiers": _first_ones,
    "points": _points,
    "mentions": _mentions,
}
PRESETS = (
    Preset(
        "choisis",
        gettext_lazy("The most chosen projects"),
        gettext_lazy("The simplest to explain. A large group may take the whole envelope."),
    ),
    Preset(
        "parts",
        gettext_lazy("An equal share for everyone"),
        gettext_lazy("Every voter weighs the same money: small groups and districts also see a project funded."),
    ),
    Preset(
        "panier",
        gettext_lazy("Make up the budget"),
        gettext_lazy("Each voter fills the envelope as the town would. The most chosen projects win."),
    ),
    Preset(
        "quartiers",
        gettext_lazy("One project at least in each territory"),
        gettext_lazy("When the envelope is that of the whole town, and no district should be left out."),
    ),
    Preset("premiers", gettext_lazy("The first three"), gettext_lazy("When few projects compete for the same place.")),
    Preset(
        "points",
        gettext_lazy("Points to share out"),
        gettext_lazy("To say how much one wants each project. Takes longer to fill in."),
    ),
    Preset(
        "mentions",
        gettext_lazy("A mention for each project"),
        gettext_lazy("Majority judgment: one says what one thinks of every project, without comparing them."),
    ),
)


def named(name: str) -> Preset | None:
    return next((one for one in PRESETS if one.name == name), None)
