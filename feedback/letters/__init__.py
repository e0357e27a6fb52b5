"""What the room writes to people: promised by acts (``promising``), written by the worker (``writing``)."""

from feedback.letters.links import follow_up_of, follow_up_path
from feedback.letters.promising import (
    ANSWER,
    FOLLOW_UP,
    REOPENED,
    SURGE,
    Reach,
    alert,
    ask,
    reach_of,
    tell,
    tell_latecomer,
    tell_surge,
    waiting_to_be_told,
)

__all__ = [
    "ANSWER",
    "FOLLOW_UP",
    "REOPENED",
    "SURGE",
    "Reach",
    "alert",
    "ask",
    "follow_up_of",
    "follow_up_path",
    "reach_of",
    "tell",
    "tell_latecomer",
    "tell_surge",
    "waiting_to_be_told",
]
