"""The rules that an act on a budget may find broken: ``str(error)`` is a sentence for people."""

from django.utils.translation import gettext as _

from consult.errors import RuleBroken


class RegulationFrozen(RuleBroken):
    """The ballot is ready or open: what was promised to voters no longer changes."""

    def __init__(self) -> None:
        super().__init__(
            _("The regulation is frozen: the ballot is ready or open, and nothing of it changes any more.")
        )


class NotReadyToFreeze(RuleBroken):
    """``missing``: sentences."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(_("The ballot cannot be made ready. %(missing)s") % {"missing": " ".join(missing)})


class BallotNotReady(RuleBroken):
    """The hour has come, and the regulation was not frozen: nobody votes on rules that may still change."""

    def __init__(self) -> None:
        super().__init__(_("The ballot is not ready yet: its regulation is being checked. Come back in a moment."))
