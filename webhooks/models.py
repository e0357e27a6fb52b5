"""The tools of the administration that are told what happens, and what was told to each.

An event is a row before it leaves (the outbox of machines): nothing is lost when the tool, or the worker, is down.
"""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models import Service
from letters.fields import EncryptedTextField
from letters.models import DELAYS, IN_FLIGHT_FOR
from webhooks.choices import DeliveryState, EventKind, Kind


class Webhook(models.Model):
    """One address of another tool. The address is a secret too (a chat's holds its key): only its host is shown."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    url = EncryptedTextField(_("address"))
    host = models.CharField(_("host"), max_length=255)
    secret = EncryptedTextField(_("key"), blank=True)
    service = models.ForeignKey(
        Service, verbose_name=_("service"), on_delete=models.CASCADE, null=True, blank=True, related_name="webhooks"
    )
    wants_states = models.BooleanField(_("also changes of state"), default=False)
    is_paused = models.BooleanField(_("paused"), default=False)
    created_at = models.DateTimeField(_("linked on"), db_default=Now())

    class Meta:
        verbose_name = _("linked tool")
        verbose_name_plural = _("linked tools")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="a_webhook_kind_that_exists",
                condition=Q(kind__in=Kind.values),
                violation_error_message=_("Unknown kind."),
            ),
            models.CheckConstraint(
                name="what_is_signed_has_a_key",
                condition=Q(kind=Kind.CHAT) | ~Q(secret=""),
                violation_error_message=_("This kind needs a key."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("webhooks_one", args=[self.pk])


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self) -> "DeliveryQuerySet":
        """To send now: not waiting after a failure, and nothing older about the same subject still to send."""
        is_due = Q(tried_at=None)
        for attempts, delay in enumerate(DELAYS, start=1):
            is_due |= Q(attempts=attempts, tried_at__lte=Now() - delay)
        waiting = (DeliveryState.PROMISED, DeliveryState.IN_FLIGHT)
        older = Delivery.objects.filter(
            webhook=OuterRef("webhook"), subject=OuterRef("subject"), pk__lt=OuterRef("pk"), state__in=waiting
        )
        return self.filter(is_due, ~Exists(older), state=DeliveryState.PROMISED, webhook__is_paused=False)

    def abandoned(self) -> "DeliveryQuerySet":
        """In the hands of a worker that no longer exists."""
        return self.filter(state=DeliveryState.IN_FLIGHT, tried_at__lte=Now() - IN_FLIGHT_FOR)


class Delivery(models.Model):
    """One event told to one tool, at least once, under the same ``event_id``. ``data`` holds no personal data.

    ``key`` says what happened and is unique for a tool: an event announced twice is sent once. What is about the same
    ``subject`` leaves in order.
    """

    webhook = models.ForeignKey(
        Webhook, verbose_name=_("linked tool"), on_delete=models.CASCADE, related_name="deliveries"
    )
    event = models.CharField(_("event"), max_length=40, choices=EventKind)
    event_id = models.UUIDField(_("key of the event"), default=uuid.uuid4)
    key = models.CharField(_("what happened"), max_length=120)
    subject = models.CharField(_("about"), max_length=60)
    data = models.JSONField(_("content"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.PROMISED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    status = models.PositiveSmallIntegerField(_("reply"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=200, blank=True)
    promised_at = models.DateTimeField(_("happened on"), db_default=Now())
    tried_at = models.DateTimeField(_("last tried on"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent on"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "key"], name="an_event_is_told_once_to_a_tool"),
            models.CheckConstraint(
                name="a_delivery_state_that_exists",
                condition=Q(state__in=DeliveryState.values),
                violation_error_message=_("Unknown state."),
            ),
        ]
        indexes = [
            models.Index(fields=["tried_at"], condition=Q(state="promised"), name="deliveries_to_send"),
            models.Index(fields=["webhook", "subject"], name="deliveries_of_a_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id}: {self.key}"
