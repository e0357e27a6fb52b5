"""``./cahier up``: the whole product on this machine, until Ctrl-C."""

import http.client
import os
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from launch import bootstrap, locks
from launch.interruptions import Interruptions, StopAsked
from launch.logs import rotate
from launch.places import Places
from launch.processes import Child
from launch.servers import Servers, announced, environment, start_missing
from launch.steps import run_step
from launch.supervisor import Supervisor
from launch.valkey import is_free
from launch.voice import CannotGoOn, say

SETTINGS = "config.settings.dev"
PASSWORD = "cahier-demo"
LOGINS = {
    "citoyenne": "citoyenne",
    "asso": "association vérifiée",
    "agent": "agent public",
    "guichet": "agent de guichet",
    "pilote": "pilote de service",
    "evaluateur": "évaluateur",
    "moderation": "modération",
    "redaction": "rédaction",
    "admin": "administration",
}


def up(places: Places, *, port: int, empty: bool, interruptions: Interruptions) -> None:
    """Serve on 127.0.0.1:``port`` until somebody asks to stop (``StopAsked``)."""
    began = time.monotonic()
    with (
        locks.hold(places.run / "up.lock", doing=f"up --port {port}"),
        Supervisor(places.run, interruptions=interruptions) as supervisor,
    ):
        supervisor.clear_leftovers()
        if not is_free(port):
            raise CannotGoOn(f"Le port {port} est déjà pris : choisissez-en un autre avec --port {port + 1}.")
        bootstrap.ready(places, interruptions=interruptions)
        say("Démarrage de PostgreSQL et de Valkey…")
        servers = start_missing(supervisor, places)
        env = environment(places, settings=os.environ.get("DJANGO_SETTINGS_MODULE", SETTINGS)) | servers.addresses
        env.setdefault("CAHIER_BASE_URL", f"http://127.0.0.1:{port}")
        has_demo = _prepare_database(places, servers, env, empty=empty, interruptions=interruptions)
        say("Démarrage du site et des tâches de fond…")
        supervisor.start(*_workers(places, env), _web(places, env, port), within=120)
        with announced(places, servers.addresses):
            _welcome(places, port=port, has_demo=has_demo, seconds=time.monotonic() - began)
            _watch(supervisor)


def _watch(supervisor: Supervisor) -> None:
    try:
        supervisor.watch()
    except StopAsked:
        say("\nArrêt…")
        raise


def _prepare_database(
    places: Places, servers: Servers, env: dict[str, str], *, empty: bool, interruptions: Interruptions
) -> bool:
    """Tables up to date, demonstration loaded at most once; whether this database holds the demonstration.

    The first start decides: nothing is ever poured later into a database that somebody began to use.
    """

    def manage(*words: str, failing: str) -> None:
        log = rotate(places.log / f"{words[0]}.log")
        command = [places.python, places.root / "manage.py", *words]
        run_step(command, failing=failing, log=log, interruptions=interruptions, env=env, cwd=places.root)

    tables, demo = servers.memory / "tables", servers.memory / "demo"
    if not (servers.cluster and tables.exists() and tables.read_text() == _state_of_tables(places, servers)):
        say("Mise à jour des tables…")
        # The checks have their place in ./cahier check; here they would cost a fresh machine several seconds.
        manage(
            "migrate", "--no-input", "--skip-checks", failing="Les tables de la base n'ont pas pu être mises à jour."
        )
        tables.write_text(_state_of_tables(places, servers))
    if not demo.exists():
        if not empty:
            say("Chargement de la démonstration…")
            manage("load_demo", failing="La démonstration n'a pas pu être chargée.")
        demo.write_text("none" if empty else "loaded")
    return demo.read_text() == "loaded"


def _state_of_tables(places: Places, servers: Servers) -> str:
    """Changes whenever a migration may be due: spares the seconds Django takes to find that none is.

    Made of all migrations on disk, the versions installed, and what the database says was applied.
    """
    if servers.cluster is None:
        return "unknown"
    state = sha256((places.root / bootstrap.RUNTIME).read_bytes())
    for file in migrations(places.root):
        state.update(file.name.encode() + file.read_bytes())
    try:
        state.update(servers.cluster.ask("SELECT app, name FROM django_migrations ORDER BY app, name").encode())
    except CannotGoOn:
        # No such table: the database was emptied since.
        return "empty"
    return state.hexdigest()


def migrations(root: Path) -> list[Path]:
    """The files of all our migrations, those of a package inside another too."""
    return sorted([*root.glob("*/migrations/*.py"), *root.glob("*/*/migrations/*.py")])


def _workers(places: Places, env: dict[str, str]) -> list[Child]:
    """Background tasks: one process with their clock, and where there are cores enough a second one, so that a new
    fiche never waits behind a long import."""
    schedule = places.run / "celerybeat-schedule"
    workers = [_worker(places, env, name="worker", more=["-B", "-s", str(schedule)])]
    if (os.cpu_count() or 1) > 1:
        workers.append(_worker(places, env, name="worker-2", more=["-n", "second@%h"]))
    return workers


def _worker(places: Places, env: dict[str, str], *, name: str, more: list[str]) -> Child:
    words = ["-m", "celery", "-A", "config", "worker", "-P", "solo", "-l", "INFO", *more]
    return Child(
        name=name,
        label="Le service des tâches de fond",
        command=[str(places.python), *words],
        log=rotate(places.log / f"{name}.log"),
        is_ready=lambda: True,  # the site serves without it; a worker that falls is restarted like any other child
        env=env,
        cwd=places.root,
        grace=20,
    )


def _web(places: Places, env: dict[str, str], port: int) -> Child:
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "8"]
    options += ["--no-ws", "--access-log", "--workers-kill-timeout", "5"]
    return Child(
        name="web",
        label="Le serveur web",
        command=[str(places.python), "-m", "granian", *options, "config.wsgi:application"],
        log=rotate(places.log / "web.log"),
        is_ready=lambda: _answers(port),
        env=env,
        cwd=places.root,
    )


def _answers(port: int) -> bool:
    """Whether the site answers anything at all; a failing page is for the page to tell, with its trace."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 600
    return False


def _welcome(places: Places, *, port: int, has_demo: bool, seconds: float) -> None:
    say(f"\nCahier est prêt ({seconds:.0f} s) : http://127.0.0.1:{port}/\n")
    if has_demo:
        say(f"Comptes de démonstration, mot de passe « {PASSWORD} » :")
        for name, role in LOGINS.items():
            say(f"  {f'{name}@demo.example':<26} {role}")
        say("")
    say(f"Journaux : {places.shown(places.log)}/ · Ctrl-C pour tout arrêter.")
