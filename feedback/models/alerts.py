"""What the machine says to those who steer: a pain point that rises, texts that come in numbers. It decides nothing."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from directory.models import Service
from feedback.models.fiches import Segment
from feedback.models.pain_points import PainPoint


class SurgeAlertQuerySet(models.QuerySet["SurgeAlert"]):
    def open(self) -> "SurgeAlertQuerySet":
        """Those not over: rising, or calm for too short a time to say."""
        return self.filter(closed_at__isnull=True)

    def rising(self) -> "SurgeAlertQuerySet":
        """Those that still hold today: what the board and the page of the pain point show."""
        return self.open().filter(calm_since__isnull=True)


class SurgeAlert(models.Model):
    """A pain point that more people write about than its past, the calendar and its service explain.

    ``observed`` fiches in the ``days`` days up to ``day``, where ``expected`` were: the last figures while it rises.
    It ends after some calm days; what rises again before is the same alert, and nobody is written to twice.
    """

    pain_point = models.ForeignKey(
        PainPoint, verbose_name=_("pain point"), on_delete=models.CASCADE, related_name="surge_alerts"
    )
    day = models.DateField(_("counted up to"))
    days = models.PositiveSmallIntegerField(_("days counted"))
    observed = models.PositiveIntegerField(_("fiches"))
    expected = models.FloatField(_("fiches expected"))
    q = models.FloatField(_("share of such alerts that chance gives"))
    opened_at = models.DateTimeField(_("opened on"), db_default=Now())
    told_at = models.DateTimeField(_("told on"), null=True, blank=True)
    calm_since = models.DateField(_("calm since"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed on"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("seen by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    acknowledged_at = models.DateTimeField(_("seen on"), null=True, blank=True)

    objects = SurgeAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("surge alert")
        verbose_name_plural = _("surge alerts")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pain_point"],
                condition=Q(closed_at__isnull=True),
                name="one_open_alert_per_pain_point",
                violation_error_message=_("This pain point already has an open alert."),
            ),
            models.CheckConstraint(
                name="an_alert_is_above_what_was_expected",
                condition=Q(observed__gt=F("expected"), expected__gte=0),
                violation_error_message=_("An alert counts more than was expected."),
            ),
            models.CheckConstraint(
                name="whoever_has_seen_an_alert_is_named",
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                violation_error_message=_("An alert that was seen names who saw it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pain_point_id}: {self.observed}"


class FloodSignal(models.Model):
    """Near-identical texts that came in numbers. A signal for people: nothing is hidden, dropped or slowed by it.

    A petition does the same, and is legitimate. ``text`` is the first of them; ``channels`` counts fiches by channel.
    """

    text = models.OneToOneField(
        Segment, verbose_name=_("first text"), on_delete=models.CASCADE, related_name="flood_signal"
    )
    service = models.ForeignKey(
        Service, verbose_name=_("service"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    fiche_count = models.PositiveIntegerField(_("fiches"))
    first_on = models.DateField(_("first fiche"))
    last_on = models.DateField(_("last fiche"))
    most_in_a_day = models.PositiveIntegerField(_("most in a day"))
    channels = models.JSONField(_("channels"), default=dict, blank=True)
    raised_at = models.DateTimeField(_("raised on"), db_default=Now())
    seen_count = models.PositiveIntegerField(_("fiches when it was seen"), default=0)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("seen by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    seen_at = models.DateTimeField(_("seen on"), null=True, blank=True)

    class Meta:
        verbose_name = _("signal of similar texts")
        verbose_name_plural = _("signals of similar texts")
        ordering = ["-last_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="whoever_has_seen_a_signal_is_named",
                condition=Q(seen_at__isnull=True, seen_by__isnull=True)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                violation_error_message=_("A signal that was seen names who saw it."),
            )
        ]
        indexes = [models.Index(fields=["service", "-last_on"], name="signals_of_a_service")]

    def __str__(self) -> str:
        return f"{self.text_id}: {self.fiche_count}"
