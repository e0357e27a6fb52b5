"""The report as markdown: what ``docs/benchmarks.md`` shows is what the run wrote, never typed."""

from collections.abc import Iterator

from bench.clustering.report import table

BEGIN, END = "<!-- written by ./cahier bench opinions --docs -->", "<!-- end of what bench opinions wrote -->"
LARGE = "10,000 people × 500 statements"


def markdown(found: dict) -> str:
    without = "" if found["rival"] else " red-dwarf was not installed: not measured."
    heading = (
        f"Measured at commit {found['commit']}; {found['machine']}, load {found['load']}; linear algebra on one "
        f"thread; sides in turn, median of {found['repetitions']} runs, CPU seconds.{without}"
    )
    goals = table(("what", "ours", "red-dwarf", "ratio", "to reach", "reached"), list(_goals(found)))
    parts = [heading, goals, *_conversations(found), *_sizes(found)]
    return "\n\n".join(parts) + "\n"


def pasted(document: str, written: str) -> str:
    """The document with what was between the two marks replaced; ValueError when a mark is missing."""
    if BEGIN not in document or END not in document:
        raise ValueError("the document has no place for the report")
    before, _, rest = document.partition(BEGIN)
    return f"{before}{BEGIN}\n{written}\n{END}{rest.partition(END)[2]}"


def _goals(found: dict) -> Iterator[tuple]:
    for size in found["sizes"]:
        if not size["name"].startswith(LARGE):
            continue
        ours, theirs = size["ours"], size.get("theirs")
        yield size["name"], f"{ours['cpu']:.2f} s", _seconds(theirs), "", "≤ 5 s", _yes(ours["cpu"] <= 5)
        memory = f"{ours['memory']} MB"
        yield (
            "… memory of the process, the votes included",
            memory,
            _megabytes(theirs),
            "",
            "≤ 500 MB",
            _yes(ours["memory"] <= 500),
        )
        if theirs:
            ratio = theirs["cpu"] / ours["cpu"]
            yield "… against red-dwarf", "", "", f"{ratio:.1f} ×", "≥ 5 ×", _yes(ratio >= 5)
    for one in found["conversations"]:
        seeds = one["ours"]["seeds"]
        if seeds is not None:
            other = f"{one['theirs']['seeds']:.3f}" if "theirs" in one else ""
            reached = _yes(seeds >= 0.9 or one["ours"]["refusal"] == "unstable")
            yield f"{one['name']}, five seeds, worst ARI", f"{seeds:.3f}", other, "", "≥ 0.9 or said", reached


def _conversations(found: dict) -> Iterator[str]:
    yield (
        "### Conversations published by Polis\n\nARI: against the groups Polis published, over people grouped on both "
        "sides. « Lists »: the representative statements that each side's tests give to the published groups; how many "
        "of red-dwarf's (which reproduces Polis' lists) ours tells too. « Consensus »: the same over everybody; ours "
        "must hold in every group, theirs need not."
    )
    head = ("conversation", "people, grouped", "ours", "ARI", "red-dwarf", "ARI", "lists", "consensus")
    rows = []
    for one in found["conversations"]:
        ours, theirs = one["ours"], one.get("theirs")
        said = f"no map: {ours['refusal']}" if ours["refusal"] else f"{ours['groups']} groups"
        shared = _shared(ours["lists"], theirs["lists"]) if theirs else ("", "")
        rows.append(
            (
                one["name"],
                f"{ours['people']}, {ours['grouped']}",
                said,
                _index(ours["ari"]),
                f"{theirs['groups']} groups" if theirs else "",
                _index(theirs["ari"]) if theirs else "",
                *shared,
            )
        )
    yield table(head, rows)


def _shared(ours: dict[str, list[str]], theirs: dict[str, list[str]]) -> tuple[str, str]:
    groups = [name for name in theirs if name != "all"]
    both = sum(len(set(ours.get(name, ())) & set(theirs[name])) for name in groups)
    of = sum(len(theirs[name]) for name in groups)
    return f"{both} of {of}", f"{len(set(ours['all']) & set(theirs['all']))} of {len(theirs['all'])}"


def _sizes(found: dict) -> Iterator[str]:
    yield (
        "### Time and memory\n\nConversations made with three camps. Ours goes from three columns to the map: five "
        "seeds, the test against chance and the lists included. red-dwarf goes from its records, already made, to its "
        "map: one seed. ARI: against the camps. Memory: the whole process at most, then what the map added."
    )
    head = ("conversation", "side", "CPU s", "MB", "MB added", "ARI")
    yield table(
        head,
        [
            (
                size["name"],
                name,
                f"{size[side]['cpu']:.2f}",
                size[side]["memory"],
                size[side]["added"],
                _index(size[side]["ari"]),
            )
            for size in found["sizes"]
            for side, name in (("ours", "**ours**"), ("theirs", "red-dwarf"))
            if side in size
        ],
    )


def _index(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _seconds(side: dict | None) -> str:
    return f"{side['cpu']:.2f} s" if side else ""


def _megabytes(side: dict | None) -> str:
    return f"{side['memory']} MB" if side else ""


def _yes(reached: bool) -> str:
    return "yes" if reached else "**no**"
