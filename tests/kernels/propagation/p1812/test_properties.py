"""What P.1812-8 must do on any path."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qamtu.kernels.propagation.p1812 import (
    Profile,
    Settings,
    basic_transmission_loss,
    basic_transmission_losses,
    loss_from_terms,
    make_constants,
)
from qamtu.kernels.propagation.p1812 import terms as of
from qamtu.kernels.propagation.p1812.bullington import bullington_db, bullington_root
from qamtu.kernels.propagation.p1812.order import from_rank, to_rank
from qamtu.kernels.propagation.p1812.reduce import fill_lazy, fill_zones, reduce_profile
from qamtu.kernels.propagation.p1812.smooth import smooth_root
from qamtu.kernels.propagation.p1812.sphere import sphere_db, sphere_horizon_km
from qamtu.kernels.propagation.p1812.zones import coasts_km, stretches

RADIUS = 8930.776786


@st.composite
def paths(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.sampled_from([5, 12, 90]))
    d = np.linspace(0.0, draw(st.sampled_from([0.5, 5.0, 30.0, 150.0])), n)
    h = rng.normal(0.0, draw(st.sampled_from([0.5, 20.0])), n).cumsum() + 1000.0
    clutter = rng.choice([0.0, 10.0], n) if draw(st.booleans()) else None
    zone = None
    if draw(st.booleans()):
        zone = np.repeat(rng.choice([1, 3, 4], n // 4 + 1), 4)[:n].astype(np.uint8)
    heights = st.sampled_from([1.5, 20.0, 150.0])
    return Profile(d, h, draw(heights), draw(heights), clutter, zone, draw(st.floats(-80, 80)))


ASKED = st.builds(
    Settings,
    frequency_ghz=st.sampled_from([0.03, 0.45, 0.7, 3.5, 6.0]),
    time_percent=st.sampled_from([1.0, 10.0, 50.0]),
    polarisation=st.sampled_from(["horizontal", "vertical"]),
)


@settings(max_examples=60, deadline=None)
@given(paths(), ASKED)
def test_both_ways_lose_the_same(path: Profile, asked: Settings) -> None:
    there = basic_transmission_loss(path, asked)
    back = Profile(
        path.distance_km[-1] - path.distance_km[::-1],
        path.height_m[::-1].copy(),
        path.rx_height_m,
        path.tx_height_m,
        None if path.clutter_m is None else path.clutter_m[::-1].copy(),
        None if path.zone is None else path.zone[::-1].copy(),
        path.latitude_deg,
    )
    again = basic_transmission_loss(back, asked)
    assert again.loss_db == pytest.approx(there.loss_db, abs=1e-6, rel=0)
    assert again.horizon_t_km == pytest.approx(there.horizon_r_km, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(paths(), st.sampled_from([0.1, 0.7, 3.5]))
def test_more_time_more_loss(path: Profile, frequency: float) -> None:
    times = [1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 49.0, 50.0]
    results = [basic_transmission_loss(path, Settings(frequency, time_percent=p)) for p in times]
    # where the rounder Earth happens to lose less, more time means less diffraction
    assume(results[0].diffraction_b0_db <= results[0].diffraction_50_db)
    losses = [r.loss_db for r in results]
    assert (np.diff(losses) > -1e-6).all()


@settings(max_examples=60, deadline=None)
@given(paths(), ASKED)
def test_results_hang_together(path: Profile, asked: Settings) -> None:
    r = basic_transmission_loss(path, asked)
    assert r.loss_db >= r.loss_los_p_db
    assert r.loss_median_db <= min(r.loss_modified_db, r.loss_troposcatter_db) + 1e-9
    assert r.loss_los_p_db <= r.loss_free_space_db
    assert r.loss_min_ducting_db >= max(r.loss_ducting_db, r.loss_los_p_db) - 1e-9
    assert r.loss_diffraction_ducting_db <= r.loss_diffraction_p_db + 1e-9
    assert r.bullington_50_db >= 0.0
    assert 0.0 <= r.factor_time <= 1.0
    assert r.horizon_t_km + r.horizon_r_km <= r.distance_km * (1 + 1e-12)
    assert 0.0 <= r.inland_km <= r.land_km <= r.distance_km * (1 + 1e-12)
    assert r.smooth_t_m <= path.height_m[0]
    assert r.smooth_r_m <= path.height_m[-1]


@settings(max_examples=80, deadline=None)
@given(paths(), st.data())
def test_a_higher_obstacle_never_lowers_the_bullington_loss(path: Profile, data) -> None:
    point = data.draw(st.integers(1, path.distance_km.size - 2))
    clutter = np.zeros(path.height_m.size) if path.clutter_m is None else path.clutter_m
    raised = clutter.copy()
    raised[point] += data.draw(st.sampled_from([1e-6, 1.0, 60.0]))
    asked = Settings(0.7)
    low = basic_transmission_loss(replace(path, clutter_m=clutter), asked)
    high = basic_transmission_loss(replace(path, clutter_m=raised), asked)
    assert high.bullington_50_db >= low.bullington_50_db - 1e-9
    assert high.bullington_b0_db >= low.bullington_b0_db - 1e-9


def test_one_screen_is_the_same_before_and_behind_the_grazing_ray() -> None:
    """Equation (15) of a clear path runs into (20) of an obstructed one."""
    d = np.linspace(0.0, 10.0, 21)
    roots = []
    for above in (-1e-7, 1e-7):
        h = np.full(21, -1e3)
        c = 500.0 / RADIUS
        h[8] = 30.0 - c * d[8] * (10.0 - d[8]) + above
        x = d[1:-1]
        y = h[1:-1]
        slope_t, slope_r = (
            ((y - 30.0) / x - c * x).max(),
            ((y - 30.0) / (10 - x) - c * (10 - x)).max(),
        )
        bent = y + c * x * (10 - x) - 30.0
        clear = (bent * np.sqrt(0.02 / (x * (10 - x)))).max()
        roots.append(bullington_root(10.0, 30.0, 30.0, slope_t, slope_r, clear, c))
    assert roots[0] == pytest.approx(-roots[1], rel=1e-3)
    assert abs(roots[1]) < 1e-7


def test_the_knife_edge_starts_near_nothing() -> None:
    assert bullington_db(-0.78, 10.0) == 0.0
    assert 0.0 < bullington_db(-0.78 + 1e-9, 10.0) < 0.02
    assert bullington_db(-np.inf, 10.0) == 0.0


@pytest.mark.parametrize("sea", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("frequency", [0.05, 0.7, 6.0])
def test_the_sphere_has_no_step_at_its_horizon(frequency: float, sea: float) -> None:
    constants = make_constants(Settings(frequency))
    far = sphere_horizon_km(40.0, 8.0, RADIUS)
    per_root = RADIUS ** (-1.0 / 3.0)
    inside, outside = (
        sphere_db(far * (1.0 + e), 40.0, 8.0, RADIUS, per_root, sea, constants)
        for e in (-1e-7, 1e-7)
    )
    assert inside == pytest.approx(outside, abs=1e-4)
    assert outside > 10.0


def test_losses_do_not_step_at_beta0() -> None:
    path = Profile(np.linspace(0.0, 40.0, 81), 20.0 * np.sin(np.arange(81.0)), 20.0, 10.0)
    b0 = basic_transmission_loss(path, Settings(0.7, time_percent=10.0)).beta0_percent
    assert 1.0 < b0 < 50.0
    below, above = (
        basic_transmission_loss(path, Settings(0.7, time_percent=b0 * (1 + e)))
        for e in (-1e-9, 1e-9)
    )
    assert below.loss_db == pytest.approx(above.loss_db, abs=1e-6)
    assert below.loss_min_los_db == pytest.approx(above.loss_min_los_db, abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(3, 200),
    st.floats(0.05, 300.0),
    st.floats(0.5, 1000.0),
    st.floats(0.5, 1000.0),
    st.sampled_from([RADIUS, 19113.0]),
    st.booleans(),
    st.integers(0, 1000),
)
def test_the_smooth_profile_needs_no_walk(n, length, hte, hre, radius, even, seed) -> None:
    d = np.linspace(0.0, length, n)
    if not even:
        inner = np.sort(np.random.default_rng(seed).uniform(0.0, length, n - 2))
        d[1:-1] = inner
        assume(np.diff(d).min() > 1e-9)
    c, x = 500.0 / radius, d[1:-1]
    rest = length - x
    slope_t, slope_r = (-hte / x - c * x).max(), (-hre / rest - c * rest).max()
    clear = c * x * rest - (hte * rest + hre * x) / length
    clear = (clear * np.sqrt(0.002 * length / (x * rest))).max()
    walked = bullington_root(length, hte, hre, slope_t, slope_r, clear, c)
    step = length / (n - 1) if even else 0.0
    assert smooth_root(length, hte, hre, radius, step, d) == pytest.approx(
        walked, rel=1e-9, abs=1e-9
    )


@settings(deadline=None)
@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_ranks_have_the_order_of_numbers(a: float, b: float) -> None:
    assert from_rank(to_rank(a)) == a
    if a != b:
        assert (a < b) == (to_rank(a) < to_rank(b))


@settings(max_examples=60, deadline=None)
@given(paths(), ASKED)
def test_lazy_slots_give_nan_or_the_loss(path: Profile, asked: Settings) -> None:
    constants = make_constants(asked)
    d, h = path.distance_km, path.height_m
    top = h if path.clutter_m is None else h + path.clutter_m
    terms = np.full(of.TERMS_SIZE, np.nan)
    step = d[-1] / (d.size - 1)
    heights = (path.tx_height_m, path.rx_height_m)
    reduce_profile(d, h, top, path.clutter_m is None, *heights, step, constants, terms, False)
    zone = np.empty(0, np.uint8) if path.zone is None else path.zone
    fill_zones(d, zone, path.latitude_deg, np.nan, np.nan, terms)
    assert np.isnan(terms[of.ROUGHNESS_M])
    first = loss_from_terms(terms, constants, False)
    fill_lazy(d, h, constants, terms)
    second = loss_from_terms(terms, constants, False)
    assert np.isnan(first) or first == pytest.approx(second, abs=1e-8, rel=0)
    assert second == pytest.approx(basic_transmission_loss(path, asked).loss_db, abs=1e-6, rel=0)


def test_stretches_end_halfway() -> None:
    d = np.array([0.0, 1.0, 2.0, 4.0, 8.0, 9.0])
    zone = np.array([4, 4, 3, 1, 1, 4], np.uint8)
    assert stretches(d, zone) == pytest.approx((3.0, 1.5, 5.5 / 9.0))
    assert coasts_km(d, zone) == pytest.approx((3.0, 0.5))
    assert coasts_km(d, np.full(6, 4, np.uint8)) == (500.0, 500.0)
    assert coasts_km(d, np.full(6, 1, np.uint8)) == (0.0, 0.0)


def test_threads_and_shapes_do_not_change_the_answer() -> None:
    rng = np.random.default_rng(3)
    n, k = 60, 41
    h = rng.normal(0.0, 10.0, (k, n)).cumsum(axis=1)
    asked, d = Settings(0.8), np.linspace(0.0, 12.0, n)
    one = basic_transmission_losses(asked, d, h, 30.0, 1.5)
    assert (basic_transmission_losses(asked, d, h, 30.0, 1.5, workers=3) == one).all()
    rows = basic_transmission_losses(asked, np.tile(d, (k, 1)), h, np.full(k, 30.0), 1.5)
    assert (rows == one).all()
    lengths = basic_transmission_losses(asked, np.full((k, 1), 12.0), h, 30.0, 1.5)
    assert lengths == pytest.approx(one, abs=1e-9)
    h[7, 20] = np.nan
    void = basic_transmission_losses(asked, d, h, 30.0, 1.5)
    assert np.isnan(void[7])
    assert (np.delete(void, 7) == np.delete(one, 7)).all()


def test_no_location_variability_at_sea() -> None:
    d, h = np.linspace(0.0, 30.0, 61), np.zeros(61)
    zone = np.full(61, 4, np.uint8)
    asked = Settings(0.7, location_percent=95.0, location_sigma_db=5.5)
    land = basic_transmission_loss(Profile(d, h, 40.0, 10.0, zone=zone), asked)
    zone[-5:] = 1
    sea = basic_transmission_loss(Profile(d, h, 40.0, 10.0, zone=zone), asked)
    assert sea.loss_location_db == 0.0
    assert land.loss_location_db == pytest.approx(5.5 * 1.645, abs=0.01)
