"""Propositions: their text, its versions, what it rests on."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consult.choices import PropositionState
from consult.models.contributions import Contribution, keyed_constraint
from consult.models.structure import Consultation, Section
from moderation.choices import Rule

SORTS = {"date": ["-created_at", "-id"], "score": ["-score", "-id"], "debate": ["-debate", "-id"]}


class PropositionQuerySet(models.QuerySet["Proposition"]):
    def public(self) -> "PropositionQuerySet":
        """Those with a page of their own: shown, whatever became of them."""
        return self.filter(is_shown=True)

    def listed(self) -> "PropositionQuerySet":
        """Those that stand in lists and counts: neither merged nor withdrawn."""
        return self.public().filter(state=PropositionState.PUBLISHED)


class Proposition(Contribution):
    """``number`` is given by ``Consultation.last_number`` and never used again, whatever becomes of the proposition.

    The counters, and the sort keys made of them, are kept by the acts under the row's lock. ``search`` is kept by the
    database (a trigger of the first migration).
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.PROTECT, related_name="propositions"
    )
    number = models.PositiveIntegerField(_("number"))
    section = models.ForeignKey(
        Section, verbose_name=_("section"), on_delete=models.PROTECT, related_name="propositions"
    )
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("text"), max_length=10_000)  # HTML of a small allow-list, cleaned when written
    state = models.CharField(_("state"), max_length=10, choices=PropositionState, default=PropositionState.PUBLISHED)
    state_changed_at = models.DateTimeField(_("state changed on"), db_default=Now())
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
    )
    withdrawn_reason = models.TextField(_("why it was withdrawn"), max_length=600, blank=True)
    agree_count = models.PositiveIntegerField(_("agree"), default=0)
    mixed_count = models.PositiveIntegerField(_("mixed"), default=0)
    disagree_count = models.PositiveIntegerField(_("disagree"), default=0)
    for_count = models.PositiveIntegerField(_("arguments for"), default=0)
    against_count = models.PositiveIntegerField(_("arguments against"), default=0)
    last_argument = models.PositiveIntegerField(_("last number given to an argument"), default=0)
    score = models.FloatField(_("support, for sorting"), default=0)
    debate = models.FloatField(_("debate, for sorting"), default=0)
    threshold_reached_at = models.DateTimeField(_("threshold reached on"), null=True, blank=True)
    search = SearchVectorField(_("words to search"), null=True, editable=False)

    objects = PropositionQuerySet.as_manager()

    class Meta(Contribution.Meta):
        verbose_name = _("proposition")
        verbose_name_plural = _("propositions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"],
                name="a_proposition_number_is_given_once",
                violation_error_message=_("This number is taken."),
            ),
            models.CheckConstraint(
                name="a_proposition_state_that_exists",
                condition=Q(state__in=PropositionState.values),
                violation_error_message=_("Unknown state."),
            ),
            models.CheckConstraint(
                name="merged_propositions_say_into_what",
                condition=Q(state=PropositionState.MERGED, merged_into__isnull=False)
                | Q(merged_into__isnull=True) & ~Q(state=PropositionState.MERGED),
                violation_error_message=_("A merged proposition names the one that took it."),
            ),
            keyed_constraint("a_paper_proposition_names_its_typist"),
        ]
        indexes = [
            # One index a sort: the same cost at 2,000 propositions and at 20,000.
            *(
                models.Index(
                    fields=[within, *fields],
                    condition=Q(is_shown=True, state="published"),
                    name=f"{within}_by_{name}",
                )
                for within in ("section", "consultation")
                for name, fields in SORTS.items()
            ),
            GinIndex(fields=["search"], name="propositions_by_words"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="propositions_by_title"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("consult:proposition", args=[self.consultation.page.slug, self.number])


class Version(models.Model):
    """The text of a proposition at some time, the present one included. Never changed."""

    proposition = models.ForeignKey(
        Proposition, verbose_name=_("proposition"), on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("text"), max_length=10_000)
    reason = models.CharField(_("what changed, and why"), max_length=300, blank=True)
    # Its text alone was taken out by a moderator: the others stand.
    removed_at = models.DateTimeField(_("text removed on"), null=True, blank=True)
    removed_rule = models.CharField(_("rule that was broken"), max_length=20, choices=Rule, blank=True)
    created_at = models.DateTimeField(_("written on"), db_default=Now())

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["proposition", "number"], name="a_version_number_is_given_once"),
            models.CheckConstraint(
                name="a_removed_version_has_no_text",
                condition=Q(removed_at__isnull=True, removed_rule="")
                | Q(removed_at__isnull=False, title="", body="", removed_rule__in=Rule.values),
                violation_error_message=_("Nothing of a removed version is kept, but the rule that it broke."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposition_id} v{self.number}"


class ReferenceLink(models.Model):
    """A source that a proposition quotes. The server never opens it."""

    proposition = models.ForeignKey(
        Proposition, verbose_name=_("proposition"), on_delete=models.CASCADE, related_name="sources"
    )
    label = models.CharField(_("title of the source"), max_length=160)
    url = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label


class Draft(models.Model):
    """What somebody is writing: read by that person alone, kept until it is filed, then gone.

    A visitor without an account is known by ``key`` (in a signed cookie); ``purge_on`` dates its end.
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="drafts"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="proposition_drafts",
    )
    key = models.UUIDField(_("key"), unique=True)
    section = models.ForeignKey(
        Section, verbose_name=_("section"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("title"), max_length=160, blank=True)
    body = models.TextField(_("text"), max_length=10_000, blank=True)
    saved_at = models.DateTimeField(_("saved on"), db_default=Now())
    purge_on = models.DateField(_("erased on"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return self.title
