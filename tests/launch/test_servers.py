"""The real PostgreSQL and Valkey, as root and as anybody: started, killed, found again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from launch.interruptions import Interruptions
from launch.logs import tail
from launch.places import socket_folder
from launch.processes import Record
from launch.servers import start_missing
from launch.supervisor import Supervisor
from launch.voice import CannotGoOn
from tests.launch.conftest import ROOT, eventually


class Served:
    """A running ``tests.launch.serve``."""

    def __init__(self, env: dict[str, str], kind: str) -> None:
        self.var = Path(env["CAHIER_VAR"])
        self.out = self.var / f"said-{time.monotonic_ns()}"
        self.out.parent.mkdir(parents=True, exist_ok=True)
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.launch.serve", kind], cwd=ROOT, env=env, stdout=out, stderr=out
            )

    @property
    def said(self) -> str:
        return self.out.read_text()

    @property
    def addresses(self) -> dict[str, str]:
        eventually(lambda: "{" in self.said or self.process.poll() is not None, within=60)
        lines = [line for line in self.said.splitlines() if line.startswith("{")]
        assert lines, self.said + tail(self.var / "log" / "postgres.log")
        return json.loads(lines[0])

    def database(self) -> psycopg.Connection:
        return psycopg.connect(self.addresses["DATABASE_URL"], autocommit=True)

    def pid(self, name: str) -> int:
        return Record.read(self.var / "run" / f"{name}.json").pid

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(40)


@pytest.fixture
def serve(alone: dict[str, str]) -> Iterator[Callable[..., Served]]:
    started: list[Served] = []

    def begin(kind: str = "throwaway", **env: str) -> Served:
        started.append(Served(alone | env, kind))
        return started[-1]

    yield begin
    for one in started:
        one.stop()


def test_a_new_cluster_answers_at_its_address_and_leaves_nothing_running(serve):
    served = serve("lasting")
    with served.database() as connection:
        assert connection.execute("SELECT lower('ÉCOLE'), current_database()").fetchone() == ("école", "cahier")
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    records = [Record.read(path) for path in (served.var / "run").glob("*.json")]
    assert served.stop() == 0
    assert not any(record.is_alive for record in records)
    assert not (served.var / "postgres" / "data" / "postmaster.pid").exists()


def test_postgresql_never_runs_as_root_and_only_its_own_account_may_knock(serve):
    served = serve("lasting")
    folder = Path(served.addresses["DATABASE_URL"].partition("@")[2].rpartition("/")[0].replace("%2F", "/"))
    assert (folder.stat().st_mode & 0o777) == 0o700
    assert Path(f"/proc/{served.pid('postgres')}").stat().st_uid != 0


def test_a_throwaway_cluster_trades_durability_for_speed(serve):
    with serve().database() as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)


def test_what_was_committed_is_still_there_after_postgresql_was_killed(serve):
    served = serve("lasting")
    with served.database() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(served.pid("postgres"), signal.SIGKILL)
    eventually(lambda: "PostgreSQL est tombé (signal 9) : il est relancé." in served.said)

    def answer() -> object:
        try:
            with served.database() as connection:
                return connection.execute("SELECT answer FROM kept").fetchone()
        except psycopg.OperationalError:
            return None  # not back yet

    assert eventually(answer) == (42,)


def test_after_a_launcher_killed_with_9_the_next_one_finds_the_data(serve):
    first = serve("lasting")
    with first.database() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first.process.kill()
    first.process.wait()
    with serve("lasting").database() as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_stale_handle_that_names_a_stranger_does_not_keep_postgresql_from_starting(serve):
    first = serve("lasting")
    first.database().close()
    handle = first.var / "postgres" / "data" / "postmaster.pid"
    lines = handle.read_text().splitlines()
    assert first.stop() == 0
    owner = handle.parent.stat()
    stranger = subprocess.Popen(["/bin/sleep", "600"], user=owner.st_uid)
    try:
        handle.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        os.chown(handle, owner.st_uid, owner.st_gid)
        with serve("lasting").database() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_creation_cut_short_is_begun_again(serve, places):
    draft = places.var / "postgres" / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    with serve("lasting").database() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_data_of_another_postgresql_are_refused_with_a_sentence(serve, places):
    data = places.var / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("12\n")
    served = serve("lasting")
    assert served.process.wait(20) == 1
    assert "ont été écrites par PostgreSQL 12, et voici PostgreSQL 18" in served.said
    assert (data / "PG_VERSION").read_text() == "12\n"


def test_a_checkout_with_a_long_or_accented_path_works_too(serve, places):
    odd = places.var.parent / ("dossier très long " * 8) / "var"
    with serve("lasting", CAHIER_VAR=str(odd), TMPDIR=str(places.var.parent)).database() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize(("word", "heard"), [("", b"-NOAUTH"), ("AUTH wrong\r\n", b"-WRONGPASS")])
def test_valkey_answers_nobody_without_the_password(serve, word, heard):
    address = urlsplit(serve().addresses["CAHIER_BROKER_URL"])
    with socket.create_connection((address.hostname, address.port), timeout=5) as door:
        door.sendall(f"{word}PING\r\n".encode())
        assert door.recv(200).startswith(heard)


def test_servers_given_by_the_environment_are_used_and_none_is_started(places, monkeypatch):
    given = {
        "DATABASE_URL": "postgresql://elsewhere/cahier",
        "CAHIER_BROKER_URL": "redis://elsewhere/0",
        "CAHIER_CACHE_URL": "redis://elsewhere/1",
    }
    for name, address in given.items():
        monkeypatch.setenv(name, address)
    with Interruptions() as interruptions, Supervisor(places.run, interruptions=interruptions) as supervisor:
        assert start_missing(supervisor, places).addresses == given
        assert supervisor.children == []


def test_a_broker_given_alone_serves_as_cache_too(places, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/cahier")
    monkeypatch.setenv("CAHIER_BROKER_URL", "redis://elsewhere/0")
    monkeypatch.delenv("CAHIER_CACHE_URL", raising=False)
    with Interruptions() as interruptions, Supervisor(places.run, interruptions=interruptions) as supervisor:
        assert start_missing(supervisor, places).addresses["CAHIER_CACHE_URL"] == "redis://elsewhere/0"


def test_a_socket_folder_that_somebody_else_made_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    wanted = tmp_path / ("x" * 100)
    trap = socket_folder(wanted, owner=os.getuid())
    trap.rmdir()
    trap.symlink_to(tmp_path)
    with pytest.raises(CannotGoOn, match="appartient à un autre compte"):
        socket_folder(wanted, owner=os.getuid())
