"""The report as markdown: what ``docs/benchmarks.md`` shows is what the run wrote, never typed."""

from collections.abc import Iterator

from bench.clustering.report import table

BEGIN, END = "<!-- written by ./cahier bench tally --docs -->", "<!-- end of what bench tally wrote -->"
# file and rule → least ratio, most CPU seconds, most MB
GOALS = {
    ("90k.pb", "cost"): (20, 1.5, 200),
    ("90k.pb", "cost+completed"): (100, None, None),
    ("France_Toulouse_2022.pb", "cost+completed"): (20, None, None),
    ("1m.pb", "cost"): (None, 30, 1500),
}


def markdown(found: dict) -> str:
    right = found["right"]
    without = "" if found["rival"] else " pabutools was not installed: not measured."
    heading = (
        f"Measured at commit {found['commit']}; {found['machine']}, load {found['load']}; sides in turn, median of "
        f"{found['repetitions']} runs (one for the largest and the worst case), CPU seconds from the file to the "
        f"outcome, imports left out, memory of the whole process.{without}"
    )
    agreed = [
        ("winners as published", f"{right['published']} of {right['files']} files"),
        ("winners as stored answers of pabutools", f"{right['same']} of {right['answers']}"),
        *((f"explained: {name}", why) for name, why in right["explained"].items()),
        *(("**wrong**", name) for name in right["wrong"]),
    ]
    columns = ("file", "rule", "ours", "pabutools", "ratio", "memory", "same winners", "to reach", "reached")
    return "\n\n".join([heading, table(("what", "how many"), agreed), table(columns, list(_rows(found)))]) + "\n"


def _rows(found: dict) -> Iterator[tuple]:
    for run in found["runs"]:
        ours, theirs = run["ours"], run.get("theirs")
        ratio = theirs["cpu"] / ours["cpu"] if theirs else None
        least, seconds, memory = GOALS.get((run["file"], run["rule"]), (None, None, None))
        asked = [
            (f"≥ {least} ×", ratio is not None and ratio >= least) if least else None,
            (f"≤ {seconds} s", ours["cpu"] <= seconds) if seconds else None,
            (f"≤ {memory} MB", ours["memory"] <= memory) if memory else None,
        ]
        goals = [one for one in asked if one]
        yield (
            run["file"],
            run["rule"],
            f"{ours['cpu']:.2f} s",
            f"{theirs['cpu']:.1f} s" if theirs else "",
            f"{ratio:.0f} ×" if ratio else "",
            f"{ours['memory']} MB" + (f" / {theirs['memory']} MB" if theirs else ""),
            {None: "", True: "yes", False: "**no**"}[run["same"]],
            ", ".join(goal for goal, _reached in goals),
            ", ".join("yes" if reached else "**no**" for _goal, reached in goals),
        )


def pasted(document: str, written: str) -> str:
    """The document with what was between the two marks replaced; ValueError when a mark is missing."""
    if BEGIN not in document or END not in document:
        raise ValueError("the document has no place for the report")
    before, _, rest = document.partition(BEGIN)
    return f"{before}{BEGIN}\n{written}\n{END}{rest.partition(END)[2]}"
