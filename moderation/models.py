"""Cases, notices and decisions: what is said about a contribution, without knowing its kind.

A room gives each of its contributions a case by inheriting from ``Judged``; ``binding.shown_as_judged`` then makes the
database keep ``is_shown`` equal to what was decided.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from letters.fields import EncryptedTextField
from moderation.choices import CaseState, Outcome, Rule


class CaseQuerySet(models.QuerySet["Case"]):
    def to_judge(self) -> "CaseQuerySet":
        """Those that wait for a moderator: not read yet, or reported since they were."""
        return self.filter(Q(state=CaseState.WAITING) | Q(open_notices__gt=0))

    def basket(self) -> "CaseQuerySet":
        """Those whose text was taken out for a reason that everybody may read."""
        return self.filter(state=CaseState.REMOVED)


class Case(models.Model):
    """What moderators decided about one contribution. ``kind`` was declared by its room (``moderation.kinds``).

    ``is_shown`` is what the public pages read: the database copies it to the contribution when it changes.
    """

    kind = models.CharField(_("kind of contribution"), max_length=40)
    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=CaseState, default=CaseState.SHOWN)
    state_changed_at = models.DateTimeField(_("state changed on"), db_default=Now())
    is_shown = models.BooleanField(_("shown to everybody"), default=True)
    open_notices = models.PositiveIntegerField(_("notices nobody answered"), default=0)
    first_notice_at = models.DateTimeField(_("first of these notices"), null=True, blank=True)
    created_at = models.DateTimeField(_("opened on"), db_default=Now())

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_case_state_that_exists",
                condition=Q(state__in=CaseState.values),
                violation_error_message=_("Unknown state."),
            ),
            models.CheckConstraint(
                name="shown_is_what_was_decided",
                condition=Q(state=CaseState.SHOWN, is_shown=True) | ~Q(state=CaseState.SHOWN) & Q(is_shown=False),
                violation_error_message=_("Only a published contribution is shown."),
            ),
            models.CheckConstraint(
                name="open_notices_have_a_first",
                condition=Q(open_notices=0) | Q(first_notice_at__isnull=False),
                violation_error_message=_("A notice has a date."),
            ),
            # What contributions point to, with the state they copy.
            models.UniqueConstraint(fields=["id", "is_shown"], name="a_case_and_what_it_shows"),
        ]
        indexes = [
            models.Index(
                fields=["-open_notices", "id"],
                condition=Q(state="waiting") | Q(open_notices__gt=0),
                name="cases_to_judge",
            ),
            models.Index(
                fields=["page", "-state_changed_at"], condition=Q(state="removed"), name="cases_in_the_basket"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Judged(models.Model):
    """A contribution that moderators may judge. Its room writes it with a case of ``moderation.actions.open_case``."""

    case = models.OneToOneField(Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="%(class)s")
    is_shown = models.BooleanField(_("shown to everybody"))

    class Meta:
        abstract = True


class Notice(models.Model):
    """Somebody says that a contribution breaks a rule: anyone may, with or without an account, once."""

    case = models.ForeignKey(Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="notices")
    rule = models.CharField(_("rule"), max_length=20, choices=Rule)
    text = models.TextField(_("why"), max_length=2000, blank=True)
    is_good_faith = models.BooleanField(_("sincere and accurate, to their knowledge"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="notices",
    )
    email = EncryptedTextField(_("address for the answer"), blank=True)
    # A keyed hash of the account, the address or the session: the same person reports a text once.
    reporter_key = models.CharField(_("who"), max_length=64)
    # When the address is erased, answered or not.
    purge_on = models.DateField(_("address erased on"), null=True, blank=True)
    decision = models.ForeignKey(
        "Decision",
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices_answered",
    )
    answered_at = models.DateTimeField(_("answered on"), null=True, blank=True)
    created_at = models.DateTimeField(_("received on"), db_default=Now())

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reporter_key"],
                name="a_person_reports_a_text_once",
                violation_error_message=_("You have already reported this text."),
            ),
            models.CheckConstraint(
                name="a_notice_names_a_rule",
                condition=Q(rule__in=Rule.values),
                violation_error_message=_("Choose a reason."),
            ),
            models.CheckConstraint(
                name="a_notice_is_in_good_faith",
                condition=Q(is_good_faith=True),
                violation_error_message=_("Say that your notice is sincere."),
            ),
            models.CheckConstraint(
                name="the_address_of_a_notice_has_an_end",
                condition=Q(email="") | Q(purge_on__isnull=False),
                violation_error_message=_("An address is kept until a date."),
            ),
            models.CheckConstraint(
                name="a_notice_is_answered_by_a_decision",
                condition=Q(decision__isnull=True, answered_at__isnull=True)
                | Q(decision__isnull=False, answered_at__isnull=False),
                violation_error_message=_("A notice is answered by a decision."),
            ),
        ]
        indexes = [
            models.Index(fields=["purge_on"], condition=~Q(email=""), name="notices_with_an_address"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.rule}"


class Decision(models.Model):
    """What a moderator decided, with the rule and the facts told to the author. Never changed: another one follows.

    ``follows`` names the one before it on the same case: a case has one first decision, each is followed once, and the
    database refuses any change. An appeal, which comes later, is decided by somebody else.
    """

    case = models.ForeignKey(Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="decisions")
    outcome = models.CharField(_("decision"), max_length=10, choices=Outcome)
    rule = models.CharField(_("rule of the charter"), max_length=20, choices=Rule, blank=True)
    facts = models.TextField(_("facts"), max_length=2000, blank=True)
    is_automated = models.BooleanField(_("without a person"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    follows = models.OneToOneField(
        "self",
        verbose_name=_("decision reviewed"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewed_by",
    )
    created_at = models.DateTimeField(_("decided on"), db_default=Now())

    class Meta:
        verbose_name = _("decision of a moderator")
        verbose_name_plural = _("decisions of moderators")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="an_outcome_that_exists",
                condition=Q(outcome__in=Outcome.values),
                violation_error_message=_("Unknown decision."),
            ),
            models.CheckConstraint(
                name="taking_out_says_the_rule_and_the_facts",
                condition=Q(outcome=Outcome.KEEP) | Q(rule__in=Rule.values) & ~Q(facts=""),
                violation_error_message=_("Say which rule was broken, and by what."),
            ),
            models.CheckConstraint(
                name="a_person_or_a_machine_decided",
                condition=Q(is_automated=True, by__isnull=True) | Q(is_automated=False, by__isnull=False),
                violation_error_message=_("A decision says who took it."),
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(follows__isnull=True),
                name="a_case_has_one_first_decision",
                violation_error_message=_("Somebody decided before you."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"
