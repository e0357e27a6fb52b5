"""CPU, memory and quality against the number of texts: ``./cahier bench scale [--sizes 1000 10000] [--floods]``.

Texts are recombined from real sentences (see ``_recombined``), grouped by their words alone, each size in a process
of its own with one thread. Then floods: copies injected among real texts; then one new text among many.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score
from tqdm import tqdm

import clustering
from bench._recombined import DATA, lines, mistyped, recombined

RESULTS = Path(__file__).parent / "results"
SIZES = (1_000, 10_000, 100_000)
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_WITH_MEANING = 10_000  # texts up to which they are encoded too


def main() -> int:
    arguments = _arguments()
    if not arguments.data.is_dir():
        print(f"bench scale: no data in {arguments.data}", file=sys.stderr)
        return 1
    if arguments.alone:
        print(json.dumps(MEASURES[arguments.alone[0]](int(arguments.alone[1]), arguments.data)))
        return 0
    report: dict[str, list[dict]] = {"sizes": [], "floods": [], "one new text": []}
    for size in tqdm(arguments.sizes, desc="scale", leave=False):
        report["sizes"].append(_apart("words", size, arguments.data))
        if size <= _WITH_MEANING:
            report["sizes"].append(_apart("meaning", size, arguments.data))
    report["floods"] = [_apart("floods", size, arguments.data) for size in (500, 1_500)]
    report["one new text"] = [_apart("incoming", size, arguments.data) for size in (2_000, 10_000)]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "scale.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(_table(report))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.scale", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--alone", nargs=2, metavar=("MEASURE", "SIZE"), help="one measure, in this process, as JSON")
    return parser.parse_args()


def _apart(measure: str, size: int, data: Path) -> dict:
    """One measure in a fresh process: its memory is its own, and its arithmetic has one thread."""
    command = [sys.executable, "-m", "bench.scale", "--data", str(data), "--alone", measure, str(size)]
    done = subprocess.run(command, env=os.environ | ONE_THREAD, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def _cpu(act: Callable[[], object]) -> tuple[float, object]:
    start = time.process_time()
    made = act()
    return time.process_time() - start, made


def by_words(size: int, data: Path) -> dict:
    """Grouping `size` texts by their words: CPU seconds in all and by step, memory at most, quality."""
    return _grouped(size, data, meaning=False)


def by_meaning(size: int, data: Path) -> dict:
    """The same with their vectors, encoded before and timed apart."""
    return _grouped(size, data, meaning=True)


def _grouped(size: int, data: Path, *, meaning: bool) -> dict:
    texts, topics = recombined(size, data=data)
    clustering.group(texts[:200])
    encoding, vectors = _cpu(lambda: clustering.encode(texts)) if meaning else (0.0, None)
    steps: dict[str, float] = {}
    start = time.process_time()
    spent, grouping = _cpu(
        lambda: clustering.group(
            texts,
            vectors=vectors,
            progress=lambda step, share: steps.__setitem__(step, round(time.process_time() - start, 2)),
        )
    )
    return {
        "texts": size,
        "by": "words and meaning" if meaning else "words",
        "CPU s": round(spent, 2),
        "encoding, CPU s": round(encoding, 1),
        "steps end at, CPU s": steps,
        "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "themes": len(grouping.themes),
        "topics": len(set(topics)),
        "AMI": round(float(adjusted_mutual_info_score(topics, grouping.labels)), 3),
    }


def floods(size: int, data: Path) -> dict:
    """Copies told from the rest: 30 letters of 2 to 60 copies, filled in, retouched, mistyped or signed, among `size`
    real texts; precision, recall and F1 of the pairs found."""
    rng = np.random.default_rng(size)
    real = [row["text"] for row in lines(data / "texts" / "repnum_args.jsonl")]  # sheets repeat one another: not them
    real = list(dict.fromkeys(text for text in real if 80 <= len(text) <= 1_500))
    drawn = [real[i] for i in rng.permutation(len(real))[: size + 30]]
    letters, texts = drawn[:30], drawn[30:]
    origin = [-1] * len(texts)
    for number, letter in enumerate(letters):
        for _ in range(int(rng.integers(2, 61))):
            texts.append(_retouched(letter, rng))
            origin.append(number)
    order = rng.permutation(len(texts))
    spent, labels = _cpu(lambda: clustering.duplicates([texts[i] for i in order]))
    return {"texts": len(texts), "CPU s": round(spent, 2), **_pairs(np.array(origin)[order], np.asarray(labels))}


_NAMES = ("Martin", "Bernard", "Petit", "Durand", "Leroy", "Moreau", "Simon", "Laurent", "Lefèvre", "Michel", "Garcia")
_STREETS = ("des Lilas", "de la Gare", "Victor-Hugo", "du Moulin", "des Écoles", "Jean-Jaurès")


def _retouched(letter: str, rng: np.random.Generator) -> str:
    name, street = (str(rng.choice(words)) for words in (_NAMES, _STREETS))
    ways = (
        lambda: letter,
        lambda: f"{letter} Signé : {name}",
        lambda: f"Bonjour, j'habite rue {street}. {letter}",
        lambda: mistyped(letter, rng),
        lambda: " ".join(word for word in letter.split() if rng.random() > 0.08),
        lambda: letter.upper(),
        lambda: f"{mistyped(letter, rng, share=0.01)} Merci de votre réponse, {name}",
    )
    return ways[rng.integers(len(ways))]()


def _pairs(origin: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    def pairs(*keys: np.ndarray) -> int:
        _, sizes = np.unique(np.stack(keys), axis=1, return_counts=True)
        return int((sizes * (sizes - 1) // 2).sum())

    copies = origin >= 0
    found, true = pairs(labels), pairs(origin[copies])
    right = pairs(origin[copies], labels[copies])
    precision, recall = right / max(found, 1), right / true
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "pair F1": round(f1, 3)}


def incoming(size: int, data: Path) -> dict:
    """Milliseconds for a new text, already encoded, among `size` that have their topic: alone, and by the 500."""
    texts, topics = recombined(size + 500, data=data)
    vectors = clustering.encode(texts)
    learning, model = _cpu(lambda: clustering.Model.from_labelled(texts[:size], topics[:size], vectors=vectors[:size]))
    new, meant = texts[size:], vectors[size:]
    model.assign(new[:1], meant[:1])
    single = min(_cpu(lambda: [model.assign([new[i]], meant[i : i + 1]) for i in range(50)])[0] for _ in range(5)) / 50
    batch = min(_cpu(lambda: model.assign(new, meant))[0] for _ in range(5)) / 500
    pairs = zip(model.assign(new, meant), topics[size:], strict=True)
    right = [one.label == topic for one, topic in pairs if one.label is not None]
    return {
        "among": size,
        "alone, ms": round(1000 * single, 2),
        "in a batch, ms": round(1000 * batch, 2),
        "learning, CPU s": round(learning, 2),
        "placed": round(len(right) / 500, 3),
        "rightly": round(sum(right) / max(len(right), 1), 3),
    }


MEASURES = {"words": by_words, "meaning": by_meaning, "floods": floods, "incoming": incoming}


def _table(report: dict[str, list[dict]]) -> str:
    head = f"{'texts':>9} {'by':18} {'CPU s':>8} {'MB':>6} {'themes':>6} {'topics':>6} {'AMI':>5}"
    rows = [
        f"{row['texts']:9} {row['by']:18} {row['CPU s']:8.1f} {row['peak memory, MB']:6} {row['themes']:6}"
        f" {row['topics']:6} {row['AMI']:5.3f}"
        for row in report["sizes"]
    ]
    others = [f"{name}: {row}" for name in ("floods", "one new text") for row in report[name]]
    return "\n".join([head, *rows, "", *others])


if __name__ == "__main__":
    sys.exit(main())
