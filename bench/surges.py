"""Surges: what alerts for nothing, what is missed, and how long one waits: ``python -m bench.surges``.

Made-up services of 40 pain points, from one fiche in five weeks to twenty a week, watched every day for a year by
``clustering.surges`` with the life of an alert as the product gives it: it ends after seven calm days. No data is read.
"""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from clustering.surges import HISTORY, WEEK, closed_days, school_holidays, surges

RESULTS = Path(__file__).parent / "results"
PAIN_POINTS, YEAR, REPETITIONS = 40, 364, 3
BEFORE = WEEK * (HISTORY + 2)
FIRST = date(2025, 3, 3)
LAST = FIRST + timedelta(days=BEFORE + YEAR)
CLOSED = closed_days(FIRST, LAST)
SCHOOL = school_holidays(FIRST, LAST, zone="Zone C")
# Over a week of class, what a week of school holidays brings, one pain point after the other.
FACTORS = (0.1, 2.5, 1.0, 1.0)
CALM = 7
TIMES, RATES, LASTS = (2, 3, 5), (1, 3, 10, 30), 28


@dataclass(frozen=True)
class World:
    """How a null year is drawn: `wobble` is the squared coefficient of variation of weeks."""

    wobble: float = 0.0
    season: float = 0.0
    shared_season: float = 0.0
    drift: float = 0.0
    school: bool = False


AT_SCHOOL = "school holidays: 1 in 4 stops, 1 in 4 × 2.5"
WORLDS = {
    "Poisson": World(),
    "overdispersed (CV² .3)": World(wobble=0.3),
    "heavily overdispersed (CV² 1)": World(wobble=1.0),
    "seasonal, each its own (± 60 %)": World(season=0.6),
    "seasonal, the service (± 60 %)": World(shared_season=0.6),
    "seasonal and overdispersed": World(wobble=0.3, season=0.4, shared_season=0.4),
    "growing service (× 4 in a year)": World(drift=4.0),
    AT_SCHOOL: World(school=True),
    "the same, overdispersed (CV² .3)": World(school=True, wobble=0.3),
}


def null(world: World, rng: np.random.Generator, rates: np.ndarray) -> np.ndarray:
    """Daily counts (pain points, days) of a year and the weeks before; a holiday brings a quarter of a day."""
    days = BEFORE + YEAR
    dates = [FIRST + timedelta(days=n) for n in range(days)]
    weekly = np.array([0.25 if d.weekday() >= 5 or d in CLOSED else 1.0 for d in dates]) / 5.5
    phase, at = rng.uniform(0, 2 * np.pi, (len(rates), 1)), 2 * np.pi * np.arange(days) / 365
    mean = rates[:, None] * weekly * (1 + world.season * np.sin(at + phase)) * (1 + world.shared_season * np.sin(at))
    if world.school:
        away = np.array([day in SCHOOL for day in dates])
        mean = np.where(away, mean * np.resize(FACTORS, len(rates))[:, None], mean)
    if world.drift:
        mean = mean * world.drift ** (np.arange(days) / 365)
    if world.wobble:
        weeks = rng.gamma(1 / world.wobble, world.wobble, (len(rates), days // WEEK + 1))
        mean = mean * np.repeat(weeks, WEEK, axis=1)[:, :days]
    return rng.poisson(mean)


def watched(counts: np.ndarray, start: int, stop: int, *, school: frozenset[date] = SCHOOL) -> list[tuple[int, int]]:
    """(day, pain point) of each alert opened between two columns; an open alert is not opened again."""
    calm_since: dict[int, int | None] = {}
    opened = []
    for day in range(start, stop):
        seen = counts[:, max(0, day + 1 - BEFORE) : day + 1]
        last = FIRST + timedelta(days=day)
        for one, verdict in enumerate(surges(seen, last=last, closed=CLOSED, holidays_at_school=school)):
            if one not in calm_since:
                if verdict.is_surge:
                    calm_since[one] = None
                    opened.append((day, one))
            elif verdict.is_high:
                calm_since[one] = None
            elif calm_since[one] is None:
                calm_since[one] = day
            elif day - calm_since[one] >= CALM:
                del calm_since[one]
    return opened


def rates(rng: np.random.Generator) -> np.ndarray:
    return np.exp(rng.uniform(np.log(0.2), np.log(20), PAIN_POINTS))


def false_alerts(
    world: World, *, repetitions: int = REPETITIONS, seed: int = 0, school: frozenset[date] = SCHOOL
) -> list[float]:
    """Alerts per pain point and year when nothing happens, one figure per repetition."""
    found = []
    for repetition in range(repetitions):
        rng = np.random.default_rng([seed, repetition])
        counts = null(world, rng, rates(rng))
        found.append(len(watched(counts, BEFORE, BEFORE + YEAR, school=school)) / PAIN_POINTS)
    return found


def power(
    rate: float,
    times: float,
    *,
    world: World = WORLDS["Poisson"],
    trials: int = 40,
    seed: int = 0,
    row: int = 0,
    school: frozenset[date] = SCHOOL,
) -> dict:
    """One pain point among forty is multiplied for four weeks: share found, and after how many days.

    ``row``: which one, where the world makes them different.
    """
    delays = []
    for trial in range(trials):
        rng = np.random.default_rng([seed, trial, int(rate * 10), int(times * 10)])
        all_rates = rates(rng)
        all_rates[row] = rate
        counts = null(world, rng, all_rates)
        start = BEFORE + int(rng.integers(0, WEEK))
        counts[row, start : start + LASTS] = rng.poisson(
            _again(start, rate * times, FACTORS[row % 4] if world.school else 1.0)
        )
        days = [day - start + 1 for day, one in watched(counts, start, start + LASTS, school=school) if one == row]
        delays += days[:1]
    return {
        "found": len(delays) / trials,
        "days": statistics.median(delays) if delays else None,
    }


def _again(start: int, rate: float, factor: float) -> np.ndarray:
    dates = [FIRST + timedelta(days=n) for n in range(start, start + LASTS)]
    days = np.array([0.25 if d.weekday() >= 5 or d in CLOSED else 1.0 for d in dates]) / 5.5
    return rate * days * np.array([factor if d in SCHOOL else 1.0 for d in dates])


def timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    report: dict = {"false_alerts": {}, "power": {}}
    for name, world in WORLDS.items():
        found = false_alerts(world)
        report["false_alerts"][name] = found
        print(
            f"{name:44} {statistics.mean(found):.3f} false alerts per pain point and year", [round(x, 3) for x in found]
        )
    for name, world in WORLDS.items():
        found = false_alerts(world, school=frozenset())
        report["false_alerts"][f"{name}, school holidays not told"] = found
        print(
            f"{name:44} {statistics.mean(found):.3f} when nobody says when school is out", [round(x, 3) for x in found]
        )
    for world_name in ("Poisson", "overdispersed (CV² .3)"):
        for times in TIMES:
            for rate in RATES:
                told = power(rate, times, world=WORLDS[world_name])
                report["power"][f"{world_name}, {rate} a week, x{times}"] = told
                print(f"{world_name:24} {rate:3} a week, ×{times}: {told['found']:.0%} found, {told['days']} days")
    for row, factor in enumerate(FACTORS[:3]):
        for rate in (3, 10):
            for name, school in (("told", SCHOOL), ("not told", frozenset())):
                told = power(rate, 3, world=WORLDS[AT_SCHOOL], row=row, school=school)
                report["power"][f"school holidays × {factor}, {rate} a week, x3, {name}"] = told
                print(f"back at school, holidays × {factor}, {rate:3} a week, ×3, {name}: {told['found']:.0%} found")
    large = np.random.default_rng(0).poisson(0.5, (5000, BEFORE))
    report["seconds_for_5000"] = timed(lambda: surges(large, last=LAST, closed=CLOSED))
    print(f"5,000 pain points tested in {report['seconds_for_5000']:.2f} CPU s")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "surges.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
