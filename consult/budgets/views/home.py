"""What this room shows on the front page: the money that is shared out now, and what was decided."""

from typing import Any

from django.utils.translation import get_language

from consult.budgets.phases import clock
from consult.budgets.views.cards import all_cards

SHOWN = 2  # they stand side by side


def section() -> dict[str, Any] | None:
    """Plain values for ``budgets/_home.html``; None while there is no budget."""
    found = all_cards(at=clock(), language=get_language() or "")
    shown = [*found["open"], *found["coming"], *found["over"]][:SHOWN]
    return {"cards": shown} if shown else None
