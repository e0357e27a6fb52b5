"""``manage.py count``: a file of ballots in, who wins and why out."""

import ast
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import gettext

from config.management.commands import count
from consult.count_words import FAULTS, MISRULES
from tally.budgets import counting, judgment, pabulib, regulation
from tests.tally.test_pabulib import FILE, POINTS


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ballots.pb"
    path.write_text(FILE, encoding="utf-8")
    return path


def said(capsys, *arguments) -> str:
    call_command("count", *map(str, arguments))
    return capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_it_says_who_wins_and_why_the_others_do_not(capsys, file):
    text = said(capsys, file)
    assert "4 bulletins, 3 projets, 1 000,50 €" in text
    assert "Financé au tour 1 : 3 bulletins l’ont choisi. Coût : 500 €." in text
    assert "Coût : 600,25 €. Il manquait 99,75 €." in text
    assert "Le dépouillement s’est arrêté à « Aire de jeux », trop cher." in text
    assert "Reste : 500,50 €" in text


def test_another_rule_can_be_tried(capsys, file):
    text = said(capsys, file, "--rule", "equal_shares", "--set", "top_up=greedy", "--set", "on_overflow=skip")
    assert "Chacun donne au plus" in text
    assert "avec ce qui restait" in text


def test_its_json_holds_what_the_contract_says(capsys, file, tmp_path):
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps({"rule": "greedy", "threshold_kind": "absolute", "threshold": "2"}))
    done = json.loads(said(capsys, file, "--regulation", rules, "--json"))
    assert done["winners"] == ["12"]
    assert done["unspent"] == 50_050
    assert done["reasons"]["A/3"]["reason"] == "under_threshold"
    assert {"rounds", "input_hash", "regulation_hash", "hash", "kernel_version"} <= set(done)
    assert json.loads(said(capsys, file, "--regulation", rules, "--json")) == done


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (["--set", "colour=blue"], "champ inconnu.: colour"),
        (["--set", "n=many"], "many.» n’est pas une valeur"),
        (["--set", "ties=alphabet"], "une égalité se règle par"),
        (["--rule", "top_n"], "top_n demande n"),
    ],
)
def test_bad_rules_get_one_line(file, arguments, refusal):
    with pytest.raises(CommandError, match=refusal):
        call_command("count", str(file), *arguments)


def test_bad_files_get_one_line(tmp_path, file):
    bad = tmp_path / "bad.pb"
    bad.write_text(POINTS.replace("2;12;3", "2;12;4"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"bad.pb.: un bulletin de 4 points, pour 3 au plus \(ligne 19\)"):
        call_command("count", str(bad))
    bad.write_bytes(FILE.encode("utf-16"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("count", str(bad))
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("count", str(tmp_path / "absent.pb"))
    with pytest.raises(CommandError, match="JSON"):
        call_command("count", str(file), regulation=file)


def test_every_fault_of_a_file_is_in_the_catalogue():
    """The kernel names them in English; what is said here is looked up by these very words."""
    tree = ast.parse(Path(pabulib.__file__).read_text(encoding="utf-8"))
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "BadFile"]
    said = {call.args[1].value for call in calls if isinstance(call.args[1], ast.Constant)}
    ceilings = {one for one in FAULTS if one.startswith("a ballot ") and "at most" in one}
    assert said | ceilings == set(FAULTS)
    assert len(said) > 15
    assert [one for one in FAULTS if gettext(one) == one] == []


def test_every_rule_that_cannot_be_applied_is_in_the_catalogue():
    raised = set()
    for module in (regulation, counting, judgment, count):
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call)]
        raised |= {one.args[0].value for one in calls if getattr(one.func, "id", "") == "BadRegulation"}
    assert raised == set(MISRULES)
    assert [one for one in MISRULES if gettext(one) == one] == []


def test_a_tie_that_nothing_settles_is_said(tmp_path):
    tied = tmp_path / "tied.pb"
    tied.write_text(FILE.replace("3;7, 12;22;internet", "3;7,A/3;22;internet").replace("greedy-no-skip", "greedy"))
    with pytest.raises(CommandError, match=r"12, 7, A/3 sont à égalité"):
        call_command("count", str(tied), "--set", "ties=", "--set", "on_overflow=stop")
