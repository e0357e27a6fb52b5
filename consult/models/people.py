"""Who takes part: one row a person, whether they have an account or only confirmed an address."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from letters.fields import EncryptedTextField


class Participant(models.Model):
    """A person or an organisation, in all consultations. What they wrote hangs on this row, and outlives the account.

    ``email_key`` is a keyed hash: a visitor who opens an account later, with the same address, stays one person and
    has one vote (``people.participant_of``). ``name`` is what is shown; erased, it is empty.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="participant",
    )
    email_key = models.CharField(_("keyed hash of the address"), max_length=64, null=True, blank=True, unique=True)
    email = EncryptedTextField(_("address"), blank=True)
    name = models.CharField(_("name shown"), max_length=80, blank=True)
    is_organisation = models.BooleanField(_("organisation"), default=False)
    is_verified = models.BooleanField(_("verified"), default=False)
    confirmed_at = models.DateTimeField(_("address confirmed on"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased on"), null=True, blank=True)
    created_at = models.DateTimeField(_("first seen on"), db_default=Now())

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.CheckConstraint(
                name="a_participant_is_somebody",
                condition=Q(user__isnull=False)
                | Q(email_key__isnull=False)
                | Q(erased_at__isnull=False)
                # Written by a clerk or imported: a name on paper is all there is.
                | ~Q(name=""),
                violation_error_message=_("A participant has an account, an address or a name."),
            ),
            models.CheckConstraint(
                name="an_account_has_its_mailbox",
                condition=Q(user=None) | Q(email_key__isnull=False),
                violation_error_message=_("An account takes part under its mailbox."),
            ),
            models.CheckConstraint(
                name="who_is_erased_left_nothing",
                condition=Q(erased_at__isnull=True) | Q(user__isnull=True, email_key__isnull=True, email="", name=""),
                violation_error_message=_("Nothing personal remains of somebody who was erased."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
