"""The ballot as people use it: buttons that are forms, a page that says whether it counts, a receipt shown once."""

import re
from datetime import timedelta

import pytest

from consult.budgets import receipts
from consult.budgets.actions import closing, registering
from consult.budgets.choices import BallotKind, BudgetPhaseKind
from consult.budgets.models import Ballot, BallotDraft, BallotOption, Condition, Envelope
from consult.budgets.phases import clock
from consult.people import participant_of
from tally.budgets import Regulation
from tests.budgets import world
from tests.budgets.test_voting import LEA, districts
from tests.budgets.voting import cast, close, counts, person
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def page(asked, end=""):
    return f"/budgets/{asked.page.slug}/bulletin/{end}"


def read(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.fixture
def voter(client):
    user = UserFactory()
    client.force_login(user)
    return user


def hidden(html):
    return dict(re.findall(r'<input type="hidden" name="(key|was)" value="([^"]*)"', html))


def check_and_cast(client, asked):
    html = read(client, page(asked, "verifier/"))
    pairs = re.findall(r'name="pair" value="([^"]*)"', html)
    return client.post(page(asked, "verifier/"), {**hidden(html), "pair": pairs})


def test_from_the_first_choice_to_the_receipt_without_a_script(client, voter):
    asked = world.ballot()
    html = read(client, page(asked))
    assert "Répartissez 600 000 €" in html
    assert "Bulletin non déposé" in html
    for number in (1, 3):
        assert client.post(page(asked, "choix/"), {"choose": number}).url == f"{page(asked)}#projet-{number}"
    html = read(client, page(asked))
    assert "Mon bulletin, 2 projets" in html
    assert "Il vous reste 340 000 €." in html
    assert counts(asked) == (0, 0)
    done = check_and_cast(client, asked)
    code = re.search(r'id="recepisse">([^<]+)<', done.content.decode())[1]
    assert Ballot.objects.get().receipt == receipts.hashed(receipts.read(code), [[1, 1], [3, 1]])
    assert "no-store" in done["Cache-Control"]
    html = read(client, page(asked))
    assert "Votre bulletin est déposé" in html
    assert code not in html
    assert client.post(page(asked, "changer/")).url == page(asked)
    client.post(page(asked, "choix/"), {"drop": 1})
    assert "Ces changements ne sont pas déposés" in read(client, page(asked))
    assert Ballot.objects.get().choices == [[1, 1], [3, 1]]
    check_and_cast(client, asked)
    assert Ballot.objects.get().choices == [[3, 1]]
    assert "Retirer" in read(client, page(asked, "retirer/"))
    client.post(page(asked, "retirer/"))
    assert counts(asked) == (0, 0)


def test_a_double_click_shows_the_same_receipt_twice(client, voter):
    asked = world.ballot()
    client.post(page(asked, "choix/"), {"choose": 1})
    html = read(client, page(asked, "verifier/"))
    sent = {**hidden(html), "pair": ["1:"]}
    first, second = (client.post(page(asked, "verifier/"), sent).content.decode() for _ in range(2))
    codes = {re.search(r'id="recepisse">([^<]+)<', one)[1] for one in (first, second)}
    assert len(codes) == 1
    assert counts(asked) == (1, 1)


def test_a_ballot_over_its_ceiling_or_with_a_project_twice_is_refused_by_the_server(client, voter):
    asked = world.ballot()
    for pairs, said in ((["6:", "3:", "1:", "2:"], "de trop"), (["1:", "1:"], "deux fois"), (["99:"], "n’est pas sur")):
        answer = client.post(page(asked, "verifier/"), {"pair": pairs})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert counts(asked) == (0, 0)


def test_a_project_too_dear_says_what_is_missing(client, voter):
    asked = world.ballot()
    for number in (1, 3, 4, 5):
        client.post(page(asked, "choix/"), {"choose": number})
    html = read(client, page(asked))
    assert "Il manque 72 000 €" in html
    client.post(page(asked, "choix/"), {"choose": 6})
    assert "Mon bulletin, 4 projets" in read(client, page(asked))


def test_the_order_is_each_ones_own_and_stays(client):
    asked = world.ballot(*[10_000] * 12)
    orders = set()
    for _each in range(3):
        client.force_login(UserFactory())
        order = re.findall(r'id="projet-(\d+)"', read(client, page(asked)))
        client.post(page(asked, "choix/"), {"choose": 5})
        assert re.findall(r'id="projet-(\d+)"', read(client, page(asked))) == order
        orders.add(tuple(order))
    assert len(orders) == 3


KINDS = [
    (BallotKind.APPROVAL, {"at_most": 2}, {"choose": 1}, "1 projet", [[1, 1]]),
    (BallotKind.POINTS, {"points": 10}, {"v_1": "3", "v_2": "7", "keep": 1}, "10 points", [[1, 3], [2, 7]]),
    (BallotKind.RANKING, {"at_most": 2}, {"v_2": "1", "v_1": "2", "up": 1}, "Mon classement", [[1, 1], [2, 1]]),
    (
        BallotKind.JUDGMENT,
        {"mentions": ("Très bien", "Bien", "Passable"), "count": Regulation(rule="majority_judgment", unmarked=2)},
        {"v_1": "0", "v_2": "2", "keep": 1},
        "Très bien",
        [[1, 0], [2, 2]],
    ),
]


@pytest.mark.parametrize(("kind", "rules", "sent", "said", "ballot"), KINDS)
def test_each_kind_of_ballot_is_chosen_checked_and_cast(client, voter, kind, rules, sent, said, ballot):
    asked = world.ballot(rules=world.ballot_rules(kind, **rules))
    read(client, page(asked))
    client.post(page(asked, "choix/"), sent)
    assert said in read(client, page(asked))
    assert check_and_cast(client, asked).status_code == 200
    assert Ballot.objects.get().choices == ballot
    assert "Votre bulletin est déposé" in read(client, page(asked))


def test_what_was_typed_wrong_is_kept_and_said(client, voter):
    asked = world.ballot(rules=world.ballot_rules(BallotKind.POINTS, points=10))
    client.post(page(asked, "choix/"), {"v_1": "9", "v_2": "6", "keep": 1})
    html = read(client, page(asked))
    assert "enlevez-en 5" in html
    assert 'value="9"' in html
    assert "verifier/" not in html


def test_a_visitor_reads_the_projects_and_is_led_to_sign_in(client):
    asked = world.ballot()
    html = read(client, page(asked))
    assert "Connectez-vous pour voter" in html
    assert client.post(page(asked, "choix/"), {"choose": 1}).url.startswith("/compte/")
    assert client.get(page(asked, "verifier/")).status_code == 302


def test_somebody_says_that_they_may_vote_then_votes(client, voter):
    asked = world.ballot(frozen=False, rules=world.ballot_rules(identity="civil"))
    Condition.objects.create(page=asked.page, kind="age", value=16)
    Condition.objects.create(page=asked.page, kind="residence", words="habiter Valbourg")
    world.freeze(asked)
    assert "dites que vous remplissez les conditions" in read(client, page(asked))
    assert client.post(page(asked, "choix/"), {"choose": 1}).url == page(asked, "inscription/")
    young = {"family": "Le Goff", "given": "Léa", "born_on": "03/02/2024", "lives_here": "on"}
    refused = client.post(page(asked, "inscription/"), young)
    assert refused.status_code == 422
    assert 'value="Le Goff"' in refused.content.decode()
    assert client.post(page(asked, "inscription/"), {**young, "born_on": "03/02/1990"}).url == page(asked)
    client.post(page(asked, "choix/"), {"choose": 1})
    assert check_and_cast(client, asked).status_code == 200
    with pytest.raises(registering.SomebodyElse):
        registering.register(asked, registering.Declared(born_on=LEA.born_on, lives_here=True, civil=LEA), by=person())


def test_envelopes_are_voted_one_by_one(client, voter):
    asked = world.budget(BudgetPhaseKind.BALLOT)
    north = Envelope.objects.create(page=asked.page, title="Nord", kind="territory", amount=20_000_000)
    world.project(asked)
    world.project(asked, envelope=north)
    world.freeze(asked)
    there = {"enveloppe": north.pk}
    client.post(page(asked, "choix/"), {"choose": 2, **there})
    assert "Mon bulletin, 1 projet" in read(client, f"{page(asked)}?enveloppe={north.pk}")
    html = read(client, f"{page(asked, 'verifier/')}?enveloppe={north.pk}")
    done = client.post(page(asked, "verifier/"), {**hidden(html), **there, "pair": ["2:"]})
    assert "Votez aussi pour « Toute la ville »" in done.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert Ballot.objects.get().envelope == north


def test_who_voted_in_a_district_votes_for_the_whole_town_and_not_in_another_district(client, voter):
    asked, places = districts(envelopes="one_territory")
    done = []
    for number, place in ((2, places[1]), (1, places[0]), (3, places[2])):
        there = {"enveloppe": place.pk}
        html = client.get(page(asked, "verifier/"), there).content.decode()
        answer = client.post(page(asked, "verifier/"), {**hidden(html), **there, "pair": [f"{number}:"]})
        done.append((answer.status_code, counts(asked)))
    assert [counted for _status, counted in done] == [(1, 1), (2, 2), (2, 2)]
    assert [status for status, _counted in done][:2] == [200, 200]
    assert done[2][0] in (409, 422)


def test_a_withdrawn_project_is_struck_with_its_reason(client, voter):
    asked = world.ballot()
    client.post(page(asked, "choix/"), {"choose": 2})
    BallotOption.objects.filter(number=2).update(withdrawn_at=clock(), withdrawn_reason="Le terrain est vendu.")
    html = read(client, page(asked))
    assert "Le terrain est vendu." in html
    client.post(page(asked, "choix/"), {"drop": 2})
    assert BallotDraft.objects.count() == 0


def test_who_cast_it_is_told_that_one_of_their_projects_was_withdrawn(client, voter):
    asked = world.ballot()
    cast(asked, participant_of(voter), 1, 2)
    assert "retiré depuis" not in read(client, page(asked))
    BallotOption.objects.filter(number=2).update(withdrawn_at=clock(), withdrawn_reason="Le terrain est vendu.")
    told = read(client, page(asked)).split("retiré depuis")[1]
    assert told.split("</strong>")[0].endswith("Projet 2.")
    assert "Vous pouvez changer votre bulletin" in told


def test_a_closed_ballot_says_since_when_and_then_answers_receipts(client, voter):
    asked = world.ballot()
    code = cast(asked, person(), 1, 4).code
    assert "une fois le vote clos" in read(client, f"/budgets/{asked.page.slug}/recepisse/")
    close(asked)
    html = read(client, page(asked))
    assert re.search(r"depuis le \d+(er)? \S+ \d{4} à \d+ h", html)
    assert client.post(page(asked, "choix/"), {"choose": 1}).status_code == 409
    closing.close(asked)
    answer = client.post(f"/budgets/{asked.page.slug}/recepisse/", {"code": receipts.shown(code)}).content.decode()
    assert "Projet 1" in answer
    assert "Projet 4" in answer
    assert "Aucun bulletin" in client.post(f"/budgets/{asked.page.slug}/recepisse/", {"code": "x"}).content.decode()


def test_a_ballot_to_come_says_when(client):
    asked = world.budget(BudgetPhaseKind.STUDY)
    assert "ouvre le" in read(client, page(asked))
    assert client.get(page(asked, "secret/")).status_code == 200


@pytest.mark.parametrize("many", [3, 40])
def test_a_ballot_asks_the_same_queries_whatever_its_projects(client, voter, django_assert_max_num_queries, many):
    asked = world.ballot(*[1_000] * many)
    for number in range(1, many):
        client.post(page(asked, "choix/"), {"choose": number})
    read(client, page(asked))
    with django_assert_max_num_queries(16):
        read(client, page(asked))
    assert timedelta(0) < asked.page.phases.get(kind="ballot").closes_at - clock()


@pytest.mark.parametrize("projects", [3, 40])
def test_a_ballot_is_cast_in_as_many_questions_whatever_the_number_of_projects(
    client, voter, django_assert_max_num_queries, projects
):
    asked = world.ballot(*[1_000] * projects)
    client.post(page(asked, "choix/"), {"choose": 1})  # stands on the roll from now on
    with django_assert_max_num_queries(24) as asked_for:
        assert client.post(page(asked, "verifier/"), {"pair": ["1:", "2:"]}).status_code == 200
    assert not any("budgets_project" in one["sql"] for one in asked_for.captured_queries)
