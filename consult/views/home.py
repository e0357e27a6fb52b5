"""What this room shows on the front page: what is asked now, and what was decided."""

from typing import Any

from django.utils.translation import get_language

from consult import public
from consult.phases import clock
from consult.views.cards import card

SHOWN = 2  # of each: they stand side by side


def section() -> dict[str, Any] | None:
    """Plain values for ``consult/_home.html``; None while there is no consultation."""
    at = clock()
    found = public.lists(at=at, language=get_language(), many=SHOWN)
    asked, over = [*found.open, *found.coming][:SHOWN], found.over
    if not (asked or over):
        return None
    pictures = public.pictures([*asked, *over])
    return {
        "open": [card(one, at=at, pictures=pictures) for one in asked],
        "over": [card(one, at=at, pictures=pictures) for one in over],
    }
