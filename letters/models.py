"""The outbox: what was promised to people, written in the transaction of the act that promises it."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from letters.choices import Channel, Frequency, LetterState
from letters.fields import EncryptedTextField

# After the n-th failed attempt, how long to wait. Past the last, the letter has failed and a person sees it.
DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)
MAX_ATTEMPTS = len(DELAYS) + 1
# A conversation with a server never lasts that long: whoever held the letter is gone.
IN_FLIGHT_FOR = timedelta(minutes=5)


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self) -> "LetterQuerySet":
        """Promised, carried by a machine, and not waiting after a failed attempt."""
        is_due = Q(tried_at=None)
        for attempts, delay in enumerate(DELAYS, start=1):
            is_due |= Q(attempts=attempts, tried_at__lte=Now() - delay)
        return self.filter(is_due, state=LetterState.PROMISED).exclude(channel=Channel.PRINT)

    def missed(self) -> "LetterQuerySet":
        """Due, and promised long enough ago for the doorbell to have been answered."""
        return self.due().filter(promised_at__lte=Now() - timedelta(seconds=10))

    def abandoned(self) -> "LetterQuerySet":
        """In the hands of a worker that no longer exists."""
        return self.filter(state=LetterState.IN_FLIGHT, tried_at__lte=Now() - IN_FLIGHT_FOR)

    def to_look_at(self) -> "LetterQuerySet":
        """What waits for a person, with ``has_address`` and without the address: no key may read it any more."""
        waiting = self.filter(state__in=[LetterState.UNKNOWN, LetterState.FAILED])
        return waiting.defer("address").annotate(has_address=~Q(address=""))


class Letter(models.Model):
    """One message to one person. ``kind`` names the renderer that a room declared, ``key`` the row it is about.

    ``campaign`` + ``recipient_key`` (a keyed hash of the address, or of the fiche for paper) is unique: nobody
    receives the same thing twice. Receipts are retried with the same ``message_id`` until delivered; mass letters
    are never sent again on doubt.
    """

    kind = models.CharField(_("kind"), max_length=60)
    key = models.BigIntegerField(_("row it is about"))
    campaign = models.CharField(_("campaign"), max_length=80)
    recipient_key = models.CharField(_("recipient"), max_length=64)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    address = EncryptedTextField(_("address"), blank=True)
    language = models.CharField(_("language"), max_length=5, default="fr")
    is_mass = models.BooleanField(_("mass letter"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=LetterState, default=LetterState.PROMISED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    message_id = models.CharField(_("Message-ID"), max_length=120, unique=True)
    error = models.CharField(_("last error"), max_length=200, blank=True)
    promised_at = models.DateTimeField(_("promised on"), db_default=Now())
    tried_at = models.DateTimeField(_("last tried on"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent on"), null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "recipient_key"], name="one_letter_per_person_and_campaign"),
            models.CheckConstraint(
                name="a_letter_state_that_exists",
                condition=Q(state__in=LetterState.values),
                violation_error_message=_("Unknown state."),
            ),
        ]
        indexes = [
            models.Index(fields=["tried_at"], condition=Q(state="promised"), name="letters_to_send"),
            models.Index(fields=["tried_at"], condition=Q(state="in_flight"), name="letters_in_flight"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.get_state_display()})"


class Preference(models.Model):
    """What a person chose about a topic of letters. ``recipient_key`` is the one of ``Letter``: no address is kept."""

    recipient_key = models.CharField(_("recipient"), max_length=64)
    topic = models.CharField(_("topic"), max_length=40)
    choice = models.CharField(_("choice"), max_length=10, choices=Frequency)
    chosen_at = models.DateTimeField(_("chosen on"), db_default=Now())

    class Meta:
        verbose_name = _("choice about letters")
        verbose_name_plural = _("choices about letters")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient_key", "topic"], name="one_choice_per_person_and_topic"),
            models.CheckConstraint(
                name="a_frequency_that_exists",
                condition=Q(choice__in=Frequency.values),
                violation_error_message=_("Unknown choice."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.choice}"
