"""Arguments for and against, the replies to them, and who found them useful."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.choices import Side
from consult.models.contributions import Contribution, keyed_constraint
from consult.models.people import Participant
from consult.models.propositions import Proposition
from directory.models import Service


class Argument(Contribution):
    """For or against one proposition; ``number`` within it is never used again.

    ``fold`` names the first of those that say nearly the same, under which this one is shown.
    """

    proposition = models.ForeignKey(
        Proposition, verbose_name=_("proposition"), on_delete=models.PROTECT, related_name="arguments"
    )
    number = models.PositiveIntegerField(_("number"))
    side = models.CharField(_("side"), max_length=10, choices=Side)
    text = models.TextField(_("argument"), max_length=2000)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)
    fold = models.ForeignKey(
        "self",
        verbose_name=_("says the same as"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="folded",
    )
    useful_count = models.PositiveIntegerField(_("found useful"), default=0)
    useful_score = models.FloatField(_("usefulness, for sorting"), default=0)
    reply_count = models.PositiveIntegerField(_("replies"), default=0)

    class Meta(Contribution.Meta):
        verbose_name = _("argument")
        verbose_name_plural = _("arguments")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["proposition", "number"], name="an_argument_number_is_given_once"),
            models.CheckConstraint(
                name="an_argument_takes_a_side",
                condition=Q(side__in=Side.values),
                violation_error_message=_("Choose for or against."),
            ),
            keyed_constraint("a_paper_argument_names_its_typist"),
        ]
        indexes = [
            models.Index(fields=["proposition", "side", "-useful_score", "-id"], name="arguments_by_use"),
            models.Index(fields=["proposition", "side", "-created_at", "-id"], name="arguments_by_date"),
        ]

    def __str__(self) -> str:
        return f"{self.proposition_id}/{self.number}"


class Reply(Contribution):
    """An answer to an argument, one level deep; ``service`` when a service speaks."""

    argument = models.ForeignKey(Argument, verbose_name=_("argument"), on_delete=models.PROTECT, related_name="replies")
    text = models.TextField(_("reply"), max_length=2000)
    service = models.ForeignKey(
        Service,
        verbose_name=_("service that answers"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)

    class Meta(Contribution.Meta):
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["pk"]
        constraints = [keyed_constraint("a_paper_reply_names_its_typist")]

    def __str__(self) -> str:
        return str(self.pk)


class Useful(models.Model):
    """Somebody found an argument useful, once."""

    argument = models.ForeignKey(Argument, verbose_name=_("argument"), on_delete=models.CASCADE, related_name="usefuls")
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.PROTECT, related_name="usefuls"
    )
    created_at = models.DateTimeField(_("said on"), db_default=Now())

    class Meta:
        verbose_name = _("usefulness")
        verbose_name_plural = _("usefulnesses")
        constraints = [models.UniqueConstraint(fields=["argument", "participant"], name="found_useful_once")]

    def __str__(self) -> str:
        return str(self.pk)
