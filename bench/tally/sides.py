"""One side, one file, one rule, in a process of its own: ``python sides.py ours|theirs FILE RULE SECONDS``.

Prints a JSON object: seconds of CPU from the file to the outcome, without the imports; memory of the process in MB;
winners, or None when the side was stopped after that many seconds of CPU. Nothing of ours is imported for the other
side, which runs in an environment of its own.
"""

import json
import math
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path


class Stopped(BaseException):
    """Enough: not an Exception, so that no library takes it for its own."""


def main() -> int:
    side, file, rule, seconds = sys.argv[1:]
    run = (_ours if side == "ours" else _theirs)(rule)
    empty = _peak()
    start = time.process_time()
    _limit(start + float(seconds))
    try:
        winners = sorted(run(file))
    except Stopped:
        winners = None
    cpu = time.process_time() - start
    memory = _peak()
    print(json.dumps({"cpu": cpu, "memory": memory, "added": memory - empty, "winners": winners}))
    return 0


def _peak() -> int:
    """The most this program held, in MB. ``ru_maxrss`` would count what its parent held when it was started."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def _limit(seconds: float) -> None:
    """Stops this process after that much CPU since it began."""

    def stop(_signal: int, _frame: object) -> None:
        raise Stopped

    signal.signal(signal.SIGXCPU, stop)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), resource.RLIM_INFINITY))


def _ours(rule: str) -> Callable[[str], list[str]]:
    from tally.budgets import Regulation, count, pabulib

    utility, _, steps = rule.partition("+")
    regulation = Regulation(
        rule="equal_shares",
        utility=utility,
        # As pabutools does: it stops at the first outcome that leaves too little, or before going over the budget.
        completion="first_exhaustive" if steps else "none",
        ties=("earlier_deposit",),
    )

    def run(file: str) -> list[str]:
        with Path(file).open(encoding="utf-8", newline="") as lines:
            done = count(pabulib.read(lines).election, regulation)
        json.dumps(done.as_json())  # all that is published of a count
        return list(done.winners)

    return run


def _theirs(rule: str) -> Callable[[str], list[str]]:
    from pabutools.election import Cardinality_Sat, Cost_Sat, parse_pabulib
    from pabutools.rules import method_of_equal_shares

    utility, _, steps = rule.partition("+")
    satisfaction = {"cost": Cost_Sat, "unit": Cardinality_Sat}[utility]
    more = {"voter_budget_increment": 1} if steps else {}

    def run(file: str) -> list[str]:
        instance, profile = parse_pabulib(file)
        # Ballots that are alike together: the faster of its two ways.
        found = method_of_equal_shares(instance, profile.as_multiprofile(), sat_class=satisfaction, **more)
        return [project.name for project in found]

    return run


if __name__ == "__main__":
    sys.exit(main())
