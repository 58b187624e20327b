"""Profiles against a plain numpy reference on the great circle."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.kernels.geodesy import EARTH_RADIUS_M, haversine_m, unit_vectors
from qamtu.kernels.terrain import (
    ZONE_COASTAL,
    ZONE_INLAND,
    great_circle_m,
    ground_height,
    make_surface,
    nearest,
    sample_line,
    sample_profiles,
    sample_radials,
)

STEP = 1.0 / 240.0


def _smooth(lat_top=45.0, lon_left=75.0, rows=480, cols=480):
    """Heights that run gently, so that centimetres aside of the path do not matter."""
    lat = lat_top - STEP * np.arange(rows)[:, None]
    lon = lon_left + STEP * np.arange(cols)[None, :]
    height = 900.0 + 300.0 * np.sin(3.0 * np.radians(lat) * 20) * np.cos(np.radians(lon) * 25)
    zone = np.where((np.arange(cols) % 3 == 0)[None, :] & (lat < 90), ZONE_COASTAL, ZONE_INLAND)
    clutter = 10.0 + np.arange(rows)[:, None] % 7 + np.zeros((1, cols))
    return make_surface(lat_top, lon_left, STEP, STEP, height, clutter_m=clutter, zone=zone)


SURFACE = _smooth()
ROUGH = make_surface(
    45.0, 75.0, STEP, STEP, np.random.default_rng(7).uniform(0, 4000, (480, 480)), clutter_m=3.0
)


def _great_circle(lat_a, lon_a, lat_b, lon_b, n):
    """Points of the great circle by spherical linear interpolation."""
    a, b = unit_vectors(lat_a, lon_a), unit_vectors(lat_b, lon_b)
    angle = haversine_m(lat_a, lon_a, lat_b, lon_b) / EARTH_RADIUS_M
    t = np.linspace(0, 1, n)[:, None]
    p = (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)
    return np.degrees(np.arcsin(p[:, 2])), np.degrees(np.arctan2(p[:, 1], p[:, 0]))


def _bilinear(surface, lat, lon):
    row = (surface.lat_top_deg - lat) / surface.step_lat_deg
    col = (lon - surface.lon_left_deg) / surface.step_lon_deg
    r, c = np.floor(row).astype(int), np.floor(col).astype(int)
    fr, fc = row - r, col - c
    h = surface.height_m.astype(float)
    top = h[r, c] * (1 - fc) + h[r, c + 1] * fc
    low = h[r + 1, c] * (1 - fc) + h[r + 1, c + 1] * fc
    return top * (1 - fr) + low * fr


INNER_LAT, INNER_LON = st.floats(43.2, 44.8), st.floats(75.2, 76.8)


@given(INNER_LAT, INNER_LON, INNER_LAT, INNER_LON, st.integers(2, 400))
@settings(max_examples=200, deadline=None)
def test_a_profile_is_the_bilinear_height_along_the_great_circle(lat_a, lon_a, lat_b, lon_b, n):
    if haversine_m(lat_a, lon_a, lat_b, lon_b) < 1.0:
        return
    height, clutter, zone = sample_profiles(SURFACE, lat_a, lon_a, lat_b, lon_b, n)
    lat, lon = _great_circle(lat_a, lon_a, lat_b, lon_b, n)
    assert height.shape == (1, n)
    assert height[0] == pytest.approx(_bilinear(SURFACE, lat, lon), abs=0.02)
    assert set(np.unique(clutter)) <= set(np.unique(SURFACE.clutter_m))
    assert set(np.unique(zone)) <= {ZONE_COASTAL, ZONE_INLAND}


@given(INNER_LAT, INNER_LON, st.floats(0, 360), st.floats(5, 400), st.integers(1, 200))
@settings(max_examples=200, deadline=None)
def test_a_radial_is_the_profile_to_its_end(lat, lon, azimuth, step, n):
    n = max(1, min(n, int(12_000 / step)))
    height, _, _ = sample_radials(SURFACE, lat, lon, azimuth, step, n)
    a = unit_vectors(lat, lon)
    phi, lam, az = np.radians([lat, lon, azimuth])
    north = np.array([-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi)])
    east = np.array([-np.sin(lam), np.cos(lam), 0.0])
    angle = (step * np.arange(n + 1) / EARTH_RADIUS_M)[:, None]
    p = np.cos(angle) * a + np.sin(angle) * (np.cos(az) * north + np.sin(az) * east)
    end_lat, end_lon = np.degrees(np.arcsin(p[:, 2])), np.degrees(np.arctan2(p[:, 1], p[:, 0]))
    assert height[0] == pytest.approx(_bilinear(SURFACE, end_lat, end_lon), abs=0.02)


@given(INNER_LAT, INNER_LON, INNER_LAT, INNER_LON)
@settings(max_examples=100, deadline=None)
def test_a_profile_reads_the_same_from_both_ends_even_on_rough_ground(a, b, c, d):
    there, _, _ = sample_profiles(ROUGH, a, b, c, d, 3)
    back, _, _ = sample_profiles(ROUGH, c, d, a, b, 3)
    assert there[0, [0, 2]] == pytest.approx(back[0, [2, 0]], abs=0.01)
    assert there[0, 0] == pytest.approx(ground_height(ROUGH, a, b), abs=0.01)


def test_clutter_and_zone_are_those_of_the_nearest_cell():
    lat, lon = _great_circle(44.9, 75.1, 43.3, 76.7, 57)
    _, clutter, zone = sample_profiles(SURFACE, 44.9, 75.1, 43.3, 76.7, 57)
    want = nearest(SURFACE, SURFACE.clutter_m, lat, lon, outside=0.0)
    assert np.mean(clutter[0] == want) > 0.98  # a border may fall centimetres aside
    assert np.mean(zone[0] == nearest(SURFACE, SURFACE.zone, lat, lon, outside=4)) > 0.98


def test_outside_and_voids_are_nan_counted_and_bare():
    height = np.full((10, 10), 100.0)
    height[5, 5] = np.nan
    surface = make_surface(10.0, 20.0, 0.1, 0.1, height, clutter_m=5.0, zone=1)
    h, c, z = np.empty(50), np.empty(50), np.empty(50, np.uint8)
    voids = sample_line(*surface.grid, 9.5, 18.0, 9.5, 23.0, h, c, z)
    assert voids == np.isnan(h).sum()
    assert np.isnan(h[0])
    assert (c[0], z[0]) == (0.0, ZONE_INLAND)
    assert np.nanmax(h) == np.nanmin(h) == 100.0
    middle = sample_profiles(surface, 9.5, 20.45, 9.5, 20.55, 11)[0][0]
    assert np.isnan(middle[1:-1]).all()
    assert ground_height(surface, 9.4, 20.5) == pytest.approx(100.0)  # the void has no weight


def test_the_outer_half_of_the_outer_cells_belongs_to_the_surface():
    surface = make_surface(10.0, 20.0, 0.1, 0.1, [[1.0, 2.0], [3.0, 4.0]])
    assert ground_height(surface, 10.04, 19.96) == pytest.approx(1.0)
    assert ground_height(surface, 9.86, 20.14) == pytest.approx(4.0)
    assert np.isnan(ground_height(surface, 10.06, 20.0))
    assert np.isnan(ground_height(surface, np.nan, 20.0))


def test_one_cell_and_one_place_do():
    surface = make_surface(10.0, 20.0, 0.1, 0.1, [[7.0]])
    h, _, _ = sample_profiles(surface, 10.0, 20.0, 10.0, 20.0, 5)
    assert (h == 7.0).all()
    h, _, _ = sample_radials(surface, 10.0, 20.0, [0.0, 90.0], 100.0, 2)
    assert h.shape == (2, 3)
    assert (h == 7.0).all()


def test_a_path_across_the_date_line_stays_on_the_surface():
    lon = 179.0 + 0.01 * np.arange(201)
    surface = make_surface(1.0, 179.0, 0.01, 0.01, np.tile(lon, (201, 1)))
    h, _, _ = sample_profiles(surface, 0.0, 179.5, 0.0, -179.5, 11)
    assert h[0] == pytest.approx(np.linspace(179.5, 180.5, 11), abs=1e-3)
    assert ground_height(surface, 0.0, -179.75) == pytest.approx(180.25, abs=1e-4)


def test_cores_fill_single_precision_too():
    h = np.empty(30, np.float32)
    c, z = np.empty(30, np.float32), np.empty(30, np.uint8)
    assert sample_line(*SURFACE.grid, 44.0, 75.5, 44.5, 76.5, h, c, z) == 0
    assert h == pytest.approx(sample_profiles(SURFACE, 44.0, 75.5, 44.5, 76.5, 30)[0][0], abs=1e-3)


def test_the_length_of_a_path_is_the_great_circle():
    assert great_circle_m(43.0, 75.0, 44.0, 77.0) == pytest.approx(haversine_m(43, 75, 44, 77))
    assert great_circle_m(43.0, 75.0, 43.0, 75.0) == 0.0
