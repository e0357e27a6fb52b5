"""One side, one file, one rule, in a process of its own: ``python sides.py ours|theirs FILE RULE``.

Prints a JSON object: seconds of CPU from the file to the outcome, without the imports; memory of the process in MB;
winners. Nothing of ours is imported for the other side, which runs in an environment of its own.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def main() -> int:
    side, file, rule = sys.argv[1:]
    run = (_ours if side == "ours" else _theirs)(rule)
    empty = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    winners = run(file)
    cpu = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = {"cpu": cpu, "memory": memory // 1024, "added": (memory - empty) // 1024, "winners": sorted(winners)}
    print(json.dumps(told))
    return 0


def _ours(rule: str) -> Callable[[str], list[str]]:
    from tally.budgets import Regulation, count, pabulib

    utility, _, completion = rule.partition("+")
    regulation = Regulation(
        rule="equal_shares",
        utility=utility,
        completion="first_over_budget" if completion else "none",
        ties=("earlier_deposit",),
    )

    def run(file: str) -> list[str]:
        with Path(file).open(encoding="utf-8", newline="") as lines:
            return list(count(pabulib.read(lines).election, regulation).winners)

    return run


def _theirs(rule: str) -> Callable[[str], list[str]]:
    from pabutools.election import Cardinality_Sat, Cost_Sat, parse_pabulib
    from pabutools.rules import method_of_equal_shares

    utility, _, completion = rule.partition("+")
    satisfaction = {"cost": Cost_Sat, "unit": Cardinality_Sat}[utility]
    more = {"voter_budget_increment": 1} if completion else {}

    def run(file: str) -> list[str]:
        instance, profile = parse_pabulib(file)
        # Ballots that are alike together: the faster of its two ways.
        found = method_of_equal_shares(instance, profile.as_multiprofile(), sat_class=satisfaction, **more)
        return [project.name for project in found]

    return run


if __name__ == "__main__":
    sys.exit(main())
