"""Every state, kind and allowed move of a fiche and of a pain point, with the words people and staff read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IntakeChannel(models.TextChoices):
    WEB = "web", _("online")
    PAPER = "paper", _("paper")
    COUNTER = "counter", _("at the counter")
    PHONE = "phone", _("by telephone")
    EMAIL = "email", _("by e-mail")
    IMPORT = "import", _("import")
    WIDGET = "widget", _("button on another site")
    API = "api", _("another program")


class FicheState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("fiche", "received")
    IN_REVIEW = "in_review", pgettext_lazy("fiche", "being read")
    GROUPED = "grouped", pgettext_lazy("fiche", "grouped with others")
    ANSWERED = "answered", pgettext_lazy("fiche", "answered")
    CLOSED = "closed", pgettext_lazy("fiche", "closed")
    DISMISSED = "dismissed", pgettext_lazy("fiche", "set aside")
    TRANSFERRED = "transferred", pgettext_lazy("fiche", "passed on to another service")


FICHE_MOVES: dict[FicheState, set[FicheState]] = {
    FicheState.RECEIVED: {
        FicheState.IN_REVIEW,
        FicheState.GROUPED,
        FicheState.DISMISSED,
        FicheState.TRANSFERRED,
    },
    FicheState.IN_REVIEW: {
        FicheState.GROUPED,
        FicheState.DISMISSED,
        FicheState.TRANSFERRED,
        FicheState.ANSWERED,
    },
    FicheState.GROUPED: {
        FicheState.IN_REVIEW,
        FicheState.ANSWERED,
        FicheState.DISMISSED,
        FicheState.TRANSFERRED,
    },
    FicheState.TRANSFERRED: {
        FicheState.IN_REVIEW,
        FicheState.GROUPED,
        FicheState.ANSWERED,
        FicheState.DISMISSED,
    },
    FicheState.ANSWERED: {FicheState.CLOSED, FicheState.GROUPED},
    FicheState.CLOSED: {FicheState.GROUPED, FicheState.ANSWERED},
    FicheState.DISMISSED: {FicheState.IN_REVIEW},
}

# What the author reads on the tracking page, in a sentence.
FICHE_PUBLIC_WORDS = {
    FicheState.RECEIVED: _("We have received your fiche."),
    FicheState.IN_REVIEW: _("The service is reading your fiche."),
    FicheState.GROUPED: _("Other people say the same thing. Your fiches go forward together."),
    FicheState.ANSWERED: _("The service has answered."),
    FicheState.CLOSED: _("The answer was given and you told us whether it is settled."),
    FicheState.DISMISSED: _("The service set this fiche aside. The reason is written below."),
    FicheState.TRANSFERRED: _("Your fiche was passed on to the service that can act."),
}


class PainPointState(models.TextChoices):
    SUGGESTED = "suggested", pgettext_lazy("pain point", "suggested")
    CONFIRMED = "confirmed", pgettext_lazy("pain point", "confirmed")
    PLANNED = "planned", pgettext_lazy("pain point", "planned")
    DONE = "done", pgettext_lazy("pain point", "done")
    REFUSED = "refused", pgettext_lazy("pain point", "refused")
    DISMISSED = "dismissed", pgettext_lazy("pain point", "not a pain point")
    MERGED = "merged", pgettext_lazy("pain point", "merged into another")


OPEN_STATES = (PainPointState.SUGGESTED, PainPointState.CONFIRMED, PainPointState.PLANNED)
ANSWERED_STATES = (PainPointState.PLANNED, PainPointState.DONE, PainPointState.REFUSED)
PUBLIC_STATES = (PainPointState.CONFIRMED, *ANSWERED_STATES)

PAIN_POINT_MOVES: dict[PainPointState, set[PainPointState]] = {
    PainPointState.SUGGESTED: {
        PainPointState.CONFIRMED,
        PainPointState.DISMISSED,
        PainPointState.MERGED,
    },
    PainPointState.CONFIRMED: {
        PainPointState.PLANNED,
        PainPointState.DONE,
        PainPointState.REFUSED,
        PainPointState.DISMISSED,
        PainPointState.MERGED,
    },
    PainPointState.PLANNED: {
        PainPointState.DONE,
        PainPointState.REFUSED,
        PainPointState.CONFIRMED,
        PainPointState.MERGED,
    },
    # A « non » to « est-ce réglé ? », or an owner who thinks again, opens them once more.
    PainPointState.DONE: {PainPointState.CONFIRMED, PainPointState.MERGED},
    PainPointState.REFUSED: {PainPointState.CONFIRMED, PainPointState.MERGED},
    PainPointState.DISMISSED: {PainPointState.SUGGESTED},
    PainPointState.MERGED: set(),
}

PAIN_POINT_PUBLIC_WORDS = {
    PainPointState.CONFIRMED: _("The service has recognised this problem."),
    PainPointState.PLANNED: _("The service has said what it will do, and when."),
    PainPointState.DONE: _("The service says that it is done."),
    PainPointState.REFUSED: _("The service will not do it, and says why."),
}


class Source(models.TextChoices):
    """Who attached a passage to a pain point. What a person did, no run undoes."""

    MACHINE = "machine", _("by the machine")
    PERSON = "person", _("by a person")


class Outcome(models.TextChoices):
    """What an answer says; each brings the pain point to the state of the same name."""

    PLANNED = "planned", _("We will do it")
    DONE = "done", _("It is done")
    REFUSED = "refused", _("We will not do it")


class FollowUpReply(models.TextChoices):
    YES = "yes", _("yes")
    PARTLY = "partly", _("in part")
    NO = "no", _("no")


class Satisfaction(models.IntegerChoices):
    NOT_AT_ALL = 1, _("Not at all")
    RATHER_NOT = 2, _("Rather not")
    SO_SO = 3, _("So-so")
    RATHER_YES = 4, _("Rather yes")
    VERY_WELL = 5, _("Very well")


class Effort(models.IntegerChoices):
    """Effort and impact, from 1 (small) to 3 (large); together they make the priority."""

    SMALL = 1, _("small")
    MEDIUM = 2, _("medium")
    LARGE = 3, _("large")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", pgettext_lazy("import", "file received")
    RUNNING = "running", pgettext_lazy("import", "being read")
    REFUSED = "refused", pgettext_lazy("import", "refused: nothing was imported")
    DONE = "done", pgettext_lazy("import", "imported")


IMPORT_MOVES: dict[ImportState, set[ImportState]] = {
    ImportState.UPLOADED: {ImportState.RUNNING, ImportState.REFUSED},
    ImportState.RUNNING: {ImportState.DONE, ImportState.REFUSED},
    ImportState.REFUSED: set(),
    ImportState.DONE: set(),
}


class Resolution(models.TextChoices):
    """How finely the fiches of a service are grouped: the knob of the kernel, in the words of people."""

    COARSE = "coarse", _("A few large pain points")
    MEDIUM = "medium", _("Balanced")
    FINE = "fine", _("Many precise pain points")


class RunKind(models.TextChoices):
    ADD = "add", pgettext_lazy("regrouping", "new fiches")
    PROPOSE = "propose", pgettext_lazy("regrouping", "proposal")
    REWRITE = "rewrite", pgettext_lazy("regrouping", "everything, by command")


class PartState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("regrouping", "waiting")
    RUNNING = "running", pgettext_lazy("regrouping", "under way")
    DONE = "done", pgettext_lazy("regrouping", "finished")
    FAILED = "failed", pgettext_lazy("regrouping", "stopped")


class PartProblem(models.TextChoices):
    """Why a part is over without having been done."""

    STOPPED = "stopped", _("The worker stopped three times. It may lack memory: ask whoever looks after the site.")
    BROKE = "broke", _("An error stopped it three times. It is in the log of the workers. Nothing was lost.")


class PartStep(models.TextChoices):
    """What a worker does, in order; the page of a proposal says it."""

    READING = "reading", _("The passages are read.")
    GROUPING = "grouping", _("The passages that say the same thing are brought together.")
    COMPARING = "comparing", _("The result is compared with the pain points of today.")


class ProposalState(models.TextChoices):
    COMPUTING = "computing", pgettext_lazy("proposal", "being prepared")
    READY = "ready", pgettext_lazy("proposal", "to read")
    APPLYING = "applying", pgettext_lazy("proposal", "being applied")
    APPLIED = "applied", pgettext_lazy("proposal", "applied")
    DISCARDED = "discarded", pgettext_lazy("proposal", "left aside")
    EXPIRED = "expired", pgettext_lazy("proposal", "too old")
    FAILED = "failed", pgettext_lazy("proposal", "stopped")


LIVING_PROPOSALS = (ProposalState.COMPUTING, ProposalState.READY, ProposalState.APPLYING)
PROPOSAL_MOVES: dict[ProposalState, set[ProposalState]] = {
    ProposalState.COMPUTING: {ProposalState.READY, ProposalState.DISCARDED, ProposalState.FAILED},
    ProposalState.READY: {ProposalState.APPLYING, ProposalState.DISCARDED, ProposalState.EXPIRED},
    ProposalState.APPLYING: {ProposalState.APPLIED},
    ProposalState.APPLIED: set(),
    ProposalState.DISCARDED: set(),
    ProposalState.EXPIRED: set(),
    ProposalState.FAILED: set(),
}


class ChangeKind(models.TextChoices):
    """What a proposal would do, in the order in which it is read and done."""

    NEW = "new", pgettext_lazy("change", "new pain point")
    GROWN = "grown", pgettext_lazy("change", "more fiches")
    SPLIT = "split", pgettext_lazy("change", "split in two")
    MERGE = "merge", pgettext_lazy("change", "merge")
    MOVE = "move", pgettext_lazy("change", "passages that move")
    LEAVE = "leave", pgettext_lazy("change", "passages that leave")


# What only takes from « à trier » undoes nothing: it is ticked before the owner has read it.
SAFE_CHANGES = (ChangeKind.NEW, ChangeKind.GROWN)


# The acts of this room, as the journal writes them. Declared to ``journal`` in apps.py.
VERBS = {
    "fiche.submitted": _("filed the fiche"),
    "fiche.masked": _("masked the fiche after a first failure"),
    "fiche.placed": _("grouped the fiche"),
    "fiche.read_raw": _("read the unmasked text"),
    "fiche.routed": _("found the service of the fiche"),
    "fiche.dismissed": _("set the fiche aside"),
    "fiche.restored": _("took the fiche up again"),
    "fiche.exported": _("exported the personal data of the fiche"),
    "fiche.erased": _("erased the personal data of the fiche"),
    "fiche.purged": _("erased what had been kept long enough"),
    "pain_point.suggested": _("suggested the pain point"),
    "pain_point.confirmed": _("confirmed the pain point"),
    "pain_point.renamed": _("renamed the pain point"),
    "pain_point.dismissed": _("said that it is not a pain point"),
    "pain_point.restored": _("took the pain point up again"),
    "pain_point.reopened": _("opened the pain point again"),
    "pain_point.assigned": _("assigned the pain point"),
    "pain_point.prioritised": _("gave the priority"),
    "pain_point.vouched": _("read the passages and vouched for the pain point"),
    "pain_point.published": _("published the pain point"),
    "pain_point.unpublished": _("withdrew the pain point from the public pages"),
    "pain_point.merged": _("merged the pain point into another"),
    "pain_point.split": _("split passages off the pain point"),
    "pain_point.moved_passage": _("moved passages"),
    "pain_point.took_fiche": _("attached a fiche from the sorting list"),
    "pain_point.transferred": _("transferred the pain point"),
    "pain_point.noted": _("wrote an internal note"),
    "pain_point.quoted": _("chose a verbatim"),
    "pain_point.unquoted": _("withdrew a verbatim"),
    "pain_point.answered": _("answered the authors"),
    "pain_point.exported": _("exported the passages of the pain point"),
    "pain_point.themed": _("chose the theme of the pain point"),
    "theme.suggested": _("suggested the theme"),
    "theme.renamed": _("named the theme"),
    "surge.opened": _("saw that the pain point is rising fast"),
    "surge.acknowledged": _("has seen that the pain point is rising fast"),
    "surge.closed": _("saw that the pain point is back to usual"),
    "flood.seen": _("has seen the near-identical texts"),
    "pain_point.raised": _("raised a document asked again"),
    "service.documents_declared": _("said which documents the service asks for"),
    "document.added": _("added a supporting document"),
    "document.changed": _("changed a supporting document"),
    "document.deleted": _("deleted a supporting document"),
    "radar.exported": _("exported the table of documents"),
    "board.exported": _("exported the pain points of the board"),
    "follow_up.asked": _("asked whether it is settled"),
    "follow_up.replied": _("said whether it is settled"),
    "letter.printed": _("printed a letter"),
    "answer_template.saved": _("kept an answer template"),
    "answer_template.deleted": _("deleted an answer template"),
    "import.uploaded": _("uploaded a file of past fiches"),
    "import.started": _("asked for the import of past fiches"),
    "import.done": _("imported past fiches"),
    "import.refused": _("refused a file of past fiches"),
    "archetype.kept": _("changed a frequent pain point"),
    "regroup.done": _("regrouped the fiches"),
    "regroup.asked": _("asked for a new grouping"),
    "regroup.accepted": _("accepted a new grouping"),
    "regroup.applied": _("applied what was accepted of a new grouping"),
    "regroup.discarded": _("left a new grouping aside"),
}
