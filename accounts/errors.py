"""The rules that an act on people may find broken; ``str(error)`` is a sentence for people."""

from django.utils.translation import gettext as _


class AccountRuleBroken(Exception):
    """The base."""


class AddressTaken(AccountRuleBroken):
    def __init__(self) -> None:
        super().__init__(_("An account exists with this address."))


class WrongPlace(AccountRuleBroken):
    """A role without the service or office it needs, or with one it cannot have."""

    def __init__(self) -> None:
        super().__init__(_("A service owner needs a service, a clerk an office; the other roles hold everywhere."))
