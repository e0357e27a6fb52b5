"""The grouping against its rivals: ``./cahier bench clustering``.

Every engine is given the same texts in the same shuffled order and, when it needs vectors, those of our own engine;
each is warmed up once, then all run in turn, so that a busy moment of the machine falls on all of them. Labels are
only ever used to score. Results in ``bench/results/clustering.json`` and ``.md``; ``--docs`` also pastes them into
``docs/benchmarks.md``.
"""

import argparse
import datetime
import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.clustering import around, engines, owner, plot, quality, report, robustness, scale, stability
from bench.clustering.corpora import SETS, Corpus, load
from bench.clustering.workers import Workers, workers

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results"
SECTIONS = ("quality", "scale", "stability", "robustness", "around")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that folders and workers are cleared
    arguments = _arguments()
    if not arguments.data.is_dir():
        print(f"bench clustering: no data in {arguments.data}", file=sys.stderr)
        return 1
    missing = [name for name in ("bertopic", "evoc") if not engines.has(name)]
    if missing:
        print(f"{' and '.join(missing)} not installed: measured without.")
    RESULTS.mkdir(exist_ok=True)
    found = _kept(RESULTS / "clustering.json") if arguments.only != list(SECTIONS) else {}
    found |= {"machine": f"{platform.machine()}, {os.cpu_count()} cores", "repetitions": arguments.repetitions}
    found["missing"] = missing
    with workers() as running:
        bench = Bench(arguments, running)
        found["sets"] = {c.name: {"texts": len(c.texts), "labels": len(set(c.labels))} for c in bench.corpora}
        for section in arguments.only:
            found[section] = bench.section(section)
            _write(found, docs=arguments.docs)
    print(report.markdown(found))
    print(f"{time.process_time() - bench.started:.0f} CPU s here, and those of the workers")
    return 0


class Bench:
    """The corpora, loaded once, and each section by its name."""

    def __init__(self, arguments: argparse.Namespace, running: Workers) -> None:
        self.started = time.process_time()
        self.data: Path = arguments.data
        self.repetitions: int = arguments.repetitions
        self.sizes: list[int] = arguments.sizes
        self.largest_rival: int = arguments.largest_rival
        self.workers = running
        self.corpora: list[Corpus] = []
        for name in arguments.sets:
            _say(f"reading and encoding {name}")
            self.corpora.append(load(name, self.data))

    def section(self, name: str) -> dict:
        """One section, with when and on what it was measured."""
        sections: dict[str, Callable[[], object]] = {
            "quality": self._quality,
            "scale": self._scale,
            "stability": self._stability,
            "robustness": self._robustness,
            "around": self._around,
        }
        load_before = os.getloadavg()[0]
        rows = sections[name]()
        return {
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "commit": _commit(),
            "load": max(load_before, os.getloadavg()[0]),
            "rows": rows,
        }

    def _quality(self) -> list[dict]:
        return quality.measure(self.corpora, self.workers, repetitions=self.repetitions, say=_say)

    def _scale(self) -> list[dict]:
        rows = scale.measure(
            self.sizes, self.workers, largest_rival=self.largest_rival, repetitions=self.repetitions, say=_say
        )
        return rows + scale.larger(RESULTS / "scale.json", max(self.sizes))

    def _stability(self) -> list[dict]:
        return stability.measure(self.corpora, self.workers, repetitions=self.repetitions, say=_say)

    def _robustness(self) -> list[dict]:
        return robustness.measure(self.corpora, self.workers, say=_say)

    def _around(self) -> dict:
        _say("floods, outliers, documents, fiches, learning, one text, encoder")
        hosts = list(zip(self.corpora, [*self.corpora[1:], self.corpora[0]], strict=True))
        fiches = next((corpus for corpus in self.corpora if corpus.name == "fiches_dev"), self.corpora[0])
        return {
            "floods": [around.floods(corpus) for corpus in self.corpora],
            "outliers": [
                *(around.outliers(host, guest, self.workers) for host, guest in hosts if host is not guest),
                around.saying_nothing(self.data, self.workers),
            ],
            "documents": around.documents(self.data),
            "whole_fiches": around.whole_fiches(self.data),
            "whole_fiches_with_service": around.whole_fiches(self.data, with_service=True),
            "learning": owner.measure(fiches, repetitions=max(5, self.repetitions)),
            "placed": around.placed(fiches),
            "one_text": [around.one_text(corpus) for corpus in self.corpora],
            "encoder": [row for corpus in self.corpora if len(corpus.texts) > 1000 for row in around.encoder(corpus)],
        }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./cahier bench clustering", description=__doc__)
    default = os.environ.get("CAHIER_BENCH_DATA", ROOT.parent / "shared" / "data")
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="fiches_dev only, once, without sizes")
    parser.add_argument("--only", type=_names(SECTIONS), default=list(SECTIONS), help="sections, with commas")
    parser.add_argument("--sets", type=_names(SETS), default=list(SETS))
    parser.add_argument("--sizes", type=lambda said: [int(size) for size in said.split(",")])
    parser.add_argument("--largest-rival", type=int, default=10_000, help="texts BERTopic is asked to group at most")
    parser.add_argument("--docs", action="store_true", help="paste the report into docs/benchmarks.md")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.repetitions, arguments.sets = 1, ["fiches_dev"]
        arguments.only = [name for name in arguments.only if name != "scale"]
    arguments.sizes = arguments.sizes or [1_000, 10_000, 100_000]
    return arguments


def _names(known: tuple[str, ...]) -> Callable[[str], list[str]]:
    def read(said: str) -> list[str]:
        if unknown := set(said.split(",")) - set(known):
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: choose among {', '.join(known)}")
        return said.split(",")

    return read


def _kept(path: Path) -> dict:
    """What a former run measured, so that one section can be measured again alone."""
    held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: run for name, run in held.items() if name in SECTIONS}


def _write(found: dict, *, docs: bool) -> None:
    (RESULTS / "clustering.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    written = report.markdown(found)
    (RESULTS / "clustering.md").write_text(written, encoding="utf-8")
    if "scale" in found and engines.has("matplotlib"):
        plot.draw(found["scale"]["rows"], (ROOT / "docs" / "images" if docs else RESULTS) / "clustering-time.svg")
    if docs:
        page = ROOT / "docs" / "benchmarks.md"
        page.write_text(report.pasted(page.read_text(encoding="utf-8"), written), encoding="utf-8")


def _commit() -> str:
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def _say(line: str) -> None:
    print(f"· {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
