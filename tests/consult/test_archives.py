"""The open data in one file: the same bytes for the same content, replaced in one move, never what was taken back."""

import json
import zipfile
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from consult import archives
from consult.actions import arguments
from consult.choices import PhaseKind, Side
from consult.models import Argument, Proposition
from consult.people import participant_of
from moderation.actions import decide
from moderation.choices import Outcome
from tests.consult.world import DAY, close, consultation, proposition
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _aside(settings, tmp_path):
    settings.OPEN_DATA_ROOT = tmp_path / "open-data"


@pytest.fixture
def asked():
    return consultation(PhaseKind.CONTRIBUTE, PhaseKind.VOTE)


@pytest.fixture
def filed(asked):
    return proposition(asked)


def address(asked):
    return reverse("consult:open_data", args=[asked.page.slug])


def opened(response):
    return zipfile.ZipFile(BytesIO(b"".join(response.streaming_content)))


def status(client, asked):
    """Read to its end: the file is closed then."""
    response = client.get(address(asked))
    if response.streaming:
        opened(response)
    return response.status_code


def test_one_file_holds_the_tables_the_dictionary_and_the_licence(asked, filed, client) -> None:
    arguments.argue(asked, 1, Side.FOR, "=1+1", by=participant_of(UserFactory(name="Nadia Benali")))
    archives.make(asked)
    archive = opened(client.get(address(asked)))
    assert archive.testzip() is None
    names = {f"{name}.{kind}" for name in archives.TABLES for kind in ("csv", "json")}
    assert set(archive.namelist()) == names | {"LISEZMOI.txt", "datapackage.json"}
    assert filed.title in archive.read("propositions.csv").decode()
    assert "'=1+1" in archive.read("arguments.csv").decode()
    assert json.loads(archive.read("propositions.json"))[0]["number"] == 1
    assert "Licence Ouverte 2.0" in archive.read("LISEZMOI.txt").decode()
    fields = json.loads(archive.read("datapackage.json"))["resources"][0]["schema"]["fields"]
    heading = archive.read("propositions.csv").decode().lstrip("\ufeff").splitlines()[0]
    assert [field["name"] for field in fields] == heading.split(",")
    assert "Nadia" not in str([archive.read(name).decode() for name in archive.namelist()])


def test_the_same_content_gives_the_same_bytes_and_another_gives_others(asked, filed) -> None:
    first = archives.make(asked).read_bytes()
    assert archives.make(asked).read_bytes() == first
    Proposition.objects.update(title="Autre chose")
    assert archives.make(asked).read_bytes() != first


def test_nothing_is_given_before_its_time_and_no_file_is_left(client) -> None:
    asked = consultation(PhaseKind.VOTE, hides_counts=True)
    proposition(asked)
    assert archives.make(asked) is None
    assert status(client, asked) == 404
    close(asked)
    archives.make(asked)
    assert status(client, asked) == 200
    asked.page.phases.update(closes_at=timezone.now() + 5 * DAY)
    assert status(client, asked) == 404, "dates moved: the file of last night is not given"
    archives.make(asked)
    assert not archives._place(asked).exists()


def test_a_file_with_what_was_taken_back_is_no_longer_given_until_it_is_made_again(asked, filed, client) -> None:
    said = arguments.argue(asked, 1, Side.FOR, "CANARI", by=participant_of(UserFactory()))
    archives.make(asked)
    assert status(client, asked) == 200
    decide(said.case, outcome=Outcome.HIDE, rule="off_topic", facts="Hors sujet.", after=None, by=UserFactory())
    assert status(client, asked) == 404
    page = client.get(reverse("consult:results", args=[asked.page.slug])).content.decode()
    assert address(asked) not in page
    assert archives.make_all(only_stale=True) == 1
    assert "CANARI" not in opened(client.get(address(asked))).read("arguments.csv").decode()
    assert archives.make_all(only_stale=True) == 0
    Argument.objects.update(withdrawn_at=timezone.now())
    assert status(client, asked) == 404


def test_the_results_page_says_the_day_and_the_weight(asked, filed, client) -> None:
    results = reverse("consult:results", args=[asked.page.slug])
    assert address(asked) not in client.get(results).content.decode()
    archives.make(asked)
    page = client.get(results).content.decode()
    assert address(asked) in page
    assert "(ZIP, " in page


def test_who_downloads_reads_a_whole_file_while_it_is_replaced(asked, filed, monkeypatch) -> None:
    place, schema, torn = archives.make(asked), archives._schema, []

    def halfway(*args):
        with zipfile.ZipFile(BytesIO(place.read_bytes())) as archive:
            torn.append(archive.testzip())
        return schema(*args)

    monkeypatch.setattr(archives, "_schema", halfway)
    archives.make(asked)
    assert set(torn) == {None}
    assert [one.name for one in place.parent.iterdir()] == [place.name]


def test_a_worker_that_dies_leaves_the_file_of_the_day_before(asked, filed, monkeypatch) -> None:
    place = archives.make(asked)
    before = place.read_bytes()

    def dies(*_):
        raise SystemExit

    monkeypatch.setattr(archives, "_schema", dies)
    with pytest.raises(SystemExit):
        archives.make(asked)
    assert place.read_bytes() == before
    assert [one.name for one in place.parent.iterdir()] == [place.name]
