"""Time against size, as one small drawing for the documents. matplotlib comes with the rivals."""

from pathlib import Path

TITLE = "CPU seconds against the number of texts"
COLOURS = {"ours": "#000091", "BERTopic": "#c9191e", "EVoC": "#6a6a6a"}
MARKS = {"ours": "o", "BERTopic": "s", "EVoC": "^"}
WHERE = {"ours": ((10, 0), "left"), "BERTopic": ((10, 0), "left"), "EVoC": ((0, 13), "center")}  # names, off the lines


def draw(rows: list[dict], target: Path) -> None:
    """An SVG of CPU seconds, features included, against the number of texts; both scales logarithmic.

    `rows`: those of `scale.measure`, and of ours at other sizes: ``texts``, ``engine``, ``cpu_with_features``.
    """
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update(
        {"svg.fonttype": "none", "font.family": "sans-serif", "font.size": 11, "svg.hashsalt": "cahier"}
    )
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 3.8))
    for engine in dict.fromkeys(row["engine"] for row in rows):
        points = sorted((row["texts"], row["cpu_with_features"]) for row in rows if row["engine"] == engine)
        family = engine.split(",")[0].split(" ")[0]
        sizes, seconds = zip(*points, strict=True)
        axes.plot(sizes, seconds, color=COLOURS[family], marker=MARKS[family], linewidth=2, markersize=6)
        place, side = WHERE[family]
        axes.annotate(
            family,
            points[-1],
            place,
            textcoords="offset points",
            color=COLOURS[family],
            ha=side,
            va="center",
            weight="bold",
        )
    axes.set(xscale="log", yscale="log", xlabel="texts", ylabel="CPU seconds, features included")
    axes.set_xlim(min(row["texts"] for row in rows) * 0.8, max(row["texts"] for row in rows) * 4)
    axes.set_xticks(
        sorted({row["texts"] for row in rows}), [_short(size) for size in sorted({r["texts"] for r in rows})]
    )
    axes.minorticks_off()
    axes.set_yticks(
        ticks := [t for t in (0.1, 1, 10, 100, 1000) if t <= 3 * axes.get_ylim()[1]], [f"{t:g}" for t in ticks]
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#dddddd", linewidth=0.6)
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None, "Title": TITLE})
    pyplot.close(figure)


def _short(size: int) -> str:
    return f"{size // 1_000_000} M" if size >= 1_000_000 else f"{size // 1000} k"
