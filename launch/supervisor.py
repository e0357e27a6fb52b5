"""Starts the servers in order, restarts one that falls, stops all of them in reverse order."""

import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from launch.interruptions import Interruptions
from launch.logs import explain
from launch.processes import Child, Record, how_it_ended
from launch.voice import CannotGoOn, say

MOST_RESTARTS = 5
WITHIN_SECONDS = 60.0
STOPPING_ORDER_OF_LEFTOVERS = ("web", "worker", "valkey", "postgres")


class Supervisor:
    """Owns its children: leaving its context, by any way, stops them all.

    ``records`` is the folder of pid files; ``tell`` receives one French line per event.
    """

    def __init__(self, records: Path, *, interruptions: Interruptions, tell: Callable[[str], None] = say) -> None:
        self.records = records
        self.interruptions = interruptions
        self.tell = tell
        self.children: list[Child] = []
        self._falls: dict[str, deque[float]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def clear_leftovers(self) -> None:
        """Stop what a launcher killed with -9 left running, recognised by number and time of birth."""
        for name in STOPPING_ORDER_OF_LEFTOVERS:
            path = self.records / f"{name}.json"
            record = Record.read(path)
            if record and record.is_alive:
                self.tell(f"Un reste du lancement précédent ({name}, processus {record.pid}) est arrêté.")
                record.stop()
            path.unlink(missing_ok=True)

    def start(self, *children: Child, within: float = 60) -> None:
        """Start them together and wait until all are ready; a child that dies or is late is a sentence."""
        for child in children:
            self.children.append(child)
            child.start(self.records)
        waiting = list(children)
        end = time.monotonic() + within
        while waiting:
            waiting = [child for child in waiting if not self._is_ready(child)]
            if waiting and time.monotonic() > end:
                raise CannotGoOn(f"{waiting[0].label} ne répond pas après {within:.0f} secondes.{_why(waiting[0])}")
            self.interruptions.pause(0.05 if waiting else 0)

    def _is_ready(self, child: Child) -> bool:
        status = child.exit_status
        if status is not None:
            raise CannotGoOn(f"{child.label} n'a pas démarré ({how_it_ended(status)}).{_why(child)}")
        return child.is_ready()

    def watch(self) -> None:
        """Keep everything running until a stop is asked (``StopAsked``)."""
        while True:
            self.tick()
            self.interruptions.pause(0.2)

    def tick(self) -> None:
        """Restart every child that fell since the last look."""
        for child in self.children:
            status = child.exit_status
            if status is not None:
                self._restart(child, status)

    def _restart(self, child: Child, status: int) -> None:
        falls = self._falls.setdefault(child.name, deque())
        now = time.monotonic()
        while falls and now - falls[0] > WITHIN_SECONDS:
            falls.popleft()
        if len(falls) >= MOST_RESTARTS:
            raise CannotGoOn(
                f"{child.label} est tombé {MOST_RESTARTS + 1} fois en une minute : tout s'arrête.{_why(child)}"
            )
        falls.append(now)
        self.tell(f"{child.label} est tombé ({how_it_ended(status)}) : il est relancé.")
        child.sweep()
        # The first fall is mended at once; then a pause, in case it needs something that is still coming back.
        self.interruptions.pause(len(falls) - 1)
        child.start(self.records)

    def stop(self) -> None:
        """Stop all children, the last started first; safe to call again."""
        while self.children:
            child = self.children.pop()
            with suppress(ProcessLookupError):
                child.stop(self.records)


def _why(child: Child) -> str:
    return f" {explain(child.log)}"
