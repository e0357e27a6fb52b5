"""Where the marks of a chart go. Numbers in, SVG attributes out, as text so that no locale writes « 21,1 »."""

from collections.abc import Sequence
from dataclasses import dataclass

SPARK_WIDTH, SPARK_HEIGHT, SPARK_PAD = 104, 28, 4


@dataclass(frozen=True)
class Spark:
    """A line of weekly counts: the points of a polyline, and its last point."""

    points: str
    last_x: str
    last_y: str


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: what it counts, its share of the whole, and its place."""

    label: str
    value: object
    share: str
    width: str
    is_last: bool
    x: str = ""
    y: str = ""
    height: str = ""
    text_x: str = ""
    text_y: str = ""


def svg(number: float) -> str:
    """A number as SVG reads it: a dot, at most one decimal."""
    return f"{number:.1f}".removesuffix(".0")


def spark(values: Sequence[float]) -> Spark | None:
    """The line of these values, from zero at the bottom; None when there are fewer than two."""
    if len(values) < 2:
        return None
    top = max(values) or 1
    step = (SPARK_WIDTH - 2 * SPARK_PAD) / (len(values) - 1)
    base, height = SPARK_HEIGHT - 2, SPARK_HEIGHT - 6
    places = [(SPARK_PAD + i * step, base - value / top * height) for i, value in enumerate(values)]
    points = " ".join(f"{svg(x)},{svg(y)}" for x, y in places)
    return Spark(points, svg(places[-1][0]), svg(places[-1][1]))


def percent(part: float, whole: float) -> str:
    """``12 of 48`` as « 25 »; the sign is written by the template. Nothing out of nothing is 0."""
    return str(round(100 * part / whole)) if whole else "0"


def lying_bars(rows: Sequence[dict], whole: float | None = None) -> list[Bar]:
    """One bar per row (``label``, ``value``), lying, from zero; the longest is 100 wide.

    Shares are of ``whole``, where one person may be in several rows; of their sum otherwise.
    """
    top, whole = _top(rows), whole or sum(row["value"] for row in rows)
    return [
        Bar(
            label=row["label"],
            value=row["value"],
            share=percent(row["value"], whole),
            width=svg(row["value"] / top * 100),
            is_last=row is rows[-1],
        )
        for row in rows
    ]


def standing_bars(rows: Sequence[dict], *, width: int = 320, height: int = 80) -> list[Bar]:
    """One bar per row, standing side by side on a line ``height`` below the top: weeks, months."""
    top, whole = _top(rows), sum(row["value"] for row in rows)
    step = (width - 32) / max(len(rows), 1)
    thick = max(step * 0.72, 1)
    return [
        Bar(
            label=row["label"],
            value=row["value"],
            share=percent(row["value"], whole),
            width=svg(thick),
            is_last=row is rows[-1],
            x=svg(28 + i * step),
            y=svg(16 + height - row["value"] / top * height),
            height=svg(row["value"] / top * height),
            text_x=svg(28 + i * step + thick / 2),
            text_y=svg(12 + height - row["value"] / top * height),
        )
        for i, row in enumerate(rows)
    ]


def standing_mark(rows: Sequence[dict], mark: float, *, width: int = 320, height: int = 80) -> dict[str, str] | None:
    """A line across the last standing bar, at the height of ``mark``; None when it would not be in the picture."""
    if not rows or not 0 <= mark <= _top(rows):
        return None
    step = (width - 32) / len(rows)
    start = 28 + (len(rows) - 1) * step
    y = svg(16 + height - mark / _top(rows) * height)
    return {"x1": svg(start - step * 0.28), "x2": svg(start + step), "y": y}


def _top(rows: Sequence[dict]) -> float:
    return max((row["value"] for row in rows), default=0) or 1
