"""``mask FILE`` as an operator runs it."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

import masking


def run(path, *options):
    out = StringIO()
    call_command("mask", str(path), *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def table(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_texts_are_masked_and_what_was_hidden_is_listed(tmp_path):
    source = tmp_path / "fiches.csv"
    source.write_bytes(
        'ref;verbatim\nF1;"Appelez le 06 12 34 56 78, été comme hiver"\nF2;Rien à dire\n'.encode("cp1252")
    )
    run(source, "--text", "verbatim", "--id", "ref", "--out", str(tmp_path / "out"))
    assert table(tmp_path / "out" / "masked.csv") == [
        {"id": "F1", "masked_text": "Appelez le [téléphone masqué], été comme hiver"},
        {"id": "F2", "masked_text": "Rien à dire"},
    ]
    [span] = table(tmp_path / "out" / "spans.csv")
    assert (span["id"], span["kind"], span["start"], span["end"]) == ("F1", "phone", "11", "25")
    assert 0 < float(span["score"]) <= 1


def test_json_lines_are_read_and_results_stand_beside_the_file_by_default(tmp_path):
    source = tmp_path / "fiches.jsonl"
    texts = ["Deux\nlignes", "nadia@exemple.fr", "\ud800 \x00", ""]
    source.write_text("\n".join(json.dumps({"id": n, "text": text}) for n, text in enumerate(texts)))
    run(source)
    masked = [row["masked_text"] for row in table(tmp_path / "masked.csv")]
    assert masked == ["Deux\nlignes", masking.KINDS["email"], "\ufffd \x00", ""]


def test_no_cell_of_the_results_runs_in_a_spreadsheet(tmp_path):
    source = tmp_path / "fiches.jsonl"
    source.write_text(json.dumps({"id": "=A1", "text": "=HYPERLINK(1) nadia@exemple.fr"}))
    run(source)
    assert table(tmp_path / "masked.csv") == [{"id": "'=A1", "masked_text": f"'=HYPERLINK(1) {masking.KINDS['email']}"}]


@pytest.mark.parametrize(
    ("content", "options"),
    [(b"", []), (b"PK\x03\x04", []), (b"id,text\n1,un", ["--text", "avis"]), (b'id,text\n1,"un', [])],
)
def test_a_bad_file_is_one_clear_line(tmp_path, content, options):
    source = tmp_path / "fiches.csv"
    source.write_bytes(content)
    with pytest.raises(CommandError) as refusal:
        run(source, *options)
    assert str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_and_an_impossible_folder_are_one_clear_line(tmp_path):
    source = tmp_path / "fiches.csv"
    source.write_text("id,text\n1,un")
    for arguments in ([tmp_path / "absent.csv"], [source, "--out", str(source)]):
        with pytest.raises(CommandError) as refusal:
            run(*arguments)
        assert "\n" not in str(refusal.value)
