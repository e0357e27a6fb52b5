"""What programs read of a consultation is what anybody reads on its pages, and not a count before its time."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consult.actions.arguments import reply
from consult.actions.votes import vote
from consult.choices import Opinion, PhaseKind, Side, VoteWidget
from consult.models import Consultation, Participant, Proposition, Section
from consult.people import participant_of
from moderation.actions import decide
from moderation.choices import Outcome, Rule, Timing
from tests.consult.test_arguments import BIKES, argue
from tests.consult.test_page import propositions
from tests.consult.test_votes import people
from tests.consult.world import close, consultation, proposition
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


def get(path: str, status: int = 200):
    answer = Client().get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.content
    if status >= 400:
        assert answer["Content-Type"] == PROBLEM
    return answer.json()


def voted(**section) -> Consultation:
    asked = consultation(PhaseKind.VOTE, **section)
    propositions(asked, 2)
    for someone in people(3):
        vote(asked, 1, Opinion.AGREE, by=someone)
    return asked


def test_consultations_are_told_as_their_list_tells_them():
    asked = voted()
    [told] = get("consultations")["items"]
    assert told["slug"] == asked.page.slug
    assert (told["state"], told["propositions"], told["voters"], told["votes"]) == ("open", 2, 3, 3)
    detail = get(f"consultations/{asked.page.slug}")
    assert [phase["kind"] for phase in detail["phases"]] == ["vote"]
    assert detail["sections"][0]["vote"] == VoteWidget.THREE
    close(asked)
    assert get(f"consultations/{asked.page.slug}")["state"] == "closed"


def test_a_draft_is_not_there():
    asked = voted()
    asked.page.live = False
    asked.page.save()
    slug = asked.page.slug
    assert get("consultations")["items"] == []
    for path in ("", "/propositions", "/propositions/1", "/propositions/1/arguments"):
        get(f"consultations/{slug}{path}", 404)
    answer = Client().post(f"/api/v1/consultations/{slug}/propositions/similar", {}, content_type="application/json")
    assert answer.status_code == 404


def test_propositions_come_by_pages_each_once():
    asked = consultation(PhaseKind.VOTE)
    propositions(asked, 7)
    seen, cursor = [], ""
    while cursor is not None:
        page = get(f"consultations/{asked.page.slug}/propositions?limit=3&cursor={cursor}")
        seen += [one["number"] for one in page["items"]]
        cursor = page["next"]
    assert seen == list(range(1, 8))


@pytest.mark.parametrize("wrong", ["cursor=zzz", "cursor=%00", "limit=0", "limit=1000", "section=abc", "state=secret"])
def test_what_cannot_be_read_is_said(wrong):
    asked = voted()
    get(f"consultations/{asked.page.slug}/propositions?{wrong}", 400 if "%00" in wrong else 422)
    get(f"consultations/{asked.page.slug}/propositions/99999999999999999999", 404)


def test_a_proposition_and_its_arguments_are_told_without_the_names_of_people():
    asked = voted()
    Participant.objects.filter(pk=Proposition.objects.get(number=2).author_id).update(name="Nadia Belmont")
    group = UserFactory(name="Vélo pour tous", is_organisation=True)
    argue(asked, Side.FOR, BIKES, by=participant_of(group))
    written = argue(asked, Side.AGAINST, "Et les livraisons ?")
    reply(asked, written, "Elles passeront le matin.", by=participant_of(UserFactory(name="Robert K.")))
    slug = asked.page.slug
    one = get(f"consultations/{slug}/propositions/1")
    assert one["votes"] == {"agree": 3, "mixed": 0, "disagree": 0}
    assert one["text"] == "Oui."
    assert (one["arguments_for"], one["arguments_against"]) == (1, 1)
    said = get(f"consultations/{slug}/propositions/1/arguments")["items"]
    assert [(each["number"], each["side"]) for each in said] == [(1, "for"), (2, "against")]
    assert said[0]["author"] == {"kind": "organisation", "name": "Vélo pour tous", "is_verified": False}
    assert said[1]["author"]["name"] is None
    assert said[1]["replies"][0]["text"] == "Elles passeront le matin."
    assert len(get(f"consultations/{slug}/propositions/1/arguments?side=against")["items"]) == 1
    everything = json.dumps([one, said, get(f"consultations/{slug}/propositions")])
    assert "Nadia" not in everything
    assert "Robert" not in everything


def all_of_it(slug: str) -> str:
    read = [
        get(f"consultations{path}") for path in ("", f"/{slug}", f"/{slug}/propositions", f"/{slug}/propositions/1")
    ]
    like = Client().post(
        f"/api/v1/consultations/{slug}/propositions/similar",
        {"title": "Fermer le quai le dimanche", "body": ""},
        content_type="application/json",
    )
    return json.dumps([*read, like.json()])


def test_hidden_votes_stand_nowhere_before_the_last_one_is_in():
    asked = voted(hides_counts=True, threshold=1)
    Proposition.objects.filter(number=1).update(agree_count=1204, mixed_count=1205, disagree_count=1206)
    Consultation.objects.filter(pk=asked.pk).update(vote_count=1207, voter_count=1208)
    told = all_of_it(asked.page.slug)
    for count in ("1204", "1205", "1206", "1207", "1208"):
        assert count not in told
    one = get(f"consultations/{asked.page.slug}/propositions/1")
    assert one["votes"] is None
    assert one["threshold_reached_on"] is None
    # Control: once the vote is over, all of them are told.
    close(asked)
    told = all_of_it(asked.page.slug)
    for count in ("1204", "1205", "1206", "1207", "1208"):
        assert count in told
    assert get(f"consultations/{asked.page.slug}/propositions/1")["threshold_reached_on"]


def test_one_hidden_section_hides_the_totals_and_not_the_votes_of_the_others():
    asked = voted()
    hidden = Section.objects.create(page=asked.page, title="À huis clos", hides_counts=True, sort_order=1)
    Proposition.objects.filter(number=2).update(section=hidden)
    slug = asked.page.slug
    assert get(f"consultations/{slug}")["votes"] is None
    rows = get(f"consultations/{slug}/propositions")["items"]
    assert [row["votes"] and row["votes"]["agree"] for row in rows] == [3, None]


def test_what_moderators_hid_or_have_not_read_is_not_there():
    asked = consultation(PhaseKind.CONTRIBUTE)
    proposition(asked)
    proposition(asked, timing=Timing.BEFORE, number=2)
    slug = asked.page.slug
    get(f"consultations/{slug}/propositions/2", 404)
    written = argue(asked, Side.FOR, BIKES)
    decide(written.case, outcome=Outcome.HIDE, rule=Rule.INSULT, facts="Une insulte.", after=None, by=UserFactory())
    assert get(f"consultations/{slug}/propositions/1/arguments")["items"] == []
    assert [one["number"] for one in get(f"consultations/{slug}/propositions")["items"]] == [1]


def test_what_looks_like_a_text_is_found_and_nothing_is_kept():
    asked = consultation(PhaseKind.CONTRIBUTE)
    one = proposition(asked)
    before = Proposition.objects.count()
    answer = Client().post(
        f"/api/v1/consultations/{asked.page.slug}/propositions/similar",
        {"title": "Fermer le quai le dimanche", "body": "Pour apprendre le vélo aux enfants"},
        content_type="application/json",
    )
    assert [found["number"] for found in answer.json()] == [one.number]
    assert Proposition.objects.count() == before
    wrong = Client().post(
        f"/api/v1/consultations/{asked.page.slug}/propositions/similar",
        {"titre": "Fermer"},
        content_type="application/json",
    )
    assert wrong.status_code == 422
    assert wrong["Content-Type"] == PROBLEM


def test_the_reference_says_each_of_these_doors(client):
    told = client.get("/api/v1/openapi.json").json()["paths"]
    doors = ("", "/{slug}", "/{slug}/propositions", "/{slug}/propositions/{number}/arguments")
    for door in (*doors, "/{slug}/propositions/similar"):
        assert f"/api/v1/consultations{door}" in told
    assert client.get("/api/v1/docs").status_code == 200


@pytest.mark.parametrize(
    "path", ["", "/{slug}", "/{slug}/propositions", "/{slug}/propositions/1", "/{slug}/propositions/1/arguments"]
)
def test_as_many_questions_with_three_rows_as_with_thirty(path):
    def questions() -> int:
        with CaptureQueriesContext(connection) as seen:
            get(f"consultations{path.format(slug=asked.page.slug)}")
        return len(seen)

    asked = consultation(PhaseKind.VOTE)
    propositions(asked, 3)
    for n in range(3):
        reply(asked, argue(asked, Side.FOR, f"Un argument, {n}"), "Oui.", by=participant_of(UserFactory()))
    questions()  # what an editor set up is kept from the first reading on
    few = questions()
    propositions(asked, 27)
    for n in range(27):
        reply(asked, argue(asked, Side.FOR, f"Un autre, {n}"), "Oui.", by=participant_of(UserFactory()))
    for _ in range(9):
        voted()
    assert questions() == few
    assert few <= 12
