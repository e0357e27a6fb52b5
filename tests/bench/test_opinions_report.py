"""The report on the opinion map says both sides, and no goal is reached that is not."""

import pytest

from bench.opinions import report
from bench.opinions.conversations import made, published

LARGE = "10,000 people × 500 statements, 1,000,000 answers"


def one(**changed) -> dict:
    ours = {"people": 200, "grouped": 180, "refusal": None, "groups": 2, "seeds": 1.0, "ari": 0.8, "lists": {}}
    ours["lists"] = {"group 0": ["agree 1", "agree 2"], "all": ["agree 3"]}
    theirs = {"groups": 3, "seeds": 0.7, "ari": 0.6, "lists": {"group 0": ["agree 1", "agree 9"], "all": ["agree 3"]}}
    return {"name": "brexit", "ours": ours | changed, "theirs": theirs}


@pytest.fixture
def measured() -> dict:
    sides = {"cpu": 2.0, "memory": 300, "added": 40, "ari": 0.9}
    sizes = [{"name": LARGE, "ours": sides, "theirs": sides | {"cpu": 9.0}}]
    head = {"commit": "abc", "machine": "a machine", "load": 1, "repetitions": 3, "rival": True}
    return head | {"conversations": [one()], "sizes": sizes}


def test_both_sides_and_the_verdict_are_told(measured):
    written = report.markdown(measured)
    assert f"| {LARGE} | 2.00 s | 9.00 s |  | ≤ 5 s | yes |" in written
    assert "| … against red-dwarf |  |  | 4.5 × | ≥ 5 × | **no** |" in written
    assert "| brexit | 200, 180 | 2 groups | 0.800 | 3 groups | 0.600 | 1 of 2 | 1 of 1 |" in written


def test_unstable_groups_are_a_fault_unless_they_are_said(measured):
    measured["conversations"] = [one(seeds=0.7)]
    assert "| ≥ 0.9 or said | **no** |" in report.markdown(measured)
    measured["conversations"] = [one(seeds=0.7, refusal="unstable", ari=None)]
    written = report.markdown(measured)
    assert "| ≥ 0.9 or said | yes |" in written
    assert "no map: unstable" in written


def test_without_the_rival_ours_is_told_alone(measured):
    measured["rival"] = False
    for row in (*measured["conversations"], *measured["sizes"]):
        del row["theirs"]
    written = report.markdown(measured)
    assert "not installed" in written
    assert "×  " not in written
    assert "| brexit | 200, 180 | 2 groups | 0.800 |" in written


def test_the_document_has_a_place_for_it():
    before = f"# Page\n{report.BEGIN}\nold\n{report.END}\nafter"
    assert report.pasted(before, "new\n") == f"# Page\n{report.BEGIN}\nnew\n\n{report.END}\nafter"
    with pytest.raises(ValueError, match="no place"):
        report.pasted("# Page", "new")


def test_conversations_are_made_and_read_alike(tmp_path):
    large = made(50, 20, 8)
    assert len(large.people) == len(large.statements) == len(large.answers)
    assert set(large.group.values()) <= {0, 1, 2}
    folder = tmp_path / "polis" / "small"
    folder.mkdir(parents=True)
    (folder / "participants-votes.csv").write_text(
        "participant,xid,group-id,n-comments,n-votes,n-agree,n-disagree,4,7\n0,,1,0,2,1,1,1,-1\n1,,,0,1,0,0,,0\n"
    )
    (folder / "comments.csv").write_text("comment-id,moderated,comment-body\n4,1,x\n7,-1,y\n9,-1,z\n")
    (read,) = published(tmp_path)
    assert read.people.tolist() == [0, 0, 1]
    assert read.statements.tolist() == [4, 7, 7]
    assert read.answers.tolist() == [1, -1, 0]
    assert (read.group, read.rejected) == ({0: 1, 1: -1}, (7,))
