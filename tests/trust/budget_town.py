"""The part of the small town that shares out money: a row behind every address of ``budgets``."""

from typing import Any

from accounts.models import User
from tests.budgets import world


class BudgetTown:
    """One budget in its ballot phase. ``people``: by role, those of ``Town``."""

    def __init__(self, people: dict[str, User]) -> None:
        self.people = people
        self.ballot = world.ballot(112_000, 86_000)


def addresses(money: BudgetTown) -> dict[str, tuple[dict[str, Any], str]]:
    """What ``routes.py`` asks: for each route, the parameters of a row and what follows the path."""
    ballot = {"slug": money.ballot.page.slug}
    return {
        "budgets:budget": (ballot, ""),
        "budgets:ballot": (ballot, ""),
        "budgets:ballot_choose": (ballot, ""),
        "budgets:ballot_register": (ballot, ""),
        "budgets:ballot_check": (ballot, ""),
        "budgets:ballot_change": (ballot, ""),
        "budgets:ballot_withdraw": (ballot, ""),
        "budgets:ballot_secrecy": (ballot, ""),
        "budgets:receipt": (ballot, ""),
    }
