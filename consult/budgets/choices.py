"""Every state, kind and allowed move of a participatory budget, with the words people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BudgetPhaseKind(models.TextChoices):
    """What happens during a phase (*étape*) of a budget."""

    IDEAS = "ideas", pgettext_lazy("budget phase", "Ideas")
    MERGE = "merge", pgettext_lazy("budget phase", "Grouping")
    STUDY = "study", pgettext_lazy("budget phase", "Studies")
    BALLOT = "ballot", pgettext_lazy("budget phase", "Ballot")
    COUNT = "count", pgettext_lazy("budget phase", "Count")
    REALISATION = "realisation", pgettext_lazy("budget phase", "Realisation")


class BudgetAct(models.TextChoices):
    """What somebody wants to write. Which phases allow it: ``ALLOWED_IN``."""

    SUGGEST = "suggest", _("file an idea")
    SUPPORT = "support", _("support an idea")
    VOTE = "vote", _("vote")


ALLOWED_IN: dict[BudgetAct, tuple[BudgetPhaseKind, ...]] = {
    BudgetAct.SUGGEST: (BudgetPhaseKind.IDEAS,),
    BudgetAct.SUPPORT: (BudgetPhaseKind.IDEAS, BudgetPhaseKind.MERGE),
    BudgetAct.VOTE: (BudgetPhaseKind.BALLOT,),
}


class EnvelopeKind(models.TextChoices):
    """What an envelope is for: the whole town, one of its territories, or a theme."""

    WHOLE = "whole", pgettext_lazy("envelope", "the whole town")
    TERRITORY = "territory", pgettext_lazy("envelope", "a territory")
    THEME = "theme", pgettext_lazy("envelope", "a theme")


class Requirement(models.TextChoices):
    """What is asked of somebody who votes, each told as a line of a list."""

    AGE = "age", _("age on the day the ballot closes")
    RESIDENCE = "residence", _("residence, declared on honour")
    ROLL = "roll", _("a place on the voter roll")
    VERIFIED = "verified", _("a verified account")


class BallotKind(models.TextChoices):
    APPROVAL = "approval", pgettext_lazy("ballot", "choose projects")
    KNAPSACK = "knapsack", pgettext_lazy("ballot", "share out the envelope")
    POINTS = "points", pgettext_lazy("ballot", "give points")
    RANKING = "ranking", pgettext_lazy("ballot", "rank projects")
    JUDGMENT = "judgment", pgettext_lazy("ballot", "give each project a mention")


class BallotChannel(models.TextChoices):
    WEB = "web", _("online")
    PAPER = "paper", _("paper")
    KIOSK = "kiosk", _("tablet at a counter")


class RollBy(models.TextChoices):
    """What a line of the voter roll that a town brings says of somebody, with their date of birth."""

    NAME = "name", pgettext_lazy("voter roll", "name and given name")
    NUMBER = "number", pgettext_lazy("voter roll", "number")


class ProjectState(models.TextChoices):
    """A project, from the ideas it was made of to the opening day."""

    PREPARED = "prepared", pgettext_lazy("project", "being written")
    STUDIED = "studied", pgettext_lazy("project", "being studied")
    RETAINED = "retained", pgettext_lazy("project", "on the ballot")
    NOT_RETAINED = "not_retained", pgettext_lazy("project", "not retained")
    WITHDRAWN = "withdrawn", pgettext_lazy("project", "withdrawn")
    FUNDED = "funded", pgettext_lazy("project", "funded")
    NOT_FUNDED = "not_funded", pgettext_lazy("project", "not funded")
    UNDERWAY = "underway", pgettext_lazy("project", "under way")
    REALISED = "realised", pgettext_lazy("project", "realised")
    ABANDONED = "abandoned", pgettext_lazy("project", "abandoned")


PROJECT_MOVES: dict[ProjectState, frozenset[ProjectState]] = {
    ProjectState.PREPARED: frozenset({ProjectState.STUDIED, ProjectState.WITHDRAWN}),
    ProjectState.STUDIED: frozenset({ProjectState.RETAINED, ProjectState.NOT_RETAINED, ProjectState.WITHDRAWN}),
    ProjectState.RETAINED: frozenset({ProjectState.FUNDED, ProjectState.NOT_FUNDED, ProjectState.WITHDRAWN}),
    ProjectState.NOT_RETAINED: frozenset({ProjectState.STUDIED}),
    ProjectState.WITHDRAWN: frozenset(),
    ProjectState.FUNDED: frozenset(
        {ProjectState.UNDERWAY, ProjectState.REALISED, ProjectState.ABANDONED, ProjectState.NOT_FUNDED}
    ),  # not funded after all: by a signed decision that departs from the count
    ProjectState.NOT_FUNDED: frozenset({ProjectState.FUNDED}),  # by a signed decision that departs from the count
    ProjectState.UNDERWAY: frozenset({ProjectState.REALISED, ProjectState.ABANDONED}),
    ProjectState.REALISED: frozenset(),
    ProjectState.ABANDONED: frozenset(),
}


class SuggestionState(models.TextChoices):
    """An idea. That it became a project is told by ``ProjectOrigin``, not by a state that could disagree."""

    PUBLISHED = "published", pgettext_lazy("idea", "published")
    SET_ASIDE = "set_aside", pgettext_lazy("idea", "not taken up")
    WITHDRAWN = "withdrawn", pgettext_lazy("idea", "withdrawn by its author")


IDEA_MOVES: dict[SuggestionState, frozenset[SuggestionState]] = {
    SuggestionState.PUBLISHED: frozenset({SuggestionState.SET_ASIDE, SuggestionState.WITHDRAWN}),
    SuggestionState.SET_ASIDE: frozenset({SuggestionState.PUBLISHED}),
    SuggestionState.WITHDRAWN: frozenset(),
}


class IdeaNews(models.TextChoices):
    """What the author of an idea is told by a letter."""

    PROJECT = "project", pgettext_lazy("idea", "it becomes a project")
    SET_ASIDE = "set_aside", pgettext_lazy("idea", "it is not taken up")
    TAKEN_UP = "taken_up", pgettext_lazy("idea", "it is taken up again")


class StudyVerdict(models.TextChoices):
    """What a study concludes."""

    FEASIBLE = "feasible", pgettext_lazy("study", "feasible")
    CHANGED = "changed", pgettext_lazy("study", "feasible with changes")
    NOT_FEASIBLE = "not_feasible", pgettext_lazy("study", "not feasible")


class CostKind(models.TextChoices):
    INVEST = "invest", pgettext_lazy("cost", "once, to build")
    RUNNING = "running", pgettext_lazy("cost", "each year, to run")


class CountKind(models.TextChoices):
    """A trial becomes official when it is signed; « what if » is the same ballots by another rule, never signed."""

    TRIAL = "trial", pgettext_lazy("count", "to be signed")
    OFFICIAL = "official", pgettext_lazy("count", "official")
    WHAT_IF = "what_if", pgettext_lazy("count", "by another rule")


class CountState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("count", "asked for")
    WORKING = "working", pgettext_lazy("count", "under way")
    DONE = "done", pgettext_lazy("count", "done")
    FAILED = "failed", pgettext_lazy("count", "stopped")


class CountStep(models.TextChoices):
    """What the worker is doing, in its order."""

    READING = "reading", _("The ballots are being read.")
    COUNTING = "counting", _("The rounds are being counted.")
    TELLING = "telling", _("What each project received or lacked is being worked out.")


class BatchState(models.TextChoices):
    """A batch of paper ballots."""

    OPEN = "open", pgettext_lazy("batch", "being keyed")
    CLOSED = "closed", pgettext_lazy("batch", "in the box")
    GIVEN_UP = "given_up", pgettext_lazy("batch", "given up")


class SheetKind(models.TextChoices):
    """What a sheet of paper is."""

    VALID = "valid", pgettext_lazy("paper ballot", "valid")
    BLANK = "blank", pgettext_lazy("paper ballot", "blank")
    SPOILED = "spoiled", pgettext_lazy("paper ballot", "spoiled")


class SpoiledBecause(models.TextChoices):
    """Why a sheet of paper does not count; the number is what a clerk types."""

    RULES = "1", pgettext_lazy("paper ballot", "it breaks the regulation")
    ILLEGIBLE = "2", pgettext_lazy("paper ballot", "it cannot be read")
    SIGNED = "3", pgettext_lazy("paper ballot", "it bears a name or a sign")
    OTHER = "4", pgettext_lazy("paper ballot", "another reason, seen by two people")


class CancelledBecause(models.TextChoices):
    """Why a mark made at a desk is cancelled. Never free words: they could name somebody."""

    MISTYPED = "mistyped", pgettext_lazy("mark", "somebody else was marked by mistake")
    ENVELOPE = "envelope", pgettext_lazy("mark", "the wrong envelope was marked")
    LEFT = "left", pgettext_lazy("mark", "the person left without voting")


VERBS = {
    "budget.mark_cancelled": _("cancelled a mark made at a desk"),
    "batch.opened": _("opened a batch of paper ballots"),
    "batch.announced_again": _("changed the number of sheets announced"),
    "batch.closed": _("closed the batch: its ballots are in the box"),
    "batch.given_up": _("gave the batch up"),
    "count.asked": _("asked for the ballots to be counted"),
    "count.done": _("counted the ballots"),
    "count.stopped": _("could not end the count"),
    "count.signed": _("signed the official count"),
    "count.lots_drawn": _("recorded a public drawing of lots"),
    "project.departed": _("signed a decision that departs from the count"),
    "study.assigned": _("entrusted the study"),
    "study.verdict_written": _("wrote the verdict of the study"),
    "study.cost_added": _("added a line of cost"),
    "study.cost_removed": _("removed a line of cost"),
    "study.signed": _("signed the study"),
    "study.signature_withdrawn": _("withdrew the signature of the study"),
    "study.note_added": _("noted something for colleagues"),
    "studies.planned": _("planned the publication of the studies"),
    "studies.unplanned": _("called off the publication of the studies"),
    "studies.published": _("published the studies"),
    "studies.held_up": _("could not publish the studies at the planned hour"),
    "project.moved": _("changed the state of the project"),
    "project.withdrawn": _("withdrew the project from the ballot"),
    "project.milestone_added": _("added a step of the works"),
    "project.milestone_done": _("told that a step of the works is done"),
    "project.milestone_removed": _("removed a step of the works"),
    "project.spent": _("recorded a spending"),
    "project.spending_removed": _("removed a spending"),
    "project.photo_added": _("added a picture of the works"),
    "project.photo_removed": _("removed a picture of the works"),
    "project.news_told": _("told news of the project"),
    "idea.filed": _("filed the idea"),
    "idea.withdrawn": _("withdrew the idea"),
    "idea.set_aside": _("did not take up the idea"),
    "idea.taken_up": _("took the idea up again"),
    "project.made": _("made the project of ideas"),
    "project.edited": _("changed the project being written"),
    "project.studied": _("sent the project to study"),
    "project.dissolved": _("gave up the project being written"),
    "budget.published": _("made the budget public"),
    "budget.phase_moved": _("moved a phase"),
    "budget.phase_added": _("added a phase"),
    "budget.phase_removed": _("removed a phase"),
    "budget.roll_brought": _("brought the voter roll"),
    "budget.kiosk_opened": _("opened a shared tablet"),
    "budget.kiosk_closed": _("closed a shared tablet"),
    "budget.sealed": _("sealed the ballot box"),
    "budget.frozen": _("froze the regulation and the list of projects"),
    "budget.prolonged": _("prolonged the ballot"),
    "budget.rules_changed": _("changed the regulation of the ballot"),
    "budget.change_refused": _("tried to change the regulation while the ballot was open"),
}
