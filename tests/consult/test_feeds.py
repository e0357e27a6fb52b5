"""Feeds, calendar and sharing: nothing hidden, nothing counted, nothing sent twice, dates right overseas."""

from datetime import datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from consult.actions import arguments, deciding
from consult.choices import PhaseKind, Side, Verdict
from consult.models import ConsultationPage, Phase, Proposition
from consult.people import participant_of
from consult.views import sharing
from journal.actions import record
from moderation.actions import decide
from moderation.choices import Outcome, Timing
from tests.consult.world import close, consultation, proposition
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
PAYLOAD = "<script>alert(1)</script>\x0b & <img src=x onerror=alert(1)>"


@pytest.fixture
def asked():
    return consultation(PhaseKind.CONTRIBUTE, PhaseKind.VOTE, hides_counts=True)


@pytest.fixture
def filed(asked):
    return proposition(asked)


def addresses(asked, number=1):
    slug = asked.page.slug
    return {
        "all": reverse("consult:feed"),
        "propositions": reverse("consult:propositions_feed", args=[slug]),
        "arguments": reverse("consult:arguments_feed", args=[slug, number]),
        "decisions": reverse("consult:decisions_feed", args=[slug]),
        "calendar": reverse("consult:calendar", args=[slug]),
    }


def entries(response):
    assert response.status_code == 200
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")


def argue(asked, text="Plus de calme.", number=1):
    return arguments.argue(asked, number, Side.FOR, text, by=participant_of(UserFactory()))


def decided(asked, filed):
    close(asked)
    deciding.prepare([filed], verdict=Verdict.RETAINED, reason="Faite en mai.", by=UserFactory())
    deciding.publish(asked, seen=deciding.fingerprint(deciding.ready(asked)), by=UserFactory())


def test_each_feed_tells_what_everybody_may_read(asked, filed, client) -> None:
    argue(asked)
    decided(asked, filed)
    where = addresses(asked)
    assert asked.page.title in [one.find(f"{ATOM}title").text for one in entries(client.get(where["all"]))]
    assert entries(client.get(where["propositions"]))[0].find(f"{ATOM}title").text == f"#1 {filed.title}"
    assert "Plus de calme." in entries(client.get(where["arguments"]))[0].find(f"{ATOM}summary").text
    decision = entries(client.get(where["decisions"]))[0]
    assert "retenue" in decision.find(f"{ATOM}title").text
    assert decision.find(f"{ATOM}link").attrib["href"].startswith("http://127.0.0.1:8000/consultations/")


def test_each_feed_is_atom_as_its_standard_wants(asked, filed, client) -> None:
    """RFC 4287: a language that is one, and of each entry an identity, a title, when it changed, and an author."""
    argue(asked)
    decided(asked, filed)
    for name in ("all", "propositions", "arguments", "decisions"):
        feed = ElementTree.fromstring(client.get(addresses(asked)[name]).content)
        assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "fr", name
        for one in (feed, *feed.findall(f"{ATOM}entry")):
            missing = [tag for tag in ("id", "title", "updated") if one.find(f"{ATOM}{tag}") is None]
            assert not missing, name
        authors = feed.findall(f"{ATOM}entry/{ATOM}author") or feed.findall(f"{ATOM}author")
        assert authors, name


def test_a_request_does_not_choose_the_addresses_of_a_feed(asked, filed, client, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    page = client.get(addresses(asked)["propositions"], headers={"host": "mechant.example"}).content.decode()
    assert "mechant.example" not in page


def test_nothing_hidden_and_no_count_of_votes_is_in_a_feed(asked, client) -> None:
    shown, hidden = proposition(asked, number=1), proposition(asked, number=2)
    proposition(asked, number=3, timing=Timing.BEFORE)
    Proposition.objects.filter(number__gt=1).update(title="CANARI")
    Proposition.objects.filter(pk=shown.pk).update(agree_count=4711)
    said = argue(asked, "CANARI")
    for case in (hidden.case, said.case):
        decide(case, outcome=Outcome.HIDE, rule="off_topic", facts="Hors sujet.", after=None, by=UserFactory())
    for address in addresses(asked).values():
        page = client.get(address).content.decode()
        assert "CANARI" not in page
        assert "4711" not in page
    assert client.get(addresses(asked, number=2)["arguments"]).status_code == 404
    ConsultationPage.objects.filter(pk=asked.page.pk).update(live=False)
    for name, address in addresses(asked).items():
        assert client.get(address).status_code == (200 if name == "all" else 404)
    assert asked.page.slug not in client.get(addresses(asked)["all"]).content.decode()


def test_hostile_texts_are_no_markup_for_whoever_reads_the_feed(asked, filed, client) -> None:
    argue(asked, PAYLOAD)
    Proposition.objects.update(title=PAYLOAD, body=f"<p>{PAYLOAD}</p>")
    for name in ("propositions", "arguments"):
        for entry in entries(client.get(addresses(asked)[name])):
            html = entry.find(f"{ATOM}summary").text
            assert "<script" not in html
            assert "<img" not in html
            assert entry.find(f"{ATOM}title").attrib.get("type", "text") == "text"


def test_who_has_a_feed_is_not_sent_it_again_until_it_changes(asked, filed, client) -> None:
    for name, address in addresses(asked).items():
        first = client.get(address)
        again = client.get(address, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), name
    before = client.get(addresses(asked)["arguments"])["ETag"]
    argue(asked)
    fresh = client.get(addresses(asked)["arguments"], headers={"if-none-match": before})
    assert (fresh.status_code, len(entries(fresh))) == (200, 1)


@pytest.mark.parametrize("name", ["all", "propositions", "arguments", "decisions", "calendar"])
def test_a_feed_asks_as_many_questions_for_thirty(asked, filed, client, name, django_assert_max_num_queries) -> None:
    for number in range(2, 30):
        proposition(asked, number=number)
        argue(asked)
    with django_assert_max_num_queries(8):
        client.get(addresses(asked)[name])


def test_pages_lead_feed_readers_to_their_feeds(asked, filed, client) -> None:
    where = addresses(asked)
    for page, feed in (
        (reverse("consult:index"), where["all"]),
        (reverse("consult:consultation", args=[asked.page.slug]), where["propositions"]),
        (filed.get_absolute_url(), where["arguments"]),
        (reverse("consult:results", args=[asked.page.slug]), where["decisions"]),
    ):
        assert '<link rel="alternate" type="application/atom+xml" title=' in client.get(page).content.decode()
        assert f'href="{feed}"' in client.get(page).content.decode()


# --- calendar ----------------------------------------------------------------------------------------------------


def events(client, asked):
    response = client.get(addresses(asked)["calendar"])
    assert response["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(response.content)
    return calendar, {str(one["UID"]): one for one in calendar.walk("VEVENT")}


@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Noumea", "America/Miquelon", "Pacific/Marquesas"])
def test_phases_stand_in_the_calendar_at_their_hours_wherever_it_is(asked, client, zone) -> None:
    ConsultationPage.objects.filter(pk=asked.page.pk).update(time_zone=zone)
    here = ZoneInfo(zone)
    opens, closes = datetime(2026, 3, 20, 8, tzinfo=here), datetime(2026, 4, 10, 20, tzinfo=here)
    Phase.objects.filter(page=asked.page).update(opens_at=opens, closes_at=closes)
    calendar, found = events(client, asked)
    assert len(found) == 2
    for one in found.values():
        assert one.start == opens
        assert one.end == closes
        assert one["DTSTART"].params["TZID"] == zone
        assert (one.start.hour, one.end.hour) == (8, 20)
    assert [str(one["TZID"]) for one in calendar.walk("VTIMEZONE")] == [zone]
    assert calendar.get_missing_tzids() == set()


def test_dates_that_move_keep_their_identity_and_say_they_moved(asked, client) -> None:
    _calendar, before = events(client, asked)
    record("phase.moved", asked, by=None)
    Phase.objects.filter(page=asked.page).update(closes_at=timezone.now() + timedelta(days=40))
    _calendar, after = events(client, asked)
    assert before.keys() == after.keys()
    for uid in before:
        assert after[uid]["SEQUENCE"] > before[uid]["SEQUENCE"]
        assert after[uid].end - before[uid].end > timedelta(days=1)
        assert after[uid]["DTSTAMP"].dt >= before[uid]["DTSTAMP"].dt


# --- sharing -----------------------------------------------------------------------------------------------------


def test_no_network_stands_on_a_page_unless_the_site_chose_it(asked, filed, client, settings) -> None:
    page = client.get(filed.get_absolute_url()).content.decode()
    assert "mailto:?subject=%231%20" in page
    for _name, address in sharing.NETWORKS.values():
        assert address.split("/")[2] not in page
    settings.SHARE_NETWORKS = ["bluesky", "nobody-knows"]
    page = client.get(filed.get_absolute_url()).content.decode()
    assert "https://bsky.app/intent/compose?text=%231%20Fermer" in page
    assert "linkedin" not in page
