"""A launcher on trivial children, for the tests: ``python -m tests.launch.play FOLDER SPEC``.

SPEC is a JSON list of ``{"name", "code", "grace"}``; each child runs ``code`` in Python. Its lines go to stdout.
"""

import json
import sys
from pathlib import Path

from launch.interruptions import Interruptions, StopAsked
from launch.processes import Child
from launch.supervisor import Supervisor
from launch.voice import CannotGoOn, complain, say


def play(folder: Path, spec: list[dict]) -> int:
    """Clear what a former play left, start the children, watch them."""
    children = [
        Child(
            name=each["name"],
            label=each["name"].capitalize(),
            command=[sys.executable, "-c", each["code"], str(folder)],
            log=folder / f"{each['name']}.log",
            is_ready=(folder / f"{each['name']}.ready").exists,
            grace=each.get("grace", 5),
        )
        for each in spec
    ]
    try:
        with Interruptions() as interruptions, Supervisor(folder, interruptions=interruptions) as supervisor:
            supervisor.clear_leftovers()
            supervisor.start(*children, within=10)
            say("prêt")
            supervisor.watch()
    except StopAsked:
        say("arrêté")
        return 0
    except CannotGoOn as trouble:
        complain(str(trouble))
        return 1


if __name__ == "__main__":
    sys.exit(play(Path(sys.argv[1]), json.loads(sys.argv[2])))
