"""What stands in the header and the footer.

These addresses are promises of the contract: they are written, not looked up.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """One line of a menu."""

    label: str | Promise
    url: str
    is_current: bool = False


PUBLIC = (
    (_("Consultations"), "/consultations/"),
    (_("Participatory budget"), "/budgets/"),
    (_("Services"), "/services/"),
    (_("You said"), "/vous-avez-dit/"),
)
FICHES = (
    (_("File a fiche"), "/fiche/"),
    (_("Follow my fiche"), "/suivi/"),
)
TAKE_PART = FICHES + PUBLIC
THIS_SITE = (
    (_("Accessibility: not compliant"), "/accessibilite/"),
    (_("Legal notice"), "/mentions-legales/"),
    (_("Your personal data"), "/donnees-personnelles/"),
)
# A wide screen shows four entries; the folded menu and the footer, all of them.
MENUS = {"public": PUBLIC, "take_part": TAKE_PART, "this_site": THIS_SITE}


def entries(menu: str, *, path: str = "") -> list[Entry]:
    """The entries of a menu; the one that leads to ``path``, or to a page above it, is current."""
    return [Entry(label, url, is_current=path.startswith(url)) for label, url in MENUS[menu]]
