"""What offices saved is read line by line, or refused in one sentence that says what to do."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback import importing
from feedback.importing import Mapping, NotATable
from tests.factories import OfficeFactory, ServiceFactory
from tests.feedback.past import line, many, table


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def read(content):
    return importing.read(importing.text_of(content))


def check(content, service, **mapping):
    sheet = read(content)
    return importing.check(sheet, Mapping(importing.guess(sheet).columns, **mapping), service=service)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-15"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_a_table_is_read_whatever_its_encoding_and_separator(encoding, separator):
    rows = [separator.join(["Remarque", "Date reçue"])] + [
        f"L’accueil a fermé n° {n}{separator}03/02/2025" for n in range(9)
    ]
    if encoding == "iso8859-15":
        rows = [row.replace("’", "'") for row in rows]
    sheet = read("\r\n".join(rows).encode(encoding))
    assert sheet.names == ["Remarque", "Date reçue"]
    assert sheet.cell(sheet.rows[0], "Date reçue") == "03/02/2025"
    assert "a fermé n° 0" in sheet.cell(sheet.rows[0], "Remarque")


def renamed_workbook():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n;;\n", "empty"),
        (b"Remarque;Date\n", "no line under them"),
        (renamed_workbook(), "Save the table as CSV"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "Save the table as CSV"),
        (b"Remarque\x00;Date\x00\nun;deux\n", "not a table of texts"),
        (b"1;2\n3;4\n", "names of the columns"),
        (("a" * 90 + ";b\n1;2\n").encode(), "names of the columns"),
        (b'Remarque;Date\n"jamais ferm\xc3\xa9;1\n', "quotation marks"),
        (";".join(f"c{n}" for n in range(150)).encode() + b"\n" + b"1;" * 149 + b"1\n", "not a table of texts"),
        (many(20_001), "20,000 at most"),
        (b"a" * (10 * 1024 * 1024 + 1), "10 MB at most"),
    ],
    ids=["nothing", "blank", "heading", "xlsx", "png", "nul", "figures", "sentence", "quote", "wide", "lines", "large"],
)
def test_what_is_no_table_is_refused_in_one_sentence(content, words):
    with pytest.raises(NotATable, match=words):
        read(content)


def test_twenty_thousand_lines_are_taken():
    assert len(read(many(20_000)).rows) == 20_000


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=200)
def test_any_bytes_are_a_table_or_a_sentence(content):
    with translation.override("en"):
        try:
            sheet = read(content)
        except NotATable:
            return
        assert len(set(sheet.names)) == len(sheet.names)
        assert importing.guess(sheet).columns["text"] in sheet.names


def test_columns_of_the_same_name_and_without_name_are_told_apart():
    sheet = read(b"Avis;Note;;Note\nbien;1;x;2\n")
    assert sheet.names == ["Avis", "Note", "Column 3", "Note (2)"]
    assert [sheet.cell(sheet.rows[0], name) for name in ("Note", "Note (2)")] == ["1", "2"]


@pytest.mark.django_db
def test_one_column_keeps_the_commas_of_its_sentences():
    content = "Commentaire\nBonjour, le guichet est fermé, encore\nMerci\n".encode()
    found = check(content, ServiceFactory(), received_on=date(2025, 1, 2))
    assert [one.details["text"] for one in found.lines] == ["Bonjour, le guichet est fermé, encore", "Merci"]
    assert {one.details["received_on"] for one in found.lines} == {date(2025, 1, 2)}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Num", "Date de dépôt", "Lieu", "Remarque de l'usager", "Note /5", "Date du fait"],
         {"received_on": "Date de dépôt", "office": "Lieu", "text": "Remarque de l'usager", "satisfaction": "Note /5",
          "occurred_on": "Date du fait"}),
        (["text", "received_on", "occurred_on", "office", "satisfaction", "step", "email", "wants_answer"],
         {name: name for name in
          ("text", "received_on", "occurred_on", "office", "satisfaction", "step", "email", "wants_answer")}),
        (["E-mail", "Souhaitez-vous une réponse ?", "Date du commentaire", "Commentaire", "Guichet", "Étape"],
         {"email": "E-mail", "wants_answer": "Souhaitez-vous une réponse ?", "received_on": "Date du commentaire",
          "text": "Commentaire", "office": "Guichet", "step": "Étape"}),
    ],
)  # fmt: skip
def test_columns_are_recognised_by_what_offices_call_them(names, expected):
    sheet = read(";".join(names).encode() + b"\n" + b";".join([b"x"] * len(names)) + b"\n")
    assert importing.guess(sheet).columns == expected


def test_without_a_known_name_the_longest_cells_are_the_texts():
    sheet = read("zone;zbla\nA;Le guichet est resté fermé toute la matinée\n".encode())
    assert importing.guess(sheet).columns == {"text": "zbla"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "written",
    ["03/02/2025", "3/2/2025", "03-02-2025", "03.02.2025", "2025-02-03", "2025-02-03T14:30:00", "03/02/2025 14:30"],
)
def test_a_day_is_understood_as_people_and_machines_write_it(written):
    found = check(table(line(received=written)), ServiceFactory())
    assert found.lines[0].details["received_on"] == date(2025, 2, 3)


LATER = (timezone.localdate() + timedelta(days=2)).strftime("%d/%m/%Y")  # still to come if midnight passes meanwhile
WRONG = [
    (line(text=""), "Remarque", "text is missing"),
    (line(text="a" * 10_001), "Remarque", "too long"),
    (line(text="a\x00b"), "Remarque", "cannot be read"),
    (line(received="30/02/2025"), "Date de dépôt", "“30/02/2025” does not exist"),
    (line(received="hier"), "Date de dépôt", "“hier” is not a date"),
    (line(received="03/02/25"), "Date de dépôt", "is not a date"),
    (line(received="٠٣/٠٢/٢٠٢٥"), "Date de dépôt", "is not a date"),
    (line(received=LATER), "Date de dépôt", "has not come yet"),
    (line(received="03/02/0205"), "Date de dépôt", "too far back"),
    (line(received=""), "Date de dépôt", "day it was received is missing"),
    (line(rest="04/02/2025;;;;"), "Date du fait", "after the day it was received"),
    (line(rest=";Annexe;;;"), "Lieu", "No office of this service is called “Annexe”"),
    (line(rest=";;6;;"), "Note", "from 1 to 5"),
    (line(rest=";;²;;"), "Note", "from 1 to 5"),
    (line(rest=";;;nadia@;"), "Courriel", "not complete"),
    (line(rest=";;;;peut-être"), "Souhaite une réponse", "yes or no"),
    (line(rest=";;;;oui"), "Souhaite une réponse", "no e-mail address"),
    (line(rest=";;;;;;trop"), "", "9 cells, the heading has 7"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("wrong", "column", "words"), WRONG, ids=[words for _line, _column, words in WRONG])
def test_a_wrong_cell_refuses_its_line_with_its_column_and_a_sentence(wrong, column, words):
    found = check(table(line(), wrong, line(text="Autre chose")), ServiceFactory())
    (reject,) = found.rejects
    assert (reject.line, reject.column) == (3, column)
    assert words in reject.sentence
    assert [one.number for one in found.lines] == [2, 4]


@pytest.mark.django_db
def test_a_line_with_two_faults_says_both_and_counts_once():
    found = check(table(line(text="", received="hier")), ServiceFactory())
    assert [reject.column for reject in found.rejects] == ["Remarque", "Date de dépôt"]
    assert found.refused_lines == 1


@pytest.mark.django_db
def test_lines_are_numbered_as_in_a_spreadsheet_whatever_their_cells_hold():
    content = table('"première\nsur deux lignes";03/02/2025;;;;;', "", ";;;;;;", line(received="hier"))
    assert [reject.line for reject in check(content, ServiceFactory()).rejects] == [5]


@pytest.mark.django_db
def test_a_sentence_quotes_the_cell_masked_and_short():
    found = check(
        table(line(received="appelez le 06 12 34 56 78 avant 18 h, demandez Inès " + "x" * 90)), ServiceFactory()
    )
    assert "06 12 34 56 78" not in found.rejects[0].sentence
    assert len(found.rejects[0].sentence) < 140


@pytest.mark.django_db
def test_cells_are_taken_as_they_are_meant():
    office = OfficeFactory(name="Bibliothèque du Moulin")
    content = table(line(text="'=SOMME(A1)", rest="01/02/2025;bibliotheque  du moulin;4/5;nadia@exemple.fr;OUI"))
    details = check(content, office.service).lines[0].details
    assert details["text"] == "=SOMME(A1)"
    assert details["office"] == office
    assert (details["satisfaction"], details["wants_answer"], details["email"]) == (4, True, "nadia@exemple.fr")
    assert details["occurred_on"] == date(2025, 2, 1)


@pytest.mark.django_db
def test_the_office_of_another_service_is_not_taken():
    office = OfficeFactory(name="Annexe")
    assert check(table(line(rest=";Annexe;;;")), ServiceFactory()).rejects
    assert not check(table(line(rest=";Annexe;;;")), office.service).rejects


@pytest.mark.django_db
def test_who_did_not_wish_an_answer_leaves_no_address():
    found = check(table(line(rest=";;;nadia@exemple.fr;non")), ServiceFactory())
    assert found.lines[0].details["email"] == ""


@pytest.mark.django_db
def test_the_refused_lines_are_a_file_to_correct_in_which_no_cell_runs():
    service = ServiceFactory()
    content = table(line(text="=cmd|'/c calc'!A1", received="hier"), line(text="＋1", received="demain"))
    sheet = read(content)
    rejects = check(content, service).rejects
    refused = importing.refused_csv(rejects, sheet)
    assert "'=cmd|" in refused
    assert "'＋1" in refused
    assert not any(cell.lstrip('"')[:1] in "=+-@＋" for row in refused.splitlines() for cell in row.split(";") if cell)
    corrected = refused.replace("hier", "03/02/2025").replace("demain", "04/02/2025").encode("utf-8-sig")
    again = check(corrected, service)
    assert [one.details["text"] for one in again.lines] == ["=cmd|'/c calc'!A1", "＋1"]
