"""The part of the small town that shares out money: a row behind every address of ``budgets``."""

from typing import Any

from accounts.models import User
from consult.choices import AttachmentKind
from consult.uploads import Prepared
from tests.budgets import box, world
from tests.budgets.ideas import idea, prepared


class BudgetTown:
    """One budget in its ballot phase, one whose count is signed. ``people``: by role, those of ``Town``."""

    def __init__(self, people: dict[str, User]) -> None:
        self.people = people
        self.ballot = world.ballot(112_000, 86_000)
        self.counted = box.filled()
        box.signed(self.counted, by=people["editor"])
        self.asked = world.budget()
        photo = Prepared(AttachmentKind.JPEG, "cour", b"\xff\xd8\xff\xd9")
        self.idea = idea(self.asked, by=people["agent"], photo=photo, photo_description="La cour")
        self.project = prepared(self.asked, idea(self.asked))


def addresses(money: BudgetTown) -> dict[str, tuple[dict[str, Any], str]]:
    """What ``routes.py`` asks: for each route, the parameters of a row and what follows the path."""
    ballot = {"slug": money.ballot.page.slug}
    counted = {"slug": money.counted.page.slug}
    asked = {"slug": money.asked.page.slug}
    idea, project = asked | {"number": money.idea.number}, asked | {"number": money.project.number}
    of_ideas = ("ideas", "suggest", "near_ideas", "idea_draft", "regroup", "make_project", "projects", "compare")
    return {
        **{f"budgets:{name}": (asked, "") for name in of_ideas},
        **{f"budgets:{name}": (idea, "") for name in ("idea", "photo", "support", "withdraw_idea", "set_aside")},
        **{f"budgets:{name}": (project, "") for name in ("project", "prepare")},
        "budgets:budget": (ballot, ""),
        "budgets:results": (counted, ""),
        "budgets:results_rounds": (counted, ""),
        "budgets:results_turnout": (counted, ""),
        "budgets:results_what_if": (counted, ""),
        "budgets:recount": (counted, ""),
        "budgets:recount_script": (counted | {"script": "recompter"}, ""),
        "budgets:recount_file": (
            counted | {"pk": world.envelope_of(money.counted).pk, "name": "bulletins.pb"},
            "",
        ),
        "budgets:counting": (counted, ""),
        "budgets:signing": (counted | {"number": 1}, ""),
        "budgets:ballot": (ballot, ""),
        "budgets:ballot_choose": (ballot, ""),
        "budgets:ballot_register": (ballot, ""),
        "budgets:ballot_check": (ballot, ""),
        "budgets:ballot_change": (ballot, ""),
        "budgets:ballot_withdraw": (ballot, ""),
        "budgets:ballot_secrecy": (ballot, ""),
        "budgets:receipt": (ballot, ""),
    }
