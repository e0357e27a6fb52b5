"""What people follow, what happened there, and how far each of them was told."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.choices import HappeningKind
from consult.models.people import Participant
from consult.models.propositions import Proposition
from consult.models.structure import Consultation


class Follow(models.Model):
    """Somebody hears about a consultation, or about one proposition. Whoever stopped is not made to follow again."""

    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="follows"
    )
    consultation = models.ForeignKey(
        Consultation,
        verbose_name=_("consultation"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="follows",
    )
    proposition = models.ForeignKey(
        Proposition,
        verbose_name=_("proposition"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="follows",
    )
    since = models.DateTimeField(_("followed since"), db_default=Now())
    stopped_at = models.DateTimeField(_("stopped on"), null=True, blank=True)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "consultation", "proposition"], name="followed_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="a_follow_is_about_one_thing",
                condition=Q(consultation__isnull=True, proposition__isnull=False)
                | Q(consultation__isnull=False, proposition__isnull=True),
                violation_error_message=_("One follows a consultation, or a proposition."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Happening(models.Model):
    """Something that people who follow may hear of, once: written by the database (migration ``happenings_told``).

    ``subject`` is the key of what it is about, by ``kind``. Hidden then shown again, it happens no second time.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=HappeningKind)
    subject = models.BigIntegerField(_("row it is about"))
    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="+"
    )
    proposition = models.ForeignKey(
        Proposition, verbose_name=_("proposition"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    author = models.ForeignKey(
        Participant, verbose_name=_("author"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("happened on"), db_default=Now())

    class Meta:
        verbose_name = _("thing that happened")
        verbose_name_plural = _("things that happened")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="happened_once"),
            models.CheckConstraint(
                name="a_happening_of_a_kind_that_exists",
                condition=Q(kind__in=HappeningKind.values),
                violation_error_message=_("Unknown kind."),
            ),
        ]
        indexes = [
            models.Index(fields=["consultation", "at"], name="happenings_by_consultation"),
            models.Index(fields=["proposition", "at"], name="happenings_by_proposition"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


SPAN = Func("since", "until", function="TSTZRANGE", output_field=DateTimeRangeField())


class Digest(models.Model):
    """One letter to one person about ``[since, until)``. Two never tell the same moment: the database refuses."""

    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="+"
    )
    period = models.CharField(_("period"), max_length=12)
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    created_at = models.DateTimeField(_("promised on"), db_default=Now())

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "period"], name="one_digest_a_period"),
            models.CheckConstraint(
                name="a_digest_tells_some_time",
                condition=Q(until__gt=F("since")),
                violation_error_message=_("A digest ends after it begins."),
            ),
            ExclusionConstraint(
                name="a_digest_never_repeats",
                expressions=[("participant", RangeOperators.EQUAL), (SPAN, RangeOperators.OVERLAPS)],
                violation_error_message=_("This time was already told."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.period}"
