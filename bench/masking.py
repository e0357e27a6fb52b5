"""What masking finds, misses and hides for nothing: ``python -m bench.masking``.

Reads ``CAHIER_BENCH_DATA`` (default ``../shared/data``): fiches whose personal data is labelled, and public texts
that hold almost none. A value counts as found when it is masked whole, under its kind; a span counts as right when
it touches labelled data.
"""

import json
import os
import statistics
import time
from collections import Counter
from pathlib import Path

import masking
from tests.masking.hostile import HOSTILE

DATA = Path(os.environ.get("CAHIER_BENCH_DATA", Path(__file__).parents[2] / "shared" / "data"))
RESULTS = Path(__file__).parent / "results"
ALMOST_EMPTY = ("dila_fiches", "repnum_args")
REPETITIONS = 3


def main() -> None:
    if not DATA.is_dir():
        raise SystemExit(f"bench masking: no data in {DATA}")
    report = {
        "version": masking.VERSION,
        "fiches_dev": on_labelled(rows("fiches_dev.jsonl")),
        "false_alarms": {name: on_unlabelled(rows(f"texts/{name}.jsonl")) for name in ALMOST_EMPTY},
        "speed": speed([row["text"] for row in rows("fiches_dev.jsonl")]),
        "hostile": {name: cpu([text]) for name, text in HOSTILE.items()},
    }
    show(report)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "masking.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")


def rows(name: str) -> list[dict]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def on_labelled(fiches: list[dict]) -> dict[str, dict[str, float]]:
    """Per kind: labelled, found whole, spans, spans that touch a label; then recall and precision."""
    counts: Counter[tuple[str, str]] = Counter()
    for fiche in fiches:
        text, spans = fiche["text"], masking.find(fiche["text"])
        labels = [(label["kind"], *edges(text, label["text"])) for label in fiche["pii"]]
        for kind, start, end in labels:
            counts[kind, "labelled"] += 1
            counts[kind, "found"] += any(s.kind == kind and s.start <= start and s.end >= end for s in spans)
        for span in spans:
            counts[span.kind, "spans"] += 1
            counts[span.kind, "right"] += any(span.start < end and span.end > start for _kind, start, end in labels)
    kinds = [kind for kind in masking.KINDS if counts[kind, "labelled"] or counts[kind, "spans"]]
    return {kind: ratios({key: counts[kind, key] for key in ("labelled", "found", "spans", "right")}) for kind in kinds}


def edges(text: str, value: str) -> tuple[int, int]:
    start = text.index(value)
    return start, start + len(value)


def ratios(counts: dict[str, int]) -> dict[str, float]:
    return counts | {
        "recall": counts["found"] / max(1, counts["labelled"]),
        "precision": counts["right"] / max(1, counts["spans"]),
    }


def on_unlabelled(passages: list[dict]) -> dict[str, object]:
    found = Counter(span.kind for passage in passages for span in masking.find(passage["text"]))
    return {"passages": len(passages), "spans": sum(found.values()), "kinds": dict(found)}


def speed(texts: list[str]) -> dict[str, float]:
    """CPU seconds, median of the repetitions after a warm-up."""
    long = "\n".join(texts * 2)[:100_000]
    return {"1000 fiches": cpu(texts) * 1000 / len(texts), "one text of 100 kB": cpu([long])}


def cpu(texts: list[str]) -> float:
    durations = []
    for _repetition in range(REPETITIONS + 1):
        start = time.process_time()
        for text in texts:
            masking.find(text)
        durations.append(time.process_time() - start)
    return statistics.median(durations[1:])


def show(report: dict) -> None:
    print(f"{'kind':12} labelled  found  recall  precision")
    for kind, line in report["fiches_dev"].items():
        print(f"{kind:12} {line['labelled']:8} {line['found']:6} {line['recall']:7.2f} {line['precision']:10.2f}")
    for name, figures in report["false_alarms"].items():
        print(f"{name}: {figures['spans']} spans in {figures['passages']} passages {figures['kinds']}")
    for what, seconds in report["speed"].items():
        print(f"{what}: {seconds:.2f} CPU s")
    worst = max(report["hostile"], key=report["hostile"].get)
    print(f"hostile texts of 100 kB, the slowest ({worst}): {report['hostile'][worst]:.2f} CPU s, to stay under 1")


if __name__ == "__main__":
    main()
