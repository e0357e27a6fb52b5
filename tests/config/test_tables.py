"""What people hand to a command is read whatever they saved it with, or refused in one sentence."""

import contextlib
import csv
import datetime
import json

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.tables import Broken, Row, UnreadableTable, harmless, read_texts, restored, write_table

ACCENTED = "Le guichet était fermé à midi, l’hôtesse n’a pas répondu"


def written(tmp_path, content, name="avis.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_table_is_read_whatever_its_encoding_and_separator(tmp_path, encoding, separator):
    lines = [separator.join(["ref", "verbatim"])] + [f'F{n}{separator}"{ACCENTED} {n}"' for n in range(9)]
    path = written(tmp_path, "\r\n".join(lines).encode(encoding))
    assert read_texts(path) == [Row(f"F{n}", f"{ACCENTED} {n}") for n in range(9)]


def test_a_few_damaged_bytes_spoil_their_letters_only(tmp_path):
    lines = [f"F{n};{ACCENTED}".encode() for n in range(40)]
    lines[7] = lines[7].replace("é".encode(), b"\xe9")
    rows = read_texts(written(tmp_path, b"\n".join([b"ref;verbatim", *lines])))
    assert [row.text for row in rows if row.id != "F7"] == [ACCENTED] * 39
    assert rows[7].text == ACCENTED.replace("é", "\ufffd")


def test_json_lines_and_a_json_list_give_the_same_rows(tmp_path):
    items = [{"id": 7, "text": "un\ndeux", "service": "CAF"}, {"id": 8, "text": None}]
    lines = written(tmp_path, "\n".join(map(json.dumps, items)), "a.jsonl")
    whole = written(tmp_path, json.dumps(items), "a.json")
    expected = [Row("7", "un\ndeux", ("CAF",)), Row("8", "", ("",))]
    assert read_texts(lines, context=["service"]) == read_texts(whole, context=["service"]) == expected


def test_the_longest_column_is_the_text_when_no_name_tells(tmp_path):
    path = written(tmp_path, "a,b\n1,une longue phrase de quelqu'un\n2,une autre phrase\n")
    assert [row.text for row in read_texts(path)] == ["une longue phrase de quelqu'un", "une autre phrase"]
    assert [row.text for row in read_texts(path, text="a", id="b")] == ["1", "2"]


def test_an_identifier_with_doubles_gives_way_to_the_rank(tmp_path):
    path = written(tmp_path, "id,text\nA,un\nA,deux\n")
    assert [row.id for row in read_texts(path)] == ["1", "2"]
    assert [row.id for row in read_texts(path, id="id")] == ["A", "A"]


def test_plain_lines_are_one_text_each(tmp_path):
    assert [row.text for row in read_texts(written(tmp_path, "un, deux\n\ntrois; quatre", "a.txt"))] == [
        "un, deux",
        "trois; quatre",
    ]


def test_a_file_without_heading_loses_no_line(tmp_path):
    first = "Une phrase assez longue pour ne pas être un titre de colonne, et qui continue encore un peu."
    assert [row.text for row in read_texts(written(tmp_path, f'"{first}"\n"Une autre."\n'))] == [
        first,
        "Une autre.",
    ]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.csv"),
        (b"  \n", "a.csv"),
        (b"PK\x03\x04rest", "a.xlsx"),
        (b"%PDF-1.7", "a.csv"),
        (b'id,text\n1,"jamais ferm\xc3\xa9', "a.csv"),
        (b"id,text\n1,a,b,c\n", "a.csv"),
        (b"id,text\n", "a.csv"),
        (b'{"text": "a"}\n{oops}', "a.jsonl"),
        (b"[1, 2]", "a.json"),
        (b"[" * 100_000, "a.json"),
    ],
)
def test_a_bad_file_is_refused_with_one_sentence(tmp_path, content, name):
    with pytest.raises(UnreadableTable) as refusal:
        read_texts(written(tmp_path, content, name))
    assert str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_a_folder_and_an_unknown_column_are_refused(tmp_path):
    path = written(tmp_path, "id,text\n1,un\n")
    for wrong in ({"path": tmp_path / "absent.csv"}, {"path": tmp_path}, {"path": path, "text": "avis"}):
        with pytest.raises(UnreadableTable):
            read_texts(**wrong)


def test_no_cell_begins_a_formula_and_the_texts_come_back(tmp_path):
    texts = [
        "=1+1",
        "+33",
        "-dix",
        "@moi",
        "\t=a",
        "\r=a",
        "\uff1da",
        "'=a",
        "''-a",
        "'n'importe",
        "a=b",
        "\n=1",
        "",
    ]
    path = tmp_path / "out.csv"
    write_table(path, ["id", "text"], [(n, text) for n, text in enumerate(texts)])
    with path.open(newline="", encoding="utf-8") as file:
        cells = [row["text"] for row in csv.DictReader(file)]
    assert not [cell for cell in cells if cell[:1] and cell[0] in "=+-@\t\r\uff1d\uff0b\uff0d\uff20"]
    assert [row.text for row in read_texts(path)] == texts


@given(st.text())
def test_making_a_cell_harmless_can_always_be_undone(text):
    assert restored(harmless(text)) == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(st.binary(max_size=400))
def test_no_bytes_whatsoever_cause_anything_but_rows_or_a_refusal(tmp_path, content):
    for name in ("a.csv", "a.jsonl", "a.txt"):
        with contextlib.suppress(UnreadableTable):
            assert read_texts(written(tmp_path, content, name))


def workbook(tmp_path, rows, *, name="fiches.xlsx", sheets=("Feuil1",)):
    """A workbook whose last sheet holds the rows; the others are blank."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title in sheets:
        sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


def test_a_workbook_is_read_like_the_same_table_in_csv(tmp_path):
    rows = [["n°", "verbatim", "reçu le"], [12, ACCENTED, datetime.date(2026, 1, 31)], [13, "=1+1 dit-il", None]]
    read = read_texts(workbook(tmp_path, rows, sheets=("Vide", "Fiches")), context=["reçu le"])
    assert read[0] == Row("12", ACCENTED, ("2026-01-31",))
    assert [row.id for row in read] == ["12", "13"]


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_a_workbook_that_cannot_be_opened_is_refused_with_one_sentence(tmp_path, content):
    with pytest.raises(UnreadableTable, match="CSV"):
        read_texts(written(tmp_path, content, "a.xlsx"))


def test_an_empty_workbook_says_so(tmp_path):
    with pytest.raises(UnreadableTable):
        read_texts(workbook(tmp_path, []))


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_a_few_broken_lines_are_left_aside_and_told_when_asked(tmp_path, name):
    whole = ["id;text"] + [f"{n};avis numéro {n}" for n in range(95)]
    if name == "a.jsonl":
        whole = [json.dumps({"id": str(n), "text": f"avis numéro {n}"}) for n in range(96)]
    whole[50:50] = ["{ a;b;c;d"] * 4
    path = written(tmp_path, "\n".join(whole), name)
    with pytest.raises(UnreadableTable, match="51"):
        read_texts(path)
    broken = Broken()
    rows = read_texts(path, broken=broken)
    assert broken == [51, 52, 53, 54]
    assert len(rows) == 100 - 4 - (name == "a.csv")


def test_too_many_broken_lines_refuse_the_file(tmp_path):
    lines = [json.dumps({"text": f"avis {n}"}) for n in range(90)] + ["{"] * 10
    with pytest.raises(UnreadableTable, match="91"):
        read_texts(written(tmp_path, "\n".join(lines), "a.jsonl"), broken=Broken())


def test_a_json_list_of_sentences_is_one_text_each(tmp_path):
    assert [row.text for row in read_texts(written(tmp_path, '["un", "deux"]', "a.json"))] == ["un", "deux"]
