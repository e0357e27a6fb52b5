"""Propositions put together: who was asked, what each answered, and until when it can be undone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.choices import MergeState
from consult.models.people import Participant
from consult.models.propositions import Proposition
from consult.models.structure import Consultation, Section


class MergeQuerySet(models.QuerySet["Merge"]):
    def going_on(self) -> "MergeQuerySet":
        """Those of which nobody has decided yet."""
        return self.filter(state__in=[MergeState.PROPOSED, MergeState.ASKED])

    def told(self) -> "MergeQuerySet":
        """Those that the pages of the propositions tell: people are asked, or it is done."""
        return self.filter(state__in=[MergeState.ASKED, MergeState.DONE])


class Merge(models.Model):
    """Some propositions (``sources``) put into another one: ``into``, or a new text that gets its number when done.

    A person decides, once the supporters had the time to answer; it is undone until ``undo_until``, not after.
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.PROTECT, related_name="merges"
    )
    sources = models.ManyToManyField(
        Proposition, verbose_name=_("propositions merged"), through="MergeSource", related_name="merges"
    )
    into = models.ForeignKey(
        Proposition,
        verbose_name=_("into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merges_into",
    )
    section = models.ForeignKey(
        Section,
        verbose_name=_("section of the new text"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    title = models.CharField(_("title of the new text"), max_length=160, blank=True)
    body = models.TextField(_("new text"), max_length=10_000, blank=True)
    reason = models.TextField(_("why they are merged"), max_length=600)
    state = models.CharField(_("state"), max_length=10, choices=MergeState)
    proposed_by = models.ForeignKey(
        Participant, verbose_name=_("author who proposed it"), on_delete=models.PROTECT, null=True, blank=True
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked on"), null=True, blank=True)
    answers_until = models.DateTimeField(_("answers before"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True)
    undo_until = models.DateTimeField(_("can be undone before"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone on"), null=True, blank=True)
    end_reason = models.TextField(_("why it was given up, or undone"), max_length=600, blank=True)
    created_at = models.DateTimeField(_("proposed on"), db_default=Now())

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merging")
        verbose_name_plural = _("mergings")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_merging_state_that_exists",
                condition=Q(state__in=MergeState.values),
                violation_error_message=_("Unknown state."),
            ),
            models.CheckConstraint(
                name="a_merging_says_why", condition=~Q(reason=""), violation_error_message=_("Say why.")
            ),
            models.CheckConstraint(
                name="a_merging_has_somewhere_to_go",
                condition=Q(into__isnull=False) | ~Q(title="") & Q(section__isnull=False),
                violation_error_message=_("Choose a proposition, or write the new text."),
            ),
            models.CheckConstraint(
                name="a_merging_done_was_asked_and_decided",
                condition=~Q(state__in=[MergeState.DONE, MergeState.UNDONE])
                | Q(
                    into__isnull=False,
                    asked_at__isnull=False,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    undo_until__isnull=False,
                ),
                violation_error_message=_("Supporters are asked, then a person decides."),
            ),
            models.CheckConstraint(
                name="a_merging_is_undone_in_time",
                condition=Q(undone_at__isnull=True) & ~Q(state=MergeState.UNDONE)
                | Q(state=MergeState.UNDONE, undone_at__isnull=False, undone_at__lt=F("undo_until")),
                violation_error_message=_("It is too late to undo this merging."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def waits_for_supporters(self) -> bool:
        """Somebody was asked: where nobody supports them, the wait is over as soon as it begins."""
        return bool(self.asked_at and self.answers_until and self.answers_until > self.asked_at)


class MergeSource(models.Model):
    """A proposition that a merging takes in."""

    merge = models.ForeignKey(Merge, verbose_name=_("merging"), on_delete=models.CASCADE, related_name="+")
    proposition = models.ForeignKey(
        Proposition, verbose_name=_("proposition"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("proposition merged")
        verbose_name_plural = _("propositions merged")
        constraints = [
            models.UniqueConstraint(fields=["merge", "proposition"], name="a_proposition_is_merged_once_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.merge_id} {self.proposition_id}"


class MergeVoice(models.Model):
    """Somebody who agreed with one of the propositions, asked whether they agree with the one that results.

    ``wants`` None: they did not answer, and nothing of theirs changed. ``carried_from`` names the proposition on which
    the vote was that moved, and ``given_at`` when it was first given there: enough to put it back.
    """

    merge = models.ForeignKey(Merge, verbose_name=_("merging"), on_delete=models.CASCADE, related_name="voices")
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.PROTECT, related_name="+"
    )
    wants = models.BooleanField(_("agrees"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered on"), null=True, blank=True)
    carried_from = models.ForeignKey(
        Proposition,
        verbose_name=_("the vote was on"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    carried_at = models.DateTimeField(_("vote moved on"), null=True, blank=True)
    given_at = models.DateTimeField(_("vote given on"), null=True, blank=True)
    is_promised = models.BooleanField(_("letter promised"), default=False)

    class Meta:
        verbose_name = _("person asked")
        verbose_name_plural = _("people asked")
        constraints = [
            models.UniqueConstraint(fields=["merge", "participant"], name="a_supporter_is_asked_once"),
            models.CheckConstraint(
                name="only_a_yes_moves_a_vote",
                condition=Q(carried_from__isnull=True, carried_at__isnull=True, given_at__isnull=True)
                | Q(carried_from__isnull=False, carried_at__isnull=False, given_at__isnull=False, wants=True),
                violation_error_message=_("Only those who said yes have their vote moved."),
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(is_promised=False), name="voices_not_asked_yet")]

    def __str__(self) -> str:
        return str(self.pk)
