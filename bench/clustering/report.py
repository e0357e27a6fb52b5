"""The report as markdown: what `docs/benchmarks.md` shows is what the run wrote, never typed."""

from collections.abc import Iterator, Sequence

from bench.clustering.goals import goals

BEGIN, END = "<!-- written by ./cahier bench clustering --docs -->", "<!-- end of what the bench wrote -->"

HOW_QUALITY = """### Every engine on every set

AMI and ARI count texts left without a theme as one theme, as the engine left them; « on those kept » leaves them out.
« Span »: share of the themes found that hold texts of two services or more. CPU seconds are the engine's alone, then
with what its features cost from the texts. Memory is what the run added at most to its process, in MB."""
HOW_SCALE = """### Time against size

Texts of one to three real sentences of one topic, 2 % of their letters mistyped; words alone on both sides. Sizes above
100,000, of ours only, come from `./cahier bench scale`.

![CPU seconds against the number of texts](images/clustering-time.svg)"""
HOW_STABILITY = """### A tenth of new texts arrives

Share of the texts that had a theme and are still in it. « From memory »: the regroup is told what it said before, as in
the product. « Forgetting »: everything is grouped anew and themes are matched (Jaccard index of .5), all that BERTopic
can do."""


def markdown(report: dict) -> str:
    """All sections that the report holds."""
    sections = (part for name, show in SHOWN.items() if name in report for part in show(report))
    parts = [_heading(report), *_goals(report), *sections]
    return "\n\n".join(parts) + "\n"


def pasted(document: str, written: str) -> str:
    """The document with what was between the two marks replaced; ValueError when a mark is missing."""
    if BEGIN not in document or END not in document:
        raise ValueError("the document has no place for the report")
    before, _, rest = document.partition(BEGIN)
    return f"{before}{BEGIN}\n{written}\n{END}{rest.partition(END)[2]}"


def table(head: Sequence[str], rows: Iterator[Sequence[object]] | Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _heading(report: dict) -> str:
    runs = sorted({(run["date"], run["commit"]) for name, run in report.items() if name in SHOWN})
    when = f"{runs[0][0]} (commit {runs[0][1]})"
    if len({commit for _, commit in runs}) > 1:
        when = "; ".join(
            f"{name} {report[name]['date']} (commit {report[name]['commit']})" for name in report if name in SHOWN
        )
    loads = [run["load"] for name, run in report.items() if name in SHOWN]
    missing = f" Not installed, so not measured: {', '.join(report['missing'])}." if report.get("missing") else ""
    return (
        f"Measured on {when}; {report['machine']}, load {min(loads):.0f} to {max(loads):.0f}; linear algebra on one "
        f"thread; {report['repetitions']} repetitions with as many seeds, after a warm-up, engines in turn.{missing}"
    )


def _goals(report: dict) -> Iterator[str]:
    found = list(goals(report))
    yield f"### Against the figures to reach\n\n{sum(goal.reached for goal in found)} of {len(found)} reached."
    rows = [(g.what, g.ours, g.other, g.ratio, g.wanted, "yes" if g.reached else "**no**") for g in found]
    yield table(("what", "ours", "other side", "ratio", "to reach", "reached"), rows)


def _quality(report: dict) -> Iterator[str]:
    yield HOW_QUALITY
    for name in dict.fromkeys(row["set"] for row in report["quality"]["rows"]):
        rows = [row for row in report["quality"]["rows"] if row["set"] == name]
        span = ("span",) if "across" in rows[0] else ()
        head = (
            "engine",
            "AMI",
            "ARI",
            "AMI on those kept",
            "left out",
            "themes",
            *span,
            "CPU s",
            "with features",
            "MB",
        )
        yield f"**{name}**{_described(report, name)}\n\n" + table(head, map(_quality_row, rows))


def _described(report: dict, name: str) -> str:
    held = report.get("sets", {}).get(name)
    return f" ({held['texts']} texts, {held['labels']} topics)" if held else ""


def _quality_row(row: dict) -> tuple:
    name = f"**{row['engine']}**" if row["engine"].startswith("ours") else row["engine"]
    figures = f"{row['ami']:.3f} ± {row['ami_spread']:.3f}", f"{row['ari']:.3f}", f"{row['ami_assigned']:.3f}"
    span = (f"{100 * row['across']:.0f} %",) if "across" in row else ()
    spent = f"{row['cpu']:.2f}", f"{row['cpu'] + row['features_cpu']:.2f}"
    return (name, *figures, f"{100 * row['noise']:.0f} %", f"{row['themes']:.1f}", *span, *spent, row["memory"])


def _scale(report: dict) -> Iterator[str]:
    yield HOW_SCALE
    head = ("texts", "engine", "CPU s", "with features", "MB", "AMI", "left out", "themes", "topics")
    yield table(
        head,
        [
            (
                f"{row['texts']:,}",
                row["engine"],
                f"{row['cpu']:.1f}",
                f"{row['cpu_with_features']:.1f}",
                row["memory"],
                f"{row['ami']:.3f}",
                f"{100 * row['noise']:.0f} %",
                row["themes"],
                row["topics"],
            )
            for row in report["scale"]["rows"]
        ],
    )


def _stability(report: dict) -> Iterator[str]:
    yield HOW_STABILITY
    head = ("set", "engine", "runs", "from memory", "forgetting", "AMI", "AMI lost by remembering")
    yield table(
        head,
        [
            (
                row["set"],
                row["engine"],
                row["runs"],
                f"{row['kept']:.3f}" if row["engine"].startswith("ours") else "–",
                f"{row['kept_without_memory']:.3f}",
                f"{row['ami']:.3f}",
                f"{row['ami_loss']:.3f}" if row["engine"].startswith("ours") else "–",
            )
            for row in report["stability"]["rows"]
        ],
    )


def _robustness(report: dict) -> Iterator[str]:
    yield "### Texts as people type them"
    rows = [
        (r["set"], r["harm"], r["engine"], f"{r['clean']:.3f}", f"{r['harmed']:.3f}", f"{100 * r['kept']:.0f} %")
        for r in report["robustness"]["rows"]
    ]
    yield table(("set", "harm", "engine", "AMI, clean", "AMI, harmed", "kept"), rows)


def _around(report: dict) -> Iterator[str]:
    rows = report["around"]["rows"]
    yield "### Around the grouping"
    found = [
        *((f"floods among {r['set']}: pairs, precision / recall / F1", _three(r)) for r in rows["floods"]),
        *(
            (f"outliers, {r['set']}, AUROC: {name}", f"{value:.3f}")
            for r in rows["outliers"]
            for name, value in r.items()
            if name != "set"
        ),
        ("supporting documents on fiches_dev: precision / recall / F1", _three(rows["documents"])),
        *_fiches(rows),
        *(
            (f"encoding {r['set']}: {r['way']}", f"{r['ms']:.2f} ({r['from']:.2f} to {r['to']:.2f}) ms CPU")
            for r in rows["encoder"]
        ),
        *(
            (
                f"one new text among {r['among']}, encoded: alone / in a batch",
                f"{r['single_ms']:.2f} / {r['batch_ms']:.2f} ms CPU",
            )
            for r in rows["one_text"]
        ),
    ]
    yield table(("what", "measured"), found)


def _fiches(rows: dict) -> Iterator[tuple[str, str]]:
    whole, served, learned = rows["whole_fiches"], rows["whole_fiches_with_service"], rows["learning"]
    yield "fiches cut into the right number of grievances", f"{whole['right_number']} of {whole['fiches']}"
    yield "whole fiches cut by us, extended BCubed: precision / recall / F1", _three(whole["cut by us"])
    yield "the same, fiches not cut (control)", _three(whole["not cut"])
    yield "the same, cut, with the service as a hint", _three(served["cut by us"])
    placed = {key: f"{100 * share:.0f} %" for key, share in rows["placed"].items()}
    answers = f"{placed['right']} right, {placed['wrong']} wrong, {placed['left']} left to sort"
    yield "a labelled passage held out, then placed", answers
    yield "a passage of a pain point that does not exist yet, wrongly placed", placed["taken"]
    done = f"a simulated owner, {learned['decisions']} decisions"
    for key, said in (
        ("by_hand", "on the board as left"),
        ("from_links", "after a regroup from the links alone"),
        ("regrouped", "after a regroup that knows the board too, as in the product"),
    ):
        yield f"{done}: AMI {said}", f"{learned['before']:.3f} → {learned[key]:.3f}"
    for key, said in (("from_links", "links alone"), ("regrouped", "and the board")):
        change = f"{learned['unseen_before']:.3f} → {learned[f'unseen_{key}']:.3f}"
        yield f"{done}, shown one text in two: AMI of the other half, {said}", change


def _three(row: dict) -> str:
    return f"{row['precision']:.3f} / {row['recall']:.3f} / {row['f1']:.3f}"


SHOWN = {"quality": _quality, "scale": _scale, "stability": _stability, "robustness": _robustness, "around": _around}
