"""Past feedback brought in from a file."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from directory.models import Service
from feedback.choices import ImportState
from letters.fields import EncryptedTextField


class Import(models.Model):
    """One file of past fiches for one service. All its good lines are imported at once, or none.

    ``content`` is the file as uploaded (text, encrypted), emptied once imported. ``mapping`` gives a column of the
    file for each of our fields; ``rejects`` lists ``{"line", "column", "problem"}``.
    """

    service = models.ForeignKey(Service, verbose_name=_("service"), on_delete=models.PROTECT, related_name="imports")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    file_name = models.CharField(_("file"), max_length=120)
    content = EncryptedTextField(_("content"), blank=True)
    digest = models.CharField(_("hash of the file"), max_length=64)
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    total = models.PositiveIntegerField(_("lines"), default=0)
    done = models.PositiveIntegerField(_("lines read"), default=0)
    imported = models.PositiveIntegerField(_("fiches imported"), default=0)
    rejects = models.JSONField(_("lines refused"), default=list, blank=True)
    created_at = models.DateTimeField(_("uploaded on"), db_default=Now())
    finished_at = models.DateTimeField(_("finished on"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "digest"],
                condition=Q(state="done"),
                name="a_file_is_imported_once",
                violation_error_message=_("This file was already imported."),
            )
        ]

    def __str__(self) -> str:
        return self.file_name
