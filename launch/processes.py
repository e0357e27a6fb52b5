"""One child process: how to recognise it, record it, start it and stop it without leaving anything behind."""

import ctypes
import json
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def birth(pid: int) -> str | None:
    """What tells this process from any other that had or will have its number; None once it is dead."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None if sys.platform == "linux" else _birth_without_proc(pid)
    state, started = fields[0], fields[19]
    return None if state in "ZX" else f"{boot} {started}"


def _birth_without_proc(pid: int) -> str | None:
    """The same where there is no /proc (macOS)."""
    seen = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return seen.stdout.strip() or None


@dataclass(frozen=True)
class Record:
    """What is written about a running process, so that a later launcher can find it and stop it."""

    pid: int
    born: str
    stop_signal: int
    grace: float  # seconds between the stop signal and the kill

    @classmethod
    def read(cls, path: Path) -> "Record | None":
        try:
            return cls(**json.loads(path.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            # No record, or one cut short by a crash: nothing can be said of that process.
            return None

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))

    @property
    def is_alive(self) -> bool:
        return birth(self.pid) == self.born

    def stop(self) -> None:
        """Ask it to stop, wait, insist; its whole process group goes with it."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, self.stop_signal)
        end = time.monotonic() + self.grace
        while self.is_alive and time.monotonic() < end:
            time.sleep(0.05)
        kill_group(self.pid)
        while self.is_alive:
            time.sleep(0.05)


def kill_group(leader: int) -> None:
    """Kill what remains of the process group that ``leader`` opened."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _die_with_parent(number: int) -> Callable[[], None]:
    """Linux sends the child ``number`` when its launcher dies, even by kill -9."""
    parent = os.getpid()

    def tie() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, number)
            if os.getppid() != parent:
                os.kill(os.getpid(), number)

    return tie


@dataclass
class Child:
    """A server of ours. ``is_ready`` is asked again and again after each start."""

    name: str
    label: str  # as people read it, at the beginning of a sentence: "Le serveur web"
    command: Sequence[str]
    log: Path
    is_ready: Callable[[], bool]
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    cwd: Path | None = None
    account: int | None = None  # the account to run under, when the launcher is root
    stop_signal: int = signal.SIGTERM
    grace: float = 15.0  # seconds between the stop signal and the kill
    before_start: Callable[[], None] = lambda: None
    process: subprocess.Popen[bytes] | None = None

    def start(self, records: Path) -> None:
        """Start it in a session of its own, so that the terminal's Ctrl-C reaches the launcher alone."""
        self.before_start()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.env,
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent(self.stop_signal),
                **as_account(self.account),
            )
        born = birth(self.process.pid)
        if born:
            Record(self.process.pid, born, int(self.stop_signal), self.grace).write(records / f"{self.name}.json")

    @property
    def exit_status(self) -> int | None:
        """None while it runs; minus the signal's number when a signal ended it."""
        return self.process.poll() if self.process else None

    def sweep(self) -> None:
        """After its death: nothing of its process group may survive, holding a port or a file."""
        if self.process:
            kill_group(self.process.pid)

    def stop(self, records: Path) -> None:
        """Stop it, by force after ``grace`` seconds; returns once it is gone."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.grace)
        self.sweep()
        self.process.wait()
        self.process = None
        (records / f"{self.name}.json").unlink(missing_ok=True)


def as_account(uid: int | None) -> dict[str, object]:
    """The arguments of ``subprocess`` that drop root for this account; nothing to drop when None."""
    if uid is None:
        return {}
    return {"user": uid, "group": pwd.getpwuid(uid).pw_gid, "extra_groups": [], "umask": 0o077}


def how_it_ended(status: int) -> str:
    """« signal 9 » or « code 1 »."""
    return f"signal {-status}" if status < 0 else f"code {status}"
