"""Meetings: seats that are counted, those who wait, letters, what was said in the room under the same numbers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, rich_text

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult import meeting_letters, personal_data
from consult.actions import meetings as acts
from consult.actions import surveys
from consult.actions.propositions import Written
from consult.choices import Channel, PhaseKind, SeatState, Side
from consult.errors import MeetingOver, NoRegistration, PhaseClosed
from consult.models import (
    Argument,
    Consultation,
    MeetingPage,
    Participant,
    Proposition,
    Response,
    Said,
    Seat,
    SurveyDraft,
)
from consult.people import participant_of
from journal.models import Entry
from letters.models import Letter
from letters.renderers import render
from moderation.choices import Timing
from tests.consult.surveying import said, somebody, survey
from tests.consult.test_editing import entering
from tests.consult.test_page import words
from tests.consult.world import close, consultation, section_of
from tests.factories import OfficeFactory, UserFactory

DAY = timedelta(days=1)


def meeting(asked: Consultation | None = None, **more: Any) -> MeetingPage:
    asked = asked or consultation(PhaseKind.CONTRIBUTE)
    begins = more.pop("starts_at", timezone.now() + 3 * DAY)
    page = MeetingPage(
        **{
            "title": "Réunion au préau",
            "slug": f"preau-{uuid4().hex[:6]}",
            "starts_at": begins,
            "ends_at": begins + timedelta(hours=2),
            "place": "École des Tanneurs",
            "live": False,
            **more,
        }
    )
    asked.page.add_child(instance=page)
    page.save_revision().publish()
    return MeetingPage.objects.get(pk=page.pk)


def url(found: MeetingPage, name: str = "meeting", /) -> str:
    return reverse(f"consult:{name}", args=[found.get_parent().slug, found.slug])


def states(found: MeetingPage) -> list[str]:
    return list(Seat.objects.filter(meeting=found).order_by("pk").values_list("state", flat=True))


@pytest.mark.django_db
def test_whoever_comes_after_the_last_seat_waits_and_has_the_first_given_back() -> None:
    found = meeting(capacity=2)
    seats = [acts.register(found, by=somebody()) for _n in range(4)]
    assert states(found) == ["seated", "seated", "waiting", "waiting"]
    acts.leave(seats[0])
    assert states(found) == ["left", "seated", "seated", "waiting"]
    again = acts.register(found, by=seats[0].participant)
    assert again.state == SeatState.WAITING, "whoever comes back is the last of the queue"
    assert Seat.objects.count() == 4


@pytest.mark.django_db
def test_one_person_has_one_seat() -> None:
    found, person = meeting(), somebody()
    assert acts.register(found, by=person) == acts.register(found, by=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(meeting=found, participant=person, state=SeatState.SEATED)


@pytest.mark.django_db
def test_the_database_counts_seats_too() -> None:
    found = meeting(capacity=1)
    acts.register(found, by=somebody())
    late = acts.register(found, by=somebody())
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=late.pk).update(state=SeatState.SEATED)
    MeetingPage.objects.filter(pk=found.pk).update(capacity=2)
    assert Seat.objects.filter(pk=late.pk).update(state=SeatState.SEATED) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingPage.objects.filter(pk=found.pk).update(capacity=1)


def rush(found: MeetingPage, people: list[Participant]) -> list[str]:
    """Everybody at the same moment."""

    def one(person: Participant) -> str:
        try:
            return acts.register(found, by=person).state
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        return sorted(pool.map(one, people))


@pytest.mark.django_db(transaction=True)
def test_everybody_at_once_never_fills_more_than_the_seats() -> None:
    found = meeting(capacity=3)
    assert rush(found, [somebody() for _n in range(12)]) == ["seated"] * 3 + ["waiting"] * 9


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_and_the_count_too_many_people_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same rush, the defences off."""
    found = meeting(capacity=3)
    people = [somebody() for _n in range(12)]
    monkeypatch.setattr(acts, "_held", lambda one: MeetingPage.objects.get(pk=one.pk))
    slow = acts.has_room
    monkeypatch.setattr(acts, "has_room", lambda one: (slow(one), sleep())[0])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE consult_seat DISABLE TRIGGER consult_seats_counted")
    try:
        assert rush(found, people).count("seated") > 3
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE consult_seat ENABLE TRIGGER consult_seats_counted")


def sleep() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT PG_SLEEP(0.3)")


@pytest.mark.django_db
def test_registrations_end_when_it_begins_or_is_cancelled() -> None:
    begun = meeting(starts_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(MeetingOver):
        acts.register(begun, by=somebody())
    for closed in (meeting(cancelled_reason="Orage"), meeting(takes_registrations=False)):
        with pytest.raises(NoRegistration):
            acts.register(closed, by=somebody())


@pytest.mark.django_db
def test_letters_say_where_one_stands_and_the_eve_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    late = timezone.localtime(timezone.now() + 3 * DAY).replace(hour=23, minute=30)
    found = meeting(capacity=1, link="https://visio.exemple.fr/quai", starts_at=late)
    seated, waiting = acts.register(found, by=somebody()), acts.register(found, by=somebody())
    letters = {letter.key: render(letter) for letter in Letter.objects.filter(kind=meeting_letters.SEAT)}
    assert "visio.exemple.fr" in letters[seated.pk].text
    assert "visio.exemple.fr" not in letters[waiting.pk].text
    assert "liste d’attente" in letters[waiting.pk].subject
    assert "Quittez la liste d’attente" in letters[waiting.pk].text, "who waits has no seat to give back"
    eve = timezone.localtime(found.starts_at).replace(hour=10) - DAY
    monkeypatch.setattr(meeting_letters.phases, "clock", lambda: eve)
    meeting_letters.remind()
    assert meeting_letters.remind() == 1
    reminder = Letter.objects.get(kind=meeting_letters.REMINDER)
    assert reminder.key == seated.pk
    assert "Demain" in render(reminder).subject


@pytest.mark.django_db
def test_a_new_date_and_a_cancellation_are_told_to_those_who_come() -> None:
    found = meeting()
    acts.register(found, by=somebody())
    for change in ({"starts_at": found.starts_at + timedelta(minutes=30)}, {"cancelled_reason": "Orage annoncé"}):
        draft = found.get_latest_revision_as_object()
        for name, value in change.items():
            setattr(draft, name, value)
        draft.save_revision(user=UserFactory()).publish()
    assert Letter.objects.filter(kind=meeting_letters.SEAT).count() == 3
    assert set(Entry.objects.filter(verb__startswith="meeting.").values_list("verb", flat=True)) >= {
        "meeting.moved",
        "meeting.cancelled",
    }
    assert "Orage annoncé" in words(Client().get(url(found)))


@pytest.mark.django_db
def test_on_its_page_one_registers_and_leaves() -> None:
    found, client = meeting(capacity=10, link="https://visio.exemple.fr/quai"), Client()
    client.force_login(UserFactory())
    assert "10 places" in words(client.get(url(found)))
    assert "visio.exemple.fr" not in words(client.get(url(found)))
    client.post(url(found))
    read = words(client.get(url(found)))
    assert "Vous êtes inscrit" in read
    assert "visio.exemple.fr" in read
    client.post(url(found), {"leave": "1"})
    assert states(found) == ["left"]


@pytest.mark.django_db
def test_a_visitor_gives_an_address() -> None:
    found = meeting()
    answer = Client().post(url(found))
    assert answer.url == reverse("consult:visitor", args=[found.get_parent().slug])
    assert not Seat.objects.exists()


@pytest.mark.django_db
def test_the_link_of_the_letter_opens_ones_own_registration_and_no_other() -> None:
    found = meeting()
    mine = acts.register(found, by=somebody())
    address = reverse("consult:seat", args=[meeting_letters.token_of(mine)])
    assert "Vous êtes inscrit" in words(Client().get(address))
    assert states(found) == ["seated"], "opening the link changes nothing"
    Client().post(address)
    assert states(found) == ["left"]
    assert Client().get(reverse("consult:seat", args=["1:faux"])).status_code == 404


@pytest.mark.django_db
def test_what_was_said_is_numbered_with_the_rest_and_names_its_typist() -> None:
    asked = consultation(PhaseKind.CONTRIBUTE)
    found, clerk = meeting(asked), UserFactory()
    said = Written(title="Planter des tilleuls", body="Il n’y a pas d’ombre.")
    first = acts.key_in_proposition(found, section_of(asked), said, speaker="Madame L.", key=uuid4(), by=clerk)
    key = uuid4()
    argument = acts.key_in_argument(found, first.number, Side.FOR, "Oui, il fait 40 °C.", speaker="", key=key, by=clerk)
    again = acts.key_in_argument(found, first.number, Side.FOR, "Oui, il fait 40 °C.", speaker="", key=key, by=clerk)
    assert (first.number, first.channel, first.keyed_by) == (1, Channel.MEETING, clerk)
    assert (argument.channel, argument.author.name) == (Channel.MEETING, found.title)
    assert Said.objects.count() == 2
    assert again.pk == argument.pk or Argument.objects.count() == 1
    assert "Planter des tilleuls" in words(Client().get(url(found)))
    close(asked)
    with pytest.raises(PhaseClosed):
        acts.key_in_proposition(found, section_of(asked), said, speaker="", key=uuid4(), by=clerk)


@pytest.mark.django_db
def test_what_waits_for_a_moderator_is_not_read_on_the_page_of_the_meeting() -> None:
    asked = consultation(PhaseKind.CONTRIBUTE, timing=Timing.BEFORE)
    found = meeting(asked)
    said = Written(title="Planter des tilleuls", body="Il n’y a pas d’ombre.")
    acts.key_in_proposition(found, section_of(asked), said, speaker="", key=uuid4(), by=UserFactory())
    assert "tilleuls" not in words(Client().get(url(found)))


@pytest.mark.django_db
def test_clerks_and_editors_key_in_and_nobody_else() -> None:
    found = meeting()
    clerk, citizen = UserFactory(), UserFactory()
    accounts.grant(clerk, RoleKind.CLERK, office=OfficeFactory(), by=None)
    for user, expected in ((clerk, 200), (citizen, 404)):
        client = Client()
        client.force_login(user)
        assert client.get(url(found, "meeting_room")).status_code == expected
    client = entering(RoleKind.EDITOR)
    section = found.get_parent().specific.sections.first().pk
    data = {
        "what": "proposition",
        "p-section": section,
        "p-title": "Des tilleuls",
        "p-body": "De l’ombre.",
        "p-speaker": "",
    }
    assert client.post(url(found, "meeting_room"), data).status_code == 302
    assert Proposition.objects.get().channel == Channel.MEETING
    wrong = client.post(
        url(found, "meeting_room"), {"what": "argument", "a-number": "99", "a-side": "for", "a-text": "Oui"}
    )
    assert wrong.status_code == 422


@pytest.mark.django_db
def test_it_goes_into_a_calendar() -> None:
    answer = Client().get(url(meeting(), "meeting_ics"))
    body = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert "SUMMARY:Réunion au préau" in body
    assert "LOCATION:École des Tanneurs" in body


@pytest.mark.django_db
def test_an_editor_sets_it_up_in_wagtail_and_keeps_the_seats_given() -> None:
    editor, asked = entering(RoleKind.ADMINISTRATOR), consultation(PhaseKind.CONTRIBUTE)
    typed = {
        "title": "Atelier", "slug": "atelier", "kind": "workshop", "intro": "", "place": "Préau", "address": "",
        "access": "", "link": "", "takes_registrations": "on", "capacity": "2", "cancelled_reason": "",
        "starts_at": "2049-03-14 09:00", "ends_at": "2049-03-14 12:00", "agenda": rich_text(""),
        "minutes": rich_text(""),
    }  # fmt: skip
    add = reverse("wagtailadmin_pages:add", args=["consult", "meetingpage", asked.page.pk])
    assert editor.get(add).status_code == 200
    editor.post(add, {**nested_form_data({**typed, "comments-TOTAL_FORMS": 0}), **COMMENTS, "action-publish": "1"})
    found = MeetingPage.objects.get()
    assert timezone.localtime(found.starts_at, asked.page.zone).hour == 9
    acts.register(found, by=somebody())
    acts.register(found, by=somebody())
    edit = reverse("wagtailadmin_pages:edit", args=[found.pk])
    answer = editor.post(edit, {**nested_form_data({**typed, "capacity": "1"}), **COMMENTS, "action-publish": "1"})
    assert "2 personnes sont inscrites" in words(answer)
    editor.post(reverse("wagtailadmin_pages:delete", args=[found.pk]))
    assert MeetingPage.objects.exists()


COMMENTS = {
    "comments-TOTAL_FORMS": "0",
    "comments-INITIAL_FORMS": "0",
    "comments-MIN_NUM_FORMS": "0",
    "comments-MAX_NUM_FORMS": "",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["meeting", "meeting_ics", "meeting_room"])
def test_as_many_questions_to_the_database_whatever_was_said(name: str) -> None:
    client, counts = entering(RoleKind.EDITOR), []
    for many in (2, 12):
        asked = consultation(PhaseKind.CONTRIBUTE)
        found = meeting(asked)
        for place in range(many):
            said = Written(title=f"Idée {place}", body="Parce que.")
            acts.key_in_proposition(found, section_of(asked), said, speaker="", key=uuid4(), by=UserFactory())
            acts.register(found, by=somebody())
        client.get(url(found, name))
        with CaptureQueriesContext(connection) as asked_of_it:
            client.get(url(found, name))
        counts.append(len(asked_of_it))
    assert counts[0] == counts[1] <= 16


@pytest.mark.django_db
def test_whoever_closes_their_account_leaves_their_seat_and_their_answers() -> None:
    asked = consultation(PhaseKind.CONTRIBUTE)
    found, asks = meeting(asked, capacity=1), survey(asked)
    leaver, waiting = UserFactory(), somebody()
    acts.register(found, by=participant_of(leaver))
    acts.register(found, by=waiting)
    surveys.send(asks, said(), by=participant_of(leaver))
    surveys.keep(asks, said(transport=3), by=participant_of(leaver))
    told = personal_data.copy_for(leaver)
    assert told["meetings"][0]["meeting_title"] == found.title
    assert {row["questionnaire"] for row in told["answers_to_questionnaires"]} == {asks.title}
    assert len(told["answers_not_sent"]) == 1
    personal_data.erase(leaver)
    acts.fill_seats()
    assert Seat.objects.get().participant == waiting
    assert Seat.objects.get().state == SeatState.SEATED
    assert not Response.objects.exists()
    assert not SurveyDraft.objects.exists()
