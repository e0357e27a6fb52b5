"""Deciding through the door: private until it is published, then told everywhere; results and open data."""

import csv
import io
import json

import pytest
from django.urls import reverse

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult.actions import deciding
from consult.actions.votes import vote
from consult.choices import Opinion, PhaseKind, Verdict
from consult.models import Consultation, ConsultationPage, Decision, DecisionNote, Proposition, Section
from consult.people import participant_of
from moderation.actions import decide as judge
from moderation.choices import Outcome
from tests.consult.test_deciding import WHY, asked_with, published
from tests.consult.test_page import propositions
from tests.consult.world import close, consultation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
CANARY = "canaridecision"


@pytest.fixture
def editor(client):
    user = UserFactory()
    accounts.grant(user, RoleKind.EDITOR, by=None)
    client.force_login(user)
    return user


def at(name: str, asked: Consultation, *more) -> str:
    return reverse(f"consult:{name}", args=[asked.page.slug, *more])


def public_addresses(asked: Consultation) -> list[str]:
    data = [
        at(f"data_{kind}", asked, name)
        for kind in ("csv", "json")
        for name in ("propositions", "arguments", "semaines", "rubriques", "dictionnaire")
    ]
    return [at("consultation", asked), at("proposition", asked, 1), at("results", asked), "/consultations/", "/", *data]


def said(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


def test_the_administration_decides_one_then_many_then_publishes(client, editor):
    asked, _filed = asked_with(3)
    one = {"verdict": "retained", "reason": WHY}
    assert client.post(at("decide", asked, 1), one).url == at("deciding", asked)
    many = {"verdict": "not_retained", "reason": "Trop cher.", "number": ["2", "3"]}
    assert client.post(at("decide_many", asked), many).url == at("deciding", asked)
    board = client.get(at("deciding", asked))
    assert "3 propositions décidées sur 3" in board.content.decode()
    confirm = client.get(at("publish_decisions", asked))
    assert "3 personnes" in confirm.content.decode()
    told = client.post(at("publish_decisions", asked), {"seen": confirm.context["seen"]})
    assert told.url == at("results", asked)
    assert Decision.objects.public().count() == 3
    page = client.get(at("proposition", asked, 1)).content.decode()
    assert WHY in page.replace("&#x27;", "'")
    assert "Retenue" in page


def test_nothing_prepared_stands_on_any_public_surface(client):
    asked, filed = asked_with(2)
    by = UserFactory()
    deciding.prepare(filed, verdict=Verdict.PARTLY, reason=f"Parce que {CANARY}.", by=by)
    deciding.note(filed[0], f"Note {CANARY}", by=by)
    for address in public_addresses(asked):
        assert CANARY not in said(client.get(address)), address
        assert "partly" not in said(client.get(address)) or "dictionnaire" in address, address
    # The control: once published the reason is read where it must be; the note never is.
    deciding.publish(asked, seen=deciding.fingerprint(deciding.ready(asked)), by=by)
    told = {address for address in public_addresses(asked) if CANARY in said(client.get(address))}
    assert {at("proposition", asked, 1), at("results", asked), at("data_csv", asked, "propositions")} <= told
    assert all(f"Note {CANARY}" not in said(client.get(address)) for address in public_addresses(asked))
    # What a moderator hides goes with what was decided about it.
    for one in filed:
        judge(one.case, outcome=Outcome.HIDE, rule="off_topic", facts="Hors sujet.", after=None, by=by)
    assert {address for address in public_addresses(asked) if CANARY in said(client.get(address))} == set()


def test_only_those_who_decide_enter(client):
    asked, _filed = asked_with(1)
    addresses = [at("deciding", asked), at("decide", asked, 1), at("publish_decisions", asked)]
    assert {client.get(address).status_code for address in addresses} == {302}
    user = UserFactory()
    accounts.grant(user, RoleKind.MODERATOR, by=None)
    client.force_login(user)
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.post(at("decide_many", asked), {"number": 1}).status_code == 404


def test_a_correction_is_asked_why_and_both_are_read(client, editor):
    asked, filed = asked_with(1)
    published(asked, filed)
    words = {"verdict": "retained", "reason": "Oui, finalement."}
    assert client.post(at("decide", asked, 1), words).status_code == 422
    assert client.post(at("decide_many", asked), words | {"number": ["1"]}).status_code == 422
    client.post(at("decide", asked, 1), words | {"correction_reason": "Le budget a été voté."})
    deciding.publish(asked, seen=deciding.fingerprint(deciding.ready(asked)), by=editor)
    page = client.get(at("proposition", asked, 1)).content.decode()
    for words in ("Oui, finalement.", "Le budget a été voté.", WHY):
        assert words in page.replace("&#x27;", "'")


def test_notes_stay_among_colleagues_and_what_is_prepared_can_be_erased(client, editor):
    asked, filed = asked_with(1)
    client.post(at("decide", asked, 1), {"act": "note", "note": "Voir la direction des espaces verts."})
    assert DecisionNote.objects.get().by == editor
    assert "espaces verts" in client.get(at("decide", asked, 1)).content.decode()
    deciding.prepare(filed, verdict=Verdict.RETAINED, reason=WHY, by=editor)
    client.post(at("decide", asked, 1), {"act": "discard"})
    assert not Decision.objects.exists()


def test_filters_narrow_the_list(client, editor):
    asked, filed = asked_with(3)
    deciding.prepare(filed[:1], verdict=Verdict.RETAINED, reason=WHY, by=editor)
    Proposition.objects.filter(pk=filed[2].pk).update(threshold_reached_at="2026-01-01T00:00Z")
    Section.objects.filter(page=asked.page).update(threshold=1)

    def numbers(query: str) -> list[int]:
        return [row["number"] for row in client.get(at("deciding", asked) + query).context["rows"]]

    assert numbers("") == [1, 2, 3]
    assert numbers("?etat=sans") == [2, 3]
    assert numbers("?etat=preparee&verdict=retained") == [1]
    assert numbers("?verdict=partly") == []
    assert numbers("?seuil=on") == [3]
    assert numbers(f"?rubrique={asked.page.sections.get().pk}&page=1") == [1, 2, 3]
    assert client.get(at("deciding", asked) + "?etat=nimporte&rubrique=x&page=-4").status_code == 200


def test_hidden_votes_are_told_nowhere_before_the_end(client, editor):
    asked = consultation(PhaseKind.VOTE, hides_counts=True, threshold=1)
    propositions(asked, 1)
    vote(asked, 1, Opinion.AGREE, by=participant_of(UserFactory()))
    assert "publiés à la fin du vote" in client.get(at("results", asked)).content.decode()
    assert client.get(at("data_csv", asked, "propositions")).status_code == 404
    assert client.get(at("data_json", asked, "semaines")).status_code == 404
    board = client.get(at("deciding", asked) + "?seuil=on")
    assert board.context["rows"] == []
    assert "1 vote" not in client.get(at("deciding", asked)).content.decode()
    close(asked)
    assert client.get(at("data_csv", asked, "propositions")).status_code == 200
    assert "1 vote" in client.get(at("deciding", asked)).content.decode()


def test_open_data_is_safe_complete_and_names_nobody(client):
    asked, filed = asked_with(2)
    Proposition.objects.filter(pk=filed[0].pk).update(title='=HYPERLINK("http://mal.example")')
    published(asked, filed[:1])
    author = filed[0].author
    rows = list(csv.DictReader(io.StringIO(said(client.get(at("data_csv", asked, "propositions"))).lstrip("\ufeff"))))
    assert [row["number"] for row in rows] == ["1", "2"]
    assert rows[0]["title"].startswith("'=")
    assert (rows[0]["decision"], rows[0]["decision_reason"], rows[1]["decision"]) == ("partly", WHY, "")
    assert len(rows[0]["filed_on"]) == len("2026-11-22")
    objects = json.loads(said(client.get(at("data_json", asked, "propositions"))))
    assert objects[0]["title"] == '=HYPERLINK("http://mal.example")'
    for name in ("propositions", "arguments", "semaines", "rubriques"):
        content = said(client.get(at("data_csv", asked, name)))
        assert author.name not in content
        assert "@" not in content
    described = json.loads(said(client.get(at("data_json", asked, "dictionnaire"))))
    assert {one["column"] for one in described if one["table"] == "propositions"} == set(objects[0])
    assert client.get(at("data_csv", asked, "secrets")).status_code == 404


def test_few_votes_of_a_week_are_not_told(client):
    asked, _filed = asked_with(1, closed=False)
    for _ in range(4):
        vote(asked, 1, Opinion.AGREE, by=participant_of(UserFactory()))
    close(asked)
    assert [one["votes"] for one in json.loads(said(client.get(at("data_json", asked, "semaines"))))] == [None]
    assert "moins de 5" in client.get(at("results", asked)).content.decode()


def test_a_draft_has_no_results(client, editor):
    asked, _filed = asked_with(1)
    ConsultationPage.objects.filter(pk=asked.page_id).update(live=False)
    for name in ("results", "deciding", "publish_decisions"):
        assert client.get(at(name, asked)).status_code == 404


def many(asked: Consultation, count: int) -> None:
    made = propositions(asked, count, score=0.5, debate=1.0, agree_count=3)
    deciding.prepare(made, verdict=Verdict.RETAINED, reason=WHY, by=UserFactory())


def test_lists_ask_the_same_queries_whatever_their_length(client, editor, django_assert_max_num_queries):
    asked = consultation(PhaseKind.CONTRIBUTE)
    many(asked, 2)
    close(asked)
    deciding.publish(asked, seen=deciding.fingerprint(deciding.ready(asked)), by=editor)
    many(asked, 30)
    for name in ("deciding", "publish_decisions"):
        client.get(at(name, asked))
        with django_assert_max_num_queries(12):
            client.get(at(name, asked))
    deciding.publish(asked, seen=deciding.fingerprint(deciding.ready(asked)), by=editor)
    client.logout()
    client.get(at("results", asked))
    with django_assert_max_num_queries(12):
        client.get(at("results", asked))
    for name in ("propositions", "arguments", "semaines", "rubriques", "dictionnaire"):
        with django_assert_max_num_queries(10):
            said(client.get(at("data_csv", asked, name)))


def voted(one: Proposition, *, agree: int, mixed: int = 0, disagree: int = 0) -> None:
    Proposition.objects.filter(pk=one.pk).update(agree_count=agree, mixed_count=mixed, disagree_count=disagree)


def test_a_consensus_is_agreed_by_most_and_opposed_by_hardly_anybody(client):
    asked, filed = asked_with(5)
    voted(filed[0], agree=40, mixed=4, disagree=1)
    voted(filed[1], agree=60, disagree=30)  # supported, and opposed
    voted(filed[2], agree=9)  # too few
    voted(filed[3], agree=20, mixed=30)  # nobody is against, most are not for
    voted(filed[4], agree=90, mixed=2, disagree=3)
    close(asked)
    page = client.get(at("results", asked))
    assert [row.number for row in page.context["consensus"]] == [5, 1]
    rows = list(csv.DictReader(io.StringIO(said(client.get(at("data_csv", asked, "consensus"))).lstrip("\ufeff"))))
    assert [row["number"] for row in rows] == ["5", "1"]
    assert all(float(row["sure_not_against"]) >= 0.8 for row in rows)
    # Where one can only agree, there is no consensus to speak of.
    Section.objects.filter(page=asked.page).update(vote="agree", threshold=None)
    assert client.get(at("results", asked)).context["consensus"] == []


def test_every_chart_of_the_results_has_its_table_and_its_data(client):
    asked, _filed = asked_with(2)
    close(asked)
    page = client.get(at("results", asked)).content.decode()
    for name in ("propositions", "reunions", "themes", "arguments", "consensus", "debats", "semaines",
                 "semaines-rubriques", "rubriques", "dictionnaire"):  # fmt: skip
        for kind in ("csv", "json"):
            address = at(f"data_{kind}", asked, name)
            assert address in page
            assert client.get(address).status_code == 200
    described = said(client.get(at("data_csv", asked, "dictionnaire")))
    assert "sure_not_against" in described
