"""The polling desk as clerks use it: keyboard alone, one line a sheet, an answer at a glance, no script."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from consult.budgets.choices import BallotKind
from consult.budgets.models import Ballot, Mark, PaperBatch, PaperSheet
from tally.budgets import Regulation
from tests.budgets import paper, world
from tests.budgets.voting import cast, person
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LEA = {"family": "Le Goff", "given": "Léa", "born_on": "14/07/1989"}


def entered(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def clerk(client):
    user = paper.clerk("Maud Bellec")
    client.force_login(user)
    return user


def home(asked, end=""):
    return f"/guichet/budgets/{asked.page.slug}/{end}"


def plain(answer, status=200):
    assert answer.status_code == status, answer
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def read(client, url):
    return plain(client.get(url))


def test_a_desk_opens_to_clerks_once_the_regulation_is_frozen(client, clerk):
    asked, drafted = paper.ballot(), world.ballot(frozen=False)
    page = read(client, "/guichet/")
    assert home(asked) in page
    assert home(drafted) not in page
    for end in ("emargement/", "lots/", "bulletin-papier/"):
        assert home(asked, end) in read(client, home(asked))
    assert client.get(home(drafted)).status_code == 404
    client.force_login(UserFactory())
    assert client.get(home(asked)).status_code == 404


def test_a_clerk_looks_marks_and_goes_on_with_the_next_person(client, clerk):
    asked = paper.ballot()
    url = home(asked, "emargement/")
    page = read(client, url)
    assert re.search(r'name="family"[^>]*autofocus', page)
    assert 'autocomplete="off"' in page
    page = plain(client.post(url, {"act": "look", **LEA}))
    assert "Peut voter ici" in page
    assert not Mark.objects.exists()
    assert re.search(r'<button[^>]*value="mark"[^>]*autofocus', page)
    assert page.count("autofocus") == 1
    sent = {**LEA, "act": "mark", "envelope": world.envelope_of(asked).pk}
    page = plain(client.post(url, sent, follow=True))
    assert "C’est émargé" in page
    assert "Le Goff" not in page
    assert re.search(r'name="family"[^>]*autofocus', page)
    assert '<td class="r num">1</td>' in page
    assert "A déjà voté" in plain(client.post(url, {"act": "look", **LEA}))
    assert "déjà voté" in plain(client.post(url, sent), 409)
    assert Mark.objects.count() == 1
    client.post(url, {**sent, "act": "cancel", "why": "mistyped"})
    assert not Mark.objects.exists()


def test_what_is_typed_wrong_stays_and_no_name_is_in_an_address(client, clerk):
    asked = paper.ballot()
    answer = client.post(home(asked, "emargement/"), {"family": "Le Goff", "given": "Léa", "born_on": "14/17/1989"})
    assert "14/17/1989" in plain(answer, 422)
    assert "no-store" in answer["Cache-Control"]
    assert 'method="get"' not in plain(answer, 422).split("<main")[1]


def test_a_desk_says_how_somebody_voted_and_that_another_budget_takes_no_paper(client, clerk):
    asked = world.ballot()
    assert "ne prend pas de bulletin papier" in read(client, home(asked, "emargement/"))
    assert "Personne ne vote au guichet" in read(client, home(asked))
    assert "pris" not in plain(client.post(home(asked, "emargement/"), LEA), 422).split("<main")[0]


def test_two_clerks_key_a_batch_and_a_third_settles(client, clerk):
    asked, second, third = paper.ballot(), entered(paper.clerk("Paul Roche")), entered(paper.clerk("Ines Mur"))
    paper.marked(asked, 2)
    sent = {"place": "Mairie, guichet 2", "announced": "2"}
    url = client.post(home(asked, "lots/"), sent).url
    assert url == home(asked, "lots/1/")
    key = f"{url}saisir/"
    page = read(client, key)
    assert "Feuille 1 sur 2" in page
    assert re.search(r'name="typed"[^>]*autofocus', page)
    wrong = plain(client.post(key, {"rank": 1, "typed": "1 99"}), 422)
    assert 'value="1 99"' in wrong  # kept
    assert "tapez n1" in wrong
    page = plain(client.post(key, {"rank": 1, "typed": "1 2"}, follow=True))
    assert "Feuille 2 sur 2" in page
    assert "La feuille 1 est gardée" in page
    assert 'value="1 2"' in read(client, f"{key}?feuille=1")
    page = plain(client.post(key, {"rank": 2, "typed": "b"}, follow=True))
    assert "Vous n’avez plus rien à saisir" in page
    page = read(second, f"{key}?vue=1")
    assert "est gardée" not in page  # nobody reads what somebody else read
    assert "Feuille 1 sur 2" in page
    for rank, typed in ((1, "1"), (2, "b")):
        second.post(key, {"rank": rank, "typed": typed})
    page = read(third, f"{url}ecarts/")
    assert "Maud Bellec" in page
    assert "Paul Roche" in page
    assert "ensemble devant la feuille" not in page
    assert "ensemble devant la feuille" in read(second, f"{url}ecarts/")
    assert "autre personne tranche" in plain(second.post(f"{url}ecarts/", {"rank": 1, "choice": "first"}), 409)
    third.post(f"{url}ecarts/", {"rank": 1, "choice": "first"})
    assert "Tout est saisi deux fois" in read(client, url)
    page = plain(client.post(url, {"act": "close"}, follow=True))
    assert "Valables : 1. Blancs : 1. Nuls : 0" in page
    assert [one.choices for one in Ballot.objects.all()] == [[[1, 1], [2, 1]]]
    assert plain(client.post(key, {"rank": 1, "typed": "3"}), 409)
    assert read(client, key)


def test_too_many_ballots_are_explained_by_an_editor_alone(client, clerk):
    asked, editor = paper.ballot(), UserFactory()
    Role.objects.create(user=editor, kind="editor")
    batch = paper.batch(asked, 1)
    for by in (paper.clerk(), paper.clerk()):
        paper.keyed(batch, ["1"], by=by)
    url = home(asked, "lots/1/")
    page = plain(client.post(url, {"act": "close"}), 409)
    assert "1 de trop" in page
    assert 'name="explanation"' not in page
    runs = entered(editor)
    assert 'name="explanation"' in plain(runs.post(url, {"act": "close"}), 409)
    runs.post(url, {"act": "explain", "explanation": "Oubli d’émargement.", "signatory": "Rose Daumier"})
    assert PaperBatch.objects.get().state == "closed"


def test_a_batch_is_announced_again_or_given_up(client, clerk):
    asked = paper.ballot()
    paper.batch(asked, 3)
    url = home(asked, "lots/1/")
    client.post(url, {"act": "announce", "announced": 2})
    assert PaperBatch.objects.get().announced == 2
    assert client.post(url, {"act": "give_up"}).status_code == 422
    client.post(url, {"act": "give_up", "reason": "Pile mélangée à une autre."})
    assert "Pile mélangée" in read(client, home(asked, "lots/"))


JUDGED = Regulation(rule="majority_judgment", unmarked=2, ties=("lower_cost",))
PRINTED = [
    ("knapsack", {}, "Cochez les projets que vous voulez. Ensemble, ils coûtent au plus 600 000 €.", 6),
    ("approval", {"at_most": 3}, "Gardez 3 projets au plus.", 6),
    ("points", {"points": 10, "points_each": 4}, "Vous avez 10 points à répartir.", 6),
    ("ranking", {"at_most": 3}, "Vous pouvez classer 3 projets.", 6),
    ("judgment", {"mentions": ("Très bien", "Bien", "Non"), "count": JUDGED}, "cochez une mention", 18),
]


@pytest.mark.parametrize(("kind", "rules", "sentence", "boxes"), PRINTED)
def test_a_paper_ballot_is_printed_for_each_kind(client, clerk, kind, rules, sentence, boxes):
    asked = paper.ballot(kind=BallotKind(kind), **rules)
    page = read(client, home(asked, "bulletin-papier/"))
    assert sentence in page
    assert page.count("c-sheet__box") == boxes
    assert "310 000 €" in page


def test_the_pages_of_a_desk_ask_the_base_as_much_for_many_rows(client, clerk):
    asked = paper.ballot()
    batch = paper.batch(asked, 60)
    paper.keyed(batch, ["1"], by=clerk)
    urls = ["/guichet/", *(home(asked, end) for end in ("", "emargement/", "lots/", "lots/1/", "bulletin-papier/"))]
    urls += [home(asked, "lots/1/saisir/"), home(asked, "lots/1/ecarts/")]

    def counted():
        found = []
        for url in urls:
            with CaptureQueriesContext(connection) as seen:
                read(client, url)
            found.append(len(seen))
        return found

    counted()
    few = counted()
    for _more in range(3):
        paper.batch(paper.ballot(), 1)
    other = paper.clerk()
    for one in (clerk, other):
        paper.keyed(batch, ["1" if one is clerk else "2"] * 50, by=one)
    for _more in range(10):
        paper.batch(asked, 5)
    assert counted() == few
    assert PaperSheet.objects.count() == 50


def test_the_answer_tells_who_voted_online(client, clerk):
    asked = paper.ballot()
    from consult.budgets.actions import registering

    said, voter = paper.somebody(), person()
    registering.register(asked, said, by=voter)
    cast(asked, voter, 1)
    sent = {"family": said.civil.family, "given": said.civil.given, "born_on": f"{said.born_on:%d/%m/%Y}"}
    page = plain(client.post(home(asked, "emargement/"), sent))
    assert "A voté en ligne" in page
    assert 'value="mark"' not in page
