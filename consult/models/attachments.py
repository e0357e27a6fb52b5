"""Files that a proposition rests on: pictures drawn again without what the camera wrote in them, and PDF."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.choices import AttachmentKind
from consult.models.propositions import Proposition
from pages.private_files import private


class Attachment(models.Model):
    """One file of a proposition, read by whoever may read it. ``name`` is the title that people read."""

    proposition = models.ForeignKey(
        Proposition, verbose_name=_("proposition"), on_delete=models.CASCADE, related_name="attachments"
    )
    kind = models.CharField(_("kind"), max_length=5, choices=AttachmentKind)
    name = models.CharField(_("title"), max_length=120)
    file = models.FileField(_("file"), storage=private, upload_to="propositions/", max_length=200)
    size = models.PositiveIntegerField(_("weight in bytes"))
    created_at = models.DateTimeField(_("added on"), db_default=Now())

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="an_attachment_kind_that_exists",
                condition=Q(kind__in=AttachmentKind.values),
                violation_error_message=_("Unknown kind."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self, *, of: Proposition) -> str:
        """``of``: its proposition, already read."""
        return f"{of.get_absolute_url()}pieces/{self.pk}/"
