"""Clearance of hops against closed forms, a plain second way, and the rule of P.530."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.kernels.geodesy import EARTH_RADIUS_M, haversine_m
from qamtu.kernels.propagation.clearance import (
    ClearanceRule,
    cell_m,
    hop_clear,
    least_mast_heights,
    profile_clear,
    worst_clearance,
    worst_points,
)
from qamtu.kernels.propagation.p525 import wavelength_m
from qamtu.kernels.propagation.p526 import earth_bulge_m, fresnel_radius_m
from qamtu.kernels.terrain import make_surface, sample_profiles

STEP = 1.0 / 240.0


def _flat(height=100.0, clutter=0.0, size=200):
    return make_surface(50.0, 70.0, STEP, STEP, np.full((size, size), height), clutter_m=clutter)


def _rough(seed=0, size=200):
    rng = np.random.default_rng(seed)
    height = 300.0 + rng.normal(0, 4, (size, size)).cumsum(0).cumsum(1) / 8
    clutter = rng.choice([0.0, 4.0, 15.0], (size, size))
    return make_surface(50.0, 70.0, STEP, STEP, height, clutter_m=clutter)


def _hops(k, seed, surface=None):
    rng = np.random.default_rng(seed)
    lat = rng.uniform(49.2, 49.99, (2, k))
    lon = rng.uniform(70.01, 70.8, (2, k))
    return lat[0], lon[0], lat[1], lon[1]


def _plainly(surface, lat_a, lon_a, h_a, lat_b, lon_b, h_b, ghz, k, n):
    """The same ratio from a sampled profile, in numpy."""
    ground, clutter, _ = sample_profiles(surface, lat_a, lon_a, lat_b, lon_b, n)
    length = haversine_m(lat_a, lon_a, lat_b, lon_b)
    share = np.linspace(0, 1, n)[1:-1]
    line = (ground[0, 0] + h_a) * (1 - share) + (ground[0, -1] + h_b) * share
    a, b = share * length, (1 - share) * length
    free = line - ground[0, 1:-1] - clutter[0, 1:-1] - earth_bulge_m(a, b, k)
    return (free / fresnel_radius_m(a, b, ghz)).min()


def test_over_a_plain_the_ratio_is_that_of_the_middle_of_the_effective_earth():
    surface = _flat()
    length = float(haversine_m(49.5, 70.1, 49.5, 70.7))
    k, high, ghz = 4 / 3, 60.0, 7.5
    ratio, share = worst_points(surface, 49.5, 70.1, high, 49.5, 70.7, high, ghz, k, step_m=20.0)
    bulge = length**2 / (8 * k * 6_371_000.0)
    radius = np.sqrt(wavelength_m(ghz) * length / 4)
    assert ratio == pytest.approx((high - bulge) / radius, rel=1e-5)
    assert share == pytest.approx(0.5, abs=0.01)


def test_many_hops_equal_the_plain_way():
    surface = _rough()
    lat_a, lon_a, lat_b, lon_b = _hops(40, 1)
    length = haversine_m(lat_a, lon_a, lat_b, lon_b)
    found = worst_clearance(surface, lat_a, lon_a, 45.0, lat_b, lon_b, 30.0, 13.0, 1.1)
    for i in range(40):
        n = max(16, int(np.ceil(length[i] / cell_m(surface)))) + 1
        plain = _plainly(
            surface, lat_a[i], lon_a[i], 45.0, lat_b[i], lon_b[i], 30.0, 13.0, 1.1, n
        )  # fmt: skip
        assert found[i] == pytest.approx(plain, rel=1e-9, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), high=st.floats(0.0, 120.0), more=st.floats(0.1, 80.0))
def test_both_ways_are_one_and_higher_masts_see_more(seed, high, more):
    surface = _rough()
    lat_a, lon_a, lat_b, lon_b = _hops(3, seed)
    one = worst_clearance(surface, lat_a, lon_a, high, lat_b, lon_b, high + more, 7.5)
    back = worst_clearance(surface, lat_b, lon_b, high + more, lat_a, lon_a, high, 7.5)
    np.testing.assert_allclose(one, back, rtol=1e-4, atol=1e-3)  # knots of the walk differ
    higher = worst_clearance(surface, lat_a, lon_a, high + 1.0, lat_b, lon_b, high + more, 7.5)
    assert (higher > one).all()


def test_clutter_stands_in_the_way_as_ground_does():
    bare, wooded = _flat(100.0), _flat(80.0, clutter=20.0)
    hop = (49.5, 70.1, 49.5, 70.4)
    lat_a, lon_a, lat_b, lon_b = hop
    one = worst_clearance(bare, lat_a, lon_a, 30.0, lat_b, lon_b, 30.0, 7.5)
    two = worst_clearance(wooded, lat_a, lon_a, 50.0, lat_b, lon_b, 50.0, 7.5)
    np.testing.assert_allclose(one, two, rtol=1e-5)


def test_the_worst_point_is_the_hill():
    height = np.full((200, 200), 100.0)
    height[:, 120] = 180.0
    surface = make_surface(50.0, 70.0, STEP, STEP, height)
    ratio, share = worst_points(surface, 49.5, 70.1, 40.0, 49.5, 70.8, 40.0, 7.5)
    assert ratio[0] < 0
    assert share[0] == pytest.approx((70.0 + 120 * STEP - 70.1) / 0.7, abs=0.01)


def test_a_void_or_the_outside_is_unknown_and_never_clear():
    height = np.full((200, 200), 100.0, np.float32)
    height[100, 100] = np.nan
    surface = make_surface(50.0, 70.0, STEP, STEP, height)
    lat = 50.0 - 100 * STEP
    ends = np.array(
        [
            [lat, 70.2, lat, 70.7],  # through the void
            [lat, 70.2, lat, 70.25],  # short of it
            [49.9, 70.5, 50.5, 70.5],  # out to the north
            [55.0, 70.5, 56.0, 70.5],  # wholly outside
            [np.nan, 70.2, lat, 70.3],
        ]
    ).T
    hops = hop_clear(surface, ends[0], ends[1], 150.0, ends[2], ends[3], 150.0, 7.5)
    assert hops.known.tolist() == [False, True, False, False, False]
    assert hops.clear.tolist() == [False, True, False, False, False]
    assert np.isnan(hops.ratio_median[[0, 2, 3, 4]]).all()
    masts = least_mast_heights(surface, *ends, 7.5, [30.0, 70.0, 300.0])
    assert np.isnan(masts).tolist() == [True, False, True, True, True]


def test_a_hop_of_no_length_is_free():
    assert worst_clearance(_flat(), 49.5, 70.5, 10.0, 49.5, 70.5, 30.0, 7.5)[0] == np.inf


def test_the_rule_asks_more_of_the_median_zone_or_of_the_worst_month():
    surface = _flat()
    rule = ClearanceRule()
    lat, lon_a, lon_b = 49.5, 70.1, 70.7
    length = float(haversine_m(lat, lon_a, lat, lon_b))
    radius = np.sqrt(wavelength_m(7.5) * length / 4)
    low = float(rule.k_worst_month(length / 1000))
    need = max(
        radius + length**2 / (8 * rule.k_median * 6_371_000.0),
        rule.share_low * radius + length**2 / (8 * low * 6_371_000.0),
    )
    tall = hop_clear(surface, lat, lon_a, need + 0.1, lat, lon_b, need + 0.1, 7.5, step_m=20.0)
    short = hop_clear(surface, lat, lon_a, need - 0.1, lat, lon_b, need - 0.1, 7.5, step_m=20.0)
    assert tall.clear[0]
    assert not short.clear[0]
    assert tall.k_low[0] == pytest.approx(low)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_least_masts_clear_and_the_next_lower_do_not(seed):
    surface = _rough(3)
    lat_a, lon_a, lat_b, lon_b = _hops(5, seed)
    ladder = np.array([70.0, 30.0, 40.0, 50.0, 60.0])
    masts = least_mast_heights(surface, lat_a, lon_a, lat_b, lon_b, 7.5, ladder)
    for high in np.sort(ladder):
        clear = hop_clear(surface, lat_a, lon_a, high, lat_b, lon_b, high, 7.5).clear
        np.testing.assert_array_equal(clear, masts <= high)


def test_k_of_the_worst_month_rises_with_the_path_towards_the_median():
    k = ClearanceRule().k_worst_month([1.0, 20.0, 35.0, 50.0, 90.0, 300.0])
    assert (np.diff(k) >= 0).all()
    assert 0.4 < k[0] == k[1]
    assert k[-1] < 4 / 3


def test_the_sphere_is_that_of_the_terrain():
    surface = _flat()
    assert cell_m(surface) == pytest.approx(
        np.radians(STEP) * EARTH_RADIUS_M * np.cos(np.radians(surface.lat_deg.mean()))
    )


def test_a_profile_at_hand_is_judged_as_the_hop_is():
    surface = _rough(5)
    lat_a, lon_a, lat_b, lon_b = (float(v[0]) for v in _hops(1, 8))
    length = float(haversine_m(lat_a, lon_a, lat_b, lon_b))
    n = max(16, int(np.ceil(length / cell_m(surface)))) + 1
    ground, clutter, _ = sample_profiles(surface, lat_a, lon_a, lat_b, lon_b, n)
    hop = hop_clear(surface, lat_a, lon_a, 40.0, lat_b, lon_b, 55.0, 7.5)
    same, need = profile_clear(ground[0], clutter[0], length, 40.0, 55.0, 7.5)
    assert same.ratio_median[0] == pytest.approx(hop.ratio_median[0], rel=1e-9)
    assert same.ratio_low[0] == pytest.approx(hop.ratio_low[0], rel=1e-9)
    up, none = profile_clear(ground[0], clutter[0], length, 40.0 + need, 55.0 + need, 7.5)
    assert none == pytest.approx(0.0, abs=1e-6)
    assert min(up.ratio_median[0] - 1.0, up.ratio_low[0] - 0.6) == pytest.approx(0.0, abs=1e-6)
