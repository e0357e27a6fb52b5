"""How each state looks: its tone, its icon, its word. Never colour alone.

Rooms own their states and how they word them; a word given by the room wins over the one written here.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Look:
    tone: str
    icon: str
    word: str | Promise


LOOKS = {
    "open": Look("open", "door-open", pgettext_lazy("state", "Open")),
    "coming": Look("brand", "calendar-event", pgettext_lazy("state", "Coming")),
    "ending": Look("warn", "hourglass-split", pgettext_lazy("state", "Ends soon")),
    "closed": Look("still", "lock", pgettext_lazy("state", "Closed")),
    "reached": Look("ok", "flag", pgettext_lazy("state", "Threshold reached")),
    "received": Look("open", "inbox", pgettext_lazy("state", "Received")),
    "in_review": Look("open", "eye", pgettext_lazy("state", "Being read")),
    "grouped": Look("brand", "people", pgettext_lazy("state", "Joined to others")),
    "suggested": Look("brand", "stars", pgettext_lazy("state", "Suggested")),
    "confirmed": Look("open", "eye", pgettext_lazy("state", "Confirmed")),
    "planned": Look("warn", "calendar-check", pgettext_lazy("state", "Planned")),
    "underway": Look("warn", "tools", pgettext_lazy("state", "Under way")),
    "answered": Look("ok", "reply", pgettext_lazy("state", "Answered")),
    "done": Look("ok", "check-circle", pgettext_lazy("state", "Done")),
    "refused": Look("bad", "x-circle", pgettext_lazy("state", "Refused")),
    "dismissed": Look("still", "slash-circle", pgettext_lazy("state", "Set aside")),
    "transferred": Look("still", "arrow-left-right", pgettext_lazy("state", "Transferred")),
    "merged": Look("still", "sign-merge-right", pgettext_lazy("state", "Merged")),
    "removed": Look("bad", "trash", pgettext_lazy("state", "Removed")),
    "reopened": Look("warn", "arrow-counterclockwise", pgettext_lazy("state", "Reopened")),
    "not_submitted": Look("warn", "exclamation-triangle", pgettext_lazy("state", "Not submitted")),
    "submitted": Look("ok", "check-circle", pgettext_lazy("state", "Submitted")),
    "public": Look("ok", "globe2", pgettext_lazy("state", "Public")),
    "private": Look("still", "eye-slash", pgettext_lazy("state", "Not public")),
}


def look_of(state: str) -> Look:
    """The look of a state; ``KeyError`` names the states that exist when this one does not."""
    if state not in LOOKS:
        raise KeyError(f"{state!r} has no look: use one of {', '.join(LOOKS)}")
    return LOOKS[state]
