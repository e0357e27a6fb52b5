"""Which pain points grow faster than their own past, the calendar and the volume of their service explain.

The number of fiches about a pain point in a week is taken as Poisson around a rate that moves slowly. Its past, worth
half as much every ``HALF_LIFE`` weeks, gives a gamma distribution of that rate; the next week is then negative
binomial (the gamma-Poisson predictive of Höhle, *surveillance*, 2007, `algo.bayes`). Weeks also wobble more than
Poisson says: how much is estimated from the past, by moments, and widens the prediction (Farrington et al., 1996;
Noufaily et al., 2013). The tail beyond what was observed is the p-value; Benjamini and Hochberg (1995) turn those of
one day into q-values.

What is expected follows the exposure of the same days: how many are open, and how many fiches the service received
about everything else. A campaign that doubles all the fiches of a service is no surge of each of its pain points.

School holidays empty some pain points (the canteen), fill others (the swimming pool) and leave most as they are: how
much they weigh on each is read in its own past, drawn towards "as usual" by ``_TERM`` fiches, and follows it from the
weeks of class into the holidays and back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import holidays
import numpy as np
from scipy.stats import nbinom

WEEK, SHORT = 7, 2  # days of the two windows; the short one holds yesterday whole, whatever the hour
HALF_LIFE = 8.0  # weeks after which the past counts half
LEVEL = 0.01  # of the alerts of a day, the share that chance may give
STILL = 0.05  # p-value up to which what had risen has not come down
LEAST = 5  # fiches under which nobody is alerted, however unlikely they are
GUARD = 1  # weeks just before the window that teach nothing: a slow rise would hide itself
HISTORY = 28  # weeks read at most: what is older weighs less than a tenth
_LIFE = 3  # weeks of past without which a service says nothing yet
_STEADY = 20.0  # fiches a week that the calendar weighs against the volume of the service
_CLOSED = 0.4  # intake of a closed day over that of an open one, before anything is known
_SOMETIMES = 0.5  # fiches a week of a usual pain point, at least
_WOBBLE = 0.05  # least squared coefficient of variation of weeks, beyond Poisson
_SHRINK = 6.0  # weeks of everybody's wobble that weigh against one's own
_TERM = 4.0  # fiches of a holiday as usual that weigh against those of the holidays past
_LEAST_FACTOR = 0.05  # the emptiest that holidays are believed to be, over a week of class


@dataclass(frozen=True)
class Surge:
    """What the last `days` days hold of one pain point: `observed` fiches where `expected` were.

    `p`: how likely as many are, had nothing happened; `q`: the same, once all those tested together are counted.
    `is_surge`: alert somebody. `is_high`: not back to usual.
    """

    days: int
    observed: int
    expected: float
    p: float
    q: float
    is_surge: bool
    is_high: bool


def surges(
    counts: np.ndarray,
    *,
    last: date,
    of: Sequence[int] | None = None,
    volumes: np.ndarray | None = None,
    closed: Collection[date] = (),
    holidays_at_school: Collection[date] = (),
    elapsed: float = 1.0,
    level: float = LEVEL,
) -> list[Surge]:
    """One verdict per series, in order.

    `counts` (n, d): fiches of each pain point a day, consecutive days, the last one being `last`; days are those the
    fiches were received, not keyed in. `of` (n,): the service of each, a row of `volumes` (services, d): all the
    fiches of that service a day; without them, all series are one service. `closed`: public holidays, besides
    Saturdays and Sundays. `holidays_at_school`: days without school, weekends in them included. `elapsed`: how much
    of the last day is over, from 0 to 1.

    Raises ``ValueError`` when shapes disagree or a count is negative.
    """
    counts = np.asarray(counts, dtype=float)
    if counts.ndim != 2 or (counts < 0).any():
        raise ValueError("counts is (series, days), and no count is negative")
    if len(counts) == 0:
        return []
    home = np.zeros(len(counts), dtype=int) if of is None else np.asarray(of, dtype=int)
    totals = counts.sum(axis=0)[None] if volumes is None else np.asarray(volumes, dtype=float)
    if home.shape != (len(counts),) or totals.shape[1] != counts.shape[1] or home.max(initial=0) >= len(totals):
        raise ValueError("of has one service per series, and volumes one row per service and one column per day")
    usual = _openness(totals, last=last, closed=closed, elapsed=elapsed)
    past = _Past.of(counts, home, totals, usual, _days_in(holidays_at_school, counts.shape[1], last=last))
    expected, p = past.tails(past.excess())
    return _verdicts(past.seen, expected, p, level=level)


def closed_days(first: date, last: date, *, country: str = "FR", region: str | None = None) -> frozenset[date]:
    """The public holidays from `first` to `last`; `region` as the library *holidays* names it ("57": Moselle)."""
    years = range(first.year, last.year + 1)
    return frozenset(day for day in holidays.country_holidays(country, region, years=years) if first <= day <= last)


def school_holidays(first: date, last: date, *, zone: str, country: str = "FR") -> frozenset[date]:
    """The days without school from `first` to `last`; `zone` as the library *holidays* names it ("Zone A", "971").

    Raises ``NotImplementedError`` for a country or a zone whose school holidays the library does not know.
    """
    years = range(first.year, last.year + 1)
    known = holidays.country_holidays(country, zone, years=years, categories=("school",))
    return frozenset(day for day in known if first <= day <= last)


def q_values(p: np.ndarray) -> np.ndarray:
    """Benjamini-Hochberg: for each p-value, the share of false discoveries among those at least as small."""
    order = np.argsort(p)
    ranked = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty_like(ranked)
    q[order] = np.minimum.accumulate(ranked[::-1])[::-1]
    return np.minimum(q, 1.0)


def _openness(totals: np.ndarray, *, last: date, closed: Collection[date], elapsed: float) -> np.ndarray:
    """Share of a usual week (services, d) that each day is worth: what closed days bring is read from the past."""
    days = [last - timedelta(days=ago) for ago in range(totals.shape[1] - 1, -1, -1)]
    shut = np.array([day.weekday() >= 5 or day in closed for day in days])
    on_open = totals[:, ~shut].sum(axis=1) / max(1, (~shut).sum()) * shut.sum()
    ratio = (totals[:, shut].sum(axis=1) + _STEADY * _CLOSED) / (on_open + _STEADY)
    worth = np.where(shut, np.minimum(ratio, 1.0)[:, None], 1.0)
    worth[:, -1] *= elapsed
    return worth / (5 + 2 * np.minimum(ratio, 1.0))[:, None]


def _days_in(some: Collection[date], days: int, *, last: date) -> np.ndarray:
    """1 for each day (d,) that is one of these, 0 for the others."""
    return np.array([float(last - timedelta(days=ago) in some) for ago in range(days - 1, -1, -1)])


@dataclass(frozen=True)
class _Past:
    """The weeks before, latest first: `weeks` (n, w) fiches, `total` and `usual` (n, w) of their service (fiches of
    all, share of a usual week), `weight` (n, w), `away` (w,) share of school holidays. The windows, as columns (n, 2):
    `seen`, `total_now`, `usual_now`; `away_now` (2,)."""

    home: np.ndarray
    weeks: np.ndarray
    total: np.ndarray
    usual: np.ndarray
    weight: np.ndarray
    seen: np.ndarray
    total_now: np.ndarray
    usual_now: np.ndarray
    away: np.ndarray
    away_now: np.ndarray

    @classmethod
    def of(
        cls, counts: np.ndarray, home: np.ndarray, totals: np.ndarray, openness: np.ndarray, away: np.ndarray
    ) -> "_Past":
        weeks, total, usual = (_by_week(one) for one in (counts, totals, openness))
        living = np.cumsum(total[:, ::-1], axis=1)[:, ::-1] > 0  # from the first fiche of the service on
        weight = living * 0.5 ** (np.arange(total.shape[1]) / HALF_LIFE)
        now = (np.stack([one[:, -days:].sum(axis=1) for days in (WEEK, SHORT)], axis=1) for one in (totals, openness))
        total_now, usual_now = (one[home] for one in now)
        seen = np.stack([counts[:, -days:].sum(axis=1) for days in (WEEK, SHORT)], axis=1)
        away_now = np.array([away[-days:].mean() for days in (WEEK, SHORT)])
        by_week = _by_week(away[None])[0] / WEEK
        return cls(home, weeks, total[home], usual[home], weight[home], seen, total_now, usual_now, by_week, away_now)

    def tails(self, excess: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Expected counts and p-values (n, 2); `excess` (n, 2): fiches of the others that are a surge of their own."""
        rest = np.maximum(self.total - self.weeks, 0.0)  # a pain point may hold fiches of other services
        usual_rest = _mean(rest, self.usual, self.weight) + _STEADY
        exposure = (rest + _STEADY * self.usual) / usual_rest
        now = np.maximum(self.total_now - self.seen - excess, 0.0)
        exposure_now = (now + _STEADY * self.usual_now) / usual_rest
        factor = self._factor(exposure)
        exposure = exposure * (1 + self.away * (factor - 1))
        exposure_now = exposure_now * (1 + self.away_now * (factor - 1))
        shape = 1.0 + (self.weight * self.weeks).sum(axis=1, keepdims=True)
        rate = shape / (1.0 / self._typical(exposure) + (self.weight * exposure).sum(axis=1, keepdims=True))
        expected = rate * exposure_now
        variance = 1.0 / shape + self._wobble(rate * exposure)  # of the rate, relative
        tail = nbinom.sf(self.seen - 1, 1.0 / variance, 1.0 / (1.0 + expected * variance))
        short_of_life = (self.weight > 0).sum(axis=1, keepdims=True) < _LIFE
        return expected, np.where(short_of_life | (self.seen == 0), 1.0, tail)

    def excess(self) -> np.ndarray:
        """For each series, the fiches by which the other series of its service plainly exceed what was expected."""
        expected, p = self.tails(np.zeros_like(self.seen))
        over = np.where(p < LEVEL / 10, np.maximum(self.seen - expected, 0.0), 0.0)
        by_service = np.zeros((self.home.max() + 1, over.shape[1]))
        np.add.at(by_service, self.home, over)
        return by_service[self.home] - over

    def _typical(self, exposure: np.ndarray) -> np.ndarray:
        """Fiches a week (n, 1) of a usual pain point of the same service."""
        size = self.home.max() + 1
        said = np.bincount(self.home, (self.weight * self.weeks).sum(axis=1), size)
        lived = np.bincount(self.home, (self.weight * exposure).sum(axis=1), size)
        return np.maximum(said / np.maximum(lived, 1e-9), _SOMETIMES)[self.home][:, None]

    def _factor(self, exposure: np.ndarray) -> np.ndarray:
        """Fiches of a week of school holidays over those of a week of class (n, 1), the volume of the service apart."""
        away, present = self.weight * self.away, self.weight * (1 - self.away)
        lived = (present * exposure).sum(axis=1, keepdims=True)
        usual = (present * self.weeks).sum(axis=1, keepdims=True) / np.maximum(lived, 1e-9)
        told = (away * self.weeks).sum(axis=1, keepdims=True) + _TERM
        expected = usual * (away * exposure).sum(axis=1, keepdims=True) + _TERM
        return np.where(lived > 0, np.maximum(told / expected, _LEAST_FACTOR), 1.0)

    def _wobble(self, fitted: np.ndarray) -> np.ndarray:
        """Squared coefficient of variation (n, 1) of weeks beyond Poisson: one's own, drawn towards everybody's."""
        alive = self.weight > 0
        fitted = np.where(alive, np.maximum(fitted, 1e-9), 1e-9)
        # Former surges are cut at three deviations, so that one of them does not excuse the next.
        square = np.minimum((self.weeks - fitted) ** 2, 9 * (fitted + fitted**2 / 2))
        told = np.where(alive, (fitted / (1 + fitted)) ** 2, 0.0).sum(axis=1)
        own = np.where(alive, square - fitted, 0.0).sum(axis=1) / np.maximum((alive * fitted**2).sum(axis=1), 1e-9)
        own = np.clip(own, 0.0, 4.0)
        everybody = (told @ own) / max(told.sum(), 1e-9)
        shrunk = (told * own + _SHRINK * everybody) / (told + _SHRINK)
        return np.maximum(shrunk, _WOBBLE)[:, None]


def _by_week(days: np.ndarray) -> np.ndarray:
    """Sums (rows, w) of the whole weeks before the window and its guard, latest first."""
    before = days[:, : max(0, days.shape[1] - WEEK * (1 + GUARD))][:, ::-1]
    whole = min(before.shape[1] // WEEK, HISTORY)
    return before[:, : whole * WEEK].reshape(len(days), whole, WEEK).sum(axis=2)


def _mean(what: np.ndarray, exposure: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return (weight * what).sum(axis=1, keepdims=True) / np.maximum((weight * exposure).sum(axis=1, keepdims=True), 1e-9)


def _verdicts(seen: np.ndarray, expected: np.ndarray, p: np.ndarray, *, level: float) -> list[Surge]:
    """The week tells, unless only the short window is unlikely; testing both costs a factor of two."""
    both = np.minimum(1.0, 2 * p)
    chosen = np.where((both[:, 0] > level) & (both[:, 1] <= level) & (seen[:, 1] >= LEAST), 1, 0)
    rows = np.arange(len(seen))
    least = both[rows, chosen]
    q = q_values(least)
    enough = seen[rows, chosen] >= LEAST
    return [
        Surge(
            days=(WEEK, SHORT)[window],
            observed=int(seen[row, window]),
            expected=float(expected[row, window]),
            p=float(least[row]),
            q=float(q[row]),
            is_surge=bool(enough[row] and q[row] <= level),
            is_high=bool(enough[row] and least[row] <= STILL),
        )
        for row, window in enumerate(chosen)
    ]
