"""What this room shows on the front page: figures, one story whole, and the last decisions, refusals included."""

from typing import Any

from feedback import public
from feedback.choices import PainPointState
from feedback.views import public_words

SHOWN = 3
LOOKED_AT = 12  # decisions among which the story told whole is one that was done, if any


def section() -> dict[str, Any] | None:
    """Plain values for ``feedback/public/_home.html``; None while nothing is public."""
    figures = public.figures()
    if not figures.followed:
        return None
    decided = public.last_decisions(LOOKED_AT)
    told = next((one for one in decided if one.passages and one.pain_point.state == PainPointState.DONE), None)
    told = told or next((one for one in decided if one.passages), None)
    return {
        "facts": public_words.facts(figures),
        "story": public_words.row(told) if told else None,
        "thread": public_words.thread(told, public.answers_to(told.pain_point)) if told else [],
        "decided": [public_words.row(one) for one in decided[:SHOWN]],
    }
