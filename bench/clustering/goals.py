"""The figures to reach (`design/clustering.md`), each with both sides of the comparison and whether it is reached."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from bench.clustering import engines

LONG_SETS = ("repnum_args", "dila_fiches")


@dataclass(frozen=True)
class Goal:
    """`ours` against `other` (None: no other side), both as measured; `wanted` as the design says it."""

    what: str
    ours: str
    other: str
    ratio: str
    wanted: str
    reached: bool


def goals(report: dict) -> Iterator[Goal]:
    """Every goal that this report has the figures for."""
    for section, read in SECTIONS.items():
        if section in report:
            yield from read(report[section]["rows"])


def _at_least(what: str, value: float, wanted: float, *, note: str = "") -> Goal:
    return Goal(what, f"{value:.3f}", note, "", f"≥ {wanted:g}", value >= wanted)


def _at_most(what: str, value: float, wanted: float, unit: str) -> Goal:
    return Goal(what, f"{value:.2f} {unit}", "", "", f"≤ {wanted:g} {unit}", value <= wanted)


def _quality(rows: list[dict]) -> Iterator[Goal]:
    ami = {(row["set"], row["engine"]): row["ami"] for row in rows}
    ari = {(row["set"], row["engine"]): row["ari"] for row in rows}
    for name, least, also in (("repnum_args", 0.53, 0.38), ("dila_fiches", 0.55, 0.29)):
        for engine in (engines.WORDS, engines.MEANING):
            if (name, engine) in ami:
                yield _at_least(f"AMI, {name}, {engine}", ami[name, engine], least)
                yield _at_least(f"ARI, {name}, {engine}", ari[name, engine], also)
    for engine, least in ((engines.MEANING, 0.52), (engines.ARCHETYPES, 0.52), (engines.SERVICE, 0.75)):
        if ("fiches_dev", engine) in ami:
            yield _at_least(f"AMI, fiches_dev, {engine}", ami["fiches_dev", engine], least)
    yield from _against(ami)


def _against(ami: dict[tuple[str, str], float]) -> Iterator[Goal]:
    """Our AMI over a rival's, each the mean over the sets: the rival cannot gain nor lose by one tiny score."""
    for ours, rival, wanted in (
        (engines.WORDS, "BERTopic on words", 1.25),
        (engines.WORDS, "BERTopic on words + outlier reduction", 1.2),
        (engines.MEANING, "BERTopic on meaning", 1.25),
        (engines.MEANING, "BERTopic on meaning + outlier reduction", 1.2),
        (engines.WORDS, "BERTopic on words + outlier reduction by embeddings", 1.2),
        (engines.MEANING, "BERTopic on meaning + outlier reduction by embeddings", 1.2),
        (engines.MEANING, "BERTopic on both + outlier reduction by embeddings", 1.2),
        (engines.WORDS, "EVoC on words", 1.25),
        (engines.MEANING, "EVoC on meaning", 1.25),
        (engines.WORDS, "LDA, k told", 2.0),
    ):
        present = [name for name in ("fiches_dev", *LONG_SETS) if (name, rival) in ami]
        for sets, said in (
            (present, "mean of the sets"),
            ([s for s in present if s in LONG_SETS], "the two long sets"),
        ):
            if len(sets) > 1:
                mine, theirs = (float(np.mean([ami[name, engine] for name in sets])) for engine in (ours, rival))
                yield _ratio(f"AMI against {rival}, {said}", mine, theirs, wanted)


def _ratio(what: str, mine: float, theirs: float, wanted: float) -> Goal:
    ratio = mine / theirs if theirs > 0 else float("inf")
    return Goal(what, f"{mine:.3f}", f"{theirs:.3f}", f"{ratio:.2f} ×", f"≥ {wanted:g} ×", ratio >= wanted)


def _scale(rows: list[dict]) -> Iterator[Goal]:
    found = {(row["texts"], row["engine"]): row for row in rows}
    if ours := found.get((10_000, engines.WORDS)):
        yield _at_most("10 k texts", ours["cpu"], 5, "CPU s")
        if rival := found.get((10_000, "BERTopic on words")):
            for said, key in (("features given free", "cpu"), ("features included", "cpu_with_features")):
                less = rival[key] / ours["cpu"]
                sides = f"{ours['cpu']:.2f} CPU s", f"{rival[key]:.2f} CPU s"
                yield Goal(f"10 k texts, CPU of warm BERTopic, {said}", *sides, f"{less:.1f} ×", "≥ 2.5 ×", less >= 2.5)
    if ours := found.get((100_000, engines.WORDS)):
        yield _at_most("100 k texts", ours["cpu"], 25, "CPU s")
        yield _at_most("100 k texts, memory of the run", ours["memory"] / 1000, 1.5, "GB")
    if ours := found.get((1_000_000, engines.WORDS)):
        yield _at_most("1 M texts", ours["cpu"], 150, "CPU s")
        yield _at_most("1 M texts, memory of the process", ours["memory"] / 1000, 8, "GB")


def _stability(rows: list[dict]) -> Iterator[Goal]:
    for row in rows:
        if row["engine"].startswith("ours"):
            rival = next(
                (r for r in rows if r["set"] == row["set"] and _same_features(r["engine"], row["engine"])), None
            )
            said = f"{row['set']}, {row['engine'].removeprefix('ours, ')}"
            other = f"{rival['kept']:.3f} (BERTopic)" if rival else ""
            what = f"texts keeping their pain point, + 10 % of texts, {said}"
            yield Goal(what, f"{row['kept']:.3f}", other, "", "≥ 0.95", row["kept"] >= 0.95)
            yield Goal(
                f"AMI lost by remembering, {said}", f"{row['ami_loss']:.3f}", "", "", "≤ 0.01", row["ami_loss"] <= 0.01
            )


def _same_features(rival: str, ours: str) -> bool:
    return rival == ("BERTopic on words" if ours == engines.WORDS else "BERTopic on meaning")


def _robustness(rows: list[dict]) -> Iterator[Goal]:
    for row in rows:
        if row["engine"].startswith("ours") and row["harm"].startswith("3 %"):
            said = f"{row['set']}, {row['engine'].removeprefix('ours, ')}"
            what, sides = (
                f"AMI kept with 3 % of characters mistyped, {said}",
                f"{row['clean']:.3f} → {row['harmed']:.3f}",
            )
            yield Goal(what, f"{100 * row['kept']:.0f} %", sides, "", "≥ 92 %", row["kept"] >= 0.92)


def _around(rows: dict) -> Iterator[Goal]:
    for row in rows["floods"]:
        yield _at_least(f"floods, pair F1, among {row['set']}", row["f1"], 0.97)
    for row in rows["outliers"]:
        for engine in (engines.MEANING, engines.WORDS):
            yield _at_least(f"outliers, AUROC, {row['set']}, {engine}", row[engine], 0.90)
    found = rows["documents"]
    yield _at_least("documents, precision", found["precision"], 0.97)
    yield _at_least("documents, recall", found["recall"], 0.92)
    whole = rows["whole_fiches"]
    uncut = f"{whole['not cut']['f1']:.3f} (not cut)"
    yield _at_least("whole fiches cut by us, extended BCubed F1", whole["cut by us"]["f1"], 0.50, note=uncut)
    learned = rows["learning"]
    gain = learned["regrouped"] - learned["before"]
    sides = f"{learned['before']:.3f} → {learned['regrouped']:.3f}"
    yield Goal("AMI after 30 decisions, fiches_dev", f"{gain:+.3f}", sides, "", "≥ +0.10", gain >= 0.10)
    for row in rows["one_text"]:
        yield _at_most(f"one new text among {row['among']}, alone", row["single_ms"], 5, "ms")
        yield _at_most(f"one new text among {row['among']}, in a batch", row["batch_ms"], 0.5, "ms")
    for name in dict.fromkeys(row["set"] for row in rows["encoder"]):
        yield from _encoder({row["way"]: row["ms"] for row in rows["encoder"] if row["set"] == name}, name)


def _encoder(ms: dict[str, float], name: str) -> Iterator[Goal]:
    for way in ("one by one", "one batch"):
        ours, theirs = ms[f"ours, {way}"], ms[f"library, {way}"]
        faster = theirs / ours
        sides = f"{ours:.2f} ms", f"{theirs:.2f} ms"
        yield Goal(f"encoding {name}, against the library, {way}", *sides, f"{faster:.2f} ×", "≥ 2 ×", faster >= 2)


SECTIONS: dict[str, Callable[..., Iterator[Goal]]] = {
    "quality": _quality,
    "scale": _scale,
    "stability": _stability,
    "robustness": _robustness,
    "around": _around,
}
