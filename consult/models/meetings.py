"""Meetings: where and when, who comes, and what was said there.

The database lets in no more people than there are seats (migration ``meetings``): whoever comes after waits.
"""

from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.models import Page

from consult.choices import MeetingKind, SeatState
from consult.models.arguments import Argument
from consult.models.below import Below
from consult.models.people import Participant
from consult.models.propositions import Proposition
from pages.blocks import FEATURES


class MeetingPage(Below, Page):
    """A public meeting, a workshop, a panel: below the page of its consultation, whose time zone is its own."""

    kind = models.CharField(_("kind"), max_length=10, choices=MeetingKind, default=MeetingKind.PUBLIC)
    intro = models.TextField(_("what it is for, in two sentences"), max_length=400, blank=True)
    starts_at = models.DateTimeField(_("begins on"))
    ends_at = models.DateTimeField(_("ends on"))
    place = models.CharField(_("place"), max_length=160, blank=True)
    address = models.CharField(_("address of the place"), max_length=300, blank=True)
    access = models.CharField(
        _("how to come, and who can come in (lift, loop, sign language)"), max_length=300, blank=True
    )
    link = models.URLField(_("link to take part from afar"), blank=True)
    agenda = RichTextField(_("agenda"), blank=True, features=FEATURES)
    takes_registrations = models.BooleanField(_("people register"), default=True)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    minutes = RichTextField(_("minutes"), blank=True, features=FEATURES)
    cancelled_reason = models.CharField(_("cancelled, because"), max_length=300, blank=True)

    parent_page_types = ["consult.ConsultationPage"]
    subpage_types: list[str] = []
    private_page_options: list[str] = []
    exclude_fields_in_copy = ["minutes", "cancelled_reason"]

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(
                name="a_meeting_kind_that_exists",
                condition=Q(kind__in=MeetingKind.values),
                violation_error_message=_("Unknown kind of meeting."),
            ),
            models.CheckConstraint(
                name="a_meeting_ends_after_it_begins",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A meeting ends after it begins."),
            ),
            models.CheckConstraint(
                name="a_meeting_has_a_seat",
                condition=Q(capacity__isnull=True) | Q(capacity__gt=0),
                violation_error_message=_("Give one seat at least; empty: as many as come."),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("consult:meeting", args=[self.get_parent().slug, self.slug])

    @property
    def zone(self) -> ZoneInfo:
        """Where its hours are those of the clocks on the wall."""
        return self.get_parent().specific.zone


class Seat(models.Model):
    """One person registered for one meeting; who waits gets the first seat given back, in order of arrival."""

    meeting = models.ForeignKey(MeetingPage, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="seats")
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.PROTECT, related_name="seats"
    )
    state = models.CharField(_("state"), max_length=10, choices=SeatState)
    # The place in the queue: given anew to whoever comes back after leaving.
    asked_at = models.DateTimeField(_("asked on"), db_default=Now())
    changed_at = models.DateTimeField(_("changed on"), db_default=Now())

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "participant"],
                name="one_person_one_seat",
                violation_error_message=_("You are already registered."),
            ),
            models.CheckConstraint(
                name="a_seat_state_that_exists",
                condition=Q(state__in=SeatState.values),
                violation_error_message=_("Unknown state."),
            ),
        ]
        indexes = [models.Index(fields=["meeting", "state", "asked_at", "id"], name="seats_by_arrival")]

    def __str__(self) -> str:
        return str(self.pk)


class Said(models.Model):
    """What was said in a meeting and keyed in: a proposition or an argument, under the same numbers as the others."""

    meeting = models.ForeignKey(MeetingPage, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="said")
    proposition = models.OneToOneField(
        Proposition,
        verbose_name=_("proposition"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="said_in",
    )
    argument = models.OneToOneField(
        Argument, verbose_name=_("argument"), on_delete=models.CASCADE, null=True, blank=True, related_name="said_in"
    )

    class Meta:
        verbose_name = _("said in a meeting")
        verbose_name_plural = _("said in meetings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="something_was_said",
                condition=Q(proposition__isnull=False, argument__isnull=True)
                | Q(proposition__isnull=True, argument__isnull=False),
                violation_error_message=_("A proposition, or an argument."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
