"""How fiches were grouped: runs, the parts workers share, and what a service is offered before anything changes."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.models import Administration, Service
from feedback.choices import (
    LIVING_PROPOSALS,
    SAFE_CHANGES,
    ChangeKind,
    PartState,
    PartStep,
    ProposalState,
    Resolution,
    RunKind,
)
from feedback.models.pain_points import PainPoint


class GroupingChoice(models.Model):
    """How finely a service wants its fiches grouped: the resolution of the last proposal that it accepted."""

    service = models.OneToOneField(
        Service, verbose_name=_("service"), on_delete=models.CASCADE, related_name="grouping_choice"
    )
    resolution = models.CharField(_("how finely"), max_length=6, choices=Resolution, default=Resolution.MEDIUM)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(_("chosen on"), db_default=Now())

    class Meta:
        verbose_name = _("choice of grouping")
        verbose_name_plural = _("choices of grouping")
        constraints = [
            models.CheckConstraint(
                name="a_resolution_that_exists",
                condition=Q(resolution__in=Resolution.values),
                violation_error_message=_("Choose one of the three."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.resolution}"


class GroupingRun(models.Model):
    """One regrouping: when, of what, and what it found. Its work is in its parts."""

    kind = models.CharField(_("what for"), max_length=8, choices=RunKind, default=RunKind.ADD)
    started_at = models.DateTimeField(_("started on"), db_default=Now())
    finished_at = models.DateTimeField(_("finished on"), null=True, blank=True)
    service = models.ForeignKey(
        Service, verbose_name=_("service"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    done = models.PositiveIntegerField(_("passages read"), default=0)
    total = models.PositiveIntegerField(_("passages"), default=0)
    figures = models.JSONField(_("figures"), default=dict, blank=True)

    class Meta:
        verbose_name = _("regrouping")
        verbose_name_plural = _("regroupings")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.pk)


class GroupingPart(models.Model):
    """The share of one worker in a run: a service, an administration, or everything the others left (neither).

    ``stage``: the parts of a stage start once those of the stages before are over. ``attempt`` grows each time a
    worker takes the part up; what it writes counts only while the number is its own (``grouping.leases``).
    """

    run = models.ForeignKey(GroupingRun, verbose_name=_("run"), on_delete=models.CASCADE, related_name="parts")
    stage = models.PositiveSmallIntegerField(_("stage"), default=0)
    service = models.ForeignKey(
        Service, verbose_name=_("service"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    administration = models.ForeignKey(
        Administration,
        verbose_name=_("administration"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    resolution = models.CharField(_("how finely"), max_length=6, choices=Resolution, default=Resolution.MEDIUM)
    state = models.CharField(_("state"), max_length=7, choices=PartState, default=PartState.WAITING)
    step = models.CharField(_("step"), max_length=9, choices=PartStep, default=PartStep.READING)
    done = models.PositiveIntegerField(_("passages read"), default=0)
    total = models.PositiveIntegerField(_("passages"), default=0)
    attempt = models.PositiveSmallIntegerField(_("times taken up"), default=0)
    rung_at = models.DateTimeField(_("worker called on"), null=True, blank=True)
    started_at = models.DateTimeField(_("started on"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished on"), null=True, blank=True)
    cpu_seconds = models.FloatField(_("processor time, in seconds"), default=0)
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    problem = models.CharField(_("what went wrong"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("part of a regrouping")
        verbose_name_plural = _("parts of a regrouping")
        ordering = ["stage", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "stage", "service", "administration"],
                nulls_distinct=False,
                name="a_part_is_made_once",
            ),
            models.CheckConstraint(
                name="a_part_is_of_a_service_or_an_administration",
                condition=Q(service__isnull=True) | Q(administration__isnull=True),
            ),
            models.CheckConstraint(
                name="a_finished_part_says_when",
                condition=Q(state__in=[PartState.WAITING, PartState.RUNNING], finished_at__isnull=True)
                | Q(state__in=[PartState.DONE, PartState.FAILED], finished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state__in=[PartState.WAITING, PartState.RUNNING]), name="parts_to_do"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.pk}"


class Proposal(models.Model):
    """What a new grouping of one service would change. Nothing changes before somebody of the service accepts."""

    service = models.ForeignKey(
        Service, verbose_name=_("service"), on_delete=models.CASCADE, related_name="grouping_proposals"
    )
    run = models.OneToOneField(GroupingRun, verbose_name=_("run"), on_delete=models.CASCADE, related_name="proposal")
    resolution = models.CharField(_("how finely"), max_length=6, choices=Resolution, default=Resolution.MEDIUM)
    state = models.CharField(_("state"), max_length=9, choices=ProposalState, default=ProposalState.COMPUTING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked on"), db_default=Now())
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires on"))
    figures = models.JSONField(_("figures"), default=dict, blank=True)

    class Meta:
        verbose_name = _("proposed grouping")
        verbose_name_plural = _("proposed groupings")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(state__in=LIVING_PROPOSALS),
                name="one_living_proposal_per_service",
                violation_error_message=_("A new grouping is already being prepared for this service."),
            ),
            models.CheckConstraint(
                name="an_accepted_proposal_names_who",
                condition=~Q(state__in=[ProposalState.APPLYING, ProposalState.APPLIED]) | Q(decided_by__isnull=False),
                violation_error_message=_("A person accepts a new grouping, never the machine."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("New grouping of %(service)s") % {"service": self.service}

    def get_absolute_url(self) -> str:
        return reverse("feedback:regrouping", args=[self.pk])


class ProposedChange(models.Model):
    """One line of a proposal. ``segments`` are keys: words taken back by their author are no longer shown nor moved.

    ``pain_point``: the one that grows, is split, is merged or loses passages; null when it is new. ``other``: the one
    it goes into. ``made``: what the change gave, once done. ``left_out``: passages that had moved meanwhile.
    """

    proposal = models.ForeignKey(
        Proposal, verbose_name=_("proposed grouping"), on_delete=models.CASCADE, related_name="changes"
    )
    kind = models.CharField(_("change"), max_length=5, choices=ChangeKind)
    position = models.PositiveIntegerField(_("position"))
    pain_point = models.ForeignKey(
        PainPoint, verbose_name=_("pain point"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    other = models.ForeignKey(
        PainPoint, verbose_name=_("goes into"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("title"), max_length=160, blank=True)
    keyphrases = models.JSONField(_("key phrases"), default=list, blank=True)
    segments = ArrayField(models.BigIntegerField(), verbose_name=_("passages"), default=list, blank=True)
    central = ArrayField(models.BigIntegerField(), verbose_name=_("verbatims"), default=list, blank=True)
    fiches_before = models.PositiveIntegerField(_("fiches today"), default=0)
    fiches_after = models.PositiveIntegerField(_("fiches then"), default=0)
    cohesion = models.FloatField(_("cohesion"), default=0)
    is_accepted = models.BooleanField(_("accepted"), default=False)
    done_at = models.DateTimeField(_("done on"), null=True, blank=True)
    is_skipped = models.BooleanField(_("skipped: it had changed meanwhile"), default=False)
    left_out = models.PositiveIntegerField(_("passages left out"), default=0)
    made = models.ForeignKey(
        PainPoint, verbose_name=_("what it gave"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "position"], name="a_change_is_proposed_once"),
            models.CheckConstraint(
                name="a_change_names_what_it_changes",
                condition=Q(kind=ChangeKind.NEW, pain_point__isnull=True)
                | Q(kind__in=[ChangeKind.GROWN, ChangeKind.SPLIT, ChangeKind.LEAVE], pain_point__isnull=False)
                | Q(kind__in=[ChangeKind.MERGE, ChangeKind.MOVE], pain_point__isnull=False, other__isnull=False),
            ),
            models.CheckConstraint(
                name="only_what_was_accepted_is_done",
                condition=Q(done_at__isnull=True) | Q(is_accepted=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}.{self.position} {self.kind}"

    @property
    def is_safe(self) -> bool:
        """It only takes passages that nothing holds."""
        return self.kind in SAFE_CHANGES
