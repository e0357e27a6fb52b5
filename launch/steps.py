"""Work that must finish before the next begins: an installation, a migration, a command in front."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from launch.interruptions import Interruptions
from launch.logs import explain
from launch.processes import as_account, kill_group
from launch.supervisor import Supervisor
from launch.voice import CannotGoOn


def run_step(
    command: Sequence[str | Path],
    *,
    failing: str,
    log: Path,
    interruptions: Interruptions,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: int | None = None,
) -> None:
    """Run it to its end, output to ``log``. A failure is the sentence ``failing`` and its likely cause."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **as_account(account),
        )
    try:
        while process.poll() is None:
            interruptions.pause(0.05)
    finally:
        _end(process)
    if process.returncode:
        raise CannotGoOn(f"{failing} {explain(log)}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave nothing of an interrupted step."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        kill_group(process.pid)
        process.wait()


def run_in_front(
    command: Sequence[str | Path],
    *,
    interruptions: Interruptions,
    supervisor: Supervisor | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> int:
    """Give the terminal to this command and return its exit status, watching the servers meanwhile.

    Ctrl-C is the command's own business; SIGTERM is passed on to it.
    """
    interruptions.deaf_to_keyboard = True
    process = subprocess.Popen(command, env=env, cwd=cwd)
    try:
        while process.poll() is None:
            if supervisor:
                supervisor.tick()
            interruptions.check()
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
    finally:
        interruptions.deaf_to_keyboard = False
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def succeeds(command: Sequence[str | Path], *, account: int | None = None) -> bool:
    """Whether a quick, silent command ends well. ``PATH`` programs only, nothing written."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=os.sep,
            check=False,
            **as_account(account),
        )
    except OSError:
        # Not there, or not allowed: that is the answer.
        return False
    return done.returncode == 0
