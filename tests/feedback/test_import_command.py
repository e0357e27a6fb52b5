"""``import_fiches``: every refused line with its number, one clear line at the end, nothing half imported."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from feedback.models import Fiche, Import
from tests.factories import OfficeFactory, ServiceFactory
from tests.feedback.past import line, many, table

pytestmark = pytest.mark.django_db
PAST = Path(__file__).resolve().parents[2] / "demo" / "past_feedback.csv"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def service():
    return ServiceFactory(slug="mediatheque")


def run(file, *options, service="mediatheque"):
    said, refused = StringIO(), StringIO()
    try:
        call_command("import_fiches", file, "--service", service, *options, stdout=said, stderr=refused)
    except CommandError as error:
        return error.returncode, str(error), refused.getvalue()
    return 0, said.getvalue(), refused.getvalue()


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "registre.csv"
        path.write_bytes(content)
        return path

    return write


def test_the_old_register_of_the_demo_town_comes_in_but_for_three_lines(service):
    OfficeFactory(service=service, name="Médiathèque centrale")
    OfficeFactory(service=service, name="Bibliothèque du Moulin")
    status, said, refused = run(PAST)
    assert (status, Fiche.objects.count(), Import.objects.count()) == (1, 0, 0)
    assert "3 lines refused, nothing was imported. 37 lines can be imported." in said
    assert [row.partition(".")[0] for row in refused.splitlines()] == ["Line 12", "Line 20", "Line 31"]
    status, said, refused = run(PAST, "--leave-rejects")
    assert (status, said.strip()) == (0, "37 fiches imported.")
    assert len(refused.splitlines()) == 3
    assert Fiche.objects.filter(service=service).count() == 37


def test_a_dry_run_writes_nothing(service, written):
    assert run(written(many(3)), "--dry-run")[:2] == (0, "3 lines can be imported.\n")
    assert run(written(table(line(), line(text=""))), "--dry-run")[0] == 1
    assert (Fiche.objects.count(), Import.objects.count()) == (0, 0)


def test_a_good_file_is_imported_once(service, written):
    file = written(many(3))
    assert run(file)[:2] == (0, "3 fiches imported.\n")
    status, said, _refused = run(file)
    assert (status, said) == (1, "This file was already imported.")
    assert Fiche.objects.count() == 3


def test_lines_that_another_file_brought_are_left(service, written):
    run(written(many(3)))
    _status, said, _refused = run(written(many(5)))
    assert said == "2 fiches imported.\n3 lines were already there.\n"


def test_columns_and_day_can_be_told(service, written):
    file = written("zone;quoi\nA;Fermé à midi\n".encode())
    assert "--received-on" in run(file)[1]
    assert "is not a date" in run(file, "--received-on", "hier")[1]
    assert "The columns are: zone, quoi" in run(file, "--column", "text=nowhere")[1]
    status, _said, _refused = run(file, "--received-on", "2025-03-01", "--column", "text=quoi", "--column", "step=zone")
    fiche = Fiche.objects.get()
    assert (status, fiche.masked_text, fiche.step, str(fiche.received_on)) == (0, "Fermé à midi", "A", "2025-03-01")


@pytest.mark.parametrize("content", [b"", b"\x00\x00", b"PK\x03\x04", b"Remarque;Date\n", b'Remarque;"Date\n1;2\n'])
def test_a_file_that_is_no_table_is_one_clear_line(service, written, content):
    status, said, refused = run(written(content))
    assert (status, len(said.splitlines()), refused) == (1, 1, "")


def test_an_unknown_service_and_a_missing_file_are_one_clear_line(service, written, tmp_path):
    assert run(written(many(1)), service="nowhere")[:2] == (1, "There is no service “nowhere”.")
    assert "cannot be opened" in run(tmp_path / "nothing.csv")[1]
    assert "cannot be opened" in run(tmp_path)[1]
