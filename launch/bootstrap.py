"""From a bare machine to a complete virtual environment; a few milliseconds when nothing changed."""

import json
import os
import shutil
import sys
from hashlib import sha256
from pathlib import Path

from launch.interruptions import Interruptions
from launch.locks import hold_patiently
from launch.places import Places
from launch.servers import refuse_a_full_disk
from launch.steps import run_step, succeeds
from launch.voice import CannotGoOn, say

RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
PIP_OPTIONS = (
    *("install", "--require-hashes", "--no-deps", "--only-binary=:all:"),
    # Without it, half of the time goes into compiling files that are never imported.
    *("--no-compile", "--disable-pip-version-check", "--progress-bar=off"),
)
# Babel's own command skips a whole catalogue whose header is marked fuzzy.
COMPILE = """
import pathlib, sys
from babel.messages import mofile, pofile
source, compiled = map(pathlib.Path, sys.argv[1:])
with source.open("rb") as po, compiled.open("wb") as mo:
    mofile.write_mo(mo, pofile.read_po(po, abort_invalid=True))
"""
INSTALL_NEEDS_DISK = 1_500_000_000
# Playwright's own driver needs libatomic1; the browser comes from Debian, which patches it.
BROWSER_PACKAGES = {"chromium": "/usr/bin/chromium", "libatomic1": "/usr/lib/*/libatomic.so.1"}


def ready(places: Places, *, interruptions: Interruptions, development: bool = False) -> None:
    """Everything a command needs on disk: Python packages as locked, and compiled translations."""
    with hold_patiently(places.run / "install.lock", doing="installation", interruptions=interruptions):
        Installation(places, interruptions).complete(development=development)
        compile_translations(places, interruptions)


def browser_ready(places: Places, *, interruptions: Interruptions) -> None:
    """The Debian packages of the browser tests."""
    missing = [name for name, file in BROWSER_PACKAGES.items() if not any(Path("/").glob(file.lstrip("/")))]
    install_packages(missing, why="pour les parcours dans un navigateur", places=places, interruptions=interruptions)


class Installation:
    """The virtual environment of a checkout, brought to what the lock files say."""

    def __init__(self, places: Places, interruptions: Interruptions) -> None:
        self.places = places
        self.interruptions = interruptions
        self.log = places.log / "install.log"
        self.stamp = places.venv / "cahier-installed.json"

    def complete(self, *, development: bool) -> None:
        """Install what the locks say, once. The development lock holds everything of the runtime lock."""
        self._ensure_venv()
        locks = (RUNTIME, DEVELOPMENT)
        wanted = {lock: sha256((self.places.root / lock).read_bytes()).hexdigest() for lock in locks}
        installed = self._read_stamp()
        lock = DEVELOPMENT if development else RUNTIME
        if installed.get(lock) == wanted[lock]:
            return
        self._install(lock)
        now = wanted if development else {**installed, RUNTIME: wanted[RUNTIME]}
        self.stamp.write_text(json.dumps(now))

    def _ensure_venv(self) -> None:
        if succeeds([self.places.python, "-c", "import pip"]):
            return
        if not succeeds([sys.executable, "-c", "import venv, ensurepip"]):
            install_packages(
                ["python3-venv"],
                why="pour installer les paquets Python",
                places=self.places,
                interruptions=self.interruptions,
            )
        say("Création de l'environnement Python (.venv)…")
        self._step(
            [sys.executable, "-m", "venv", "--clear", self.places.venv], "L'environnement Python n'est pas créé."
        )

    def _install(self, lock: str) -> None:
        refuse_a_full_disk(self.places.root, least=INSTALL_NEEDS_DISK)
        say(f"Installation des paquets de {lock}…")
        self.log.unlink(missing_ok=True)
        self._step(
            [self.places.python, "-m", "pip", *PIP_OPTIONS, "-r", self.places.root / lock],
            "Les paquets Python n'ont pas pu être installés.",
        )

    def _read_stamp(self) -> dict[str, str]:
        try:
            return json.loads(self.stamp.read_text())
        except (FileNotFoundError, ValueError):
            return {}

    def _step(self, command: list[str | Path], failing: str) -> None:
        run_step(command, failing=failing, log=self.log, interruptions=self.interruptions)


def install_packages(names: list[str], *, why: str, places: Places, interruptions: Interruptions) -> None:
    """Install Debian packages when we may; otherwise say which ones to ask for."""
    if not names:
        return
    listed = " ".join(names)
    if os.getuid() != 0 or not shutil.which("apt-get"):
        raise CannotGoOn(f"Il manque {listed}, {why} : installez-le avec « sudo apt install {listed} », puis relancez.")
    say(f"Installation de {listed} par apt…")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *names]):
        run_step(
            ["apt-get", *command],
            failing=f"{listed} n'a pas pu être installé.",
            log=places.log / "install.log",
            interruptions=interruptions,
            env=environment,
        )


def compile_translations(places: Places, interruptions: Interruptions) -> None:
    """Turn each catalogue that changed into the file that gettext reads; compiled files are never committed."""
    for source in sorted(places.root.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        draft = compiled.with_suffix(".mo.new")
        run_step(
            [places.python, "-c", COMPILE, source, draft],
            failing=f"Les traductions de {places.shown(source)} ne sont pas valides.",
            log=places.log / "translations.log",
            interruptions=interruptions,
        )
        draft.replace(compiled)
