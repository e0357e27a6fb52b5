"""Contributions brought from another platform: the file, and where each of them came from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.choices import ImportedKind
from consult.models.arguments import Argument
from consult.models.people import Participant
from consult.models.propositions import Proposition
from consult.models.structure import Consultation, Section
from letters.fields import EncryptedTextField
from moderation.choices import Timing


class ContributionImport(models.Model):
    """One file, read then imported whole or not at all. ``content`` is emptied once it is (or forgotten, by the clock).

    ``is_past``: said before the consultation, so that a closed phase does not refuse it; the journal tells it.
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="imports"
    )
    kind = models.CharField(_("what it holds"), max_length=12, choices=ImportedKind)
    platform = models.CharField(_("platform it comes from"), max_length=60)
    section = models.ForeignKey(
        Section, verbose_name=_("section"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    timing = models.CharField(_("moderation"), max_length=10, choices=Timing, default=Timing.BEFORE)
    is_past = models.BooleanField(_("said before this consultation"), default=False)
    author = models.ForeignKey(
        Participant, verbose_name=_("author"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField(_("file"), max_length=120)
    content = EncryptedTextField(_("content"), blank=True)
    columns = models.JSONField(_("columns"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("uploaded on"), db_default=Now())
    finished_at = models.DateTimeField(_("imported on"), null=True, blank=True)
    imported = models.PositiveIntegerField(_("contributions imported"), default=0)

    class Meta:
        verbose_name = _("import of contributions")
        verbose_name_plural = _("imports of contributions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_imported_kind_that_exists",
                condition=Q(kind__in=ImportedKind.values),
                violation_error_message=_("Unknown kind."),
            ),
            models.CheckConstraint(
                name="a_finished_import_keeps_no_file",
                condition=Q(finished_at__isnull=True) | Q(content=""),
                violation_error_message=_("The file of an import that is over is not kept."),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class Provenance(models.Model):
    """Where a contribution came from. The same source twice is one contribution: the database refuses another.

    ``votes`` is what the other platform counted: a figure told apart, never added to the votes given here.
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="+"
    )
    brought_by = models.ForeignKey(
        ContributionImport, verbose_name=_("import"), on_delete=models.PROTECT, related_name="brought"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ImportedKind)
    platform = models.CharField(_("platform it comes from"), max_length=60)
    source_id = models.CharField(_("identifier there"), max_length=200)
    source_url = models.URLField(_("address there"), max_length=500, blank=True)
    votes = models.PositiveIntegerField(_("votes counted there"), null=True, blank=True)
    proposition = models.OneToOneField(
        Proposition,
        verbose_name=_("proposition"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="provenance",
    )
    argument = models.OneToOneField(
        Argument, verbose_name=_("argument"), on_delete=models.CASCADE, null=True, blank=True, related_name="provenance"
    )

    class Meta:
        verbose_name = _("provenance")
        verbose_name_plural = _("provenances")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "platform", "kind", "source_id"],
                name="a_source_is_imported_once",
                violation_error_message=_("It was imported before."),
            ),
            models.CheckConstraint(
                name="a_provenance_is_of_one_thing",
                condition=Q(kind=ImportedKind.PROPOSITIONS, proposition__isnull=False, argument__isnull=True)
                | Q(kind=ImportedKind.ARGUMENTS, proposition__isnull=True, argument__isnull=False),
                violation_error_message=_("A provenance is that of a proposition, or of an argument."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.source_id}"
