"""Counts (*dépouillements*): kept for good, one of them official an envelope; and what people sign beside them.

Triggers keep what this says: nothing is counted while people vote, a count that ended never changes but to be signed,
and the ballots of an envelope whose count is signed stay as they were counted.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.budgets.choices import CountKind, CountState, CountStep
from consult.budgets.models.projects import Project
from consult.budgets.models.structure import Budget, Envelope
from consult.models.people import Participant


def signer(words: str) -> models.ForeignKey:
    """Whoever acted; kept without a name once their account is closed."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=words, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )


class CountQuerySet(models.QuerySet["Count"]):
    def of_ballots(self) -> "CountQuerySet":
        """Those by the regulation of the ballot: not the comparisons with another rule."""
        return self.exclude(kind=CountKind.WHAT_IF)

    def unfinished(self) -> "CountQuerySet":
        return self.filter(state__in=(CountState.ASKED, CountState.WORKING))


class Count(models.Model):
    """One count of one envelope. Those asked for together share their ``number``.

    ``regulation``: the kernel's, with the seed of a public drawing when there was one; ``outcome``: the kernel's, as
    JSON, with its hash; ``figures``: what pages tell beside it (``counting.figures``).
    """

    budget = models.ForeignKey(Budget, verbose_name=_("budget"), on_delete=models.PROTECT, related_name="counts")
    envelope = models.ForeignKey(Envelope, verbose_name=_("envelope"), on_delete=models.PROTECT, related_name="counts")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=CountKind, default=CountKind.TRIAL)
    regulation = models.JSONField(_("rules it was counted by"))
    regulation_hash = models.CharField(_("hash of the rules"), max_length=64)
    input_hash = models.CharField(_("hash of the ballots"), max_length=64, blank=True)
    outcome = models.JSONField(_("outcome"), null=True, blank=True)
    outcome_hash = models.CharField(_("hash of the outcome"), max_length=64, blank=True)
    figures = models.JSONField(_("figures told beside it"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CountState, default=CountState.ASKED)
    step = models.CharField(_("what is being done"), max_length=10, choices=CountStep, blank=True)
    error = models.CharField(_("why it stopped"), max_length=400, blank=True)
    asked_by = signer(_("asked by"))
    asked_at = models.DateTimeField(_("asked on"), db_default=Now())
    done_at = models.DateTimeField(_("ended on"), null=True, blank=True)
    signed_by = signer(_("signed by"))
    signatory = models.CharField(_("signed by, name and office"), max_length=160, blank=True)
    signed_at = models.DateTimeField(_("signed on"), null=True, blank=True)

    objects = CountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["envelope", "number", "regulation_hash"],
                name="a_count_once_by_the_same_rules",
                violation_error_message=_("This count is already asked for."),
            ),
            models.UniqueConstraint(
                fields=["envelope"],
                condition=Q(kind=CountKind.OFFICIAL),
                name="one_official_count_an_envelope",
                violation_error_message=_("The official count of this envelope is already signed."),
            ),
            models.CheckConstraint(
                name="an_official_count_is_signed_and_no_other",
                condition=Q(kind=CountKind.OFFICIAL, state=CountState.DONE, signed_at__isnull=False) & ~Q(signatory="")
                | Q(kind__in=(CountKind.TRIAL, CountKind.WHAT_IF), signed_at__isnull=True, signatory=""),
                violation_error_message=_("An official count is signed, and no other."),
            ),
            models.CheckConstraint(
                name="a_count_that_ended_says_how",
                condition=Q(state=CountState.DONE, outcome__isnull=False, done_at__isnull=False)
                & ~Q(outcome_hash="")
                & ~Q(input_hash="")
                | Q(state=CountState.FAILED, outcome__isnull=True, done_at__isnull=False) & ~Q(error="")
                | Q(state__in=(CountState.ASKED, CountState.WORKING), outcome__isnull=True, done_at__isnull=True),
                violation_error_message=_("A count ends with an outcome, or says why it stopped."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.envelope} {self.number}"

    @property
    def is_over(self) -> bool:
        return self.state in (CountState.DONE, CountState.FAILED)


class Drawing(models.Model):
    """Lots drawn in public, where the regulation leaves equals: a number, how it was drawn, who signs it.

    The count then settles equals by SHA-256 of ``seed`` and the project's number, the smallest first. Never changed.
    """

    envelope = models.OneToOneField(
        Envelope, verbose_name=_("envelope"), on_delete=models.PROTECT, related_name="drawing"
    )
    numbers = models.JSONField(_("projects that were equal"))
    seed = models.CharField(_("number drawn"), max_length=40)
    story = models.TextField(_("where, when and how it was drawn"), max_length=1000)
    signatory = models.CharField(_("signed by, name and office"), max_length=160)
    signed_by = signer(_("signed by"))
    signed_at = models.DateTimeField(_("signed on"), db_default=Now())

    class Meta:
        verbose_name = _("public drawing of lots")
        verbose_name_plural = _("public drawings of lots")
        constraints = [
            models.CheckConstraint(
                name="a_drawing_is_told_and_signed",
                condition=~Q(seed="") & ~Q(story="") & ~Q(signatory=""),
                violation_error_message=_("Say what was drawn, how, and who signs it."),
            ),
        ]

    def __str__(self) -> str:
        return self.seed


class ByDecision(models.Model):
    """A project funded, or not, although the count says otherwise: signed, with its reason, shown. Never changed."""

    project = models.OneToOneField(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="by_decision"
    )
    funded = models.BooleanField(_("funded"))
    reason = models.TextField(_("reason that everybody reads"), max_length=2000)
    signatory = models.CharField(_("signed by, name and office"), max_length=160)
    signed_by = signer(_("signed by"))
    signed_at = models.DateTimeField(_("signed on"), db_default=Now())

    class Meta:
        verbose_name = _("decision that departs from the count")
        verbose_name_plural = _("decisions that depart from the count")
        constraints = [
            models.CheckConstraint(
                name="a_departure_is_told_and_signed",
                condition=~Q(reason="") & ~Q(signatory=""),
                violation_error_message=_("Say why, and who signs it: everybody reads both."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.project)


class ResultTold(models.Model):
    """Somebody who is told of the result, once."""

    budget = models.ForeignKey(Budget, verbose_name=_("budget"), on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="+"
    )
    is_promised = models.BooleanField(_("the letter is promised"), default=False)

    class Meta:
        verbose_name = _("person told of a result")
        verbose_name_plural = _("people told of a result")
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "participant"],
                name="a_result_is_told_once",
                violation_error_message=_("This person is already told."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("person told of a result"))
