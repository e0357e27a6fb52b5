"""What fiches say about supporting documents: named, asked again, and the pain points raised about it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from directory.models import Service, SupportingDocument
from feedback.models.fiches import Fiche, Segment
from feedback.models.pain_points import PainPoint


class DocumentMention(models.Model):
    """A fiche names a document, once however often it says so: read when the fiche comes, counted ever after.

    ``asked_again``: the person says that they gave it before, or that an administration has it. ``segment`` is the
    passage that says so, else the first that names it. Which service asks is the fiche's; who issues, the document's.
    """

    fiche = models.ForeignKey(Fiche, verbose_name=_("fiche"), on_delete=models.CASCADE, related_name="documents_named")
    segment = models.ForeignKey(Segment, verbose_name=_("passage"), on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(
        SupportingDocument,
        verbose_name=pgettext_lazy("supporting", "document"),
        on_delete=models.CASCADE,
        related_name="mentions",
    )
    asked_again = models.BooleanField(_("asked again"), default=False)

    class Meta:
        verbose_name = _("document named")
        verbose_name_plural = _("documents named")
        constraints = [models.UniqueConstraint(fields=["fiche", "document"], name="a_fiche_names_a_document_once")]
        indexes = [models.Index(fields=["document", "fiche"], include=["asked_again"], name="mentions_of_a_document")]

    def __str__(self) -> str:
        return f"{self.fiche_id} · {self.document_id}"


class DocumentReading(models.Model):
    """All passages read again, after the words of a document changed: how far, so that it may be taken up again."""

    version = models.CharField(_("version of the words"), max_length=60, unique=True)
    last_fiche = models.BigIntegerField(_("last fiche read"), default=0)
    done = models.PositiveIntegerField(_("fiches read"), default=0)
    total = models.PositiveIntegerField(_("fiches"), default=0)
    started_at = models.DateTimeField(_("started on"), db_default=Now())
    finished_at = models.DateTimeField(_("finished on"), null=True, blank=True)

    class Meta:
        verbose_name = _("reading of documents")
        verbose_name_plural = _("readings of documents")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.version


class DocumentCase(models.Model):
    """One document asked again by one service is one pain point, whoever raises it, however often."""

    document = models.ForeignKey(
        SupportingDocument,
        verbose_name=pgettext_lazy("supporting", "document"),
        on_delete=models.CASCADE,
        related_name="cases",
    )
    service = models.ForeignKey(
        Service, verbose_name=_("service that asks"), on_delete=models.CASCADE, related_name="document_cases"
    )
    issuing_service = models.ForeignKey(
        Service,
        verbose_name=_("service that issues it"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    pain_point = models.ForeignKey(
        PainPoint, verbose_name=_("pain point"), on_delete=models.CASCADE, related_name="document_cases"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("raised by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("raised on"), db_default=Now())

    class Meta:
        verbose_name = _("document asked again")
        verbose_name_plural = _("documents asked again")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "service"],
                name="a_document_is_raised_once_per_service",
                violation_error_message=_("This document is already raised for this service."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} · {self.service_id}"
