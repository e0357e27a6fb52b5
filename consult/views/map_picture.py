"""The picture of the groups: an ellipse each, drawn by the server. No person is a point on it."""

from dataclasses import dataclass
from math import cos, hypot, radians, sin
from typing import Any

WIDE, HIGH = 640, 400
MARGIN = 28
LEAST_HIGH = 220
FLOOR = 26  # half a side under which a letter no longer fits


@dataclass(frozen=True)
class Drawn:
    """In the units of the picture; ``angle`` in degrees, clockwise."""

    name: str
    x: float
    y: float
    rx: float
    ry: float
    angle: float


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    groups: list[Drawn]


def picture(groups: list[dict[str, Any]]) -> Picture | None:
    """Everything in view, one scale for both axes; None without groups."""
    if not groups:
        return None
    reach = [_reach(group) for group in groups]
    left = min(group["x"] - wide for group, (wide, _high) in zip(groups, reach, strict=True))
    right = max(group["x"] + wide for group, (wide, _high) in zip(groups, reach, strict=True))
    low = min(group["y"] - high for group, (_wide, high) in zip(groups, reach, strict=True))
    top = max(group["y"] + high for group, (_wide, high) in zip(groups, reach, strict=True))
    scale = min((WIDE - 2 * MARGIN) / max(right - left, 1e-9), (HIGH - 2 * MARGIN) / max(top - low, 1e-9))
    height = max(LEAST_HIGH, round((top - low) * scale) + 2 * MARGIN)
    x0, y0 = (WIDE - (left + right) * scale) / 2, (height + (low + top) * scale) / 2
    return Picture(WIDE, height, [_drawn(group, scale, x0, y0) for group in groups])


def _reach(group: dict[str, Any]) -> tuple[float, float]:
    """Half of the width and of the height of a turned ellipse."""
    turn = radians(group["angle"])
    return (
        hypot(group["width"] * cos(turn), group["height"] * sin(turn)),
        hypot(group["width"] * sin(turn), group["height"] * cos(turn)),
    )


def _drawn(group: dict[str, Any], scale: float, x0: float, y0: float) -> Drawn:
    return Drawn(
        name=group["name"],
        x=round(x0 + group["x"] * scale, 1),
        y=round(y0 - group["y"] * scale, 1),
        rx=round(max(group["width"] * scale, FLOOR), 1),
        ry=round(max(group["height"] * scale, FLOOR), 1),
        angle=round(-group["angle"], 1),
    )
