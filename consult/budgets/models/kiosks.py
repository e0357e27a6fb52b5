"""A tablet at a counter, and who stands before it. Nothing here leads to a ballot, nor stays once they are gone.

``Kiosk`` is the tablet; ``KioskPass`` is somebody let in: first as a code that a clerk reads aloud, then standing
before the tablet. It is gone as soon as they are, and ``KioskDraft``, what they were choosing, with it.
"""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.budgets.models.ballots import RollEntry
from consult.budgets.models.structure import Budget, Envelope
from letters.fields import UndatedTextField


class Kiosk(models.Model):
    """A tablet that a clerk opened for one budget. ``secret``: hash of what its cookie holds; no account is in it."""

    id = models.UUIDField(_("random key"), primary_key=True, default=uuid4, editable=False)
    budget = models.ForeignKey(Budget, verbose_name=_("budget"), on_delete=models.PROTECT, related_name="kiosks")
    place = models.CharField(_("where it stands"), max_length=80)
    secret = models.CharField(_("hash of its secret"), max_length=64)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    opened_at = models.DateTimeField(_("opened on"), db_default=Now())
    closed_at = models.DateTimeField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("shared tablet")
        verbose_name_plural = _("shared tablets")
        constraints = [
            models.UniqueConstraint(
                fields=["secret"],
                name="a_tablet_has_its_own_secret",
                violation_error_message=_("This secret is already given."),
            ),
        ]

    def __str__(self) -> str:
        return self.place


class KioskPass(models.Model):
    """Somebody whom a clerk let in. ``code``: keyed hash, until it is typed; ``kiosk``: where they stand, since.

    ``until``: when the code, then the session, is over. Deleted with the session, and with all others at closing.
    """

    id = models.UUIDField(_("random key"), primary_key=True, default=uuid4, editable=False)
    entry = models.OneToOneField(
        RollEntry, verbose_name=_("line of the roll"), on_delete=models.CASCADE, related_name="+"
    )
    code = models.CharField(_("keyed hash of the code"), max_length=64, blank=True)
    kiosk = models.OneToOneField(
        Kiosk, verbose_name=_("shared tablet"), on_delete=models.CASCADE, null=True, blank=True, related_name="seat"
    )
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("pass to a shared tablet")
        verbose_name_plural = _("passes to shared tablets")
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code=""),
                name="a_code_of_a_tablet_once",
                violation_error_message=_("This code is already given."),
            ),
            models.CheckConstraint(
                name="a_pass_is_a_code_or_a_session",
                condition=Q(kiosk__isnull=True) & ~Q(code="") | Q(kiosk__isnull=False, code=""),
                violation_error_message=_("A code is used once."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("pass to a shared tablet"))


class KioskDraft(models.Model):
    """What somebody is choosing on a tablet: apart from what they may have begun online, which no clerk can open."""

    id = models.UUIDField(_("random key"), primary_key=True, default=uuid4, editable=False)
    seat = models.ForeignKey(KioskPass, verbose_name=_("pass"), on_delete=models.CASCADE, related_name="drafts")
    envelope = models.ForeignKey(Envelope, verbose_name=_("envelope"), on_delete=models.PROTECT, related_name="+")
    choices = UndatedTextField(_("choices"), blank=True)

    class Meta:
        verbose_name = _("ballot begun on a tablet")
        verbose_name_plural = _("ballots begun on a tablet")
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "envelope"],
                name="one_draft_an_envelope_on_a_tablet",
                violation_error_message=_("This ballot is already begun."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("ballot begun on a tablet"))
