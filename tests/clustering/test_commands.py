"""``manage.py cluster`` and ``manage.py documents``: files in, files out, no database."""

import csv
import json

import pytest
from django.core.management import CommandError, call_command

from tests.clustering.fiches import corpus

TEXTS, SUBJECTS = corpus()


@pytest.fixture
def jsonl(tmp_path):
    path = tmp_path / "fiches.jsonl"
    rows = ({"id": f"F{i}", "text": text, "service": "ville"} for i, text in enumerate(TEXTS))
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("semantic", ["off", "auto"])
def test_a_file_becomes_assignments_and_themes(jsonl, tmp_path, capsys, semantic):
    out = tmp_path / "out"
    call_command(
        "cluster", str(jsonl), "--text", "text", "--context", "service", "--semantic", semantic, "--out", str(out)
    )
    rows, themes = read(out / "assignments.csv"), json.loads((out / "themes.json").read_text(encoding="utf-8"))
    assert list(rows[0]) == ["id", "segment", "theme", "score", "family"]
    assert {row["id"] for row in rows} == {f"F{i}" for i in range(64)}
    assert set(themes[0]) >= {"id", "title", "keyphrases", "size", "representative"}
    assert sum(theme["size"] for theme in themes) == sum(row["theme"] != "-1" for row in rows)
    assert themes[0]["title"] in capsys.readouterr().out


def test_a_spreadsheet_with_semicolons_and_old_accents_is_read_and_no_cell_can_run(tmp_path, capsys):
    path = tmp_path / "export.csv"
    lines = ["réf;commentaire", *(f"{i};=cmd {text}" for i, text in enumerate(TEXTS))]
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    call_command("cluster", str(path), "--semantic", "off", "--out", str(tmp_path / "out"))
    rows = read(tmp_path / "out" / "assignments.csv")
    assert rows
    assert not any(row["segment"].startswith("=") for row in rows)
    assert capsys.readouterr().out


def test_without_a_folder_nothing_is_written(jsonl, tmp_path, capsys):
    call_command("cluster", str(jsonl), "--semantic", "off")
    assert [path.name for path in tmp_path.iterdir()] == ["fiches.jsonl"]
    assert capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"", b"\x89PNG\r\n\x1a\n", b'{"text": ', b'{"text": ""}'])
@pytest.mark.parametrize("command", ["cluster", "documents"])
def test_a_bad_file_gets_one_clear_line(tmp_path, command, content):
    path = tmp_path / "bad.jsonl"
    if content is not None:
        path.write_bytes(content)
    if command == "documents" and content == b'{"text": ""}':
        call_command(command, str(path))  # a text without documents is not an error
        return
    with pytest.raises(CommandError) as refusal:
        call_command(command, str(path))
    assert "\n" not in str(refusal.value)


def test_documents_are_listed_one_line_per_mention(tmp_path, capsys):
    path = tmp_path / "fiches.csv"
    path.write_text("id,text\nA,encore l'avis d'imposition et la carte grise\nB,rien\n", encoding="utf-8")
    call_command("documents", str(path), "--out", str(tmp_path))
    rows = read(tmp_path / "documents.csv")
    assert [(row["id"], row["document"], row["offset"]) for row in rows] == [
        ("A", "avis_imposition", "9"),
        ("A", "carte_grise", "33"),
    ]
    assert rows[0]["issuer"]
    assert "carte_grise" in capsys.readouterr().out


@pytest.mark.parametrize(("command", "said"), [("cluster", "2 passages"), ("documents", "2 textes lus")])
def test_a_line_without_text_is_counted_apart_and_too_few_texts_are_said_to_be(tmp_path, capsys, command, said):
    path = tmp_path / "fiches.csv"
    path.write_text("id;texte\nA;Le guichet ferme trop tôt.\nB\nC;Il fait froid dans le bus.\n", encoding="utf-8")
    call_command(command, str(path))
    told = capsys.readouterr()
    assert said in told.out
    assert "1 ligne ne contient pas de texte." in told.err
    assert command == "documents" or "au moins trois passages" in told.out


def test_a_word_of_a_thousand_letters_is_no_key_phrase(tmp_path, capsys):
    path = tmp_path / "fiches.csv"
    path.write_text("texte\n" + f"Le guichet ferme trop tôt {'a' * 1000}\n" * 5, encoding="utf-8")
    call_command("cluster", str(path), "--semantic", "off")
    assert "a" * 41 not in capsys.readouterr().out.split("«")[0]
