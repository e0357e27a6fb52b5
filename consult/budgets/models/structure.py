"""What an editor sets up: the page of a budget, its envelopes, its phases, and who may vote.

As with consultations, translated pages share a ``translation_key``, and everything people write hangs on the ``Budget``
and on the envelopes of the page written first.
"""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import Image
from wagtail.models import Orderable, Page, TranslatableMixin
from wagtail.search import index

from consult.blocks import ConsultationBlock
from consult.budgets.choices import ALLOWED_IN, BudgetAct, BudgetPhaseKind, EnvelopeKind, Requirement, RollBy
from consult.choices import Level, TimeZone
from consult.models.serving import IndexServed, Served
from consult.models.structure import SPAN
from directory.models import Administration
from moderation.choices import Timing
from pages.blocks import FEATURES


class BudgetIndexPage(IndexServed, Page):
    """The list of budgets: /budgets/."""

    intro = models.TextField(_("in a sentence"), max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    max_count_per_parent = 1
    private_page_options: list[str] = []
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["budgets.BudgetPage"]

    class Meta:
        verbose_name = _("list of participatory budgets")
        verbose_name_plural = _("lists of participatory budgets")

    def get_absolute_url(self) -> str:
        return reverse("budgets:index")


class BudgetPage(Served, Page):
    """The money that residents share out, who may, when, and by which regulation."""

    administration = models.ForeignKey(
        Administration,
        verbose_name=_("administration that opens it"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    lead = models.TextField(_("what is shared out, in two sentences"), max_length=400, blank=True)
    picture = models.ForeignKey(
        Image, verbose_name=_("picture"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    picture_description = models.CharField(_("what the picture shows"), max_length=160, blank=True)
    body = StreamField(ConsultationBlock(), verbose_name=_("the file: information and documents"), blank=True)
    procedure = RichTextField(_("rules of the budget, in full sentences"), blank=True, features=FEATURES)
    charter = models.ForeignKey(
        Page,
        verbose_name=_("charter of participation"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    contact_name = models.CharField(_("who answers questions"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    contact_address = models.TextField(_("postal address"), max_length=300, blank=True)
    moderation = models.CharField(_("moderation of ideas"), max_length=10, choices=Timing, blank=True)
    population = models.PositiveIntegerField(_("people concerned"), null=True, blank=True)
    population_word = models.CharField(_("who they are (inhabitants, pupils…)"), max_length=40, blank=True)
    time_zone = models.CharField(_("time zone of its dates"), max_length=40, choices=TimeZone, default=TimeZone.PARIS)
    dates_reason = models.CharField(_("why its dates move"), max_length=300, blank=True)
    # ``rules.Rules`` as JSON, while an editor may change it; what counts is ``FrozenRegulation``.
    rules = models.JSONField(_("regulation of the ballot"), default=dict, blank=True)
    signatures = models.PositiveSmallIntegerField(
        _("signatures under each study"), choices=[(1, _("one")), (2, _("two"))], default=1
    )

    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    parent_page_types = ["budgets.BudgetIndexPage"]
    subpage_types: list[str] = []
    private_page_options: list[str] = []  # a budget is public, or not published
    exclude_fields_in_copy = ["dates_reason"]

    class Meta:
        verbose_name = _("participatory budget")
        verbose_name_plural = _("participatory budgets")
        constraints = [
            models.CheckConstraint(
                name="a_budget_in_a_time_zone_that_exists",
                condition=Q(time_zone__in=TimeZone.values),
                violation_error_message=_("Unknown time zone."),
            ),
        ]

    @property
    def zone(self) -> ZoneInfo:
        """Where its dates are typed and read."""
        return ZoneInfo(self.time_zone)

    @property
    def is_translation(self) -> bool:
        """Another page was written first, and bears the dates, the money and what people write."""
        if self.pk is None:
            return False
        return Budget.objects.filter(translation_key=self.translation_key).exclude(page=self.pk).exists()

    def get_absolute_url(self) -> str:
        return reverse("budgets:budget", args=[self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The first of its translations to be written bears what people will write."""
        super().save(*args, **kwargs)
        Budget.objects.get_or_create(translation_key=self.translation_key, defaults={"page": self})


class Budget(models.Model):
    """What is kept about a budget outside its pages: the last numbers given, and what was made public."""

    translation_key = models.UUIDField(_("key common to its translations"), unique=True)
    page = models.OneToOneField(
        BudgetPage, verbose_name=_("page written first"), on_delete=models.PROTECT, related_name="budget"
    )
    announced = models.JSONField(_("dates made public"), default=dict, blank=True)
    last_idea = models.PositiveIntegerField(_("last number given to an idea"), default=0)
    last_project = models.PositiveIntegerField(_("last number given to a project"), default=0)
    roll_by = models.CharField(_("how its voter roll names people"), max_length=10, choices=RollBy, blank=True)
    # The hour is that of the clock that closes, never of somebody who votes.
    sealed_at = models.DateTimeField(_("nobody's ballot can be found again since"), null=True, blank=True)

    class Meta:
        verbose_name = _("budget and its numbers")
        verbose_name_plural = _("budgets and their numbers")

    def __str__(self) -> str:
        return str(self.page)


class Envelope(TranslatableMixin, Orderable):
    """An amount to share out, in cents: for the whole town, a territory or a theme."""

    page = ParentalKey(BudgetPage, verbose_name=_("budget"), on_delete=models.CASCADE, related_name="envelopes")
    title = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("for"), max_length=10, choices=EnvelopeKind, default=EnvelopeKind.WHOLE)
    amount = models.BigIntegerField(_("amount, in cents"))

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("envelope")
        verbose_name_plural = _("envelopes")
        constraints = [
            models.CheckConstraint(
                name="an_envelope_kind_that_exists",
                condition=Q(kind__in=EnvelopeKind.values),
                violation_error_message=_("Unknown kind of envelope."),
            ),
            models.CheckConstraint(
                name="an_envelope_holds_money",
                condition=Q(amount__gt=0),
                violation_error_message=_("An envelope holds an amount above zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BudgetPhaseQuerySet(models.QuerySet["BudgetPhase"]):
    def open_for(self, act: BudgetAct) -> "BudgetPhaseQuerySet":
        """Those during which ``act`` is allowed, at the database's clock when the statement begins."""
        return self.filter(kind__in=ALLOWED_IN[act], opens_at__lte=Now(), closes_at__gt=Now())


class BudgetPhase(TranslatableMixin, Orderable):
    """A phase of a budget: ``[opens_at, closes_at)``, judged by the database's clock alone."""

    page = ParentalKey(BudgetPage, verbose_name=_("budget"), on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(_("kind"), max_length=12, choices=BudgetPhaseKind)
    title = models.CharField(_("title, if another than its kind"), max_length=40, blank=True)
    note = models.CharField(_("in a sentence"), max_length=160, blank=True)
    opens_at = models.DateTimeField(_("opens on"))
    closes_at = models.DateTimeField(_("closes on"))
    level = models.CharField(_("who takes part"), max_length=10, choices=Level, default=Level.ACCOUNT)

    objects = BudgetPhaseQuerySet.as_manager()

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        constraints = [
            models.CheckConstraint(
                name="a_budget_phase_kind_that_exists",
                condition=Q(kind__in=BudgetPhaseKind.values),
                violation_error_message=_("Unknown kind of phase."),
            ),
            models.CheckConstraint(
                name="a_budget_level_that_exists",
                condition=Q(level__in=Level.values),
                violation_error_message=_("Unknown level of participation."),
            ),
            models.CheckConstraint(
                name="a_budget_phase_closes_after_it_opens",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("A phase closes after it opens."),
            ),
            # One ballot a budget, one phase of each kind: « when does the vote close » has one answer.
            models.UniqueConstraint(
                fields=["page", "kind"],
                name="a_budget_has_one_phase_of_a_kind",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("This budget already has a phase of this kind."),
            ),
            ExclusionConstraint(
                name="no_idea_is_filed_while_people_vote",
                expressions=[("page", RangeOperators.EQUAL), (SPAN, RangeOperators.OVERLAPS)],
                condition=Q(kind__in=("ideas", "ballot")),
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Ideas are over when the ballot opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())


class Condition(Orderable):
    """One line of « who may vote »: ``value`` is the age; ``words`` says the rest (« habiter Valbourg »)."""

    page = ParentalKey(BudgetPage, verbose_name=_("budget"), on_delete=models.CASCADE, related_name="conditions")
    kind = models.CharField(_("asks for"), max_length=10, choices=Requirement)
    value = models.PositiveSmallIntegerField(_("age, in years"), null=True, blank=True)
    words = models.CharField(_("in words"), max_length=160, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("condition to vote")
        verbose_name_plural = _("conditions to vote")
        constraints = [
            models.CheckConstraint(
                name="a_condition_that_exists",
                condition=Q(kind__in=Requirement.values),
                violation_error_message=_("Unknown condition."),
            ),
            models.CheckConstraint(
                name="an_age_condition_says_the_age",
                condition=Q(kind=Requirement.AGE, value__isnull=False)
                | ~Q(kind=Requirement.AGE) & Q(value__isnull=True),
                violation_error_message=_("Say the age, for this condition alone."),
            ),
            models.UniqueConstraint(
                fields=["page", "kind"],
                name="each_condition_once",
                violation_error_message=_("This condition is already there."),
            ),
        ]

    def __str__(self) -> str:
        return self.words or str(self.get_kind_display())


class FrozenRegulation(models.Model):
    """What voters were promised: rules, envelopes, conditions, and the list of projects, hashed. It never changes.

    ``content``: ``{"rules", "envelopes", "conditions", "closes_at", "projects"}``; ``hash``: ``rules.digest`` of it.
    A trigger refuses every change.
    """

    budget = models.OneToOneField(Budget, verbose_name=_("budget"), on_delete=models.PROTECT, related_name="regulation")
    content = models.JSONField(_("what was frozen"))
    hash = models.CharField(_("hash"), max_length=64)
    frozen_at = models.DateTimeField(_("frozen on"), db_default=Now())
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("frozen by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("frozen regulation")
        verbose_name_plural = _("frozen regulations")

    def __str__(self) -> str:
        return self.hash[:12]
