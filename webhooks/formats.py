"""What each kind of tool is sent: the same facts, in the words it understands.

- *Signed JSON* follows Standard Webhooks 1.0 (standardwebhooks.com): HMAC-SHA256 of ``id.timestamp.body`` in base64.
- *PagerDuty* is the Events API v2: one incident a surge (``dedup_key``), triggered, acknowledged, resolved.
- *Discussion* is ``{"text": …}``, which Slack, Mattermost and Rocket.Chat take.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from webhooks.choices import EventKind, Kind
from webhooks.models import Delivery

SECRET_PREFIX = "whsec_"  # noqa: S105  (of the standard, not a secret)
PAGERDUTY_ACTIONS = {
    EventKind.SURGE_OPENED: "trigger",
    EventKind.SURGE_ACKNOWLEDGED: "acknowledge",
    EventKind.SURGE_CLOSED: "resolve",
    EventKind.TEST: "trigger",
}


def speaks(kind: str, event: str) -> bool:
    """Whether this kind of tool has anything to say of this event."""
    return kind != Kind.PAGERDUTY or event in PAGERDUTY_ACTIONS


def new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def request_of(delivery: Delivery) -> tuple[bytes, dict[str, str]]:
    """Body and headers; ``delivery.webhook`` is read. The time is that of the attempt."""
    webhook = delivery.webhook
    content = {Kind.PAGERDUTY: _pagerduty, Kind.SIGNED: _plain, Kind.CHAT: _chat}[Kind(webhook.kind)](delivery)
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "Cahier"}
    if webhook.kind == Kind.SIGNED:
        headers |= _signature(delivery, body, webhook.secret)
    return body, headers


def _signature(delivery: Delivery, body: bytes, secret: str) -> dict[str, str]:
    at = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = hmac.new(key, f"{delivery.event_id}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": str(delivery.event_id),
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def _plain(delivery: Delivery) -> dict[str, Any]:
    return {"type": delivery.event, "timestamp": delivery.promised_at.isoformat(), "data": delivery.data}


def _chat(delivery: Delivery) -> dict[str, Any]:
    return {"text": " ".join(filter(None, [delivery.data.get("sentence", ""), delivery.data.get("url", "")]))}


def _pagerduty(delivery: Delivery) -> dict[str, Any]:
    data, site = delivery.data, urlsplit(settings.BASE_URL).netloc
    event = {
        "routing_key": delivery.webhook.secret,
        "event_action": PAGERDUTY_ACTIONS[EventKind(delivery.event)],
        "dedup_key": f"{site}/{delivery.subject}"[:255],
    }
    if event["event_action"] != "trigger":
        return event
    return event | {
        "client": settings.WAGTAIL_SITE_NAME,
        "client_url": data.get("url", settings.BASE_URL),
        "links": [{"href": data["url"], "text": data.get("title") or data["sentence"]}] if "url" in data else [],
        "payload": {
            "summary": data["sentence"][:1024],
            "source": site,
            "severity": "info" if delivery.event == EventKind.TEST else "warning",
            "timestamp": delivery.promised_at.isoformat(),
            "component": data.get("service", {}).get("name", ""),
            "class": delivery.event,
            "custom_details": data,
        },
    }
