"""The opinion map against red-dwarf: ``./cahier bench opinions [--sizes 10000,500,100] [--docs]``.

Each side has a process of its own and one thread for linear algebra; they run in turn. Published groups of Polis are
only used to score. Results in ``bench/results/opinions.json`` and ``.md``; ``--docs`` also pastes them into
``docs/benchmarks.md``. Without red-dwarf, ours is measured alone and the report says so.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from bench.opinions import report
from bench.opinions.conversations import published

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def main() -> int:
    arguments = _arguments()
    if not (arguments.data / "polis").is_dir():
        print(f"bench opinions: no data in {arguments.data / 'polis'}", file=sys.stderr)
        return 1
    sides = ["ours", *(["theirs"] if find_spec("reddwarf") else [])]
    if len(sides) == 1:
        print("red-dwarf is not installed: measured without.", file=sys.stderr)
    found = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "commit": _commit(),
        "repetitions": arguments.repetitions,
        "rival": len(sides) == 2,
        "conversations": [_conversation(one.name, sides, arguments.data) for one in published(arguments.data)],
        "sizes": [_size(size, sides, arguments) for size in arguments.sizes],
    }
    found["load"] = round(os.getloadavg()[0])
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "opinions.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    written = report.markdown(found)
    (RESULTS / "opinions.md").write_text(written, encoding="utf-8")
    if arguments.docs:
        page = ROOT / "docs" / "benchmarks.md"
        page.write_text(report.pasted(page.read_text(encoding="utf-8"), written), encoding="utf-8")
    print(written)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./cahier bench opinions", description=__doc__)
    default = os.environ.get("CAHIER_BENCH_DATA", ROOT.parent / "shared" / "data")
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--sizes", nargs="+", default=["1000,100,30", "10000,500,100", "10000,500,500"])
    parser.add_argument("--docs", action="store_true", help="paste the report into docs/benchmarks.md")
    return parser.parse_args()


def _conversation(name: str, sides: list[str], data: Path) -> dict:
    _say(name)
    return {"name": name} | {side: _apart(side, data, name) for side in sides}


def _size(size: str, sides: list[str], arguments: argparse.Namespace) -> dict:
    """The median of the repetitions, the sides in turn."""
    runs: dict[str, list[dict]] = {side: [] for side in sides}
    for repetition in range(arguments.repetitions):
        for side in sides:
            _say(f"{size}, {side}, {repetition + 1}")
            runs[side].append(_apart(side, arguments.data, size))
    return {"name": runs["ours"][0]["name"]} | {
        side: held[0] | {key: median(run[key] for run in held) for key in ("cpu", "memory", "added")}
        for side, held in runs.items()
    }


def _apart(side: str, data: Path, name: str) -> dict:
    command = [sys.executable, "-m", "bench.opinions.sides", side, str(data), name]
    done = subprocess.run(command, env=os.environ | ONE_THREAD, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def _commit() -> str:
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def _say(line: str) -> None:
    print(f"· {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
