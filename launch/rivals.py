"""The virtual environment of the benchmarks that measure other people's programs beside ours.

It is made by ``./cahier bench clustering`` and ``opinions`` alone: nothing else needs it, and the other environments
stay what their own locks say.
"""

import sys
from hashlib import sha256
from pathlib import Path

from launch import bootstrap
from launch.interruptions import Interruptions
from launch.locks import hold_patiently
from launch.places import Places
from launch.servers import refuse_a_full_disk
from launch.steps import run_step
from launch.voice import CannotGoOn, say

LOCK = "requirements-bench.lock"
BENCHES = {"clustering", "opinions"}  # those with rivals


def python(places: Places, *, interruptions: Interruptions) -> Path:
    """The Python that has the rivals too, installed once per lock; ours, after one line, when they cannot be had."""
    folder = places.var / "rivals"
    log = places.log / "rivals.log"
    wanted = sha256((places.root / LOCK).read_bytes()).hexdigest()
    with hold_patiently(places.run / "rivals.lock", doing="bench", interruptions=interruptions):
        try:
            _complete(folder, places.root / LOCK, wanted, log=log, interruptions=interruptions)
        except CannotGoOn as trouble:
            reason = str(trouble).splitlines()[0]
            say(f"Les concurrents ne sont pas installés ({reason}) : la mesure se fait sans eux.")
            return places.python
    return folder / "bin" / "python"


def _complete(folder: Path, lock: Path, wanted: str, *, log: Path, interruptions: Interruptions) -> None:
    stamp = folder / "cahier-installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    refuse_a_full_disk(folder.parent, least=bootstrap.INSTALL_NEEDS_DISK)
    say(f"Installation des paquets de {lock.name}, une seule fois…")
    log.unlink(missing_ok=True)
    for command, failing in (
        ([sys.executable, "-m", "venv", "--clear", folder], "leur environnement n'est pas créé."),
        ([folder / "bin" / "python", "-m", "pip", *bootstrap.PIP_OPTIONS, "-r", lock], "pip a échoué."),
    ):
        run_step(command, failing=failing, log=log, interruptions=interruptions)
    stamp.write_text(wanted)
