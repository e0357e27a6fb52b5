"""How each state looks: its tone, its icon, its word. Never colour alone.

Rooms own their states and how they word them; a word given by the room wins over the one written here.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Look:
    tone: str
    icon: str
    word: str | Promise


LOOKS = {
    "open": Look("open", "door-open", _("Open")),
    "ending": Look("warn", "hourglass-split", _("Ends soon")),
    "closed": Look("still", "lock", _("Closed")),
    "received": Look("open", "inbox", _("Received")),
    "in_review": Look("open", "eye", _("Being read")),
    "grouped": Look("brand", "people", _("Joined to others")),
    "suggested": Look("brand", "stars", _("Suggested")),
    "confirmed": Look("open", "eye", _("Confirmed")),
    "planned": Look("warn", "calendar-check", _("Planned")),
    "underway": Look("warn", "tools", _("Under way")),
    "answered": Look("ok", "reply", _("Answered")),
    "done": Look("ok", "check-circle", _("Done")),
    "refused": Look("bad", "x-circle", _("Refused")),
    "dismissed": Look("still", "slash-circle", _("Set aside")),
    "transferred": Look("still", "arrow-left-right", _("Transferred")),
    "merged": Look("still", "sign-merge-right", _("Merged")),
    "removed": Look("bad", "trash", _("Removed")),
    "reopened": Look("warn", "arrow-counterclockwise", _("Reopened")),
    "not_submitted": Look("warn", "exclamation-triangle", _("Not submitted")),
    "submitted": Look("ok", "check-circle", _("Submitted")),
    "public": Look("ok", "globe2", _("Public")),
    "private": Look("still", "eye-slash", _("Not public")),
}


def look_of(state: str) -> Look:
    """The look of a state; ``KeyError`` names the states that exist when this one does not."""
    if state not in LOOKS:
        raise KeyError(f"{state!r} has no look: use one of {', '.join(LOOKS)}")
    return LOOKS[state]
