"""Which tools are told, of what, and the life of one delivery."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    PAGERDUTY = "pagerduty", _("PagerDuty (Events v2)")
    SIGNED = "signed", _("signed JSON, for a program of yours")
    CHAT = "chat", _("message in a discussion (Slack, Mattermost…)")


class EventKind(models.TextChoices):
    """What is told. The names are a contract: they stand in what is sent."""

    SURGE_OPENED = "surge.opened", _("a pain point rises fast")
    SURGE_ACKNOWLEDGED = "surge.acknowledged", _("somebody has seen that it rises")
    SURGE_CLOSED = "surge.closed", _("it is back to usual")
    STATE_CHANGED = "pain_point.state_changed", _("a pain point changes state")
    TEST = "test", _("test")


class DeliveryState(models.TextChoices):
    PROMISED = "promised", pgettext_lazy("delivery", "to send")
    IN_FLIGHT = "in_flight", pgettext_lazy("delivery", "being sent")
    SENT = "sent", pgettext_lazy("delivery", "received")
    FAILED = "failed", pgettext_lazy("delivery", "given up")


VERBS = {
    "webhook.created": _("linked another tool"),
    "webhook.changed": _("changed the link to another tool"),
    "webhook.paused": _("paused the link to another tool"),
    "webhook.resumed": _("resumed the link to another tool"),
    "webhook.deleted": _("deleted the link to another tool"),
    "webhook.tested": _("tried the link to another tool"),
}
