"""Pain points that rise: what alerts, what does not, and how often chance does."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import false_discovery_control

from bench.surges import BEFORE, WORLDS, false_alerts, power
from clustering.surges import LEAST, closed_days, q_values, school_holidays, surges

LAST = date(2026, 11, 20)
WEEKS = 30


def a_year(*weekly: float, last: date = LAST, seed: int = 0) -> np.ndarray:
    """Daily counts of pain points that are told so many times a week, on working days."""
    rng = np.random.default_rng(seed)
    days = [last - timedelta(days=ago) for ago in range(7 * WEEKS - 1, -1, -1)]
    working = np.array([0.2 if day.weekday() < 5 else 0.0 for day in days])
    return rng.poisson(np.array(weekly)[:, None] * working)


def this_week(counts: np.ndarray, row: int, fiches: int) -> np.ndarray:
    counts = counts.copy()
    counts[row, -7:] = 0
    counts[row, -5:] = fiches // 5
    counts[row, -5] += fiches % 5
    return counts


def test_forty_one_fiches_where_nine_were_expected_are_a_surge():
    verdict = surges(this_week(a_year(9, 4, 2, 1), 0, 41), last=LAST)[0]
    assert verdict.is_surge
    assert (verdict.days, verdict.observed) == (7, 41)
    assert 6 < verdict.expected < 12
    assert verdict.q < 0.001


def test_a_usual_week_is_no_surge():
    assert not any(one.is_surge for one in surges(a_year(9, 4, 2, 1, 0.2), last=LAST))


def test_three_fiches_after_none_alert_nobody_and_twenty_three_do():
    silent = np.zeros((1, 7 * WEEKS))
    all_ = np.vstack([silent, a_year(9, 4, 2, 1)])
    assert not surges(this_week(all_, 0, 3), last=LAST)[0].is_surge
    assert surges(this_week(all_, 0, 23), last=LAST)[0].is_surge


def test_fewer_than_five_fiches_alert_nobody_whatever_they_weigh():
    quiet = np.zeros((1, 7 * WEEKS))
    quiet[0, 3] = 1
    assert not surges(this_week(quiet, 0, LEAST - 1), last=LAST)[0].is_surge


def test_a_burst_of_two_days_is_told_before_the_week_is_over():
    counts = a_year(4, 4, 4, 30)
    counts[0, -2:] += 5
    verdict = surges(counts, last=LAST)[0]
    assert verdict.is_surge


def test_a_campaign_that_doubles_everything_is_no_surge_of_each():
    counts = a_year(12, 10, 9, 8, 12, 15)
    counts[:, -7:] *= 2
    assert not any(one.is_surge for one in surges(counts, last=LAST))
    alone = a_year(12, 10, 9, 8, 12, 15)
    alone[0, -7:] *= 3
    assert surges(alone, last=LAST)[0].is_surge


def test_one_that_rises_is_no_excuse_for_its_neighbour():
    counts = this_week(a_year(9, 9, 2), 1, 200)
    with_neighbour = surges(this_week(counts, 0, 36), last=LAST)
    assert with_neighbour[0].is_surge
    assert with_neighbour[0].expected < 15


def test_a_week_with_a_holiday_is_expected_to_bring_less():
    """In 2026 Christmas is a Friday."""
    christmas = date(2026, 12, 27)
    closed = closed_days(christmas - timedelta(days=7 * WEEKS), christmas)
    counts = a_year(20, last=christmas)
    open_ = surges(counts, last=christmas)[0].expected
    assert surges(counts, last=christmas, closed=closed)[0].expected < 0.9 * open_


def term_time(*, usual: float, away: float, last: date) -> tuple[np.ndarray, frozenset[date]]:
    """One pain point told `usual` times a week of class and `away` a week of holidays; two others know no school."""
    school = school_holidays(last - timedelta(days=7 * WEEKS), last, zone="Zone C")
    in_class, out = a_year(usual, 20, 20, last=last), a_year(away, 20, 20, last=last, seed=1)
    days = [last - timedelta(days=ago) for ago in range(7 * WEEKS - 1, -1, -1)]
    in_class[0] = np.where([day in school for day in days], out[0], in_class[0])
    return in_class, school


def test_what_stops_in_the_holidays_is_expected_back_with_the_school():
    """On 26 September 2025 the eight weeks of summer weigh heavily on the past of the canteen."""
    last = date(2025, 9, 26)
    counts, school = term_time(usual=12, away=0, last=last)
    told = surges(counts, last=last, holidays_at_school=school)[0].expected
    assert surges(counts, last=last)[0].expected < 8 < told < 15


def test_what_fills_in_the_holidays_no_longer_hides_a_surge_of_september():
    last = date(2025, 9, 26)
    counts, school = term_time(usual=5, away=25, last=last)
    counts = this_week(counts, 0, 24)
    assert not surges(counts, last=last)[0].is_surge
    assert surges(counts, last=last, holidays_at_school=school)[0].is_surge


def test_what_fills_every_holiday_is_no_surge_of_the_next_one():
    last = date(2025, 10, 24)  # a week of Toussaint, after a summer
    counts, school = term_time(usual=5, away=25, last=last)
    verdict = surges(counts, last=last, holidays_at_school=school)[0]
    assert not verdict.is_surge
    assert 15 < verdict.expected < 35


def test_without_school_holidays_nothing_changes():
    counts = a_year(9, 4, 2, 1)
    assert surges(counts, last=LAST, holidays_at_school=()) == surges(counts, last=LAST)
    future = {LAST + timedelta(days=1)}
    assert surges(counts, last=LAST, holidays_at_school=future) == surges(counts, last=LAST)


def test_school_holidays_are_those_of_the_zone():
    year = (date(2026, 1, 1), date(2026, 12, 31))
    a, c = (school_holidays(*year, zone=zone) for zone in ("Zone A", "Zone C"))
    assert date(2026, 2, 9) in a - c
    assert date(2026, 3, 3) in c - a
    assert {date(2026, 7, 20), date(2026, 12, 24)} <= a & c
    with pytest.raises(NotImplementedError):
        school_holidays(*year, zone="Zone D")


def test_half_a_day_is_expected_to_bring_half_of_it():
    counts = a_year(30, 10)
    whole, half = (surges(counts, last=LAST, elapsed=share)[0].expected for share in (1.0, 0.5))
    assert 0.75 * whole < half < 0.96 * whole


def test_a_service_without_a_past_says_nothing():
    counts = np.zeros((1, 21))
    counts[0, -3:] = 10
    assert not surges(counts, last=LAST)[0].is_surge


def test_services_are_judged_each_by_its_own_volume():
    counts = a_year(9, 9)
    volumes = np.vstack([counts[0] + 20, counts[1] + 20])
    volumes[1, -7:] *= 3
    counts[:, -7:] *= 3
    first, second = surges(counts, last=LAST, of=[0, 1], volumes=volumes)
    assert first.expected < second.expected


def test_the_holidays_are_those_of_the_place():
    french, moselle = (closed_days(date(2026, 1, 1), date(2026, 12, 31), region=region) for region in (None, "57"))
    assert {date(2026, 7, 14), date(2026, 11, 11), date(2026, 5, 14)} <= french
    assert moselle - french == {date(2026, 4, 3), date(2026, 12, 26)}


def test_q_values_are_those_of_benjamini_and_hochberg():
    p = np.random.default_rng(0).uniform(size=50) ** 3
    assert np.allclose(q_values(p), false_discovery_control(p))


@given(arrays(np.int64, st.tuples(st.integers(1, 4), st.integers(1, 90)), elements=st.integers(0, 10**6)))
@settings(max_examples=60, deadline=None)
def test_whatever_is_counted_gives_a_verdict(counts):
    for verdict in surges(counts, last=LAST):
        assert 0 <= verdict.p <= 1
        assert verdict.p * (1 - 1e-9) <= verdict.q <= 1
        assert np.isfinite(verdict.expected)


def test_the_order_of_the_pain_points_does_not_matter():
    counts = this_week(a_year(9, 4, 2, 1), 2, 30)
    forward, backward = surges(counts, last=LAST), surges(counts[::-1], last=LAST)[::-1]
    for one, other in zip(forward, backward, strict=True):
        assert one.observed == other.observed
        assert one.q == pytest.approx(other.q)


def test_what_cannot_be_counted_is_refused():
    for wrong in (np.zeros(9), -np.ones((1, 9))):
        with pytest.raises(ValueError, match="series, days"):
            surges(wrong, last=LAST)
    with pytest.raises(ValueError, match="one service per series"):
        surges(np.zeros((2, 9)), last=LAST, of=[0])
    assert surges(np.zeros((0, 9)), last=LAST) == []


def test_chance_alerts_less_than_once_in_five_years_a_pain_point():
    """A year of forty pain points (``bench/surges.py`` gives all the figures)."""
    for name in ("Poisson", "seasonal, each its own (± 60 %)"):
        assert false_alerts(WORLDS[name], repetitions=1)[0] < 0.2, name


def test_a_tripled_pain_point_is_found_within_a_fortnight():
    told = power(10, 3, trials=8)
    assert told["found"] >= 0.75
    assert told["days"] <= 14
    assert BEFORE > 7 * 12
