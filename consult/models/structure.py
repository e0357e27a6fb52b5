"""What an editor sets up: the page of a consultation, its sections and its phases.

One consultation, several languages: translated pages share a ``translation_key``, and everything people write hangs on
the sections and phases of the page that was written first (``ConsultationPage.original``).
"""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import Image
from wagtail.models import Orderable, Page, TranslatableMixin
from wagtail.search import index

from consult.blocks import ConsultationBlock
from consult.choices import ALLOWED_IN, Act, Level, PhaseKind, TimeZone, VoteWidget, Wording
from consult.models.serving import IndexServed, Served
from directory.models import Administration
from moderation.choices import Timing
from pages.blocks import FEATURES


class ConsultationIndexPage(IndexServed, Page):
    """The list of consultations: /consultations/."""

    intro = models.TextField(_("in a sentence"), max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    max_count_per_parent = 1
    private_page_options: list[str] = []
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["consult.ConsultationPage"]

    class Meta:
        verbose_name = _("list of consultations")
        verbose_name_plural = _("lists of consultations")


class ConsultationPage(Served, Page):
    """What an administration asks, how long, by which procedure, and when it will say what it made of it."""

    administration = models.ForeignKey(
        Administration,
        verbose_name=_("administration that consults"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    lead = models.TextField(_("what is at stake, in two sentences"), max_length=400, blank=True)
    picture = models.ForeignKey(
        Image, verbose_name=_("picture"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    picture_description = models.CharField(_("what the picture shows"), max_length=160, blank=True)
    body = StreamField(ConsultationBlock(), verbose_name=_("the file: information and documents"), blank=True)
    procedure = RichTextField(_("procedure followed, and rules of the consultation"), blank=True, features=FEATURES)
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
    moderation = models.CharField(_("moderation"), max_length=10, choices=Timing, blank=True)
    follow_up_due = models.DateField(_("date by which the follow-up is published"), null=True, blank=True)
    population = models.PositiveIntegerField(_("people concerned"), null=True, blank=True)
    population_word = models.CharField(_("who they are (inhabitants, pupils…)"), max_length=40, blank=True)
    time_zone = models.CharField(_("time zone of its dates"), max_length=40, choices=TimeZone, default=TimeZone.PARIS)
    dates_reason = models.CharField(_("why its dates move"), max_length=300, blank=True)
    has_map = models.BooleanField(_("this consultation has an opinion map"), default=False)
    map_question = models.CharField(_("question asked above the statements"), max_length=160, blank=True)
    map_seeds = models.TextField(_("first statements, one a line"), max_length=20_000, blank=True)
    map_takes_statements = models.BooleanField(_("people may propose statements"), default=True)
    map_hides_results = models.BooleanField(_("the map is hidden until the end"), default=True)
    map_opens_answers = models.BooleanField(_("the file of answers is published, without names"), default=False)

    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    parent_page_types = ["consult.ConsultationIndexPage"]
    subpage_types = ["consult.SurveyPage", "consult.MeetingPage", "consult.PanelPage", "consult.SynthesisPage"]
    private_page_options: list[str] = []  # a consultation is public, or not published
    exclude_fields_in_copy = ["dates_reason"]

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        constraints = [
            models.CheckConstraint(
                name="a_time_zone_that_exists",
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
        """Another page was written first, and bears the dates, the settings and what people write."""
        if self.pk is None:
            return False
        return Consultation.objects.filter(translation_key=self.translation_key).exclude(page=self.pk).exists()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The first of its translations to be written bears what people will write."""
        super().save(*args, **kwargs)
        Consultation.objects.get_or_create(translation_key=self.translation_key, defaults={"page": self})


class Consultation(models.Model):
    """What is kept about a consultation outside its pages: the last number given, and how much was said.

    The counters are kept by the acts, in their own transaction; ``counting.recount`` proves them.
    """

    translation_key = models.UUIDField(_("key common to its translations"), unique=True)
    page = models.OneToOneField(
        ConsultationPage, verbose_name=_("page written first"), on_delete=models.PROTECT, related_name="consultation"
    )
    # The dates as they were last made public, by translation key of the phase (``actions.publishing.as_announced``).
    announced = models.JSONField(_("dates made public"), default=dict, blank=True)
    last_number = models.PositiveIntegerField(_("last number given"), default=0)
    last_statement = models.PositiveIntegerField(_("last number given to a statement"), default=0)
    # As it was told to those who answer: it no longer changes once somebody has.
    opens_answers = models.BooleanField(_("the file of answers is published, without names"), default=False)
    proposition_count = models.PositiveIntegerField(_("propositions"), default=0)
    for_count = models.PositiveIntegerField(_("arguments for"), default=0)
    against_count = models.PositiveIntegerField(_("arguments against"), default=0)
    vote_count = models.PositiveIntegerField(_("votes"), default=0)
    voter_count = models.PositiveIntegerField(_("voters"), default=0)

    class Meta:
        verbose_name = _("consultation and its counters")
        verbose_name_plural = _("consultations and their counters")

    def __str__(self) -> str:
        return str(self.page)


class Section(TranslatableMixin, Orderable):
    """A heading under which people write, with what they may do there. Sections of level 2 belong to the one above."""

    page = ParentalKey(
        ConsultationPage, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="sections"
    )
    title = models.CharField(_("title"), max_length=120)
    level = models.PositiveSmallIntegerField(
        _("level"), choices=[(1, _("section")), (2, _("inside the section above"))], default=1
    )
    intro = models.TextField(_("what is asked here"), max_length=600, blank=True)
    wording = models.CharField(_("people write a"), max_length=20, choices=Wording, default=Wording.PROPOSITION)
    takes_propositions = models.BooleanField(_("people may propose"), default=True)
    takes_arguments = models.BooleanField(_("people may argue"), default=True)
    takes_sources = models.BooleanField(_("sources and attachments may be given"), default=True)
    vote = models.CharField(_("vote"), max_length=10, choices=VoteWidget, default=VoteWidget.THREE)
    hides_counts = models.BooleanField(_("votes are hidden until the end"), default=False)
    threshold = models.PositiveIntegerField(
        _("votes “agree” that oblige to answer"), null=True, blank=True, help_text=_("Empty: no threshold.")
    )

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.CheckConstraint(
                name="a_section_level_that_exists",
                condition=Q(level__in=(1, 2)),
                violation_error_message=_("A section is of level 1 or 2."),
            ),
            models.CheckConstraint(
                name="a_vote_widget_that_exists",
                condition=Q(vote__in=VoteWidget.values),
                violation_error_message=_("Unknown vote."),
            ),
            models.CheckConstraint(
                name="a_threshold_counts_votes",
                condition=Q(threshold__isnull=True) | Q(threshold__gt=0) & ~Q(vote=VoteWidget.NONE),
                violation_error_message=_("A threshold needs a vote."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PhaseQuerySet(models.QuerySet["Phase"]):
    def open_for(self, act: Act) -> "PhaseQuerySet":
        """Those during which ``act`` is allowed, at the database's clock when the statement begins."""
        return self.filter(kind__in=ALLOWED_IN[act], opens_at__lte=Now(), closes_at__gt=Now())


SPAN = Func("opens_at", "closes_at", function="TSTZRANGE", output_field=DateTimeRangeField())


class Phase(TranslatableMixin, Orderable):
    """A phase (*étape*): what people may do in ``[opens_at, closes_at)``, judged by the database's clock alone."""

    page = ParentalKey(
        ConsultationPage, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="phases"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=PhaseKind)
    title = models.CharField(_("title, if another than its kind"), max_length=40, blank=True)
    note = models.CharField(_("in a sentence"), max_length=160, blank=True)
    opens_at = models.DateTimeField(_("opens on"))
    closes_at = models.DateTimeField(_("closes on"))
    level = models.CharField(_("who takes part"), max_length=10, choices=Level, default=Level.ACCOUNT)

    objects = PhaseQuerySet.as_manager()

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        constraints = [
            models.CheckConstraint(
                name="a_phase_kind_that_exists",
                condition=Q(kind__in=PhaseKind.values),
                violation_error_message=_("Unknown kind of phase."),
            ),
            models.CheckConstraint(
                name="a_participation_level_that_exists",
                condition=Q(level__in=Level.values),
                violation_error_message=_("Unknown level of participation."),
            ),
            models.CheckConstraint(
                name="a_phase_closes_after_it_opens",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("A phase closes after it opens."),
            ),
            ExclusionConstraint(
                name="phases_of_a_kind_do_not_overlap",
                expressions=[
                    ("page", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (SPAN, RangeOperators.OVERLAPS),
                ],
                # Two phases may exchange their dates when a page is published: judged when it is all written.
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two phases of the same kind overlap."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())
