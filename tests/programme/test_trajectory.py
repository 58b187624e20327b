"""The course: known lines, a robust slope, a band that holds what it says."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qamtu.programme.records import Basis
from qamtu.programme.trajectory import (
    Method,
    PointKind,
    forecast,
    theil_sen,
    thinned,
    trajectory_of,
)

from .made import DAY, claim, commitment, evidence

DUE = dt.date(2027, 6, 1)


@given(st.floats(-5, 5), st.floats(-100, 100), st.lists(st.integers(0, 2000), min_size=3,
       max_size=30, unique=True))  # fmt: skip
def test_a_straight_line_is_found_exactly(slope, level, days) -> None:
    x = np.array(sorted(days), dtype=np.float64)
    found = theil_sen(x, level + slope * x)
    assert found == pytest.approx((slope, level), abs=1e-6)
    value, low, high = forecast(x, level + slope * x, np.zeros(len(x)), 2500.0) or (0, 0, 0)
    assert value == pytest.approx(level + slope * 2500, abs=1e-5)
    assert low - 1e-9 <= value <= high + 1e-9
    assert high - low == pytest.approx(0, abs=1e-5)


def test_one_wild_point_does_not_turn_the_line() -> None:
    x = np.arange(0.0, 200.0, 10.0)
    y = 3.0 + 0.5 * x
    y[7] += 1000.0
    slope, level = theil_sen(x, y)
    assert slope == pytest.approx(0.5, abs=0.02)
    assert level == pytest.approx(3.0, abs=2.0)


@given(st.integers(0, 2**32 - 1), st.integers(3, 20))
def test_the_band_is_never_narrower_than_that_of_least_squares(seed, n) -> None:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.choice(1000, n, replace=False)).astype(np.float64)
    y = 0.3 * x + rng.normal(0, 5, n)
    made = forecast(x, y, np.zeros(n), 1200.0)
    assert made is not None
    fit = stats.linregress(x, y)
    left = y - fit.intercept - fit.slope * x
    spread = np.sqrt(left @ left / (n - 2))
    reach = np.sqrt(1 + 1 / n + (1200.0 - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum())
    ordinary = stats.t.ppf(0.95, n - 2) * spread * reach
    assert (made[2] - made[1]) / 2 >= ordinary * (1 - 1e-9)


def test_the_band_holds_nine_of_ten_new_values() -> None:
    rng = np.random.default_rng(7)
    x = np.arange(12) * 30.0
    inside = 0
    for _ in range(400):
        y = 10 + 0.2 * x + rng.normal(0, 3, 12)
        _, low, high = forecast(x, y, np.zeros(12), 450.0) or (0, 0, 0)
        inside += low <= 10 + 0.2 * 450 + rng.normal(0, 3) <= high
    assert 0.86 <= inside / 400 <= 0.96


def test_the_points_own_uncertainty_widens_the_band() -> None:
    x = np.array([0.0, 10.0, 20.0, 30.0])
    sure = forecast(x, x, np.zeros(4), 60.0)
    unsure = forecast(x, x, np.full(4, 5.0), 60.0)
    assert sure is not None
    assert unsure is not None
    assert unsure[2] - unsure[1] > 10 > sure[2] - sure[1]


@pytest.mark.parametrize("days", [[], [1.0], [1.0, 5.0], [1.0, 1.0, 5.0, 5.0]])
def test_fewer_than_three_days_give_no_forecast(days) -> None:
    x = np.array(days)
    assert forecast(x, x, np.zeros(len(x)), 10.0) is None


def test_a_course_has_its_points_in_order_and_says_how_it_was_made() -> None:
    promise = commitment(baseline=0.0, baseline_on=dt.date(2025, 1, 1), due=DUE)
    seen = [evidence(value=v, on=dt.date(2026, m, 1)) for m, v in ((1, 20.0), (3, 30.0))]
    plan = evidence(value=90.0, on=dt.date(2027, 1, 1), basis=Basis.PLANNED)
    course = trajectory_of(promise, seen, [plan], claim(value=50.0), DAY)
    assert [p.kind for p in course.points] == [
        PointKind.BASELINE, PointKind.SEEN, PointKind.SEEN, PointKind.REPORTED, PointKind.PLANNED,
        PointKind.TARGET,
    ]  # fmt: skip
    assert course.method is Method.THEIL_SEN
    assert course.band is not None
    assert course.forecast_on_due is not None
    assert course.band.low <= course.forecast_on_due <= course.band.high


def test_plans_and_claims_do_not_bend_the_forecast() -> None:
    promise = commitment(due=DUE)
    seen = [evidence(value=v, on=dt.date(2026, m, 1)) for m, v in ((1, 10), (2, 11), (3, 12.5))]
    alone = trajectory_of(promise, seen, [], None, DAY)
    plan = evidence(value=1e6, on=dt.date(2026, 12, 1), basis=Basis.PLANNED)
    among = trajectory_of(promise, seen, [plan], claim(value=1e6), DAY)
    assert (alone.forecast_on_due, alone.band) == (among.forecast_on_due, among.band)


def test_without_points_or_due_day_the_course_says_so() -> None:
    assert trajectory_of(commitment(due=DUE), [], [], None, DAY).method is Method.FEW_POINTS
    assert trajectory_of(commitment(), [], [], None, DAY).method is Method.NO_DUE
    past = trajectory_of(commitment(due=dt.date(2026, 1, 1)), [], [], None, DAY)
    assert (past.method, past.band) == (Method.NO_DUE, None)


def test_a_share_is_forecast_between_0_and_1() -> None:
    promise = commitment(unit="share", target=0.99, due=DUE)
    seen = [
        evidence(value=v, on=dt.date(2026, m, 1), unit="share")
        for m, v in ((1, 0.5), (2, 0.7), (3, 0.95))
    ]
    course = trajectory_of(promise, seen, [], None, DAY)
    assert course.forecast_on_due == 1.0
    assert course.band is not None
    assert 0.0 <= course.band.low <= course.band.high == 1.0


def test_many_points_are_thinned_and_keep_both_ends() -> None:
    seen = [evidence(on=dt.date(2020, 1, 1) + dt.timedelta(days=i)) for i in range(1000)]
    kept = thinned(seen)
    assert len(kept) == 120
    assert (kept[0], kept[-1]) == (seen[0], seen[-1])
