"""A launcher on the real PostgreSQL and Valkey, for the tests: ``python -m tests.launch.serve KIND``.

KIND is ``lasting`` or ``throwaway``; CAHIER_VAR says where. Prints the addresses as JSON, then watches.
"""

import json
import sys

from launch.interruptions import Interruptions, StopAsked
from launch.places import Places
from launch.servers import start_missing
from launch.supervisor import Supervisor
from launch.voice import CannotGoOn, complain, say
from tests.launch.conftest import ROOT


def serve(kind: str) -> int:
    """Start what is missing and watch it until told to stop."""
    places = Places.of(ROOT)
    places.prepare()
    home = places.var.parent / "throwaway"
    home.mkdir(exist_ok=True)
    try:
        with Interruptions() as interruptions, Supervisor(places.run, interruptions=interruptions) as supervisor:
            supervisor.clear_leftovers()
            servers = start_missing(supervisor, places, throwaway=home if kind == "throwaway" else None)
            say(json.dumps(servers.addresses))
            supervisor.watch()
    except StopAsked:
        return 0
    except CannotGoOn as trouble:
        complain(str(trouble))
        return 1


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1]))
