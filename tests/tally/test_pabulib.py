"""Files of elections: what is read, what is said of a bad one, and that what is written counts the same."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.budgets import GRADES, BadFile, Election, Project, Regulation, count, pabulib
from tests.tally.elections import approving, elections, of

FILE = """META
key;value
description;Budget de Bourg-le-Fleuve
num_projects;3
num_votes;4
budget;1000.50
vote_type;approval
rule;greedy-no-skip
max_length;2
currency;EUR
PROJECTS
project_id;cost;votes;name;category;district;selected
12;500;3;"Un jardin; un banc";vert;Nord;1
7;600.25;2;Aire de jeux;;Sud;0
A/3;300;1;Abri;;Sud;0
VOTES
voter_id;vote;age;voting_method
1;12,7;40;internet
2;12;51;paper
3;7, 12;22;internet
4;A/3;30;internet
"""
POINTS = FILE.replace("vote_type;approval", "vote_type;cumulative").replace("max_length;2", "max_sum_points;3")
RANKED = FILE.replace("vote_type;approval", "vote_type;ordinal")
GRADED = FILE.replace("vote_type;approval", "vote_type;grades\nmentions;oui|non").replace("max_length;2\n", "")
GRADED = GRADED[: GRADED.index("VOTES")] + "VOTES\nvoter_id;vote;points\n1;12,7;1,0\n2;12;1\n"
POINTS = POINTS[: POINTS.index("VOTES")] + "VOTES\nvoter_id;vote;points\n1;12,7;2,1\n2;12;3\n"


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def test_what_a_file_holds():
    read = pabulib.read(lines(FILE))
    assert read.election.budget == 100_050
    assert {one.id: (one.cost, one.name, one.territory, one.deposit) for one in read.election.projects} == {
        "12": (50_000, "Un jardin; un banc", "Nord", 0),
        "7": (60_025, "Aire de jeux", "Sud", 1),
        "A/3": (30_000, "Abri", "Sud", 2),
    }
    assert len(read.election.ballots) == 4
    assert set(read.election.ballots.channels) == {"internet", "paper"}
    assert read.selected == {"12": 1, "7": 0, "A/3": 0}
    assert count(read.election, read.regulation()).winners == ("12",)


def test_points_are_read_with_their_projects():
    read = pabulib.read(lines(POINTS))
    assert count(read.election, Regulation()).reasons["12"].score == "5"


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("META\n", "", 1, "no section META"),
        ("PROJECTS\n", "", 15, "no section PROJECTS"),
        (FILE[FILE.index("VOTES") :], "", 1, "no section VOTES"),
        ("budget;1000.50\n", "", 1, "budget"),
        ("budget;1000.50", "budget;mille", 6, "not an amount"),
        ("budget;1000.50", "budget;1000.505", 6, "cents"),
        ("vote_type;approval", "vote_type;crosses", 7, "vote_type"),
        ("project_id;cost", "project_id;price", 12, "no column cost"),
        ("7;600.25", "7;-600.25", 14, "not an amount"),
        ("7;600.25", "7;1e40", 14, "ten trillion"),
        ("7;600.25", "7;sNaN", 14, "amount"),
        ("max_length;2", "min_project_score_threshold;many", 9, "not a number"),
        ("7;600.25", "12;600.25", 14, "there twice"),
        ("7;600.25", ";600.25", 14, "without an id"),
        ("2;12;51", "2;13;51", 19, "13, which is not a project"),
        ("2;12;51", "2;12,12;51", 19, "twice"),
        ("2;12;51", "2;12,7,A/3;51", 19, "at most 2"),
        ("2;12;51;paper", "2", 19, "cells"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(before, after, line, said):
    assert before in FILE
    with pytest.raises(BadFile, match=said) as refused:
        pabulib.read(lines(FILE.replace(before, after, 1)))
    assert refused.value.line == line


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("2;12;3", "2;12;4", "4 points, at most 3"),
        ("2;12;3", "2;12;3,1", "2 points for 1 projects"),
        ("2;12;3", "2;12;-1", "number from 0"),
        ("2;12;3", "2;12;1e30", "to one billion"),
        ("2;12;3", "2;12;1.5", "whole number"),
        ("2;12;3", "2;12;beaucoup", "not a number"),
        ("max_sum_points;3", "max_points;2", "3 points for a project, at most 2"),
        ("max_sum_points;3", "max_sum_cost;1000", "spends 110025 cents, at most 100000"),
    ],
)
def test_a_ballot_over_its_ceiling_is_refused(before, after, said):
    with pytest.raises(BadFile, match=said):
        pabulib.read(lines(POINTS.replace(before, after, 1)))


WORDS = [
    "",
    ";",
    "\n",
    '"',
    ",",
    "\0",
    "-1",
    "1e999",
    "NaN",
    "é",
    "META",
    "PROJECTS",
    "VOTES",
    "12,12",
    "ordinal",
    "grades",
]
CUT = st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(WORDS) | st.text(max_size=4))


@given(st.sampled_from([FILE, POINTS, RANKED, GRADED]), st.lists(CUT, min_size=1, max_size=3))
def test_whatever_is_wrong_in_a_file_is_told_with_its_line(text, cuts):
    """Anything taken away and anything put in its place, anywhere: a count, or a line at fault."""
    for place, length, put in cuts:
        at = round(place * len(text))
        text = text[:at] + put + text[at + length :]
    found = _read(text)
    if isinstance(found, BadFile):
        assert 1 <= found.line <= len(text.splitlines()) + 1
    else:
        count(found.election, found.regulation())


def _read(text: str):
    try:
        return pabulib.read(lines(text))
    except BadFile as bad:
        return bad


def test_ballots_of_mentions_are_judged_without_being_asked_to():
    read = pabulib.read(lines(GRADED))
    assert (read.regulation().rule, read.regulation().unmarked) == ("majority_judgment", 1)
    assert count(read.election, read.regulation()).winners == ("7",)


@given(elections())
def test_what_is_written_counts_the_same(election):
    rules = Regulation(ties=("earlier_deposit",))
    written = pabulib.write(election)
    again = pabulib.read(lines(written)).election
    assert pabulib.write(again) == written
    assert count(again, rules).as_json() == count(election, rules).as_json()


def test_the_fingerprint_of_a_count_is_that_of_the_file():
    election = pabulib.read(lines(FILE)).election
    written = pabulib.write(election)
    assert "description;Budget de Bourg-le-Fleuve" in written
    assert count(election, Regulation()).input_hash == hashlib.sha256(written.encode()).hexdigest()
    assert pabulib.fingerprint(pabulib.read(lines(written)).election) == pabulib.fingerprint(election)


def test_voters_are_numbered_by_what_they_say_not_by_when():
    first, then = (
        pabulib.write(of({"a": 1, "b": 2}, approving(*order), budget=3)) for order in (("a", "b"), ("b", "a"))
    )
    assert first == then


def test_what_the_format_does_not_know_is_kept_too():
    projects = [Project("a", 1, deposit=7, site="place", mandatory=True), Project("b", 2, deposit=3, withdrawn=True)]
    graded = Election.of(projects, [[("a", 0), ("b", 1)], []], budget=1, kind=GRADES, mentions=("oui", "non"))
    again = pabulib.read(lines(pabulib.write(graded))).election
    assert again.projects == graded.projects
    assert pabulib.write(again) == pabulib.write(graded)
    with pytest.raises(BadFile, match="mention"):
        pabulib.read(lines(pabulib.write(graded).replace("oui|non", "oui")))
