from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    PRINT = "print", _("print tray")


class LetterState(models.TextChoices):
    PROMISED = "promised", _("promised")
    IN_FLIGHT = "in_flight", _("being sent")
    SENT = "sent", _("sent")
    UNKNOWN = "unknown", _("perhaps sent: a person must look")
    FAILED = "failed", _("could not be sent")


class Frequency(models.TextChoices):
    """How often somebody wants letters about something."""

    AT_ONCE = "at_once", _("yes")
    DAY = "day", _("every day")
    WEEK = "week", _("every week")
    NEVER = "never", _("never")


# The whole life of a letter that a machine carries; a state without exit is final.
MOVES: dict[LetterState, set[LetterState]] = {
    LetterState.PROMISED: {LetterState.IN_FLIGHT, LetterState.FAILED},
    LetterState.IN_FLIGHT: {LetterState.SENT, LetterState.PROMISED, LetterState.UNKNOWN, LetterState.FAILED},
    LetterState.UNKNOWN: {LetterState.SENT, LetterState.PROMISED},
    LetterState.SENT: set(),
    LetterState.FAILED: {LetterState.PROMISED},
}

# On paper nothing is in flight: a person says that the letter left the tray, and nobody takes that back.
MOVES_ON_PAPER: dict[LetterState, set[LetterState]] = {
    LetterState.PROMISED: {LetterState.SENT, LetterState.FAILED},
    LetterState.SENT: set(),
    LetterState.FAILED: {LetterState.PROMISED},
}
