"""A phase open to the people on a list: by their address or by a code, one place a person."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult import checklist, people
from consult.actions import lists, visiting
from consult.actions.votes import vote
from consult.choices import Awaited, Level, Opinion, PhaseKind
from consult.errors import NotForYou
from consult.models import Consultation, ConsultationPage, ListPlace, Phase, Vote
from consult.people import participant_of
from journal.models import Entry
from tests.consult.test_page import propositions, words
from tests.consult.test_visitors import LEA, at, give, links, press
from tests.consult.test_votes import committed, together
from tests.consult.world import consultation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
CODE = "QUAI-7F3K-92PX"


def listed(*names: str) -> Consultation:
    asked = consultation(PhaseKind.VOTE)
    Phase.objects.filter(page=asked.page).update(level=Level.LISTED)
    propositions(asked, 2)
    read = lists.read(asked, "\n".join(names))
    lists.keep(asked, read.keys, replaces=False, by=UserFactory())
    return asked


def test_whose_address_is_on_the_list_takes_part_and_others_are_told(client):
    asked = listed("lea@mairie.example", "robert@mairie.example")
    vote(asked, 1, Opinion.AGREE, by=participant_of(UserFactory(email="Lea+vote@mairie.example")))
    client.force_login(UserFactory(email="autre@mairie.example"))
    refused = client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
    assert refused.status_code == 403
    assert "personnes d’une liste" in words(refused)
    assert at(asked, "code/") in words(refused)
    assert Vote.objects.count() == 1


def test_a_visitor_on_the_list_confirms_their_address(client):
    asked = listed(LEA)
    for address, status in (("autre@mairie.example", 409), (LEA, 200)):
        browser = Client()
        browser.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
        give(browser, asked, address)
        answer = press(browser, links()[-1])
        assert answer.status_code == status
    assert Vote.objects.get().participant.email == LEA


def test_a_code_gives_one_place_to_one_person(client):
    asked = listed(CODE)
    client.force_login(UserFactory())
    assert client.get(at(asked, "code/")).status_code == 200
    assert client.post(at(asked, "code/"), {"code": "QUAI-0000-0000"}).status_code == 422
    assert client.post(at(asked, "code/"), {"code": " quai 7f3k 92px "})["Location"] == at(asked, "")
    assert client.post(at(asked, "code/"), {"code": CODE}).status_code == 302
    assert client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"}).status_code == 302
    other = Client()
    other.force_login(UserFactory())
    assert "inconnu, ou déjà utilisé" in words(other.post(at(asked, "code/"), {"code": CODE}))
    assert other.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"}).status_code == 403
    assert Vote.objects.count() == 1


def test_a_visitor_gives_their_code_with_their_address(client):
    asked = listed(CODE)
    client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
    assert "Votre code, si vous en avez reçu un" in words(client.get(at(asked, "courriel/")))
    give(client, asked, code=CODE.lower())
    press(client, links()[0])
    assert Vote.objects.count() == 1


@pytest.mark.usefixtures("standing_clock")
def test_codes_are_not_guessed_by_hundreds(client):
    asked = listed(CODE)
    client.force_login(UserFactory())
    seen = [client.post(at(asked, "code/"), {"code": f"QUAI-0000-{n:04}"}).status_code for n in range(12)]
    assert seen == [422] * 10 + [429] * 2


def test_what_a_file_says_is_read_line_by_line():
    asked = consultation(PhaseKind.VOTE)
    file = "\ufeffAdresse;Nom\nlea@mairie.example;Léa\nLEA@mairie.example;Léa encore\n\nQUAI-7F3K;papier\ncourt\npas@"
    read = lists.read(asked, file)
    assert len(read.keys) == 2
    assert read.refused == [6, 7]
    # A code is good for one consultation alone.
    assert lists.code_key(asked, CODE) != lists.code_key(consultation(PhaseKind.VOTE), CODE)


def test_the_list_is_kept_as_hashes_and_its_changes_are_journalled():
    asked, editor = listed(LEA, CODE), UserFactory()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(p)::text, ' ') FROM consult_listplace p")
        rows = cursor.fetchone()[0]
    assert LEA not in rows
    assert "QUAI" not in rows
    changed = lists.keep(asked, [people.email_key(LEA)], replaces=True, by=editor)
    assert (changed.added, changed.removed, changed.total) == (0, 1, 1)
    entry = Entry.objects.filter(verb="list.changed").latest("pk")
    assert entry.details == {"added": 0, "removed": 1}


def test_a_phase_for_a_list_does_not_open_without_one():
    asked = listed()
    page = ConsultationPage.objects.get(pk=asked.page_id)
    assert "level" in [point.field for point in checklist.missing(page)]
    lists.keep(asked, lists.read(asked, LEA).keys, replaces=True, by=UserFactory())
    assert "level" not in [point.field for point in checklist.missing(page)]
    assert "level" not in [point.field for point in checklist.missing(consultation(PhaseKind.VOTE).page)]


@committed
def test_one_code_used_by_many_at_once_is_one_persons():
    asked = listed(CODE)
    crowd = [participant_of(UserFactory()) for _ in range(8)]
    found = together(lambda one: lists.use_code(asked, CODE, by=one), crowd)
    assert sorted(found) == [False] * 7 + [True]
    assert ListPlace.objects.exclude(participant=None).count() == 1


@committed
def test_one_person_with_many_codes_at_once_has_one_place():
    codes = [f"QUAI-{n:04}-ABCD" for n in range(8)]
    asked, someone = listed(*codes), participant_of(UserFactory())
    found = together(lambda code: lists.use_code(asked, code, by=someone), codes)
    assert found == [True] * 8
    assert ListPlace.objects.filter(participant=someone).count() == 1


@committed
def test_control_without_the_constraint_they_have_several():
    codes = [f"QUAI-{n:04}-ABCD" for n in range(8)]
    asked, someone = listed(*codes), participant_of(UserFactory())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE consult_listplace DROP CONSTRAINT one_place_a_person")
    try:
        together(lambda code: lists.use_code(asked, code, by=someone), codes)
        assert ListPlace.objects.filter(participant=someone).count() > 1
    finally:
        ListPlace.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE consult_listplace ADD CONSTRAINT one_place_a_person"
                " UNIQUE (consultation_id, participant_id)"
            )


def test_not_on_the_list_says_so_to_the_mailbox_alone():
    asked = listed(CODE)
    act = visiting.wait(asked, Awaited.VOTE, {"number": 1, "opinion": "agree"}, email=LEA, browser="b", key=uuid4())
    with pytest.raises(NotForYou):
        visiting.confirm(act, by=None)


def upload(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("liste.csv", BytesIO(text.encode()).read(), content_type="text/csv")


def test_an_editor_brings_the_list_under_wagtail(client):
    asked, editor = listed(), UserFactory()
    accounts.grant(editor, RoleKind.EDITOR, by=None)
    place = f"/admin/consultations/{asked.pk}/liste/"
    assert client.get(place).status_code == 302
    client.force_login(UserFactory())
    assert client.get(place).status_code in (302, 404)
    client.force_login(editor)
    assert "Aucune personne sur cette liste" in words(client.get(place))
    answer = client.post(place, {"file": upload(f"adresse\n{LEA}\nQUAI-7F3K-92PX\ncourt\n")})
    assert answer.status_code == 422
    assert "Ligne 4" in words(answer)
    assert not ListPlace.objects.exists()
    answer = client.post(place, {"file": upload(f"adresse\n{LEA}\nQUAI-7F3K-92PX\n")}, follow=True)
    assert "2 personnes" in words(answer)
    client.post(place, {"file": upload("robert@mairie.example\n"), "replaces": "on"})
    assert ListPlace.objects.count() == 1
    assert LEA not in words(client.get(place))
