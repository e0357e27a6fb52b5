import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from launch.places import Places
from launch.processes import Record

ROOT = Path(__file__).resolve().parents[2]


def eventually(question: Callable[[], object], *, within: float = 15) -> object:
    """The first true answer; fails when none comes in time."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.02)
    pytest.fail(f"nothing happened within {within} seconds")


class Play:
    """A running ``tests.launch.play``: what it said, and its children."""

    def __init__(self, folder: Path, spec: list[dict]) -> None:
        self.folder = folder
        self.out = folder / f"said-{time.monotonic_ns()}"
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.launch.play", str(folder), json.dumps(spec)],
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.out.read_text()

    def says(self, text: str) -> None:
        eventually(lambda: text in self.said)

    def record(self, name: str) -> Record:
        return eventually(lambda: Record.read(self.folder / f"{name}.json"))

    def ends(self) -> int:
        return self.process.wait(20)


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Callable[..., Play]]:
    """Start a launcher on trivial children: ``play({"worker": code, …})``. Nothing of it survives the test."""
    started = []

    def begin(codes: dict[str, str], *, grace: float = 5) -> Play:
        spec = [{"name": name, "code": code, "grace": grace} for name, code in codes.items()]
        started.append(Play(tmp_path, spec))
        return started[-1]

    yield begin
    for one in started:
        one.process.kill()
        one.process.wait()
    for path in tmp_path.glob("*.json"):
        if (record := Record.read(path)) and record.is_alive:
            replace(record, grace=0).stop()


@pytest.fixture
def places() -> Iterator[Places]:
    """The real checkout, living in a folder that an unprivileged account may enter (pytest's own is private)."""
    home = Path(tempfile.mkdtemp(prefix="cahier-launch-"))
    home.chmod(0o711)
    places = Places(root=ROOT, var=home / "var")
    places.prepare()
    yield places
    shutil.rmtree(home)


@pytest.fixture
def alone(places: Places) -> dict[str, str]:
    """An environment in which nothing is given: neither servers nor settings."""
    ours = ("DATABASE_URL", "CAHIER_", "DJANGO_SETTINGS_MODULE")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)} | {
        "CAHIER_VAR": str(places.var)
    }
