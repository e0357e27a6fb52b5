"""Every state, kind and allowed move of a consultation, with the words people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PhaseKind(models.TextChoices):
    """What people do during a phase (*étape*)."""

    INFORM = "inform", pgettext_lazy("phase", "Learn")
    CONTRIBUTE = "contribute", pgettext_lazy("phase", "Propose")
    ARGUE = "argue", pgettext_lazy("phase", "Debate")
    VOTE = "vote", pgettext_lazy("phase", "Vote")
    ANALYSE = "analyse", pgettext_lazy("phase", "Analyse")
    DECIDE = "decide", pgettext_lazy("phase", "Decide")


class Act(models.TextChoices):
    """What somebody wants to write. Which phases allow it: ``ALLOWED_IN``."""

    PROPOSE = "propose", _("propose")
    ARGUE = "argue", _("argue")
    VOTE = "vote", _("vote")
    STATE = "state", _("answer statements")
    SURVEY = "survey", _("answer the questionnaire")


ALLOWED_IN: dict[Act, tuple[PhaseKind, ...]] = {
    Act.PROPOSE: (PhaseKind.CONTRIBUTE,),
    Act.ARGUE: (PhaseKind.CONTRIBUTE, PhaseKind.ARGUE, PhaseKind.VOTE),
    Act.VOTE: (PhaseKind.VOTE,),
    Act.STATE: (PhaseKind.CONTRIBUTE, PhaseKind.ARGUE, PhaseKind.VOTE),
    Act.SURVEY: (PhaseKind.CONTRIBUTE, PhaseKind.ARGUE, PhaseKind.VOTE),
}

# The phases in which people write, whatever they write.
TAKING_PART = frozenset(kind for kinds in ALLOWED_IN.values() for kind in kinds)


class Level(models.TextChoices):
    """Who may take part in a phase; each level lets in those of the next ones."""

    VISITOR = "visitor", _("everybody, with an e-mail address to confirm")
    ACCOUNT = "account", _("people with an account")
    VERIFIED = "verified", _("verified accounts")
    LISTED = "listed", _("people on a list")


class Awaited(models.TextChoices):
    """What waits for an address to be confirmed. ``RECOGNISE`` is no contribution: a browser asks to be known again."""

    PROPOSITION = "proposition", _("proposition")
    ARGUMENT = "argument", _("argument")
    REPLY = "reply", _("reply")
    VOTE = "vote", _("vote")
    USEFUL = "useful", _("“useful” on an argument")
    RECOGNISE = "recognise", _("this device")
    SURVEY = "survey", _("answers to a questionnaire")
    SEAT = "seat", _("registration for a meeting")
    VOLUNTEER = "volunteer", _("registration for a panel drawn by lot")
    STANCE = "stance", _("answer to a statement")
    STATEMENT = "statement", _("statement")
    IDEA = "idea", _("idea for a budget")
    SUPPORT = "support", _("support of an idea")


# A text is signed with a name; a vote is told to nobody.
SIGNED = frozenset({Awaited.PROPOSITION, Awaited.ARGUMENT, Awaited.REPLY, Awaited.IDEA})


class AttachmentKind(models.TextChoices):
    """Decided by what the file holds, whatever its name says."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"


class VoteWidget(models.TextChoices):
    NONE = "none", pgettext_lazy("vote", "none")
    AGREE = "agree", pgettext_lazy("vote", "agree only")
    THREE = "three", pgettext_lazy("vote", "agree, mixed, disagree")


class Wording(models.TextChoices):
    """What the people of a section write."""

    PROPOSITION = "proposition", _("proposition")
    IDEA = "idea", _("idea")
    GRIEVANCE = "grievance", _("grievance")


class Opinion(models.TextChoices):
    AGREE = "agree", pgettext_lazy("opinion", "agree")
    MIXED = "mixed", pgettext_lazy("opinion", "mixed")
    DISAGREE = "disagree", pgettext_lazy("opinion", "disagree")


OPINIONS_OF: dict[VoteWidget, tuple[Opinion, ...]] = {
    VoteWidget.NONE: (),
    VoteWidget.AGREE: (Opinion.AGREE,),
    VoteWidget.THREE: (Opinion.AGREE, Opinion.MIXED, Opinion.DISAGREE),
}


class Stance(models.IntegerChoices):
    """What somebody answers to a statement, in the figures of ``tally``."""

    AGREE = 1, pgettext_lazy("statement", "Agree")
    DISAGREE = -1, pgettext_lazy("statement", "Disagree")
    PASS = 0, pgettext_lazy("statement", "Pass")


class MapState(models.TextChoices):
    """A run of the opinion map. Done or failed, it is over: the next run is another row."""

    ASKED = "asked", pgettext_lazy("map", "asked for")
    WORKING = "working", pgettext_lazy("map", "being drawn")
    DONE = "done", pgettext_lazy("map", "done")
    FAILED = "failed", pgettext_lazy("map", "stopped")


class MapStep(models.TextChoices):
    READING = "reading", pgettext_lazy("map", "The answers are being read")
    GROUPING = "grouping", pgettext_lazy("map", "People who answer alike are being looked for")
    TELLING = "telling", pgettext_lazy("map", "The result is being written")


class Side(models.TextChoices):
    FOR = "for", pgettext_lazy("argument", "for")
    AGAINST = "against", pgettext_lazy("argument", "against")


class ArgumentOrder(models.TextChoices):
    """How arguments are read. By lot: seeded by visitor and day, so that nobody is always first."""

    LOT = "hasard", pgettext_lazy("arguments", "By lot")
    USEFUL = "utiles", pgettext_lazy("arguments", "Most useful")
    DISCUSS = "a-discuter", pgettext_lazy("arguments", "To discuss")
    NEWEST = "recents", pgettext_lazy("arguments", "Newest")
    OLDEST = "anciens", pgettext_lazy("arguments", "Oldest")


class Channel(models.TextChoices):
    WEB = "web", _("online")
    PAPER = "paper", _("paper")
    MEETING = "meeting", _("said in a meeting")
    IMPORT = "import", _("import")
    API = "api", _("another program")


# A person of the administration wrote it for somebody else, and is named.
KEYED_CHANNELS = (Channel.PAPER, Channel.MEETING)


class PropositionState(models.TextChoices):
    PUBLISHED = "published", pgettext_lazy("proposition", "published")
    MERGED = "merged", pgettext_lazy("proposition", "merged into another")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposition", "withdrawn by its author")


PROPOSITION_MOVES: dict[PropositionState, set[PropositionState]] = {
    PropositionState.PUBLISHED: {PropositionState.MERGED, PropositionState.WITHDRAWN},
    PropositionState.MERGED: {PropositionState.PUBLISHED},
    PropositionState.WITHDRAWN: set(),
}


class MergeState(models.TextChoices):
    """Putting propositions together: an author may propose it, supporters are asked, a person decides."""

    PROPOSED = "proposed", pgettext_lazy("merging", "proposed by an author")
    ASKED = "asked", pgettext_lazy("merging", "supporters are asked")
    DONE = "done", pgettext_lazy("merging", "done")
    DROPPED = "dropped", pgettext_lazy("merging", "given up")
    UNDONE = "undone", pgettext_lazy("merging", "undone")


MERGE_MOVES: dict[MergeState, set[MergeState]] = {
    MergeState.PROPOSED: {MergeState.ASKED, MergeState.DROPPED},
    MergeState.ASKED: {MergeState.DONE, MergeState.DROPPED},
    MergeState.DONE: {MergeState.UNDONE},
    MergeState.DROPPED: set(),
    MergeState.UNDONE: set(),
}


class ThemeState(models.TextChoices):
    """A theme is read by everybody once a person validated it."""

    SUGGESTED = "suggested", pgettext_lazy("theme", "suggested")
    VALIDATED = "validated", pgettext_lazy("theme", "validated")
    ASIDE = "aside", pgettext_lazy("theme", "set aside")
    MERGED = "merged", pgettext_lazy("theme", "merged")


class RunState(models.TextChoices):
    """A search that the worker does."""

    WAITING = "waiting", pgettext_lazy("search", "waiting")
    WORKING = "working", pgettext_lazy("search", "under way")
    DONE = "done", pgettext_lazy("search", "finished")
    FAILED = "failed", pgettext_lazy("search", "failed")


class NewsKind(models.TextChoices):
    """What may happen to a proposition, that those who wrote it or argued about it are told."""

    ASKED = "asked", pgettext_lazy("news", "a merging is considered")
    MERGED = "merged", pgettext_lazy("news", "it was merged")
    DROPPED = "dropped", pgettext_lazy("news", "the merging was given up")
    UNMERGED = "unmerged", pgettext_lazy("news", "the merging was undone")
    CITED = "cited", pgettext_lazy("news", "the synthesis cites it")


class Verdict(models.TextChoices):
    """What the administration decided about a proposition."""

    RETAINED = "retained", pgettext_lazy("proposition", "retained")
    PARTLY = "partly", pgettext_lazy("proposition", "partly retained")
    NOT_RETAINED = "not_retained", pgettext_lazy("proposition", "not retained")


class ImportedKind(models.TextChoices):
    """What a file of another platform holds."""

    PROPOSITIONS = "propositions", pgettext_lazy("import", "propositions")
    ARGUMENTS = "arguments", pgettext_lazy("import", "arguments for and against")


class HappeningKind(models.TextChoices):
    """What those who follow hear of."""

    PROPOSITION = "proposition", pgettext_lazy("happened", "new proposition")
    ARGUMENT = "argument", pgettext_lazy("happened", "new argument")
    REPLY = "reply", pgettext_lazy("happened", "answer to an argument")
    VERSION = "version", pgettext_lazy("happened", "new version")
    WITHDRAWN = "withdrawn", pgettext_lazy("happened", "withdrawn")
    MERGED = "merged", pgettext_lazy("happened", "merged into another")
    DECISION = "decision", pgettext_lazy("happened", "decision")
    PHASE = "phase", pgettext_lazy("happened", "phase that opens")
    MOVED = "moved", pgettext_lazy("happened", "dates that moved")


class TimeZone(models.TextChoices):
    """Where the hours of a consultation are those of the clocks on the wall."""

    PARIS = "Europe/Paris", _("Paris (mainland France)")
    GUADELOUPE = "America/Guadeloupe", _("Guadeloupe")
    MARTINIQUE = "America/Martinique", _("Martinique")
    CAYENNE = "America/Cayenne", _("French Guiana")
    REUNION = "Indian/Reunion", _("Réunion")
    MAYOTTE = "Indian/Mayotte", _("Mayotte")
    MIQUELON = "America/Miquelon", _("Saint-Pierre-et-Miquelon")
    ST_BARTHELEMY = "America/St_Barthelemy", _("Saint-Barthélemy")
    ST_MARTIN = "America/Marigot", _("Saint-Martin")
    NOUMEA = "Pacific/Noumea", _("New Caledonia")
    WALLIS = "Pacific/Wallis", _("Wallis and Futuna")
    TAHITI = "Pacific/Tahiti", _("French Polynesia (Tahiti)")
    MARQUESAS = "Pacific/Marquesas", _("French Polynesia (Marquesas)")
    GAMBIER = "Pacific/Gambier", _("French Polynesia (Gambier)")


VERBS: dict[str, object] = {
    "proposition.filed": _("filed the proposition"),
    "proposition.changed": _("wrote a new version of the proposition"),
    "proposition.withdrawn": _("withdrew the proposition"),
    "consultation.published": _("published the consultation"),
    "contributions.imported": _("imported contributions"),
    "phase.moved": _("moved the dates of a phase"),
    "phase.added": _("added a phase"),
    "phase.removed": _("removed a phase"),
    "decisions.published": _("published the decisions"),
    "proposition.decided": _("published the decision on the proposition"),
    "proposition.decision_corrected": _("corrected the decision on the proposition"),
    "merge.proposed": _("proposed to merge propositions"),
    "merge.asked": _("asked the supporters about a merging"),
    "merge.done": _("merged propositions"),
    "merge.dropped": _("gave up a merging"),
    "merge.undone": _("undid a merging"),
    "proposition.version_removed": _("took a former version of the proposition out"),
    "consultation.follow_up_moved": _("moved the day by which the follow-up was promised"),
    "consultation.synthesis_published": _("published the synthesis of a consultation"),
    "consultation.themes_searched": _("had themes looked for"),
    "consultation.theme_validated": _("validated the theme of a consultation"),
    "consultation.theme_renamed": _("renamed the theme of a consultation"),
    "consultation.themes_merged": _("merged two themes of a consultation"),
    "consultation.theme_set_aside": _("set aside the theme of a consultation"),
    "consultation.theme_changed": _("moved texts between the themes of a consultation"),
    "statement.filed": _("proposed a statement"),
    "statement.sown": _("wrote a statement"),
    "statement.withdrawn": _("withdrew a statement"),
    "list.changed": _("changed the list of people"),
    "argument.filed": _("wrote an argument"),
    "argument.withdrawn": _("withdrew an argument"),
    "argument.answered": _("answered an argument"),
    "survey.answered": _("answered the questionnaire"),
    "meeting.published": _("published the meeting"),
    "meeting.moved": _("moved the meeting"),
    "meeting.cancelled": _("cancelled the meeting"),
    "meeting.registered": _("registered for the meeting"),
    "meeting.left": _("gave back a seat of the meeting"),
    "panel.published": _("published the call for volunteers"),
    "panel.changed": _("changed the rules of the panel"),
    "panel.cancelled": _("cancelled the panel"),
    "panel.volunteered": _("volunteered for the panel"),
    "panel.left": _("gave back a place of the panel"),
    "panel.frozen": _("froze the list of volunteers"),
    "panel.drawn": _("drew the panel by lot"),
    "panel.called": _("called somebody to a place given back"),
    "panel.list_taken": _("took the list of volunteers"),
    "panel.people_read": _("read who is in the panel"),
    "panel.erased": _("erased the volunteers"),
    "meeting.keyed": _("keyed in what was said in the meeting"),
    "survey.reworded": _("put words of the questionnaire right"),
}


class QuestionKind(models.TextChoices):
    """What a question of a questionnaire takes. On a scale, the answers are in order."""

    SHORT = "short", pgettext_lazy("question", "short text")
    LONG = "long", pgettext_lazy("question", "long text")
    ONE = "one", pgettext_lazy("question", "one answer")
    SEVERAL = "several", pgettext_lazy("question", "several answers")
    SCALE = "scale", pgettext_lazy("question", "scale")
    NUMBER = "number", pgettext_lazy("question", "number")
    DAY = "day", pgettext_lazy("question", "date")


TEXT_KINDS = (QuestionKind.SHORT, QuestionKind.LONG)
CHOICE_KINDS = (QuestionKind.ONE, QuestionKind.SEVERAL, QuestionKind.SCALE)


class MeetingKind(models.TextChoices):
    PUBLIC = "public", pgettext_lazy("meeting", "public meeting")
    WORKSHOP = "workshop", pgettext_lazy("meeting", "workshop")
    VISIT = "visit", pgettext_lazy("meeting", "visit")
    PANEL = "panel", pgettext_lazy("meeting", "citizens’ panel")
    ONLINE = "online", pgettext_lazy("meeting", "online meeting")


class SeatState(models.TextChoices):
    """Where a registration stands. Who waits is given the first seat that is given back."""

    SEATED = "seated", pgettext_lazy("registration", "registered")
    WAITING = "waiting", pgettext_lazy("registration", "on the waiting list")
    LEFT = "left", pgettext_lazy("registration", "given back")


class VolunteerState(models.TextChoices):
    """Where somebody who volunteered for a panel stands. Who is not drawn may be called later."""

    LISTED = "listed", pgettext_lazy("volunteer", "on the list")
    DRAWN = "drawn", pgettext_lazy("volunteer", "in the panel")
    LEFT = "left", pgettext_lazy("volunteer", "gave their place back")
