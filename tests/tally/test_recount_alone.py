"""The script that anybody may run: Python alone, three files, and the same winners."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tally import recount, recount_mentions
from tally.budgets import GRADES, POINTS, RANKING, Election, Regulation, count, pabulib
from tests.tally.elections import approving, elections, of

SCRIPT = Path(recount.__file__)
SCRIPTS = (SCRIPT, Path(recount_mentions.__file__))


def published(folder: Path, election: Election, rules: Regulation) -> list[str]:
    """The three files of a count, and how the script is called on them."""
    (folder / "ballots.pb").write_text(pabulib.write(election), encoding="utf-8", newline="")
    (folder / "regulation.json").write_text(json.dumps(rules.as_json()), encoding="utf-8")
    (folder / "outcome.json").write_text(json.dumps(count(election, rules).as_json()), encoding="utf-8")
    return [str(folder / name) for name in ("ballots.pb", "regulation.json", "outcome.json")]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: one.stem)
def test_it_fits_on_three_pages_and_imports_nothing_of_ours(script):
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    assert {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))} <= {
        *("csv", "hashlib", "json", "sys", "collections", "fractions", "pathlib")
    }


def test_it_runs_with_python_alone_and_sees_a_changed_ballot(tmp_path):
    election = of({"a": 600, "b": 500}, approving("a", "a", "b"), budget=1000)
    files = published(tmp_path, election, Regulation(ties=("lower_cost",)))
    done = subprocess.run([sys.executable, "-I", SCRIPT, *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "Retenus : a \nIdentique au résultat publié.\n")
    ballots = Path(files[0])
    ballots.write_text(ballots.read_text().replace("1;a", "1;b"))
    done = subprocess.run([sys.executable, "-I", SCRIPT, *files], capture_output=True, text=True, check=False)
    assert (done.returncode, "PAS identique" in done.stdout) == (1, True)


DAMAGES = {
    "cut": lambda text: text[: len(text) // 2],
    "empty": lambda _text: b"",
    "a page of the web": lambda _text: b"<!DOCTYPE html><p>Introuvable</p>",
    "no text": lambda text: b"PK\x03\x04\xff\xfe" + text,
    "no list": lambda _text: b"[]",
}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: one.stem)
@pytest.mark.parametrize("place", [0, 1, 2], ids=["ballots", "regulation", "outcome"])
def test_a_damaged_file_is_told_in_one_line(script, place, tmp_path):
    """Never a traceback; and a file that was cut where it can still be read never gives the same result."""
    more, rules = {}, Regulation(ties=("lower_cost",))
    if script != SCRIPT:
        more = {"kind": GRADES, "mentions": ("Bien", "Passable")}
        rules = Regulation(rule="majority_judgment", unmarked=1, ties=("lower_cost",))
    election = of({"a": 600, "b": 500}, approving("a", "a", "b"), budget=1000, **more)
    files = published(tmp_path, election, rules)
    whole = Path(files[place]).read_bytes()
    for damage in DAMAGES.values():
        Path(files[place]).write_bytes(damage(whole))
        done = subprocess.run([sys.executable, "-I", script, *files], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) <= 1
        assert "Un fichier est abîmé" in done.stderr or "PAS identique" in done.stdout


KINDS = st.sampled_from(["greedy", "equal_shares"])
RULES = {
    "on_overflow": st.sampled_from(["skip", "stop", "tolerance"]),
    "order": st.sampled_from(["score", "score_per_cost"]),
    "tolerance": st.just("70"),
    "threshold_kind": st.sampled_from(["none", "absolute", "percent_of_ballots"]),
    "threshold": st.sampled_from(["1", "2", "20.5"]),
    "utility": st.sampled_from(["cost", "unit", "points"]),
    "completion": st.sampled_from(["none", "first_over_budget", "first_exhaustive"]),
    "step": st.just(50),
    "top_up": st.sampled_from(["none", "greedy"]),
    "comparison": st.sampled_from(["none", "greedy"]),
    "exclusive": st.booleans(),
    "one_each": st.booleans(),
    "channel_weights": st.sampled_from([{}, {"": "3/2"}]),
    "ceilings": st.sampled_from([{}, {"theme:vert": 600}]),
    "at_most": st.sampled_from([{}, {"territory:Nord": 1}]),
}


@st.composite
def placed(draw) -> Election:
    """The same elections, some with sites, places and themes."""
    election = draw(elections(kind=draw(st.sampled_from(["approval", POINTS, RANKING]))))
    some = st.sampled_from(["", "", "x"])
    projects = [
        replace(one, territory=draw(st.sampled_from(["", "Nord"])), theme=draw(some) and "vert", site=draw(some))
        for one in election.projects
    ]
    return Election(election.budget, tuple(projects), election.ballots)


@settings(deadline=None)
@given(placed(), st.fixed_dictionaries({"rule": KINDS, **RULES}))
def test_it_finds_what_we_find(tmp_path_factory, election, rules):
    regulation = Regulation(**rules, ties=("earlier_deposit",))
    files = published(tmp_path_factory.mktemp("count"), election, regulation)
    if len(election.ballots):
        assert recount.main(*files) == 0


@pytest.mark.parametrize("n", [1, 2])
def test_the_best_n_too(tmp_path, n):
    election = of({"a": 1, "b": 2, "c": 3}, approving("ab", "bc", "b"), budget=10)
    rules = Regulation(rule="top_n", n=n, ties=("drawn_lots",), seed="8")
    assert recount.main(*published(tmp_path, election, rules)) == 0


def test_every_step_can_be_run_again(tmp_path, capsys):
    ballots = approving(*["ab"] * 3, *["bc"] * 2, "d")
    election = of({"a": 900, "b": 800, "c": 500, "d": 700}, ballots, budget=2000)
    rules = Regulation(rule="equal_shares", completion="first_over_budget", step=50, ties=("earlier_deposit",))
    files = published(tmp_path, election, rules)
    assert recount.main(*files, "--all-steps") == 0
    assert "FAUX" not in capsys.readouterr().out
    outcome = Path(files[2])
    told = json.loads(outcome.read_text())
    outcome.write_text(json.dumps(told | {"steps": told["steps"] + 1}))
    recount.main(*files)
    assert "PALIER FAUX : avec" in capsys.readouterr().out


@st.composite
def judged(draw) -> Election:
    """Ballots of three mentions, some projects left out."""
    costs = {name: draw(st.sampled_from([0, 100, 300, 700])) for name in "abcd"[: draw(st.integers(1, 4))]}
    ballot = st.dictionaries(st.sampled_from(sorted(costs)), st.integers(0, 2)).map(lambda given: list(given.items()))
    ballots = draw(st.lists(ballot, min_size=1, max_size=9))
    return of(costs, ballots, budget=draw(st.integers(0, 1500)), kind=GRADES, mentions=("Très bien", "Bien", "Non"))


CUTS = ("on_overflow", "tolerance", "threshold_kind", "threshold", "channel_weights")
MENTIONS = {name: RULES[name] for name in CUTS}


@settings(deadline=None)
@given(judged(), st.fixed_dictionaries({**MENTIONS, "unmarked": st.integers(0, 2)}))
def test_mentions_have_their_own_script_that_finds_what_we_find(tmp_path_factory, election, rules):
    regulation = Regulation(rule="majority_judgment", **rules, ties=("earlier_deposit",))
    files = published(tmp_path_factory.mktemp("count"), election, regulation)
    assert recount_mentions.main(*files) == 0
