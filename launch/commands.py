"""What each word of ``./cahier`` does. Every function returns the exit status."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import bootstrap, locks, rivals
from launch.interruptions import Interruptions
from launch.places import Places
from launch.servers import environment, of_the_running_up, start_missing
from launch.steps import run_in_front, run_step
from launch.supervisor import Supervisor
from launch.up import SETTINGS
from launch.voice import CannotGoOn, say

TEST_SETTINGS = "config.settings.test"
ABANDONED = "cahier-test-"
LOCK_OPTIONS = (
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--no-annotate", "--no-header"),
)
# Commands of manage.py that read files only: they must answer at once, and work beside anything.
WITHOUT_SERVERS = {
    *("cluster", "count", "opinion_map", "documents", "mask", "compilemessages", "makemessages", "check"),
    *("translations", "collectstatic", "diffsettings", "findstatic", "help", "version", "--version"),
}


def manage(places: Places, words: list[str], *, interruptions: Interruptions) -> int:
    """Django's manage.py beside a running ``up``, else with servers of its own for the time of the command."""
    bootstrap.ready(places, interruptions=interruptions)
    env = environment(places, settings=os.environ.get("DJANGO_SETTINGS_MODULE", SETTINGS))
    command = [places.python, places.root / "manage.py", *words]
    if not words or words[0] in WITHOUT_SERVERS or not {"-h", "--help"}.isdisjoint(words):
        return run_in_front(command, interruptions=interruptions, env=env)
    with _servers_for_a_command(places, words, interruptions) as (supervisor, addresses):
        return run_in_front(command, interruptions=interruptions, supervisor=supervisor, env=env | addresses)


@contextmanager
def _servers_for_a_command(
    places: Places, words: list[str], interruptions: Interruptions
) -> Iterator[tuple[Supervisor | None, dict[str, str]]]:
    lock = places.run / "up.lock"
    while locks.is_held(lock) and locks.holder(lock).startswith("« ./cahier up"):
        if addresses := of_the_running_up(places):
            yield None, addresses
            return
        interruptions.pause(0.2)  # it is starting
    with (
        locks.hold_patiently(lock, doing=f"manage {words[0]}", interruptions=interruptions),
        Supervisor(places.run, interruptions=interruptions) as supervisor,
    ):
        supervisor.clear_leftovers()
        yield supervisor, start_missing(supervisor, places).addresses


def test(places: Places, words: list[str], *, interruptions: Interruptions) -> int:
    """All tests, or what pytest's arguments say, on servers of their own."""
    bootstrap.ready(places, interruptions=interruptions, development=True)
    bootstrap.browser_ready(places, interruptions=interruptions)
    command = [places.python, "-m", "pytest", *(words or ["-n", "2", "--dist", "worksteal"])]
    with _throwaway_servers(places, interruptions) as (supervisor, env):
        return run_in_front(command, interruptions=interruptions, supervisor=supervisor, env=env, cwd=places.root)


def bench(places: Places, words: list[str], *, interruptions: Interruptions) -> int:
    """One benchmark of ``bench/``, or each in turn; the first failure is the status."""
    found = [*(places.root / "bench").glob("[!_]*.py"), *(places.root / "bench").glob("*/__main__.py")]
    names = sorted(file.parent.name if file.name == "__main__.py" else file.stem for file in found)
    if words and words[0] not in names:
        raise CannotGoOn(f"« {words[0]} » n'est pas une mesure ; voici celles qui existent : {', '.join(names)}.")
    bootstrap.ready(places, interruptions=interruptions, development=True)
    with _throwaway_servers(places, interruptions) as (supervisor, env):
        for name in words[:1] or names:
            with_rivals = name in rivals.BENCHES
            python = rivals.python(places, interruptions=interruptions) if with_rivals else places.python
            command = [python, "-m", f"bench.{name}", *words[1:]]
            say(f"— {name}")
            status = run_in_front(command, interruptions=interruptions, supervisor=supervisor, env=env, cwd=places.root)
            if status:
                return status
    return 0


@contextmanager
def _throwaway_servers(places: Places, interruptions: Interruptions) -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """Fast servers in a folder of their own: several runs may go on at once, beside ``up``."""
    _clear_abandoned(interruptions)
    home = Path(tempfile.mkdtemp(prefix=ABANDONED))
    home.chmod(0o711)  # PostgreSQL may run under another account and must reach its folder
    own = Places(root=places.root, var=home / "var")
    own.prepare()
    data = home / "postgres"
    data.mkdir()
    with (
        locks.hold(home / "lock", doing="test"),
        Supervisor(own.run, interruptions=interruptions) as supervisor,
    ):
        try:
            servers = start_missing(supervisor, own, throwaway=data)
            yield supervisor, environment(own, settings=TEST_SETTINGS) | servers.addresses
        finally:
            supervisor.stop()
            shutil.rmtree(home)


def _clear_abandoned(interruptions: Interruptions) -> None:
    """Clear what test runs killed with -9 left in the temp folder, servers and files."""
    for lock in Path(tempfile.gettempdir()).glob(f"{ABANDONED}*/lock"):
        if os.access(lock, os.W_OK) and not locks.is_held(lock):
            Supervisor(lock.parent / "var" / "run", interruptions=interruptions).clear_leftovers()
            shutil.rmtree(lock.parent)


def lock(places: Places, words: list[str], *, interruptions: Interruptions) -> int:
    """Rewrite the lock files from pyproject.toml: hashes for every platform, no address of any registry.

    Present versions are kept; ``words`` go to uv (``--upgrade``, ``--upgrade-package django``).
    """
    bootstrap.ready(places, interruptions=interruptions, development=True)
    for file, group in ((bootstrap.RUNTIME, None), (bootstrap.DEVELOPMENT, "dev"), (rivals.LOCK, "bench")):
        more = ["--group", group, "-c", bootstrap.RUNTIME] if group else []
        say(f"Calcul de {file}…")
        run_step(
            [places.python, "-m", "uv", "pip", "compile", "pyproject.toml", *LOCK_OPTIONS, *more, *words, "-o", file],
            failing=f"{file} n'a pas pu être calculé.",
            log=places.log / "lock.log",
            interruptions=interruptions,
            cwd=places.root,
        )
    return 0
