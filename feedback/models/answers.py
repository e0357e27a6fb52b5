"""What the service said back, and whether it settled anything."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from directory.models import Service
from feedback.choices import FollowUpReply, Outcome
from feedback.models.fiches import Fiche
from feedback.models.pain_points import PainPoint


class Answer(models.Model):
    """One answer to everybody who wrote about a pain point. It is never edited: what was sent was sent.

    ``given_with`` is the first of the answers that said the same to several pain points at once.
    """

    pain_point = models.ForeignKey(
        PainPoint, verbose_name=_("pain point"), on_delete=models.PROTECT, related_name="answers"
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    changes = models.TextField(_("what changes"), max_length=4000)
    does_not_change = models.TextField(_("what does not change yet"), max_length=4000, blank=True)
    planned_for = models.DateField(_("for when"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    given_with = models.ForeignKey(
        "self", verbose_name=_("given with"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("given on"), db_default=Now())
    follow_up_weeks = models.PositiveSmallIntegerField(_("ask again after, in weeks"), null=True, blank=True)
    followed_up_at = models.DateTimeField(_("asked again on"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_planned_answer_has_a_date",
                condition=~Q(outcome=Outcome.PLANNED) | Q(planned_for__isnull=False),
                violation_error_message=_("Say for when."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pain_point_id} · {self.get_outcome_display()}"

    @property
    def campaign(self) -> str:
        """Under which name its letters leave: a person has one of each."""
        return f"answer:{self.given_with_id or self.pk}"


class Recipient(models.Model):
    """This answer was given to this fiche: what the tracking page shows, even if its passages move later.

    ``told_with`` is the recipient whose letter says this one too, when a person would have had several.
    """

    answer = models.ForeignKey(Answer, verbose_name=_("answer"), on_delete=models.CASCADE, related_name="recipients")
    fiche = models.ForeignKey(Fiche, verbose_name=_("fiche"), on_delete=models.CASCADE, related_name="answers_received")
    told_with = models.ForeignKey(
        "self", verbose_name=_("told with"), on_delete=models.SET_NULL, null=True, blank=True, related_name="also_told"
    )
    created_at = models.DateTimeField(_("given on"), db_default=Now())

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["answer", "fiche"], name="a_fiche_is_answered_once_per_answer")]

    def __str__(self) -> str:
        return f"{self.answer_id} → {self.fiche_id}"


class FollowUp(models.Model):
    """« Est-ce réglé ? », asked to the author of one fiche after one answer. ``text`` is masked."""

    answer = models.ForeignKey(Answer, verbose_name=_("answer"), on_delete=models.CASCADE, related_name="follow_ups")
    fiche = models.ForeignKey(Fiche, verbose_name=_("fiche"), on_delete=models.CASCADE, related_name="follow_ups")
    asked_at = models.DateTimeField(_("asked on"), db_default=Now())
    reply = models.CharField(_("reply"), max_length=10, choices=FollowUpReply, blank=True)
    text = models.TextField(_("words, masked"), blank=True)
    replied_at = models.DateTimeField(_("replied on"), null=True, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["answer", "fiche"], name="asked_once_per_answer_and_fiche")]

    def __str__(self) -> str:
        return f"{self.answer_id} · {self.fiche_id}"


class AnswerTemplate(models.Model):
    """Words that a service often answers with. Whoever answers rewrites them: nothing is sent from here."""

    service = models.ForeignKey(
        Service, verbose_name=_("service"), on_delete=models.CASCADE, related_name="answer_templates"
    )
    name = models.CharField(_("name"), max_length=80)
    changes = models.TextField(_("what changes"), max_length=4000)
    does_not_change = models.TextField(_("what does not change yet"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("answer template")
        verbose_name_plural = _("answer templates")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "name"],
                name="one_answer_template_of_a_name",
                violation_error_message=_("This service already has a template of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Transfer(models.Model):
    """A pain point passed from one service to another, with a reason and a clock."""

    pain_point = models.ForeignKey(
        PainPoint, verbose_name=_("pain point"), on_delete=models.CASCADE, related_name="transfers"
    )
    from_service = models.ForeignKey(Service, verbose_name=_("from"), on_delete=models.PROTECT, related_name="+")
    to_service = models.ForeignKey(Service, verbose_name=_("to"), on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("transferred on"), db_default=Now())
    due_on = models.DateField(_("answer expected on"))

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_transfer_goes_elsewhere",
                condition=~Q(from_service=models.F("to_service")),
                violation_error_message=_("Choose another service."),
            ),
            models.CheckConstraint(
                name="a_transfer_has_a_reason", condition=~Q(reason=""), violation_error_message=_("Say why.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pain_point_id}: {self.from_service_id} → {self.to_service_id}"
