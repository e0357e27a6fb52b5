"""``./cahier check`` on small trees: all is asked, what fails is shown, the status tells."""

import sys

import pytest

from launch import bootstrap, checks
from launch.checks import Check
from launch.interruptions import Interruptions
from launch.places import Places

PASSING = Check("Ce qui passe", [sys.executable, "-c", ""])
FAILING = Check("Ce qui échoue", [sys.executable, "-c", "print('voici pourquoi'); raise SystemExit(3)"])
CHATTY = Check("Ce qui bavarde", [sys.executable, "-c", "print('mot\\n' * 100); raise SystemExit(1)"])


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    """Ask these checks of an empty checkout: the status and what was printed."""

    def ask(*asked: Check) -> tuple[int, str]:
        places = Places(root=tmp_path, var=tmp_path / "var")
        places.prepare()
        monkeypatch.setattr(bootstrap, "ready", lambda *_, **__: None)
        monkeypatch.setattr(checks, "checks_of", lambda _: list(asked))
        with Interruptions() as interruptions:
            status = checks.check(places, interruptions=interruptions)
        return status, capsys.readouterr().out

    return ask


def test_a_clean_tree_is_said_clean(check):
    status, said = check(PASSING)
    assert status == 0
    assert said.endswith("Tous les contrôles passent.\n")


def test_what_fails_is_shown_and_the_rest_is_still_asked(check):
    status, said = check(FAILING, PASSING)
    assert status == 1
    assert "ÉCHEC Ce qui échoue" in said
    assert "voici pourquoi" in said
    assert "ok    Ce qui passe" in said
    assert said.endswith("1 contrôle(s) en échec.\n")


def test_a_long_complaint_is_cut(check):
    _, said = check(CHATTY)
    assert said.count("mot") == checks.MOST_LINES
    assert "… et 60 lignes" in said


def test_every_question_of_the_contract_is_asked_of_the_real_tree(places):
    asked = " ".join(each.title for each in checks.checks_of(places))
    for subject in ("ruff check", "ruff format", "import-linter", "Migrations", "Traductions", "Gabarits"):
        assert subject in asked
