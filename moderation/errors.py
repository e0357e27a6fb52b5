"""The rules that an act may find broken; ``str(error)`` is a sentence for people."""

from datetime import datetime

from django.utils.translation import gettext as _

from pages.dates import long_date


class RuleBroken(Exception):
    """The base."""


class AlreadyReported(RuleBroken):
    """The same person reported this text before, at ``when``."""

    def __init__(self, when: datetime, *, is_answered: bool) -> None:
        if is_answered:
            said = _("You reported this text on %(day)s, and a moderator has decided since.")
        else:
            said = _("You reported this text on %(day)s. A moderator will read it: there is no need to say it twice.")
        super().__init__(said % {"day": long_date(when)})


class NoLongerShown(RuleBroken):
    """The text was hidden or removed while somebody reported it."""

    def __init__(self) -> None:
        super().__init__(_("This text is no longer published. Thank you for your vigilance."))


class AlreadyDecided(RuleBroken):
    """Somebody decided since the page was opened: that decision stands."""

    def __init__(self, *, name: str, outcome: str) -> None:
        told = {"name": name, "outcome": outcome}
        super().__init__(_("%(name)s decided before you: “%(outcome)s”. Nothing was changed by you.") % told)


class NothingToDecide(RuleBroken):
    """The state does not lead there: what is hidden is hidden already."""

    def __init__(self, state: str) -> None:
        super().__init__(_("This text is already “%(state)s”: choose another decision.") % {"state": state})


class ReasonMissing(RuleBroken):
    """Nobody takes a text out without the rule it broke, and by what."""

    def __init__(self) -> None:
        super().__init__(_("Say which rule was broken, and by what."))
