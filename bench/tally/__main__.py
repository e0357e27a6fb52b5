"""Counts of budgets, against published winners and pabutools: ``./cahier bench tally [--worst] [--docs]``.

Published winners and stored answers of pabutools are read from ``CAHIER_BENCH_DATA``. For the times, pabutools has to
be installed by whoever runs this, in an environment of its own: it is GPL-3 and brings a proprietary solver, so no
lock of ours names it. ``CAHIER_BENCH_PABUTOOLS`` is then the path of that environment's Python; without it ours is
measured alone, and the report says so. Each side, file and rule has a process of its own; sides in turn.
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

from bench.tally import invented, report, right

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results"
SIDES = Path(__file__).parent / "sides.py"
FILES = (
    ("Poland_Warszawa_2026.pb", "cost"),
    ("Poland_Lodz_2023.pb", "cost"),
    ("Poland_Lodz_2023.pb", "cost+completed"),
)
WORST = ("France_Toulouse_2022.pb", "cost+completed")


def main() -> int:
    arguments = _arguments()
    data = arguments.data / "pabulib"
    if not data.is_dir():
        print(f"bench tally: no data in {data}", file=sys.stderr)
        return 1
    rival = os.environ.get("CAHIER_BENCH_PABUTOOLS")
    if not rival:
        print("CAHIER_BENCH_PABUTOOLS is not set: ours alone (see the beginning of bench/tally).", file=sys.stderr)
    found = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "commit": _commit(),
        "repetitions": arguments.repetitions,
        "rival": bool(rival),
        "right": right.checked(data),
        "runs": [_timed(data / file, rule, arguments.repetitions, rival) for file, rule in FILES],
    }
    with tempfile.TemporaryDirectory() as folder:
        large = invented.written(Path(folder) / "90k.pb", voters=90_000, projects=160)
        found["runs"] += [_timed(large, rule, arguments.repetitions, rival) for rule in ("cost", "cost+completed")]
        found["runs"].append(
            _timed(invented.written(Path(folder) / "1m.pb", voters=1_000_000, projects=200), "cost", 1, None)
        )
    found["runs"].append(_timed(data / WORST[0], WORST[1], 1, rival if arguments.worst else None))
    found["load"] = round(os.getloadavg()[0])
    _write(found, docs=arguments.docs)
    return 0 if not found["right"]["wrong"] else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./cahier bench tally", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("CAHIER_BENCH_DATA", ROOT.parent / "shared" / "data"))
    )
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--worst", action="store_true", help="pabutools on the worst case: about an hour")
    parser.add_argument("--docs", action="store_true", help="paste the report into docs/benchmarks.md")
    return parser.parse_args()


def _timed(file: Path, rule: str, repetitions: int, rival: str | None) -> dict:
    """The median of the repetitions, the sides in turn; whether both have the same winners."""
    runs: dict[str, list[dict]] = {"ours": [], **({"theirs": []} if rival else {})}
    for repetition in range(repetitions):
        for side, held in runs.items():
            print(f"· {file.name}, {rule}, {side}, {repetition + 1}", file=sys.stderr, flush=True)
            held.append(_apart(side, file, rule, rival))
    told = {
        side: {key: median(one[key] for one in held) for key in ("cpu", "memory", "added")}
        for side, held in runs.items()
    }
    same = None if not rival else runs["ours"][0]["winners"] == runs["theirs"][0]["winners"]
    return {"file": file.name, "rule": rule, "winners": len(runs["ours"][0]["winners"]), "same": same, **told}


def _apart(side: str, file: Path, rule: str, rival: str | None) -> dict:
    python = sys.executable if side == "ours" else str(rival)
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [python, str(SIDES), side, str(file), rule], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _commit() -> str:
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def _write(found: dict, *, docs: bool) -> None:
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "tally.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    written = report.markdown(found)
    (RESULTS / "tally.md").write_text(written, encoding="utf-8")
    if docs:
        page = ROOT / "docs" / "benchmarks.md"
        page.write_text(report.pasted(page.read_text(encoding="utf-8"), written), encoding="utf-8")
    print(written)


if __name__ == "__main__":
    sys.exit(main())
