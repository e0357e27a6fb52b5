"""The part of the small town that shares out money: a row behind every address of ``budgets``."""

from typing import Any

from accounts.models import User
from consult.budgets.actions import idea_drafts, studying
from consult.budgets.actions.studying import Concluded
from consult.budgets.choices import ProjectState, StudyVerdict
from consult.budgets.models import Project
from consult.choices import AttachmentKind
from consult.people import participant_of
from consult.uploads import Prepared
from tests.budgets import box, paper, studied, world
from tests.budgets.ideas import idea, prepared

ADMINISTRATION = ("budgets_regulation", "budgets_dry_run", "budgets_freezing", "budgets_prolong", "budgets_roll")

DESK = ("desk", "desk_marking", "desk_paper", "desk_batches", "desk_kiosks", "desk_code")
BATCH = ("desk_batch", "desk_keying", "desk_settling")
TABLET = ("kiosk", "kiosk_ballot", "kiosk_choose", "kiosk_check", "kiosk_stay", "kiosk_leave")

OF_IDEAS = (
    "ideas", "suggest", "near_ideas", "idea_draft", "draft_photo", "visitor", "basket", "open_data", "follow_result",
    "regroup", "make_project", "projects", "compare",
)  # fmt: skip


class BudgetTown:
    """One budget in its ballot phase, one whose count is signed. ``people``: by role, those of ``Town``."""

    def __init__(self, people: dict[str, User]) -> None:
        self.people = people
        self.ballot = world.ballot(112_000, 86_000)
        self.asked = world.budget()
        photo = Prepared(AttachmentKind.JPEG, "cour", b"\xff\xd8\xff\xd9")
        self.idea = idea(self.asked, by=people["agent"], photo=photo, photo_description="La cour")
        idea_drafts.keep(self.asked, {"title": "Un banc"}, by=participant_of(people["citizen"]), photo=photo)
        self.project = prepared(self.asked, idea(self.asked))
        self.counted = box.filled()
        box.signed(self.counted, by=people["editor"])
        self.desk = paper.ballot(112_000, 86_000)
        self._key()
        self._study()

    def _key(self) -> None:
        """One batch of two sheets: the first is read differently, the second is still to read."""
        self.batch = paper.batch(self.desk, 2, by=self.people["clerk"])
        for by, said in ((self.people["clerk"], "1"), (self.people["editor"], "2")):
            paper.keyed(self.batch, [said], by=by)

    def _study(self) -> None:
        """A project being studied, with a note; another one being built. Both are entrusted to the evaluator."""
        from tests.trust.world import word

        by = self.people["evaluator"]
        built = studied.signed(studied.concluded(studied.being_studied(evaluator=by)))
        studied.publish(built.project.budget)
        Project.objects.filter(pk=built.project_id).update(state=ProjectState.FUNDED)
        self.built = built.project
        study = studied.being_studied(asked=built.project.budget, evaluator=by)
        studying.note(study, word("StudyNote.text"), by=by)
        said = Concluded(StudyVerdict.NOT_FEASIBLE, word("Study.reason"))
        self.studied = studying.conclude(study, said, by=by).project


def addresses(money: BudgetTown) -> dict[str, tuple[dict[str, Any], str]]:
    """What ``routes.py`` asks: for each route, the parameters of a row and what follows the path."""
    ballot = {"slug": money.ballot.page.slug}
    counted = {"slug": money.counted.page.slug}
    study = {"slug": money.studied.budget.page.slug}
    asked = {"slug": money.asked.page.slug}
    idea, project = asked | {"number": money.idea.number}, asked | {"number": money.project.number}
    acts = ("choose", "register", "check", "change", "withdraw", "secrecy")
    of_the_ballot = ("ballot", "receipt", *(f"ballot_{act}" for act in acts))
    built = study | {"number": money.built.number}
    return {
        "budgets:studies": ({}, ""),
        **_at_the_desk(money),
        **{f"budgets:{name}": (study, "") for name in ("study_board", "publish_studies")},
        **{f"budgets:{name}": (built, "") for name in ("works", "follow_project")},
        "budgets:study": (study | {"number": money.studied.number}, ""),
        "budgets:withdraw_project": (ballot | {"number": 1}, ""),
        **{f"budgets:{name}": (asked, "") for name in OF_IDEAS},
        **{f"budgets:{name}": (idea, "") for name in ("idea", "photo", "support", "withdraw_idea", "set_aside")},
        **{f"budgets:{name}": (project, "") for name in ("project", "prepare")},
        "budgets:budget": (ballot, ""),
        "budgets:rules": (ballot, ""),
        "api:budget": (ballot, ""),
        "api:projects": (ballot, ""),
        "api:outcome": (counted, ""),
        **{name: ({"pk": money.ballot.pk}, "") for name in ADMINISTRATION},
        **_of_the_result(money, counted),
        "budgets:counting": (counted, ""),
        "budgets:signing": (counted | {"number": 1}, ""),
        **{f"budgets:{name}": (ballot, "") for name in of_the_ballot},
    }


def _at_the_desk(money: BudgetTown) -> dict[str, tuple[dict[str, Any], str]]:
    """Paper, and a tablet: a browser that is none meets one sentence."""
    desk = {"slug": money.desk.page.slug}
    return {
        "budgets:desks": ({}, ""),
        **{f"budgets:{name}": (desk, "") for name in (*DESK, *TABLET)},
        **{f"budgets:{name}": (desk | {"number": money.batch.number}, "") for name in BATCH},
        "budgets:kiosk_project": (desk | {"number": 1}, ""),
    }


def _of_the_result(money: BudgetTown, counted: dict[str, Any]) -> dict[str, tuple[dict[str, Any], str]]:
    pages = ("results", "results_rounds", "results_turnout", "results_what_if", "recount")
    file = counted | {"pk": world.envelope_of(money.counted).pk, "name": "bulletins.pb"}
    return {
        **{f"budgets:{name}": (counted, "") for name in pages},
        "budgets:recount_script": (counted | {"script": "recompter"}, ""),
        "budgets:recount_file": (file, ""),
    }
