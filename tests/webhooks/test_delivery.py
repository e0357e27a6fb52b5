"""Other tools are told, once, in order, signed, and nothing that people wrote leaves."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.utils import timezone

from feedback.actions import alerts, triage
from feedback.models import PainPoint
from journal.models import Entry
from letters.models import DELAYS, IN_FLIGHT_FOR, MAX_ATTEMPTS
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.test_surges import lately, received, rise
from webhooks import actions, delivery
from webhooks.choices import EventKind
from webhooks.models import Delivery, Webhook

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def service():
    return ServiceFactory(name="Cantine scolaire", slug="cantine")


@pytest.fixture
def pain_point(service):
    return PainPoint.objects.create(title="Paiement bloqué", is_title_human=True, service=service, state="confirmed")


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service], name="Inès R.")


def sent() -> None:
    for key in Delivery.objects.order_by("pk").values_list("pk", flat=True):
        delivery.deliver(key)


def bodies(tool) -> list[dict]:
    return [json.loads(body) for _path, _headers, body in tool.received]


def test_pagerduty_has_one_incident_a_surge(tool, link, owner, pain_point):
    webhook = link("pagerduty")
    rise(pain_point, until=TODAY)
    alerts.watch(today=TODAY)
    sent()
    alerts.acknowledge(pain_point, by=owner)
    for week in (2, 4):
        alerts.watch(today=TODAY + timedelta(weeks=week))
    sent()
    trigger, acknowledge, resolve = bodies(tool)
    assert [one["event_action"] for one in (trigger, acknowledge, resolve)] == ["trigger", "acknowledge", "resolve"]
    assert len({one["dedup_key"] for one in (trigger, acknowledge, resolve)}) == 1
    assert trigger["routing_key"] == "cle-d-astreinte"
    payload = trigger["payload"]
    assert payload["severity"] == "warning"
    assert payload["summary"].startswith(
        f"Ça monte vite\u00a0: n°\u00a0{pain_point.number} (Paiement bloqué). 30 fiches"
    )
    assert trigger["links"][0]["href"].endswith(f"/pilotage/irritants/{pain_point.number}/")
    assert set(webhook.deliveries.values_list("state", "status")) == {("sent", 200)}


def test_signed_json_can_be_checked_by_whoever_holds_the_key(tool, link, pain_point):
    webhook = link("signed")
    rise(pain_point, until=TODAY)
    alerts.watch(today=TODAY)
    sent()
    ((path, headers, body),) = tool.received
    assert path == "/crochet?cle=abc"
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    assert headers["webhook-id"] == str(Delivery.objects.get().event_id)
    told = json.loads(body)
    assert told["type"] == "surge.opened"
    assert told["data"]["surge"]["fiches"] == 30


def test_a_discussion_reads_one_sentence_and_the_address(tool, link, pain_point):
    link("chat")
    rise(pain_point, until=TODAY)
    alerts.watch(today=TODAY)
    sent()
    (message,) = bodies(tool)
    assert set(message) == {"text"}
    assert "30 fiches cette semaine" in message["text"]
    assert message["text"].endswith(f"/pilotage/irritants/{pain_point.number}/")


def test_changes_of_state_are_told_to_who_asked(tool, link, owner, service):
    link("signed")
    link("pagerduty")
    link("chat", wants_states=False)
    one = PainPoint.objects.create(title="Titre donné", is_title_human=True, service=service, state="suggested")
    triage.confirm(one, by=owner)
    sent()
    (told,) = bodies(tool)
    assert told["type"] == "pain_point.state_changed"
    assert (told["data"]["before"], told["data"]["after"]) == ("suggested", "confirmed")
    assert told["data"]["title"] == "Titre donné"


def test_the_tool_of_a_service_hears_nothing_of_another(tool, link, pain_point):
    link("chat", service=ServiceFactory())
    link("signed", service=pain_point.service)
    rise(pain_point, until=TODAY)
    alerts.watch(today=TODAY)
    assert [one.webhook.kind for one in Delivery.objects.all()] == ["signed"]


def test_nothing_that_people_wrote_leaves(tool, link, owner, service):
    """A suggestion's title may be their words; passages, names and addresses are never told."""
    for kind in ("signed", "pagerduty", "chat"):
        link(kind)
    one = PainPoint.objects.create(
        title="canarititre de machine", keyphrases=["canariphrase"], service=service, state="suggested"
    )
    rise(one, until=TODAY)
    one.memberships.first().segment.__class__.objects.update(text="canaripassage")
    alerts.watch(today=TODAY)
    alerts.acknowledge(one, by=owner)
    triage.dismiss(one, reason="canariraison", by=owner)
    sent()
    everything = b"".join(body + repr(headers).encode() for _path, headers, body in tool.received).decode()
    assert len(tool.received) >= 6
    for word in ("canari", owner.name, owner.email, "Page blanche"):
        assert word not in everything


def test_what_fails_is_tried_again_later_under_the_same_key(tool, link):
    webhook = link("signed")
    tool.statuses = [503, 200]
    actions.try_out(webhook, by=None)
    sent()
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.status, waiting.error) == ("promised", 503, "HTTP 503")
    sent()
    assert len(tool.received) == 1, "not before its time"
    Delivery.objects.update(tried_at=timezone.now() - DELAYS[0])
    delivery.sweep()
    assert Delivery.objects.get().state == "sent"
    first, second = (headers["webhook-id"] for _path, headers, _body in tool.received)
    assert first == second


def test_a_tool_whose_key_is_lost_stops_no_other(tool, link):
    lost, good = link("signed"), link("chat")
    for webhook in (lost, good):
        actions.try_out(webhook, by=None)
    unread = Fernet(Fernet.generate_key()).encrypt(tool.url.encode()).decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE webhooks_webhook SET url = %s WHERE id = %s", [unread, lost.pk])
    delivery.sweep()
    assert len(tool.received) == 1
    (set_aside,) = Delivery.objects.filter(webhook=lost.pk)
    assert (set_aside.state, "CAHIER_ENCRYPTION_KEYS" in set_aside.error) == ("failed", True)


def test_a_tool_that_says_no_is_not_asked_again(tool, link):
    webhook = link("signed")
    tool.statuses = [410]
    actions.try_out(webhook, by=None)
    sent()
    assert Delivery.objects.get().state == "failed"


def test_after_the_last_attempt_it_is_given_up(tool, link):
    webhook = link("signed")
    tool.statuses = [500]
    actions.try_out(webhook, by=None)
    Delivery.objects.update(attempts=MAX_ATTEMPTS - 1, tried_at=timezone.now() - DELAYS[-1])
    sent()
    assert Delivery.objects.get().state == "failed"


def test_a_worker_that_died_leaves_nothing_behind(tool, link):
    webhook = link("signed")
    actions.try_out(webhook, by=None)
    Delivery.objects.update(state="in_flight", attempts=1, tried_at=timezone.now() - IN_FLIGHT_FOR)
    delivery.sweep()
    assert Delivery.objects.get().state == "sent"
    assert len(tool.received) == 1


def test_an_event_announced_twice_is_told_once(tool, link):
    link("signed")
    told = {"key": "surge:1:surge.opened", "subject": "surge/1", "services": [], "data": {"sentence": "x"}}
    assert len(actions.announce(EventKind.SURGE_OPENED, **told)) == 1
    assert actions.announce(EventKind.SURGE_OPENED, **told) == []
    assert Delivery.objects.count() == 1


def test_what_is_about_the_same_thing_leaves_in_order(tool, link):
    link("signed")
    tool.statuses = [503, 200]
    for event in (EventKind.SURGE_OPENED, EventKind.SURGE_CLOSED):
        actions.announce(event, key=str(event), subject="surge/1", services=[], data={"sentence": "x"})
    sent()
    assert [json.loads(body)["type"] for _path, _headers, body in tool.received] == ["surge.opened"]
    Delivery.objects.filter(event=EventKind.SURGE_OPENED).update(tried_at=timezone.now() - DELAYS[0])
    sent()
    assert [json.loads(body)["type"] for _p, _h, body in tool.received][1:] == ["surge.opened", "surge.closed"]


def test_a_paused_tool_is_not_told(tool, link, administrator):
    webhook = link("signed")
    actions.pause(webhook, is_paused=True, by=administrator)
    assert actions.announce(EventKind.TEST, key="a", subject="a", services=[], data={}) == []


def test_old_deliveries_are_forgotten(tool, link):
    webhook = link("signed")
    actions.try_out(webhook, by=None)
    sent()
    Delivery.objects.update(promised_at=timezone.now() - timedelta(days=31))
    delivery.sweep()
    assert not Delivery.objects.exists()


def test_addresses_and_keys_are_encrypted_at_rest(tool, link):
    link("pagerduty")
    with connection.cursor() as cursor:
        cursor.execute("SELECT url, secret FROM webhooks_webhook")
        stored = repr(cursor.fetchall())
    assert "crochet" not in stored
    assert "astreinte" not in stored


def test_an_administrator_links_a_signed_tool_and_reads_its_key_once(client, tool, administrator):
    client.force_login(administrator)
    typed = {"name": "Agent de la Ville", "kind": "signed", "url": tool.url}
    page = client.post("/admin/outils-prevenus/nouveau/", typed).content.decode()
    webhook = Webhook.objects.get()
    assert webhook.secret in page
    later = client.get(webhook.get_absolute_url()).content.decode()
    assert webhook.secret not in later
    assert "crochet" not in later
    assert Entry.objects.filter(verb="webhook.created", actor_key=administrator.pk).count() == 1
    assert "crochet" not in repr(list(Entry.objects.values_list("details")))


def test_an_administrator_changes_a_tool_without_typing_its_address_again(client, tool, link, administrator):
    webhook = link("pagerduty")
    client.force_login(administrator)
    response = client.post(webhook.get_absolute_url(), {"name": "Astreinte", "url": "", "secret": ""})
    assert response.status_code == 302
    fresh = Webhook.objects.get()
    assert (fresh.name, fresh.url, fresh.secret) == ("Astreinte", tool.url, "cle-d-astreinte")


def test_an_administrator_tries_a_tool_and_reads_what_it_answered(client, tool, link, administrator):
    webhook = link("chat")
    client.force_login(administrator)
    client.post(f"{webhook.get_absolute_url()}essayer/")
    sent()
    page = client.get(webhook.get_absolute_url()).content.decode()
    assert "reçu" in page
    assert "200" in page
    assert bodies(tool)[0]["text"].startswith("Essai de Cahier")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"url": ""}, "Donnez l’adresse"),
        ({"url": "http://exemple.example/"}, "https://"),
        ({"url": "https://moi:secret@exemple.example/"}, "sans nom ni mot de passe"),
        ({"url": "file:///etc/passwd"}, "https://"),
        ({"kind": "pagerduty", "secret": ""}, "clé d’intégration"),
    ],
)
def test_what_cannot_be_linked_is_said(client, administrator, typed, said):
    client.force_login(administrator)
    known = {"name": "Outil", "kind": "chat", "url": "https://exemple.example/"}
    page = client.post("/admin/outils-prevenus/nouveau/", {**known, **typed}).content.decode()
    assert said in page
    assert not Webhook.objects.exists()


def test_a_surge_that_lasts_is_told_once_to_a_tool(tool, link, pain_point):
    link("signed")
    rise(pain_point, until=TODAY)
    for day in range(3):
        received(pain_point, *lately(10, until=TODAY + timedelta(days=day)))
        alerts.watch(today=TODAY + timedelta(days=day))
    assert Delivery.objects.count() == 1
