"""Who did what, when: written once, never changed (a trigger of the first migration), chained by hashes."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One act. ``actor_key`` is no foreign key: the line outlives the account, with the name it had."""

    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)
    verb = models.CharField(_("act"), max_length=60)
    actor_key = models.BigIntegerField(_("account"), null=True)
    actor_name = models.CharField(_("who"), max_length=80, blank=True)
    subject_type = models.CharField(_("kind of object"), max_length=60)
    subject_key = models.CharField(_("object"), max_length=60)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("journal line")
        verbose_name_plural = _("journal")
        ordering = ["pk"]
        indexes = [models.Index(fields=["subject_type", "subject_key", "id"], name="journal_by_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_key}"


class Seal(models.Model):
    """The link of one entry in the chain: ``hash`` covers the entry and the previous seal's hash.

    Sealed a little after the act (``journal.actions.seal``), so that acts never wait for one another.
    """

    number = models.BigIntegerField(_("number"), primary_key=True)
    entry = models.OneToOneField(Entry, verbose_name=_("journal line"), on_delete=models.PROTECT, related_name="seal")
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"
