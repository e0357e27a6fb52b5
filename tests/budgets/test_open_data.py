"""The open data of a budget in one file, its story for programs; and nothing of a ballot anywhere while it is open."""

import json
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import RoleKind
from accounts.models import Role
from consult.budgets import archives, public, tables
from consult.budgets.actions import drafting, suggestions
from consult.budgets.choices import ProjectState
from consult.budgets.clock import make_open_data, remake_open_data, remind_of_ballots
from consult.budgets.exports import FILES
from consult.budgets.models import Budget, Milestone, Project, ProjectNews, Spending
from letters.models import Letter
from letters.renderers import render
from tests.budgets import box, world
from tests.budgets.ideas import TITLE, idea, prepared
from tests.budgets.voting import cast, closes_in, person
from tests.consult.test_page import words
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _aside(settings, tmp_path):
    settings.OPEN_DATA_ROOT = tmp_path / "open-data"


def address(asked: Budget) -> str:
    return reverse("budgets:open_data", args=[asked.page.slug])


def opened(client: Client, asked: Budget) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(b"".join(client.get(address(asked)).streaming_content)))


def told(archive: zipfile.ZipFile, name: str) -> list[dict]:
    return json.loads(archive.read(f"{name}.json"))


def built() -> Project:
    """A project of one idea, under way, with a step, a payment and a news."""
    asked = world.budget()
    made = prepared(asked, idea(asked, by=UserFactory(name="Nadia Benali")))
    by = UserFactory()
    Project.objects.filter(pk=made.pk).update(state=ProjectState.FUNDED, cost=50_000_00)
    Milestone.objects.create(project=made, title="Plantation", planned_on="2026-03-01", done_on="2026-03-04")
    Spending.objects.create(project=made, on="2026-03-05", label="=1+1", amount=12_345_67)
    ProjectNews.objects.create(project=made, title="On plante", text="Vingt tilleuls.", by=by)
    return made


def test_one_file_holds_the_tables_the_dictionary_and_the_licence(client):
    asked = built().budget
    assert client.get(address(asked)).status_code == 404
    make_open_data()
    archive = opened(client, asked)
    assert archive.testzip() is None
    assert told(archive, "idees")[0] | {"text": ""} == {
        **told(archive, "idees")[0],
        "text": "",
        "title": TITLE,
        "author": "person",
        "organisation": None,
        "projects": "1",
    }
    assert told(archive, "projets")[0]["ideas"] == "1"
    assert told(archive, "projets")[0]["cost"] == "50000"
    assert [row["state"] for row in told(archive, "etats")] == ["prepared", "funded"]
    assert told(archive, "etapes")[0]["done_on"] == "2026-03-04"
    assert told(archive, "depenses")[0]["amount"] == "12345.67"
    assert told(archive, "nouvelles")[0]["title"] == "On plante"
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Nadia" not in everything
    assert b",=1+1" not in archive.read("depenses.csv")
    assert b"Licence Ouverte 2.0" in archive.read("LISEZMOI.txt")
    described = {(row["table"], row["column"]) for row in told(archive, "dictionnaire")}
    package = json.loads(archive.read("datapackage.json"))
    for one in package["resources"]:
        names = archive.read(one["path"]).decode("utf-8-sig").splitlines()[0].split(",")
        assert [field["name"] for field in one["schema"]["fields"]] == names
        assert one["name"] == "dictionnaire" or {(one["name"], name) for name in names} <= described
    assert "Tout en un fichier" in words(client.get(f"/budgets/{asked.page.slug}/projets/"))


def test_the_same_content_gives_the_same_bytes_and_what_is_taken_back_is_no_longer_given(client):
    asked, author = world.budget(), UserFactory()
    filed = idea(asked, by=author)
    first = archives.make(asked).read_bytes()
    assert archives.make(asked).read_bytes() == first
    suggestions.withdraw(filed, reason="Je me suis trompée.", by=filed.author)
    assert client.get(address(asked)).status_code == 404
    remake_open_data()
    assert told(opened(client, asked), "idees") == []


def test_programs_read_the_story_of_a_project(client):
    made = built()
    found = client.get(f"/api/v1/budgets/{made.budget.page.slug}/projects").json()["items"][0]
    assert [one["state"] for one in found["states"]] == ["prepared", "funded"]
    assert found["milestones"][0] == {
        "title": "Plantation",
        "planned_on": "2026-03-01",
        "done_on": "2026-03-04",
        "note": "",
    }
    assert (found["paid"], found["spendings"][0]["amount"]) == (12_345_67, 12_345_67)
    assert found["news"][0]["text"] == "Vingt tilleuls."


def test_a_signed_result_is_in_the_file_with_what_counts_it_again(client, tmp_path):
    asked = box.filled()
    archives.make(asked)
    assert "resultat" not in " ".join(opened(client, asked).namelist())
    count = box.signed(asked)[0]
    archives.make(asked)
    archive = opened(client, asked)
    won = {str(row["project"]) for row in told(archive, "resultat") if row["wins"] == "yes"}
    assert won == set(count.outcome["winners"])
    folder = next(name for name in archive.namelist() if name.endswith("bulletins.pb")).rpartition("/")[0]
    names = {*FILES, "recompter.py"}
    assert {name for name in archive.namelist() if name.startswith(folder)} == {f"{folder}/{name}" for name in names}
    archive.extractall(tmp_path)
    asked_for = [sys.executable, "-I", "recompter.py", "bulletins.pb", "reglement.json", "resultat.json"]
    done = subprocess.run(asked_for, cwd=tmp_path / folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Identique au résultat publié.")


# --- no partial result, whatever the surface -----------------------------------------------------------------------


def plain(text: str) -> str:
    """Without what changes each time: tokens, keys of forms."""
    return re.sub(r"(nonce|csrf\w*|X-CSRFToken|value|key)\W+[\w-]{20,}", "", text)


def crawled(client: Client, asked: Budget) -> dict[str, str]:
    """Every page of the budget that a link leads to, from its first; those that list budgets too."""
    at = f"/budgets/{asked.page.slug}/"
    waiting, found = ["/", "/budgets/", "/recherche/?q=projet", at, f"{at}compter/", f"{at}resultats/"], {}
    while waiting:
        url = waiting.pop()
        answer = client.get(url)
        page = str(len(b"".join(answer.streaming_content))) if answer.streaming else answer.content.decode()
        found[url] = f"{answer.status_code} {plain(page)}"
        links = re.findall(rf'href="({at}[^"#]*)"', page)
        waiting += [one for one in set(links) if one not in found and one not in waiting and "?" not in one]
    return found


def read_by_programs(asked: Budget) -> dict[str, str]:
    client, at = Client(), f"/api/v1/budgets/{asked.page.slug}"
    urls = ("/api/v1/budgets", at, f"{at}/projects", f"{at}/outcome", f"/budgets/{asked.page.slug}/depouillement/")
    return {url: plain(client.get(url).content.decode()) for url in urls}


def surfaces(asked: Budget, *readers: Client) -> dict[str, object]:
    archive = zipfile.ZipFile(BytesIO(archives.make(asked).read_bytes()))
    letters = [render(one) for one in Letter.objects.order_by("pk")]
    return {
        "pages": [crawled(one, asked) for one in readers],
        "programs": read_by_programs(asked),
        "file": {name: archive.read(name) for name in archive.namelist()},
        "tables": [name for name, _make in tables.of(public.read(asked, language="fr"))],
        "letters": [(one.subject, plain(one.text)) for one in letters],
    }


def test_no_surface_changes_when_ballots_fall_in_the_box():
    """Pages for nobody, who did not vote and an editor, API, open data, letters: the same whatever is inside."""
    asked, late, editor = world.ballot(), person(), UserFactory()
    Role.objects.create(user=editor, kind=RoleKind.EDITOR)
    drafting.choose(asked, world.envelope_of(asked), 1, by=late)
    closes_in(asked, world.DAY)
    remind_of_ballots()
    readers = [Client(), Client(), Client()]
    readers[1].force_login(late.user)
    readers[2].force_login(editor)
    before = surfaces(asked, *readers)
    assert before["letters"]
    assert len(before["pages"][0]) >= 10
    for number in Random(5).choices(range(1, 7), k=12):
        cast(asked, person(), number)
    after = surfaces(asked, *readers)
    for name, said in before.items():
        assert after[name] == said, name


def test_control_the_same_reading_sees_a_result_once_it_is_signed():
    asked = box.filled()
    before = surfaces(asked, Client())
    box.signed(asked)
    after = surfaces(asked, Client())
    assert [name for name in before if after[name] == before[name]] == ["letters"]  # the worker promises them
