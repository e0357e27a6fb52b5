"""People who take part without an account: what they wrote and must confirm, and the lists that name them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.choices import Awaited
from consult.models.people import Participant
from consult.models.structure import Consultation
from letters.fields import EncryptedTextField


class VisitorAct(models.Model):
    """What somebody wrote and has not confirmed from their mailbox yet: it counts nowhere.

    ``typed`` is the JSON of what the act needs, encrypted like the address. Confirmed, nothing personal is left here
    (a constraint); not confirmed, the row goes on ``purge_on``. ``browser`` is a random word that the browser keeps.
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Awaited)
    typed = EncryptedTextField(_("what was typed"), blank=True)
    name = EncryptedTextField(_("name to show"), blank=True)
    email = EncryptedTextField(_("address"), blank=True)
    email_key = models.CharField(_("keyed hash of the address"), max_length=64, blank=True)
    browser = models.CharField(_("browser"), max_length=32, blank=True)
    key = models.UUIDField(_("key of the form"), unique=True)
    url = models.CharField(_("where it stands"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written on"), db_default=Now())
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True, blank=True)
    purge_on = models.DateField(_("erased on"), db_index=True)

    class Meta:
        verbose_name = _("act to confirm")
        verbose_name_plural = _("acts to confirm")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="an_awaited_kind_that_exists",
                condition=Q(kind__in=Awaited.values),
                violation_error_message=_("Unknown kind."),
            ),
            models.CheckConstraint(
                name="what_is_confirmed_leaves_nothing_here",
                condition=Q(confirmed_at__isnull=True) | Q(typed="", name="", email="", email_key="", browser=""),
                violation_error_message=_("Once confirmed, nothing personal is left here."),
            ),
        ]
        indexes = [
            models.Index(fields=["email_key", "browser"], condition=Q(confirmed_at=None), name="acts_to_confirm"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ListPlace(models.Model):
    """One person whom the list of a consultation names, by their address or by a code on paper: hashed, never read.

    The first who comes with it takes the place; a place has one person, a person one place (constraints).
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="places"
    )
    key = models.CharField(_("keyed hash of the address or of the code"), max_length=64)
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(_("added on"), db_default=Now())

    class Meta:
        verbose_name = _("place on a list")
        verbose_name_plural = _("places on lists")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "key"], name="a_list_names_somebody_once"),
            models.UniqueConstraint(fields=["consultation", "participant"], name="one_place_a_person"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
