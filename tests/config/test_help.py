"""Whoever types ``--help`` is told what a command does."""

from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[2]
OURS = sorted(
    path.stem
    for folder in ("*/management/commands", "*/*/management/commands")
    for path in ROOT.glob(f"{folder}/[a-z]*.py")
    if not path.is_relative_to(ROOT / ".venv")
)


@pytest.mark.parametrize("name", OURS)
def test_a_command_says_what_it_does(name):
    command = load_command_class(get_commands()[name], name)
    said = command.create_parser("manage.py", name).format_help()
    assert " ".join(command.help.split()) in " ".join(said.split())


def test_every_command_is_there():
    assert {"cluster", "count", "documents", "draw_panel", "mask", "opinion_map", "recount"} <= set(OURS)
