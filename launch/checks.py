"""``./cahier check``: everything that can be judged without running the product, in under a minute."""

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from launch import bootstrap
from launch.interruptions import Interruptions
from launch.places import Places
from launch.servers import environment
from launch.voice import say

SETTINGS = "config.settings.test"
MOST_LINES = 40
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


@dataclass(frozen=True)
class Check:
    """One question asked of the tree: a title for people, a command that fails when the answer is no."""

    title: str
    command: Sequence[str | Path]


def checks_of(places: Places) -> list[Check]:
    """All of them, in the order in which they are run and shown."""
    python, manage = places.python, (places.python, "manage.py")
    templates = sorted(str(path.relative_to(places.root)) for path in places.root.glob("templates/**/*.html"))
    return [
        Check("Style du code (ruff check)", [python, "-m", "ruff", "check"]),
        Check("Mise en forme du code (ruff format)", [python, "-m", "ruff", "format", "--check"]),
        Check("Flèches entre paquets (import-linter)", [python, "-c", LINT_IMPORTS, "--no-logo"]),
        Check("Migrations à jour", [*manage, "makemigrations", "--check", "--dry-run"]),
        Check("Traductions complètes", [*manage, "translations", "check"]),
        Check("Gabarits (djade)", [places.venv / "bin" / "djade", "--check", "--target-version", "5.2", *templates]),
    ]


def check(places: Places, *, interruptions: Interruptions) -> int:
    """Run every check, even after one failed; 1 when at least one did."""
    bootstrap.ready(places, interruptions=interruptions, development=True)
    # No server is started: Django merely warns that it could not read the history of migrations.
    env = environment(places, settings=SETTINGS) | {"PYTHONWARNINGS": "ignore"}
    failed = [each for each in checks_of(places) if not _passes(each, places, env, interruptions)]
    say(f"{len(failed)} contrôle(s) en échec." if failed else "Tous les contrôles passent.")
    return 1 if failed else 0


def _passes(check: Check, places: Places, env: dict[str, str], interruptions: Interruptions) -> bool:
    interruptions.check()
    began = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=places.root,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    ok = done.returncode == 0
    say(f"{'ok   ' if ok else 'ÉCHEC'} {check.title} ({time.monotonic() - began:.1f} s)")
    if not ok:
        lines = done.stdout.strip().splitlines()
        more = [f"… et {len(lines) - MOST_LINES} lignes"] if len(lines) > MOST_LINES else []
        say("\n".join(f"      {line}" for line in lines[:MOST_LINES] + more))
    return ok
