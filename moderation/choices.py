"""Every state, reason and outcome of a case, with the words people and moderators read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Timing(models.TextChoices):
    """When a contribution is read by a moderator."""

    AFTER = "after", _("published at once, judged afterwards")
    BEFORE = "before", _("read before it is published")


class CaseState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("case", "waiting to be read")
    SHOWN = "shown", pgettext_lazy("case", "published")
    HIDDEN = "hidden", pgettext_lazy("case", "hidden")
    REMOVED = "removed", pgettext_lazy("case", "removed")


CASE_MOVES: dict[CaseState, set[CaseState]] = {
    CaseState.WAITING: {CaseState.SHOWN, CaseState.HIDDEN, CaseState.REMOVED},
    CaseState.SHOWN: {CaseState.HIDDEN, CaseState.REMOVED},
    CaseState.HIDDEN: {CaseState.SHOWN, CaseState.REMOVED},
    CaseState.REMOVED: {CaseState.SHOWN},
}


class Outcome(models.TextChoices):
    KEEP = "keep", _("keep")
    HIDE = "hide", _("hide")
    REMOVE = "remove", _("remove")


LEADS_TO: dict[Outcome, CaseState] = {
    Outcome.KEEP: CaseState.SHOWN,
    Outcome.HIDE: CaseState.HIDDEN,
    Outcome.REMOVE: CaseState.REMOVED,
}


class Rule(models.TextChoices):
    """The rules of the charter that a text may break: the reason of a notice, and the rule of a decision."""

    INSULT = "insult", _("insults or threatens somebody")
    HATE = "hate", _("calls for hatred or discrimination")
    PERSONAL_DATA = "personal_data", _("tells something private about somebody")
    FALSEHOOD = "falsehood", _("accuses somebody without proof")
    ADVERTISING = "advertising", _("advertises or solicits")
    FLOOD = "flood", _("repeats the same text")
    OFF_TOPIC = "off_topic", _("is not about this subject")
    ILLEGAL = "illegal", _("is against the law in another way")
    OTHER = "other", _("breaks another rule of the charter")


# Removed for these, the text itself stands nowhere any more: shown, it would do the harm again.
NEVER_SHOWN_AGAIN = frozenset({Rule.PERSONAL_DATA, Rule.HATE, Rule.ILLEGAL})


class Clue(models.TextChoices):
    """What a machine noticed in a text. Clues rank the queue; they never decide."""

    PERSONAL_DATA = "personal_data", _("Personal data")
    COPIES = "copies", _("Near-identical texts")
    LINKS = "links", _("Links")
    CAPITALS = "capitals", _("Capital letters")


VERBS = {"case.decided": _("judged the contribution")}
