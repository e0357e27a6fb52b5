"""Panels drawn by lot: who volunteers, the list that is frozen, the draw that anybody can do again.

The order is what makes it fair, so the database keeps it (migration ``panels_kept``): the list closes with its hour, it
is frozen before the seed is known, and nothing of a draw changes afterwards.
"""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from consult.choices import Level, VolunteerState
from consult.models.below import Below
from consult.models.people import Participant
from pages.blocks import FEATURES

LEVELS = [(level.value, level.label) for level in (Level.VISITOR, Level.ACCOUNT, Level.VERIFIED)]


class PanelPage(Below, Page):
    """A call for volunteers, below the page of its consultation, whose time zone is its own.

    ``seed_source`` names, beforehand, the public number that will decide; ``seed_at`` is when it is known.
    """

    intro = models.TextField(_("what the panel is for, in two sentences"), max_length=400, blank=True)
    asked = RichTextField(_("what is asked of its members"), blank=True, features=FEATURES)
    level = models.CharField(_("who may volunteer"), max_length=10, choices=LEVELS, default=Level.VISITOR)
    size = models.PositiveSmallIntegerField(_("members of the panel"), default=30)
    closes_at = models.DateTimeField(_("people volunteer until"))
    seed_source = models.CharField(_("the public number that will decide"), max_length=300)
    seed_at = models.DateTimeField(_("this number is known from"))
    keeps_until = models.DateField(_("what volunteers gave is erased on"))
    cancelled_reason = models.CharField(_("cancelled, because"), max_length=300, blank=True)

    parent_page_types = ["consult.ConsultationPage"]
    subpage_types: list[str] = []
    private_page_options: list[str] = []
    exclude_fields_in_copy = ["cancelled_reason"]

    class Meta:
        verbose_name = _("panel drawn by lot")
        verbose_name_plural = _("panels drawn by lot")
        constraints = [
            models.CheckConstraint(
                name="a_panel_is_drawn_after_its_list_closes",
                condition=Q(seed_at__gt=F("closes_at")),
                violation_error_message=_("The number that decides is known after the list closes, never before."),
            ),
            models.CheckConstraint(
                name="a_panel_has_members",
                condition=Q(size__gte=1, size__lte=1000),
                violation_error_message=_("A panel has 1 to 1,000 members."),
            ),
            models.CheckConstraint(
                name="a_panel_asks_a_level_that_exists",
                condition=Q(level__in=[value for value, _label in LEVELS]),
                violation_error_message=_("Unknown level."),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("consult:panel", args=[self.get_parent().slug, self.slug])

    @property
    def zone(self) -> ZoneInfo:
        """Where its hours are those of the clocks on the wall."""
        return self.get_parent().specific.zone


class Criterion(Orderable):
    """What volunteers say of themselves. ``shares``: « 16 à 29 ans : 7 à 9 », an answer and how many members."""

    page = ParentalKey(PanelPage, verbose_name=_("panel"), on_delete=models.CASCADE, related_name="criteria")
    label = models.CharField(_("criterion"), max_length=60)
    shares = ArrayField(models.CharField(max_length=120), verbose_name=_("answers and members"), size=30)

    class Meta(Orderable.Meta):
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "label"],
                name="a_criterion_once_a_panel",
                violation_error_message=_("Two criteria have the same name."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Volunteer(models.Model):
    """One person, once, in the list of one panel. ``answers``: label of the criterion → answer.

    ``code`` is what the list and the draw call them: drawn at random, it tells nothing of the person. ``called`` is the
    order in which members were called. Somebody who leaves us leaves a line without a name in a list that is frozen.
    """

    panel = models.ForeignKey(PanelPage, verbose_name=_("panel"), on_delete=models.PROTECT, related_name="volunteers")
    participant = models.ForeignKey(
        Participant,
        verbose_name=_("participant"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="volunteered",
    )
    code = models.CharField(_("number in the list"), max_length=8)
    answers = models.JSONField(_("what they said of themselves"))
    state = models.CharField(_("state"), max_length=10, choices=VolunteerState, default=VolunteerState.LISTED)
    called = models.PositiveIntegerField(_("called in this order"), null=True, blank=True)
    created_at = models.DateTimeField(_("volunteered on"), db_default=Now())
    changed_at = models.DateTimeField(_("changed on"), db_default=Now())

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "participant"],
                name="one_person_volunteers_once",
                violation_error_message=_("You have already volunteered."),
            ),
            models.UniqueConstraint(
                fields=["panel", "code"],
                name="a_volunteer_has_their_own_number",
                violation_error_message=_("This number is given."),
            ),
            models.UniqueConstraint(
                fields=["panel", "called"],
                name="members_are_called_one_by_one",
                violation_error_message=_("Somebody was called at this place."),
            ),
            models.CheckConstraint(
                name="a_volunteer_state_that_exists",
                condition=Q(state__in=VolunteerState.values),
                violation_error_message=_("Unknown state."),
            ),
            models.CheckConstraint(
                name="members_were_called",
                condition=Q(state=VolunteerState.LEFT)
                | Q(state=VolunteerState.DRAWN, called__isnull=False)
                | Q(state=VolunteerState.LISTED, called=None),
                violation_error_message=_("A member was called; others were not."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Draw(models.Model):
    """A list that was frozen, then the draw. Nothing personal: it stays once the volunteers are erased.

    ``rules``: « size » and « quotas », as ``tally.panels`` and ``draw_panel --quotas`` read them. ``offered`` and
    ``reached``: category → value → people. ``chosen``: codes in the order of the draw; ``gone``: codes of who gave
    their place back, in order.
    """

    panel = models.OneToOneField(PanelPage, verbose_name=_("panel"), on_delete=models.PROTECT, related_name="draw")
    rules = models.JSONField(_("members and quotas"))
    fingerprint = models.CharField(_("fingerprint of the list"), max_length=64)
    volunteers = models.PositiveIntegerField(_("volunteers"))
    offered = models.JSONField(_("volunteers by answer"))
    seed_source = models.CharField(_("the public number that decides"), max_length=300)
    seed_at = models.DateTimeField(_("known from"))
    frozen_at = models.DateTimeField(_("frozen on"), db_default=Now())
    seed = models.CharField(_("seed"), max_length=200, blank=True)
    method = models.CharField(_("method"), max_length=80, blank=True)
    drawn_at = models.DateTimeField(_("drawn on"), null=True, blank=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("drawn by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    chosen = ArrayField(models.CharField(max_length=8), verbose_name=_("drawn"), default=list, blank=True)
    gone = ArrayField(models.CharField(max_length=8), verbose_name=_("places given back"), default=list, blank=True)
    reached = models.JSONField(_("members by answer"), default=dict, blank=True)
    erased_at = models.DateTimeField(_("volunteers erased on"), null=True, blank=True)

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        constraints = [
            models.CheckConstraint(
                name="a_list_is_frozen_before_its_seed_is_known",
                condition=Q(frozen_at__lt=F("seed_at")),
                violation_error_message=_("The number that decides is already known: name a later one."),
            ),
            models.CheckConstraint(
                name="a_panel_is_drawn_once_its_seed_is_known",
                condition=Q(drawn_at=None, seed="") | Q(drawn_at__gte=F("seed_at")) & ~Q(seed=""),
                violation_error_message=_("The number that decides is not known yet."),
            ),
        ]

    def __str__(self) -> str:
        return self.fingerprint
