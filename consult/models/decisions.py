"""What the administration decided about each proposition: prepared in private, made public together, then followed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.choices import Verdict
from consult.models.people import Participant
from consult.models.propositions import Proposition
from consult.models.structure import Consultation
from directory.models import Service


class Publication(models.Model):
    """One act that makes decisions public, all at the same moment. Never changed, except that people were told."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.PROTECT, related_name="publications"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("published by"), on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(_("published on"), db_default=Now())

    class Meta:
        verbose_name = _("publication of decisions")
        verbose_name_plural = _("publications of decisions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.published_at}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def public(self) -> "DecisionQuerySet":
        """Those that were published, whether a correction followed or not."""
        return self.filter(publication__isnull=False)

    def prepared(self) -> "DecisionQuerySet":
        """Those that nobody outside the administration may know of."""
        return self.filter(publication__isnull=True)

    def standing(self) -> "DecisionQuerySet":
        """The published one of each proposition that no published correction followed."""
        return self.public().exclude(corrected_by__publication__isnull=False)


class Decision(models.Model):
    """A verdict and its public reason. Once published it is never changed (a trigger): a correction follows it.

    The first decision of a proposition corrects nothing; each correction names the one it follows, and says why.
    """

    proposition = models.ForeignKey(
        Proposition, verbose_name=_("proposition"), on_delete=models.PROTECT, related_name="decisions"
    )
    verdict = models.CharField(_("decision"), max_length=12, choices=Verdict)
    reason = models.TextField(_("public reason"), max_length=4000)
    service = models.ForeignKey(
        Service,
        verbose_name=_("service that answers"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: the administration that consults."),
    )
    corrects = models.OneToOneField(
        "self",
        verbose_name=_("decision corrected"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
    )
    correction_reason = models.CharField(_("why it is corrected"), max_length=300, blank=True)
    publication = models.ForeignKey(
        Publication,
        verbose_name=_("publication"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("prepared by"), on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField(_("prepared on"), db_default=Now())

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_verdict_that_exists",
                condition=Q(verdict__in=Verdict.values),
                violation_error_message=_("Unknown decision."),
            ),
            models.CheckConstraint(
                name="a_decision_says_why", condition=~Q(reason=""), violation_error_message=_("Say why.")
            ),
            models.CheckConstraint(
                name="a_correction_says_why",
                condition=Q(corrects__isnull=True, correction_reason="")
                | Q(corrects__isnull=False) & ~Q(correction_reason=""),
                violation_error_message=_("Say why the decision is corrected."),
            ),
            models.UniqueConstraint(
                fields=["proposition"],
                condition=Q(corrects__isnull=True),
                name="a_proposition_is_decided_once",
                violation_error_message=_("Somebody decided before you."),
            ),
            models.UniqueConstraint(
                fields=["proposition"],
                condition=Q(publication__isnull=True),
                name="one_decision_is_prepared_at_a_time",
                violation_error_message=_("A decision is already being prepared."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposition_id} {self.verdict}"


class DecisionNote(models.Model):
    """What colleagues tell each other about a proposition. Never public."""

    proposition = models.ForeignKey(
        Proposition, verbose_name=_("proposition"), on_delete=models.CASCADE, related_name="notes"
    )
    text = models.TextField(_("note"), max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("written on"), db_default=Now())

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.pk)


class Told(models.Model):
    """A person to whom a publication promises one letter, whatever the number of their propositions and votes."""

    publication = models.ForeignKey(
        Publication, verbose_name=_("publication"), on_delete=models.CASCADE, related_name="told"
    )
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="+"
    )
    is_promised = models.BooleanField(_("letter promised"), default=False)

    class Meta:
        verbose_name = _("person told")
        verbose_name_plural = _("people told")
        constraints = [
            models.UniqueConstraint(fields=["publication", "participant"], name="a_publication_is_told_once_to_each"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(is_promised=False), name="people_not_told_yet")]

    def __str__(self) -> str:
        return str(self.pk)
