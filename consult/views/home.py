"""What this room shows on the front page: what is asked now, and what was decided."""

from typing import Any

from django.utils.translation import get_language

from consult import public
from consult.phases import clock
from consult.views.cards import card

SHOWN = 2  # of each: they stand side by side


def section() -> dict[str, Any] | None:
    """Plain values for ``consult/_home.html``; None while there is no consultation."""
    at, language = clock(), get_language()
    now = public.open_now(at=at, language=language)[:SHOWN]
    over, _total = public.over(at=at, language=language, many=SHOWN)
    coming = public.coming(at=at, language=language)[: SHOWN - len(now)] if len(now) < SHOWN else []
    if not (now or over or coming):
        return None
    pictures = public.pictures([*now, *coming, *over])
    return {
        "open": [card(one, at=at, pictures=pictures) for one in [*now, *coming]],
        "over": [card(one, at=at, pictures=pictures) for one in over],
    }
