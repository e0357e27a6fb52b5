"""Counts of budgets, against published winners and pabutools.

``./cahier bench tally [--only NAME …] [--limit SECONDS] [--docs]``. Published winners and stored answers of pabutools
are read from ``CAHIER_BENCH_DATA``. For the times, pabutools has to be installed by whoever runs this, in an
environment of its own: it is GPL-3 and brings a proprietary solver, so no lock of ours names it.
``CAHIER_BENCH_PABUTOOLS`` is then the path of that environment's Python; without it ours is measured alone, and the
report says so. Each side, file and rule has a process of its own, stopped after ``--limit`` seconds of CPU. What is
found is written after each row, beside what former runs found of the others (``bench/results/tally.json``).
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.tally import report, right
from bench.tally.rows import ROWS, Row

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results"
SIDES = Path(__file__).parent / "sides.py"
LONG = 20  # seconds of CPU: a side that takes more is run once


def main() -> int:
    arguments = _arguments()
    data = arguments.data / "pabulib"
    if not data.is_dir():
        print(f"bench tally: no data in {data}", file=sys.stderr)
        return 1
    rival = os.environ.get("CAHIER_BENCH_PABUTOOLS")
    if not rival:
        print("CAHIER_BENCH_PABUTOOLS is not set: ours alone (see bench/tally/__main__.py).", file=sys.stderr)
    for name in arguments.only:
        if name == "right":
            _keep("right", right.checked(data))
            continue
        row = ROWS[name]
        with tempfile.TemporaryDirectory() as folder:
            file = row.written(data, Path(folder))
            _keep(name, _timed(row, file, rival=None if row.alone else rival, limit=arguments.limit))
    found = _kept()
    written = report.markdown(found)
    if arguments.docs:
        page = ROOT / "docs" / "benchmarks.md"
        page.write_text(report.pasted(page.read_text(encoding="utf-8"), written), encoding="utf-8")
    print(written)
    return 1 if found.get("right", {}).get("wrong") else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./cahier bench tally", description=__doc__)
    default = os.environ.get("CAHIER_BENCH_DATA", ROOT.parent / "shared" / "data")
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--limit", type=int, default=600, metavar="SECONDS", help="of CPU, for a side and a row")
    every = ["right", *ROWS]
    parser.add_argument("--only", nargs="*", choices=every, default=every, metavar="NAME", help=", ".join(every))
    parser.add_argument("--docs", action="store_true", help="paste the report into docs/benchmarks.md")
    return parser.parse_args()


def _timed(row: Row, file: Path, *, rival: str | None, limit: int) -> dict:
    """The median of three runs of each side, in turn. ``theirs`` is None when there is no rival."""
    runs: dict[str, list[dict]] = {"ours": [], **({"theirs": []} if rival else {})}
    for turn in range(3):
        for side, held in runs.items():
            if held and held[-1]["cpu"] > LONG:
                continue
            print(f"· {row.file}, {row.rule}, {side}, {turn + 1}", file=sys.stderr, flush=True)
            held.append(_apart(side, file, row.rule, python=rival if side == "theirs" else None, limit=limit))
    told = {
        side: held[0] | {key: median(one[key] for one in held) for key in ("cpu", "memory", "added")}
        for side, held in runs.items()
    }
    return {"commit": _commit(), "load": round(os.getloadavg()[1]), "theirs": None, **told}


def _apart(side: str, file: Path, rule: str, *, python: str | None, limit: int) -> dict:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    asked = [python or sys.executable, str(SIDES), side, str(file), rule, str(limit)]
    done = subprocess.run(asked, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _commit() -> str:
    """The last one that touched what is measured; « -dirty » when it was touched since."""
    git, measured = ["git", "-C", str(ROOT)], ["--", "tally", "bench/tally"]
    last, since = (
        subprocess.run([*git, *asked, *measured], capture_output=True, text=True, check=False).stdout.strip()
        for asked in (["log", "-1", "--format=%h"], ["status", "--porcelain"])
    )
    return f"{last or 'unknown'}{'-dirty' if since else ''}"


def _kept() -> dict:
    """What was found until now. A row that no longer exists is forgotten."""
    file = RESULTS / "tally.json"
    found = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {"runs": {}}
    found["runs"] = {name: run for name, run in found["runs"].items() if name in ROWS}
    return found


def _keep(name: str, one: dict) -> None:
    """Written at once: a bench that is stopped loses the row it was at."""
    found = _kept() | {"machine": f"{platform.machine()}, {os.cpu_count()} cores"}
    if name == "right":
        found["right"] = one
    else:
        found["runs"][name] = one
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "tally.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (RESULTS / "tally.md").write_text(report.markdown(found), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
