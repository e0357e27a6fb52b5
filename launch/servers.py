"""Which servers a command needs, and the environment that tells everyone where they are."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from launch.places import Places
from launch.postgres import Cluster
from launch.supervisor import Supervisor
from launch.valkey import Valkey
from launch.voice import CannotGoOn

DATABASE, BROKER, CACHE = "DATABASE_URL", "CAHIER_BROKER_URL", "CAHIER_CACHE_URL"
LEAST_DISK = 300_000_000


def environment(places: Places, *, settings: str) -> dict[str, str]:
    """What every Python program of ours finds in its environment, without the addresses of servers."""
    # Packages are installed uncompiled: without this, each start would compile three thousand files anew.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": settings,
        "CAHIER_VAR": str(places.var),
        "CAHIER_SECRET_KEY": os.environ.get("CAHIER_SECRET_KEY") or _development_secret(places),
        "PYTHONUNBUFFERED": "1",
    }


def _development_secret(places: Places) -> str:
    """A secret of this checkout alone, so that sessions survive a restart and no key is ever committed."""
    path = places.var / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


@dataclass(frozen=True)
class Servers:
    """``addresses`` by name of variable; ``memory``: a folder that lives as long as the database does.

    ``cluster`` is None when the database is somebody else's.
    """

    addresses: dict[str, str]
    memory: Path
    cluster: Cluster | None = None


def start_missing(supervisor: Supervisor, places: Places, *, throwaway: Path | None = None) -> Servers:
    """Start PostgreSQL and Valkey, each unless its address is given in the environment.

    ``throwaway`` is a folder for a fast cluster without durability; without it, the lasting one of ``var``.
    """
    refuse_a_full_disk(places.var)
    addresses = {name: os.environ[name] for name in (DATABASE, BROKER, CACHE) if os.environ.get(name)}
    children = []
    if BROKER not in addresses:
        valkey = Valkey.fresh(throwaway or places.run, places)
        addresses = {BROKER: valkey.url(0), CACHE: valkey.url(1), **addresses}
        children.append(valkey.server())
    addresses.setdefault(CACHE, addresses[BROKER])
    if DATABASE in addresses:
        supervisor.start(*children)
        return Servers(addresses, _memory_of(addresses[DATABASE], places))
    cluster = Cluster.throwaway(throwaway, places) if throwaway else Cluster.lasting(places)
    cluster.create(supervisor.interruptions)
    supervisor.start(*children, cluster.server())
    cluster.ensure_database()
    return Servers({DATABASE: cluster.url, **addresses}, cluster.home, cluster)


def _memory_of(database: str, places: Places) -> Path:
    """For a database that is not ours, a folder of ``var`` named after its address."""
    memory = places.var / f"database-{sha256(database.encode()).hexdigest()[:12]}"
    memory.mkdir(exist_ok=True)
    return memory


def refuse_a_full_disk(folder: Path, *, least: int = LEAST_DISK) -> None:
    """PostgreSQL dies badly on a full disk: better not begin."""
    room = os.statvfs(folder)
    free = room.f_bavail * room.f_frsize
    if free < least:
        raise CannotGoOn(
            f"Il reste {free // 1_000_000} Mo sur le disque et il en faut {least // 1_000_000} : "
            "libérez de la place, puis relancez."
        )


@contextmanager
def announced(places: Places, addresses: dict[str, str]) -> Iterator[None]:
    """While ``up`` runs, ``./cahier manage`` reads here which servers to use."""
    path = places.run / "servers.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(addresses))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def of_the_running_up(places: Places) -> dict[str, str] | None:
    """The addresses of a running ``up``; None while it is still starting. Its lock must be held by somebody."""
    try:
        return json.loads((places.run / "servers.json").read_text())
    except (FileNotFoundError, ValueError):
        return None
