"""Where ideas and projects are, drawn from their coordinates alone: nothing is asked of any map server.

The plane is the usual one at the size of a town: degrees of longitude are shortened by the cosine of the latitude
(equirectangular projection). Points too near to be told apart are one circle, which says how many it holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, hypot, radians

WIDTH, HEIGHT = 480, 360
EDGE = 40  # units around the farthest points
NEAR = 33  # units under which two circles are one
METRES = 111_320  # in a degree of latitude
LEAST = 400  # metres: a narrower town than this is not drawn larger
ROUND = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)


@dataclass(frozen=True)
class Place:
    """``number`` is what the circle says; ``label`` what the ear hears; ``url`` where it leads."""

    number: int
    label: str
    url: str
    latitude: Decimal
    longitude: Decimal


@dataclass(frozen=True)
class Spot:
    """A circle of the drawing, at ``x``, ``y``: one place, or several."""

    x: int
    y: int
    places: tuple[Place, ...]

    @property
    def mark(self) -> str:
        return str(self.places[0].number) if len(self.places) == 1 else f"×{len(self.places)}"

    @property
    def label(self) -> str:
        return " · ".join(f"{place.number}. {place.label}" for place in self.places)

    @property
    def url(self) -> str:
        """Of one place: its page; of several: the line of the first in the list beside."""
        return self.places[0].url if len(self.places) == 1 else f"#n{self.places[0].number}"


@dataclass(frozen=True)
class Drawing:
    """``scale``: the length of the bar, in units, and what it stands for, in metres.

    ``corner``: latitude and longitude of the top left; ``step``: the degrees of one unit down, and of one to the right.
    """

    spots: tuple[Spot, ...]
    scale: tuple[int, int]
    corner: tuple[float, float]
    step: tuple[float, float]


def drawing(places: Iterable[Place]) -> Drawing | None:
    """None without two places: one alone says nothing of where it is."""
    there = list(places)
    if len(there) < 2:
        return None
    east, north, narrow = _metres(there)
    wide, high = max(east) - min(east), max(north) - min(north)
    unit = max(wide / (WIDTH - 2 * EDGE), high / (HEIGHT - 2 * EDGE), LEAST / (WIDTH - 2 * EDGE))
    left, top = (WIDTH - wide / unit) / 2, (HEIGHT - high / unit) / 2
    points = [(left + (x - min(east)) / unit, top + (max(north) - y) / unit) for x, y in zip(east, north, strict=True)]
    corner = (max(north) + top * unit) / METRES, (min(east) - left * unit) / (METRES * narrow)
    step = unit / METRES, unit / (METRES * narrow)
    return Drawing(spots=_spots(there, points), scale=_scale(unit), corner=corner, step=step)


def _metres(places: Sequence[Place]) -> tuple[list[float], list[float], float]:
    """To the east, to the north, and how much narrower a degree of longitude is here."""
    middle = sum(float(place.latitude) for place in places) / len(places)
    narrow = max(cos(radians(middle)), 0.01)
    east = [float(place.longitude) * METRES * narrow for place in places]
    return east, [float(place.latitude) * METRES for place in places], narrow


def _spots(places: Sequence[Place], points: Sequence[tuple[float, float]]) -> tuple[Spot, ...]:
    """In the order of their numbers: the first of a crowd keeps its place."""
    crowds: list[tuple[tuple[float, float], list[Place]]] = []
    for place, (x, y) in sorted(zip(places, points, strict=True), key=lambda one: one[0].number):
        near = next((held for at, held in crowds if hypot(at[0] - x, at[1] - y) < NEAR), None)
        if near is None:
            crowds.append(((x, y), [place]))
        else:
            near.append(place)
    return tuple(Spot(x=round(x), y=round(y), places=tuple(held)) for (x, y), held in crowds)


def _scale(unit: float) -> tuple[int, int]:
    """The longest round length that takes at most a quarter of the width."""
    most = WIDTH / 4
    metres = max((length for length in ROUND if length / unit <= most), default=ROUND[0])
    return round(min(metres / unit, WIDTH - EDGE)), metres
