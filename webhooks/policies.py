"""Who may: those who keep people and letters keep the linked tools too."""

from django.db.models import QuerySet

from accounts.policies import Person, may_keep_people
from webhooks.models import Delivery, Webhook


def webhooks_kept_by(user: Person) -> QuerySet[Webhook]:
    if not may_keep_people(user):
        return Webhook.objects.none()
    return Webhook.objects.select_related("service")


def deliveries_of(webhook: Webhook) -> QuerySet[Delivery]:
    """What was told to a tool this person already reached, newest first."""
    return webhook.deliveries.order_by("-pk")
