"""What rooms announce, and what administrators decide about the tools that are told."""

import uuid
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from directory.models import Service
from journal.actions import record
from webhooks import formats, tasks
from webhooks.choices import EventKind, Kind
from webhooks.models import Delivery, Webhook
from webhooks.sending import target_of


def announce(
    event: EventKind, *, key: str, subject: str, services: Collection[int], data: dict[str, Any]
) -> list[Delivery]:
    """Promise this event, in the caller's transaction, to the tools of the site and of these services.

    ``key`` says what happened, once and for all: the same one announced again is not sent again. ``data`` must be
    JSON, hold no personal data and nothing that people wrote; ``sentence`` and ``url`` are read by every kind.
    """
    promised = [
        Delivery(webhook=webhook, event=event, key=key, subject=subject, data=data)
        for webhook in told_of(event, services=services)
        if formats.speaks(webhook.kind, event)
    ]
    Delivery.objects.bulk_create(promised, ignore_conflicts=True)
    kept = list(Delivery.objects.filter(event_id__in=[one.event_id for one in promised])) if promised else []
    transaction.on_commit(lambda: [tasks.ring(one.pk) for one in kept])
    return kept


def told_of(event: EventKind, *, services: Collection[int]) -> QuerySet[Webhook]:
    """The tools that listen to this event of these services."""
    listening = Webhook.objects.filter(Q(service=None) | Q(service__in=services), is_paused=False)
    return listening.filter(wants_states=True) if event == EventKind.STATE_CHANGED else listening


@transaction.atomic
def link(
    *, name: str, kind: Kind | str, url: str, secret: str, service: Service | None, wants_states: bool, by: User
) -> Webhook:
    """A new tool is told from now on. A signed one receives a key of ours: ``webhook.secret``, shown once."""
    if kind == Kind.SIGNED:
        secret = formats.new_secret()
    elif kind == Kind.CHAT:
        secret = ""
    host = target_of(url).host
    webhook = Webhook.objects.create(
        name=name, kind=kind, url=url, host=host, secret=secret, service=service, wants_states=wants_states
    )
    record("webhook.created", webhook, by=by, name=name, kind=str(kind), host=host)
    return webhook


@transaction.atomic
def change(
    webhook: Webhook, *, name: str, url: str, secret: str, service: Service | None, wants_states: bool, by: User
) -> None:
    """An address or a key left empty stays what it was; a signed tool keeps our key."""
    webhook = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
    if url:
        webhook.url, webhook.host = url, target_of(url).host
    if secret and webhook.kind == Kind.PAGERDUTY:
        webhook.secret = secret
    webhook.name, webhook.service, webhook.wants_states = name, service, wants_states
    webhook.save()
    record("webhook.changed", webhook, by=by, name=name, host=webhook.host, address=bool(url), key=bool(secret))


@transaction.atomic
def pause(webhook: Webhook, *, is_paused: bool, by: User) -> None:
    if Webhook.objects.filter(pk=webhook.pk, is_paused=not is_paused).update(is_paused=is_paused):
        record("webhook.paused" if is_paused else "webhook.resumed", webhook, by=by)


@transaction.atomic
def delete(webhook: Webhook, *, by: User) -> None:
    record("webhook.deleted", webhook, by=by, name=webhook.name)
    webhook.delete()


@transaction.atomic
def try_out(webhook: Webhook, *, by: User) -> Delivery:
    """Send an event that says that it is a test."""
    this = uuid.uuid4().hex
    data = {"sentence": _("Test of Cahier: this tool receives our alerts."), "url": settings.BASE_URL}
    delivery = Delivery.objects.create(
        webhook=webhook, event=EventKind.TEST, key=f"test:{this}", subject=f"test:{this}", data=data
    )
    record("webhook.tested", webhook, by=by)
    transaction.on_commit(lambda: tasks.ring(delivery.pk))
    return delivery
