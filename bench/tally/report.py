"""The report as markdown: what ``docs/benchmarks.md`` shows is what the run wrote, never typed."""

from bench.clustering.report import table
from bench.tally.rows import ROWS, Row

BEGIN, END = "<!-- written by ./cahier bench tally --docs -->", "<!-- end of what bench tally wrote -->"
COLUMNS = (
    "file", "rule", "ours, CPU s", "pabutools, CPU s", "ratio", "memory", "winners", "to reach", "reached", "load"
)  # fmt: skip


def markdown(found: dict) -> str:
    """``found``: what ``__main__`` keeps, whole or not."""
    runs = found["runs"].values()
    parts = [_heading(found, commits=sorted({one["commit"] for one in runs}))]
    if "right" in found:
        parts.append(table(("what", "how many"), _right(found["right"])))
    rows = [_row(ROWS[name], found["runs"][name]) for name in ROWS if name in found["runs"]]
    return "\n\n".join([*parts, table(COLUMNS, rows)]) + "\n"


def _heading(found: dict, *, commits: list[str]) -> str:
    without = "" if any(one["theirs"] for one in found["runs"].values()) else " pabutools was not installed."
    return (
        f"Measured at commit {', '.join(commits)}; {found['machine']}. CPU seconds from the file to the outcome, "
        "imports left out; memory of the whole process, ours / theirs; sides in turn. Median of three runs; one when "
        "it takes more than 20 s. A side that is stopped says after how long: the ratio is then a least one, and "
        f"winners are not compared. « cost+steps »: shares raised by one unit of currency.{without}"
    )


def _right(right: dict) -> list[tuple[str, str]]:
    return [
        ("winners as published", f"{right['published']} of {right['files']} files"),
        ("winners as stored answers of pabutools", f"{right['same']} of {right['answers']}"),
        *((f"explained: {name}", why) for name, why in right["explained"].items()),
        *(("**wrong**", name) for name in right["wrong"]),
    ]


def _row(row: Row, run: dict) -> tuple[str, ...]:
    ours, theirs = run["ours"], run["theirs"]
    ratio = theirs["cpu"] / ours["cpu"] if theirs and _ended(ours) else None
    goals = [
        (f"≥ {row.ratio} ×", ratio is not None and ratio >= row.ratio) if row.ratio else None,
        (f"≤ {row.seconds} s", _ended(ours) and ours["cpu"] <= row.seconds) if row.seconds else None,
        (f"≤ {row.memory} MB", ours["memory"] <= row.memory) if row.memory else None,
    ]
    asked = [goal for goal in goals if goal]
    least = "" if theirs is None or _ended(theirs) else "> "
    return (
        row.file,
        row.rule,
        _seconds(ours),
        "not tried" if row.alone else _seconds(theirs) if theirs else "",
        f"{least}{ratio:.0f} ×" if ratio else "",
        f"{ours['memory']:.0f}" + (f" / {theirs['memory']:.0f} MB" if theirs else " MB"),
        _winners(ours, theirs),
        ", ".join(goal for goal, _reached in asked),
        ", ".join("yes" if reached else "**no**" for _goal, reached in asked),
        str(run["load"]),
    )


def _ended(side: dict) -> bool:
    return side["winners"] is not None


def _seconds(side: dict) -> str:
    return f"{side['cpu']:.2f}" if _ended(side) else f"stopped after {side['cpu']:.0f}"


def _winners(ours: dict, theirs: dict | None) -> str:
    if not _ended(ours):
        return "not known"
    told = str(len(ours["winners"]))
    if theirs is None or not _ended(theirs):
        return told
    return f"{told}, the same" if ours["winners"] == theirs["winners"] else f"{told}, **not the same**"


def pasted(document: str, written: str) -> str:
    """The document with what was between the two marks replaced; ValueError when a mark is missing."""
    if BEGIN not in document or END not in document:
        raise ValueError("the document has no place for the report")
    before, _, rest = document.partition(BEGIN)
    return f"{before}{BEGIN}\n{written}\n{END}{rest.partition(END)[2]}"
