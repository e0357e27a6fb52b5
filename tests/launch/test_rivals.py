"""The environment of the benchmarks' rivals: installed once, and never a reason to measure nothing."""

from hashlib import sha256

import pytest

from launch import bootstrap, rivals
from launch.interruptions import Interruptions
from launch.places import Places


@pytest.fixture
def checkout(tmp_path) -> Places:
    places = Places(root=tmp_path, var=tmp_path / "var")
    places.prepare()
    (tmp_path / rivals.LOCK).write_text("# nothing\n")
    return places


def test_rivals_that_cannot_be_installed_are_one_line_and_the_bench_goes_on(checkout, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "INSTALL_NEEDS_DISK", 10**18)
    with Interruptions() as interruptions:
        assert rivals.python(checkout, interruptions=interruptions) == checkout.python
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 1
    assert said[0].startswith("Les concurrents ne sont pas installés")


def test_rivals_are_installed_once_for_one_lock(checkout, monkeypatch):
    asked = []
    monkeypatch.setattr(rivals, "run_step", lambda command, **_: (checkout.var / "rivals").mkdir(exist_ok=True))
    with Interruptions() as interruptions:
        first = rivals.python(checkout, interruptions=interruptions)
        monkeypatch.setattr(rivals, "run_step", lambda command, **_: asked.append(command))
        assert rivals.python(checkout, interruptions=interruptions) == first == checkout.var / "rivals/bin/python"
        assert asked == []
        (checkout.root / rivals.LOCK).write_text("# newer\n")
        rivals.python(checkout, interruptions=interruptions)
    assert [word for command in asked for word in command if word == "venv"] == ["venv"]
    stamp = checkout.var / "rivals" / "cahier-installed"
    assert stamp.read_text() == sha256(b"# newer\n").hexdigest()
