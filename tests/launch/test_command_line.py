"""``./cahier`` itself, as people type it."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from launch import locks
from launch.processes import Record
from launch.valkey import free_port
from tests.launch.conftest import ROOT, eventually

CAHIER = str(ROOT / "cahier")


def cahier(*words: str, env: dict[str, str], within: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CAHIER, *words], env=env, capture_output=True, text=True, timeout=within, check=False)


@pytest.mark.parametrize("words", [[], ["help"], ["--help"]])
def test_help_names_every_command(alone, words):
    done = cahier(*words, env=alone)
    assert done.returncode == 0
    for command in ("up", "test", "check", "bench", "manage", "lock"):
        assert f"./cahier {command}" in done.stdout


@pytest.mark.parametrize("words", [["dance"], ["up", "--porte", "3"], ["up", "--port", "abc"], ["check", "everything"]])
def test_words_that_mean_nothing_are_one_french_sentence(alone, words):
    done = cahier(*words, env=alone)
    assert done.returncode == 1
    assert done.stderr == "cahier : je ne comprends pas ces arguments ; « ./cahier help » donne la liste.\n"


def test_an_old_python_is_told_so():
    lines = Path(CAHIER).read_text().partition("from pathlib")[0]
    old = "import sys; sys.version_info = (3, 9, 2, 'final', 0)\n"
    done = subprocess.run([sys.executable, "-c", old + lines], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == "cahier : il faut Python 3.11 ou plus récent ; voici Python 3.9."


def test_a_port_already_taken_is_a_sentence_that_offers_another(alone):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = cahier("up", "--port", str(port), env=alone)
    assert done.returncode == 1
    assert done.stderr == f"cahier : Le port {port} est déjà pris : choisissez-en un autre avec --port {port + 1}.\n"


def test_two_launchers_never_share_the_same_data(alone, places):
    with locks.hold(places.run / "up.lock", doing="up --port 8000"):
        done = cahier("up", "--port", str(free_port()), env=alone)
    assert done.returncode == 1
    me = f"« ./cahier up --port 8000 » (processus {os.getpid()})"
    assert done.stderr == f"cahier : {me} tourne déjà dans ce dossier : arrêtez-le, puis relancez.\n"


def test_a_folder_that_cannot_be_written_is_a_sentence(alone, tmp_path):
    (tmp_path / "file").touch()
    done = cahier("up", env=alone | {"CAHIER_VAR": "/proc/nowhere"})
    assert done.returncode == 1
    assert done.stderr.startswith("cahier : ")
    assert "Traceback" not in done.stderr


def test_a_command_that_reads_files_starts_no_server(alone, places):
    done = cahier("manage", "diffsettings", env=alone)
    assert done.returncode == 0, done.stderr
    assert not (places.var / "postgres").exists()
    assert not (places.run / "valkey.json").exists()


def test_a_command_fails_with_the_status_of_what_it_ran(alone):
    assert cahier("manage", "help", "no-such-command", env=alone).returncode == 1


def test_an_unknown_benchmark_is_a_sentence(alone):
    done = cahier("bench", "nothing", env=alone)
    assert done.returncode == 1
    assert done.stderr.startswith("cahier : « nothing » n'est pas une mesure")


def test_tests_run_on_servers_of_their_own_and_leave_nothing(alone, tmp_path):
    (tmp_path / "test_inside.py").write_text(
        "import os, psycopg\n"
        "def test_servers():\n"
        "    with psycopg.connect(os.environ['DATABASE_URL']) as connection:\n"
        "        assert connection.execute('SHOW fsync').fetchone() == ('off',)\n"
        "    assert os.environ['CAHIER_BROKER_URL'].startswith('redis://')\n"
        "    print(os.environ['CAHIER_VAR'])\n"
    )
    inside = ["-p", "no:django", "-p", "no:randomly", "-c", os.devnull, "--noconftest", "-s", "-q", str(tmp_path)]
    done = cahier("test", *inside, env=alone | {"TMPDIR": "/tmp"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout.splitlines()[-1]
    var = Path(next(line.strip(".") for line in done.stdout.splitlines() if line.startswith("/")))
    assert not var.parent.exists()


def test_everything_is_served_until_asked_to_stop(alone, places):
    port = free_port()
    said = places.var / "said"
    with said.open("wb") as out:
        up = subprocess.Popen([CAHIER, "up", "--empty", "--port", str(port)], env=alone, stdout=out, stderr=out)
    try:
        eventually(lambda: "Cahier est prêt" in said.read_text() or up.poll() is not None, within=280)
        assert f"http://127.0.0.1:{port}/" in said.read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as page:
            assert page.status == 200
        seen = cahier(
            "manage", "shell", "-c", "from django.db import connection as c; print(c.settings_dict)", env=alone
        )
        assert str(places.var / "postgres") in seen.stdout
        names = ["postgres", "valkey", *("worker", "worker-2")[: os.cpu_count()], "web"]
        records = [Record.read(places.run / f"{name}.json") for name in names]
        os.kill(records[-1].pid, signal.SIGKILL)
        eventually(lambda: "Le serveur web est tombé (signal 9) : il est relancé." in said.read_text())
        addresses = json.loads((places.run / "servers.json").read_text())
        assert set(addresses) == {"DATABASE_URL", "CAHIER_BROKER_URL", "CAHIER_CACHE_URL"}
    finally:
        up.terminate()
        assert up.wait(60) == 0, said.read_text()
    assert said.read_text().endswith("Tout est arrêté.\n")
    assert not any(record.is_alive for record in records)
    assert not list(places.run.glob("*.json"))
