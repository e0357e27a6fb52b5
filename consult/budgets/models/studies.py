"""Whether a project can be done and what it would cost: written in private, signed, then published with the others."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.budgets.choices import CostKind, StudyVerdict
from consult.budgets.models.projects import Project
from consult.budgets.models.structure import Budget
from directory.models import Service


class StudyPublication(models.Model):
    """One act that makes studies public, all at the same moment: planned for an hour, then done once.

    ``by`` planned or published it. Nothing of it changes once it is done (a trigger).
    """

    budget = models.ForeignKey(
        Budget, verbose_name=_("budget"), on_delete=models.PROTECT, related_name="study_publications"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("published by"), on_delete=models.PROTECT, related_name="+"
    )
    planned_for = models.DateTimeField(_("planned for"), null=True, blank=True)
    published_at = models.DateTimeField(_("published on"), null=True, blank=True)

    class Meta:
        verbose_name = _("publication of studies")
        verbose_name_plural = _("publications of studies")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget"],
                condition=Q(published_at__isnull=True),
                name="one_publication_of_studies_is_planned",
                violation_error_message=_("A publication is already planned."),
            ),
            models.CheckConstraint(
                name="a_publication_of_studies_is_planned_or_done",
                condition=Q(planned_for__isnull=False) | Q(published_at__isnull=False),
                violation_error_message=_("Say when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.budget_id} {self.published_at or self.planned_for}"


class StudyQuerySet(models.QuerySet["Study"]):
    def prepared(self) -> "StudyQuerySet":
        """Those that nobody outside the administration may know of."""
        return self.filter(publication__isnull=True)

    def public(self) -> "StudyQuerySet":
        return self.filter(publication__isnull=False)

    def with_figures(self) -> "StudyQuerySet":
        """Each with ``invest`` and ``running`` in cents, and ``signed``, how many signed it."""
        lines = CostLine.objects.filter(study=models.OuterRef("pk")).order_by().values("study")
        signatures = StudySignature.objects.filter(study=models.OuterRef("pk")).order_by().values("study")
        return self.annotate(
            invest=_sum(lines.filter(kind=CostKind.INVEST)),
            running=_sum(lines.filter(kind=CostKind.RUNNING)),
            signed=models.functions.Coalesce(models.Subquery(signatures.annotate(n=models.Count("pk")).values("n")), 0),
        )


def _sum(lines: models.QuerySet) -> models.functions.Coalesce:
    total = lines.annotate(total=models.Sum("amount")).values("total")
    return models.functions.Coalesce(models.Subquery(total, output_field=models.BigIntegerField()), 0)


class Study(models.Model):
    """*Étude de faisabilité*. A change of what is signed takes signatures away; published, it never changes (triggers).

    ``evaluator`` writes it, ``second`` reads it again; both hold the role. ``revised_title`` and ``revised_summary``
    replace those of the project when it is feasible with changes.
    """

    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="studies")
    service = models.ForeignKey(
        Service, verbose_name=_("service"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evaluator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("evaluator"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who reads it again"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=12, choices=StudyVerdict, blank=True)
    reason = models.TextField(_("reason that everybody reads"), max_length=2000, blank=True)
    revised_title = models.CharField(_("title, once changed"), max_length=120, blank=True)
    revised_summary = models.CharField(_("in a sentence, once changed"), max_length=200, blank=True)
    publication = models.ForeignKey(
        StudyPublication,
        verbose_name=_("publication"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="studies",
    )
    assigned_at = models.DateTimeField(_("assigned on"), db_default=Now())

    objects = StudyQuerySet.as_manager()

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(publication__isnull=True),
                name="one_study_of_a_project_at_a_time",
                violation_error_message=_("This project is already being studied."),
            ),
            models.CheckConstraint(
                name="a_study_verdict_that_exists",
                condition=Q(verdict="") | Q(verdict__in=StudyVerdict.values),
                violation_error_message=_("Unknown verdict."),
            ),
            models.CheckConstraint(
                name="a_study_verdict_says_why",
                condition=Q(verdict="") | ~Q(reason=""),
                violation_error_message=_("Say why: everybody reads the reason."),
            ),
            models.CheckConstraint(
                name="a_study_is_read_again_by_another",
                condition=Q(second__isnull=True) | Q(evaluator__isnull=True) | ~Q(second=F("evaluator")),
                violation_error_message=_("Somebody else than the evaluator reads it again."),
            ),
        ]
        indexes = [models.Index(fields=["evaluator"], name="studies_by_evaluator")]

    def __str__(self) -> str:
        return str(self.project)


class CostLine(models.Model):
    """One line of what a project costs, in cents: once (``invest``), or each year (``running``)."""

    study = models.ForeignKey(Study, verbose_name=_("study"), on_delete=models.CASCADE, related_name="lines")
    label = models.CharField(_("what it pays for"), max_length=120)
    kind = models.CharField(_("paid"), max_length=8, choices=CostKind, default=CostKind.INVEST)
    amount = models.BigIntegerField(_("amount, in cents"))

    class Meta:
        verbose_name = _("cost line")
        verbose_name_plural = _("cost lines")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_cost_line_is_paid_somehow",
                condition=Q(kind__in=CostKind.values),
                violation_error_message=_("Paid once, or each year."),
            ),
            models.CheckConstraint(
                name="a_cost_line_is_zero_or_more",
                condition=Q(amount__gte=0),
                violation_error_message=_("A cost is zero or more."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class StudyNote(models.Model):
    """What colleagues tell each other about a project. Never public."""

    study = models.ForeignKey(Study, verbose_name=_("study"), on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("written on"), db_default=Now())

    class Meta:
        verbose_name = _("internal note of a study")
        verbose_name_plural = _("internal notes of studies")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.pk)


class StudySignature(models.Model):
    """Somebody stands by the study as it is; gone as soon as anything of it changes (a trigger)."""

    study = models.ForeignKey(Study, verbose_name=_("study"), on_delete=models.CASCADE, related_name="signatures")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("signed by"), on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed on"), db_default=Now())

    class Meta:
        verbose_name = _("signature of a study")
        verbose_name_plural = _("signatures of studies")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "by"],
                name="one_signs_a_study_once",
                violation_error_message=_("You have already signed."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.by)
