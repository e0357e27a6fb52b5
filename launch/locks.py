"""One launcher at a time on one set of data."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from launch.interruptions import Interruptions
from launch.voice import CannotGoOn, say


@contextmanager
def hold(path: Path, *, doing: str) -> Iterator[None]:
    """Hold the lock until the end, or say who holds it. The kernel frees it when its holder dies, however it dies."""
    with path.open("a+") as lock:
        if not _take(lock):
            raise CannotGoOn(f"{holder(path)} tourne déjà dans ce dossier : arrêtez-le, puis relancez.")
        _sign(lock, doing)
        yield


@contextmanager
def hold_patiently(path: Path, *, doing: str, interruptions: Interruptions) -> Iterator[None]:
    """The same, waiting for the present holder to finish."""
    with path.open("a+") as lock:
        told = False
        while not _take(lock):
            if not told:
                say(f"{holder(path)} est en cours : j'attends sa fin.")
                told = True
            interruptions.pause(0.1)
        _sign(lock, doing)
        yield


def is_held(path: Path) -> bool:
    """Whether somebody holds this lock now."""
    if not path.exists():
        return False
    with path.open("a+") as lock:
        return not _take(lock)


def holder(path: Path) -> str:
    """What the holder wrote about itself: its command and its process number."""
    return path.read_text().strip() or "« ./cahier »"


def _take(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(lock: IO[str], doing: str) -> None:
    lock.seek(0)
    lock.truncate()
    lock.write(f"« ./cahier {doing} » (processus {os.getpid()})\n")
    lock.flush()
