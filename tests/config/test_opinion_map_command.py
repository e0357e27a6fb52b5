"""``manage.py opinion_map``: a file of votes in, groups or a reason out, one sentence for a file it cannot read."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tests.tally.conversations import camps


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def votes(tmp_path):
    """A conversation of two camps, as a file."""
    conversation = camps((60, 40))
    rows = zip(conversation.people, conversation.statements, conversation.answers, strict=True)
    path = tmp_path / "votes.csv"
    path.write_text("participant,statement,vote\n" + "".join(f"{p},{s},{a}\n" for p, s, a in rows), encoding="utf-8")
    return path


def run(capsys, *words) -> str:
    call_command("opinion_map", *map(str, words))
    return capsys.readouterr().out


def test_groups_and_what_they_say_are_told(votes, capsys):
    told = run(capsys, votes)
    assert "100 people, 30 statements" in told
    assert "Group A: 60 people" in told
    assert "Group B: 40 people" in told
    assert "All groups say:" in told
    assert "not a poll" in told


def test_json_holds_everything_and_places_each_person(votes, capsys):
    found = json.loads(run(capsys, votes, "--json"))
    assert [(group["name"], group["size"]) for group in found["groups"]] == [("A", 60), ("B", 40)]
    assert {"participant", "x", "y", "group"} == set(found["coordinates"][0])
    assert len(found["coordinates"]) == 100
    assert found["consensus"]
    assert found["reason"] is None
    assert found["groups"][0]["representative"][0].keys() >= {"statement", "side", "count", "seen"}


def test_json_is_the_same_when_rows_are_shuffled(votes, capsys):
    first = run(capsys, votes, "--json")
    heading, *rows = votes.read_text().splitlines()
    votes.write_text("\n".join([heading, *reversed(rows)]) + "\n")
    assert run(capsys, votes, "--json") == first


def test_a_reason_is_told_when_there_is_no_map(tmp_path, capsys):
    path = tmp_path / "few.csv"
    path.write_text("participant,statement,vote\na,1,1\nb,1,-1\n")
    assert "No map: fewer than 50 people answered 7 statements or more." in run(capsys, path)
    found = json.loads(run(capsys, path, "--json"))
    assert (found["refusal"], found["groups"], found["coordinates"]) == ("few_people", [], [])
    assert found["reason"].startswith("fewer than 50 people")


def test_rejected_statements_say_nothing(votes, capsys):
    found = json.loads(run(capsys, votes, "--json", "--rejected", "s1,s2"))
    assert [one["id"] for one in found["statements"] if one["rejected"]] == ["s1", "s2"]
    with pytest.raises(CommandError, match="no statement “s99”"):
        run(capsys, votes, "--rejected", "s1,s99")


def test_the_last_answer_of_a_person_counts_and_it_is_said(votes, capsys):
    with votes.open("a") as file:
        file.write("p0,s0,1\np0,s0,-1\n")
    call_command("opinion_map", str(votes))
    assert "were given again to the same statement" in capsys.readouterr().err


@pytest.mark.parametrize(
    "written",
    [
        "vote;statement;participant\n1;s;a\n-1;s;b\n",
        "timestamp,datetime,comment-id,voter-id,vote\n1,x,s,a,1\n2,x,s,b,-1\n",
        "a,s,1\nb,s,-1\n",
        "\ufeffParticipant\tStatement\tVote\r\na\ts\t1.0\r\nb\ts\t\u22121\r\n",
        'participant,statement,vote\n"a","s","1"\n\nb,s,-1\n',
        "participant,statement,vote\na,s,1\n\n\nb,s,-1",
        "participant,statement,vote\n a , s ,1\nb,s,'-1\n",
        "\n\nparticipant,statement,vote\na,s,1\nb,s,-1\n",
        "\nparticipant,statement,vote\na,s,1\nb,s,-1\n",
        "participant,statement,vote\ra,s,1\rb,s,-1\r",
    ],
    ids=[
        "other order",
        "export of Polis",
        "no heading",
        "tabs and decimals",
        "quotes",
        "blank lines",
        "spaces",
        "blank first",
        "blank at first",
        "old Mac",
    ],
)
def test_files_people_really_have_are_read_alike(written, tmp_path, capsys):
    path = tmp_path / "votes.csv"
    path.write_text(written, encoding="utf-8", newline="")
    (statement,) = json.loads(run(capsys, path, "--json"))["statements"]
    assert (statement["id"], statement["agree"], statement["disagree"], statement["passed"]) == ("s", 1, 1, 0)


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("participant,statement,vote\na,s,1\nb,s,2\n", "Line 3: the vote is “2”; it must be 1, 0 or -1."),
        ("participant,statement,vote\na,s,1\nb,s,yes\n", "Line 3: the vote is “yes”"),
        ("participant,statement,vote\na,s,\n", "Line 2: the vote is “”"),
        ("participant,statement,vote\na,s,nan\n", "Line 2: the vote is “nan”"),
        ("participant,statement,vote\n,s,1\n", "Line 2: the participant is missing."),
        ("participant,statement,vote\na, ,1\n", "Line 2: the statement is missing."),
        ("participant,statement,vote\na,s,1\nb,s\n", "Line 3: 2 cells where the heading has 3."),
        ("participant,statement,vote\na,s\nb,s,1,1\n", "Line 2: 2 cells where the heading has 3."),
        ("participant,statement,vote\n\na,s,1\n\nb,s,5\n", "Line 5: the vote is “5”"),
        ('participant,statement,vote\na,s,1\n"b,s,1\n', "check its quotation marks"),
        ("participant,statement,vote\n", "holds no vote"),
        ("participant,statement\na,s\n", "There is no column “vote”. The columns are: participant, statement."),
        ("hello\n", "There is no column “participant”"),
        ("", "This file is empty."),
        ("\n\n", "This file is empty."),
        ("PK\x03\x04", "not a text file"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(written, complaint, tmp_path, capsys):
    path = tmp_path / "votes.csv"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(CommandError) as refusal:
        run(capsys, path)
    assert complaint in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_no_file_and_a_folder_are_said(tmp_path, capsys):
    for path, complaint in ((tmp_path / "none.csv", "no file named"), (tmp_path, "is a folder")):
        with pytest.raises(CommandError, match=complaint):
            run(capsys, path)


def test_lots_are_joined(votes, capsys, monkeypatch):
    whole = run(capsys, votes, "--json")
    monkeypatch.setattr("config.votes_table.CHARACTERS", 50)
    assert run(capsys, votes, "--json") == whole
    monkeypatch.setattr("config.votes_table.LINES", 7)
    votes.write_text(votes.read_text().replace("p0,", '"p0",'))
    assert run(capsys, votes, "--json") == whole
