"""The rules that an act may find broken. Views turn them into a sentence, the API into a problem document."""

from django.utils.translation import gettext as _


class RuleBroken(Exception):
    """The base: ``str(error)`` is a sentence for people."""


class NotAllowedNow(RuleBroken):
    """The state does not allow this move (any more): somebody was faster, or the page was old."""

    def __init__(self, state: str = "") -> None:
        super().__init__(_("This can no longer be done: its state is now “%(state)s”.") % {"state": state})


class WeakGroup(RuleBroken):
    """Passages that hardly resemble one another, put together by the machine and read by nobody, are not published."""

    def __init__(self) -> None:
        super().__init__(
            _("This group is weak. Read its passages, take out those that do not belong, or vouch for it.")
        )


class FormClosed(RuleBroken):
    """The service does not accept fiches."""

    def __init__(self) -> None:
        super().__init__(_("This service does not receive fiches for now."))


class WrongPassages(RuleBroken):
    """The chosen passages do not (all) belong to this pain point."""

    def __init__(self) -> None:
        super().__init__(_("These passages are no longer in this pain point. Look at the page again."))


class NotYourService(RuleBroken):
    """The person chosen, or the service chosen, cannot take this pain point."""

    def __init__(self) -> None:
        super().__init__(_("Choose a member of the service in charge."))


class NothingToRaise(RuleBroken):
    """Nobody says that this document is asked again, or every service that asks was raised already."""

    def __init__(self) -> None:
        super().__init__(_("Nothing more to raise: these fiches already have their pain point."))


class SameService(RuleBroken):
    """A transfer to the service that is already in charge: the page was old, or the wrong line was chosen."""

    def __init__(self) -> None:
        super().__init__(_("This service is already in charge. Choose another one."))


class NobodyThere(RuleBroken):
    """No person answers for the service chosen: what is sent there would be lost."""

    def __init__(self) -> None:
        super().__init__(_("Nobody answers for this service yet. Choose another one."))


class ReasonNeeded(RuleBroken):
    """The act needs a written reason."""

    def __init__(self) -> None:
        super().__init__(_("Say why, in a sentence."))


class ThemeNameTaken(RuleBroken):
    """Two themes of one name would be told apart by nobody."""

    def __init__(self, name: str) -> None:
        super().__init__(_("Another theme is called “%(name)s”. Choose another name.") % {"name": name})


class ThemeGone(RuleBroken):
    """The machine let go of a theme that held nothing more, while somebody was reading it."""

    def __init__(self) -> None:
        super().__init__(_("This theme holds nothing any more. Choose another one."))
