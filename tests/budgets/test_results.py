"""The result as everybody reads it: nothing before it is signed, then why each project won, and how to count again."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from accounts.models import Role
from consult.budgets import counting, exports, result_letters, results
from consult.budgets.actions import counting as acts
from consult.budgets.choices import BallotKind
from consult.budgets.models import Ballot, BudgetFollow, Count, Project, ProjectFollow, ResultTold
from consult.count_words import amount
from consult.people import participant_of
from letters.models import Letter
from tally.budgets import Regulation
from tests.budgets import box, world
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

PAGES = ["results", "results_rounds", "results_turnout", "results_what_if"]
SCRUTINEERS = {"signatory": "Rose Daumier, première adjointe"}


def address(asked, name="results", *more):
    return reverse(f"budgets:{name}", args=[asked.page.slug, *more])


def text_of(client, url, status=200):
    got = client.get(url)
    assert got.status_code == status, url
    return got.content.decode()


def _main(said):
    return said.split("<main")[1].split("</main>")[0]


@pytest.fixture
def editor(client):
    someone = UserFactory()
    Role.objects.create(user=someone, kind="editor")
    client.force_login(someone)
    return someone


def test_nothing_is_read_before_the_count_is_signed(client):
    asked = box.filled()
    before = {name: _main(text_of(client, address(asked, name))) for name in PAGES}
    box.counted(asked)
    for name in PAGES:
        said = text_of(client, address(asked, name))
        assert _main(said) == before[name]  # that it is counted shows nowhere
        assert "Il n’y a pas encore de résultat" in said
        assert "Projet 1" not in said
    assert client.get(address(asked, "recount")).status_code == 404
    assert client.get(reverse("api:outcome", args=[asked.page.slug])).status_code == 404
    pk = world.envelope_of(asked).pk
    for name in exports.FILES:
        assert client.get(address(asked, "recount_file", pk, name)).status_code == 404
    box.signed(asked)  # control: signed, all of it is there
    for name in PAGES:
        assert "Il n’y a pas encore de résultat" not in text_of(client, address(asked, name))
    for name in exports.FILES:
        assert client.get(address(asked, "recount_file", pk, name)).status_code == 200


def test_each_project_says_why_it_won_or_what_it_lacked(client):
    asked = box.filled(population=400, population_word="habitants")
    (done,) = box.signed(asked)
    said = text_of(client, address(asked))
    assert "19 personnes ont réparti" in said
    assert "5\N{NO-BREAK SPACE}% des 400 habitants" in said
    for number, reason in done.outcome["reasons"].items():
        card = said.split(f'id="p{number}"')[1].split("</article>")[0]
        assert f"Projet {number}" in card
        assert f"{reason['supporters']} bulletin" in card
    assert "personnes le voulaient" in said
    assert "Rose Daumier, première adjointe" in said
    rounds = text_of(client, address(asked, "results_rounds"))
    assert rounds.count('<th scope="row">') >= len(done.outcome["rounds"])
    compared = text_of(client, address(asked, "results_what_if"))
    assert "ont choisi au moins un projet financé" in compared


@pytest.mark.parametrize("many", [3, 40])
def test_the_pages_ask_the_same_queries_whatever_the_projects(client, editor, django_assert_max_num_queries, many):
    asked = box.filled(*range(20_000, 20_000 + many), chosen=["1", "2", "12", "3"])
    box.signed(asked)
    client.get(address(asked))
    for name, *more in [*((name,) for name in PAGES), ("recount",), ("counting",), ("signing", 1)]:
        with django_assert_max_num_queries(20):
            client.get(address(asked, name, *more))
    with django_assert_max_num_queries(20):
        (told,) = client.get(reverse("api:outcome", args=[asked.page.slug])).json()
    assert told["outcome"]["hash"] == Count.objects.get(kind="official").outcome_hash


def test_a_small_channel_is_found_neither_on_the_page_nor_in_the_files(client):
    asked = box.filled(paper=["1"] * 9, kiosk=["6", "6"])
    box.signed(asked)
    said = text_of(client, address(asked, "results_turnout"))
    assert "11" in said
    pb = client.get(address(asked, "recount_file", world.envelope_of(asked).pk, exports.PB)).content.decode()
    assert pb.count(";kiosk+paper\n") == 11
    assert ";kiosk\n" not in pb


def test_ballots_on_paper_are_in_the_open_data(client):
    asked = box.filled(paper=["1"] * 9)
    box.signed(asked)
    pk = world.envelope_of(asked).pk
    assert client.get(address(asked, "recount_file", pk, exports.PB)).content.decode().count(";paper\n") == 9
    table = client.get(address(asked, "recount_file", pk, "bulletins.csv")).content.decode()
    assert len(table.splitlines()) == 1 + 19 + 9
    receipts = client.get(address(asked, "recount_file", pk, "recepisses.txt")).content.decode().split()
    assert receipts == sorted(Ballot.objects.values_list("receipt", flat=True))


RULES = {
    "equal shares": (None, "recompter.py"),
    "greedy": (world.ballot_rules(count=Regulation(rule="greedy", ties=("lower_cost",))), "recompter.py"),
    "mentions": (
        world.ballot_rules(
            BallotKind.JUDGMENT,
            mentions=("Très bien", "Bien", "Non"),
            count=Regulation(rule="majority_judgment", unmarked=2, ties=("lower_cost",)),
        ),
        "recompter_mentions.py",
    ),
}


@pytest.mark.parametrize("rules", RULES)
def test_anybody_counts_again_with_the_files_and_python_alone(client, tmp_path, rules):
    regulation, script = RULES[rules]
    asked = box.filled(paper=["1", "2", "3", "6", "6", "6"], **({"rules": regulation} if regulation else {}))
    box.signed(asked)
    page = text_of(client, address(asked, "recount"))
    command = page.split("<code>")[1].split("</code>")[0]
    assert command == f"python3 {script} bulletins.pb reglement.json resultat.json"
    pk = world.envelope_of(asked).pk
    for name in command.split()[2:]:
        (tmp_path / name).write_bytes(client.get(address(asked, "recount_file", pk, name)).content)
    (tmp_path / script).write_bytes(client.get(address(asked, "recount_script", script.removesuffix(".py"))).content)
    assert _typed(tmp_path, command) == (0, True)
    ballots = tmp_path / exports.PB
    ballots.write_text(ballots.read_text().replace(";paper", ";web", 1))
    assert _typed(tmp_path, command) == (1, False)


def _typed(folder: Path, command: str):
    done = subprocess.run(
        [sys.executable, "-I", *command.split()[1:]], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, "PAS identique" not in done.stdout and "Identique au résultat publié" in done.stdout


def test_the_file_kept_by_the_worker_is_the_one_that_was_counted(settings, tmp_path):
    settings.OPEN_DATA_ROOT = tmp_path
    asked = box.filled()
    (done,) = box.signed(asked)
    made = exports.ballots(done)
    assert (exports.keep(asked), exports.keep(asked)) == (1, 0)
    (kept,) = tmp_path.iterdir()
    assert kept.read_bytes() == made == exports.ballots(done)


def test_the_command_counts_again_and_fails_when_a_ballot_was_changed_behind_its_back():
    asked = box.filled()
    with pytest.raises(CommandError):
        call_command("recount", asked.page.slug)
    box.signed(asked)
    told = StringIO()
    call_command("recount", asked.page.slug, stdout=told)
    assert "Identique au dépouillement officiel" in told.getvalue()
    with connection.cursor() as cursor:  # as somebody who rules the server would
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE budgets_ballot DISABLE TRIGGER USER")
        cursor.execute("UPDATE budgets_ballot SET choices = '[[6, 1]]' WHERE choices = '[[1, 1]]'")
        cursor.execute("ALTER TABLE budgets_ballot ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match="PAS"):
        call_command("recount", asked.page.slug, stdout=told)
    with pytest.raises(CommandError):
        call_command("recount", "nulle-part")


def test_an_editor_asks_reads_signs_then_departs(client, editor, django_capture_on_commit_callbacks):
    asked = box.filled()
    with django_capture_on_commit_callbacks():
        assert client.post(address(asked, "counting"), {"act": "ask"}).status_code == 302
    assert "Vous pouvez quitter cette page" in text_of(client, address(asked, "counting"))
    counting.run(Count.objects.get(kind="trial").pk)
    assert "Lire et signer" in text_of(client, address(asked, "counting"))
    page = text_of(client, address(asked, "signing", 1))
    assert "Projet 1" in page
    read = acts.seen(list(results.counts(asked)))
    assert client.post(address(asked, "signing", 1), {"read": read, "signatory": ""}).status_code == 422
    assert client.post(address(asked, "signing", 1), {"read": "autre", **SCRUTINEERS}).status_code == 422
    assert client.post(address(asked, "signing", 1), {"read": read, **SCRUTINEERS}).status_code == 302
    lost = Project.objects.filter(budget=asked, state="not_funded").first()
    posted = {"act": "depart", "project": lost.number, "reason": "La région paie le reste.", **SCRUTINEERS}
    assert client.post(address(asked, "counting"), {**posted, "reason": ""}).status_code == 422
    assert client.post(address(asked, "counting"), posted).status_code == 302
    client.logout()
    said = text_of(client, address(asked))
    assert "La région paie le reste." in said
    assert "Financé par une décision" in said
    assert f"Une décision ajoute {amount(lost.cost)}." in said  # what the head says was given is not the whole of it


def test_an_editor_records_lots_drawn_in_public(client, editor):
    rules = world.ballot_rules(BallotKind.APPROVAL, count=Regulation(rule="greedy", ties=()))
    asked = box.filled(400_000, 400_000, chosen=["1", "2"], rules=rules)
    box.counted(asked)
    assert "n°\N{NO-BREAK SPACE}1 et n°\N{NO-BREAK SPACE}2" in text_of(client, address(asked, "counting"))
    posted = {"act": "draw", "envelope": world.envelope_of(asked).pk, "seed": "4271", **SCRUTINEERS}
    assert client.post(address(asked, "counting"), posted).status_code == 422
    assert client.post(address(asked, "counting"), {**posted, "story": "Dé lancé en conseil."}).status_code == 302
    box.signed(asked)
    assert "Dé lancé en conseil." in text_of(client, address(asked))


def test_who_follows_a_project_is_told_once_without_a_vote():
    asked = box.filled()
    someone = participant_of(UserFactory())
    ProjectFollow.objects.create(project=Project.objects.get(number=1), participant=someone)
    box.signed(asked)
    assert result_letters.tell(asked.pk) == 1
    assert result_letters.tell(asked.pk) == 0
    letter = Letter.objects.get(kind=result_letters.KIND)
    said = result_letters.render(letter)
    assert "Projet 1" in said.text
    assert "/resultats/" in said.text
    assert ResultTold.objects.get().is_promised


def test_who_asks_for_it_is_told_of_the_result_whether_they_vote_or_not(client):
    asked = world.ballot()
    url = f"/budgets/{asked.page.slug}/prevenir/"
    assert "Me prévenir du résultat" in text_of(client, f"/budgets/{asked.page.slug}/")
    someone = UserFactory()
    EmailAddress.objects.create(user=someone, email=someone.email, verified=True, primary=True)
    sent = client.post(url, {"follow": "1"}).url  # pressed once: signing in is part of the same act
    assert not BudgetFollow.objects.exists()
    shown = client.post(sent, {"login": someone.email, "password": PASSWORD}, follow=True)
    assert shown.redirect_chain[-1][0] == f"/budgets/{asked.page.slug}/#prevenir"
    assert "Vous recevrez un courrier" in shown.content.decode()
    assert BudgetFollow.objects.get().participant.user == someone
    for _each in range(2):
        client.post(url, {"follow": "1"})
    assert "Vous recevrez un courrier" in text_of(client, f"/budgets/{asked.page.slug}/")
    given_up = UserFactory()
    for wanted in ("1", "0"):
        client.force_login(given_up)
        client.post(url, {"follow": wanted})
    box.cast(asked, world.envelope_of(asked), [[[1, 1]], [[2, 1]]])
    box.close(asked)
    box.signed(asked)
    assert list(ResultTold.objects.values_list("participant__user", flat=True)) == [someone.pk]
    assert "prevenir" not in text_of(client, f"/budgets/{asked.page.slug}/")  # it is public: nothing is left to tell


def test_what_is_funded_stands_on_a_plan_beside_its_list(client):
    asked = box.filled()
    for one in Project.objects.filter(budget=asked):
        where = {"latitude": f"48.85{one.number}", "longitude": f"2.34{one.number}", "place": f"Rue {one.number}"}
        Project.objects.filter(pk=one.pk).update(**where)
    (count,) = box.signed(asked)
    said = _main(text_of(client, address(asked)))
    plan = said.split('class="c-plan"')[1].split("</section>")[0]
    shown = {number for number in map(str, range(1, 7)) if f'href="#n{number}"' in plan}
    assert shown == set(count.outcome["winners"])
    assert all(f'id="n{number}"' in said and f"Rue {number}" in plan for number in shown)
    assert "Voir sur le plan" in said
