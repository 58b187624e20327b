"""Geodesy against pyproj's geodesics (Karney 2013) and against itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from qamtu.kernels.geodesy import (
    EARTH_RADIUS_M,
    along_polyline_m,
    destination,
    geodesic_m,
    haversine_m,
    point_to_segment,
    stereographic,
    stereographic_inverse,
    unit_vectors,
)

GEOD = Geod(ellps="WGS84")
LAT = st.floats(-89.9, 89.9)
LON = st.floats(-180.0, 180.0)


def _pairs(n, seed, spread=None):
    rng = np.random.default_rng(seed)
    lat1 = np.degrees(np.arcsin(rng.uniform(-1, 1, n)))
    lon1 = rng.uniform(-180, 180, n)
    if spread is None:
        return lat1, lon1, np.degrees(np.arcsin(rng.uniform(-1, 1, n))), rng.uniform(-180, 180, n)
    lat2 = np.clip(lat1 + rng.normal(0, spread, n), -89, 89)
    return lat1, lon1, lat2, lon1 + rng.normal(0, spread, n)


@pytest.mark.parametrize("spread", [1e-5, 1e-3, 0.1, 5.0])
def test_distances_up_to_a_country_agree_within_a_millimetre(spread):
    lat1, lon1, lat2, lon2 = _pairs(4000, 1, spread)
    true = GEOD.inv(lon1, lat1, lon2, lat2)[2]
    assert np.abs(geodesic_m(lat1, lon1, lat2, lon2) - true).max() < 1e-3


def test_distances_around_the_earth_agree():
    lat1, lon1, lat2, lon2 = _pairs(20_000, 2)
    true = GEOD.inv(lon1, lat1, lon2, lat2)[2]
    assert np.abs(geodesic_m(lat1, lon1, lat2, lon2) / true - 1).max() < 1e-6


def test_nearly_antipodal_points_take_the_fallback_and_agree():
    rng = np.random.default_rng(3)
    lat1, lon1 = rng.uniform(-80, 80, 300), rng.uniform(-180, 180, 300)
    lat2 = -lat1 + rng.normal(0, 0.2, 300)
    lon2 = lon1 + 180 + rng.normal(0, 0.2, 300)
    lat2[0], lon2[0], lat1[0] = 0.0, lon1[0] + 179.9, 0.0
    lat2[1], lon2[1] = -lat1[1], lon1[1] + 180.0
    true = GEOD.inv(lon1, lat1, lon2, lat2)[2]
    assert np.abs(geodesic_m(lat1, lon1, lat2, lon2) / true - 1).max() < 1e-6


def test_shapes_broadcast_and_nan_stays_nan():
    made = geodesic_m([[50.0], [51.0]], 70.0, [50.0, 51.0, np.nan], 70.0)
    assert made.shape == (2, 3)
    assert made[0, 0] == made[1, 1] == 0.0
    assert np.isnan(made[:, 2]).all()
    assert float(geodesic_m(50, 70, 50, 71)) == pytest.approx(GEOD.inv(70, 50, 71, 50)[2], abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(LAT, LON, LAT, LON)
def test_distance_is_symmetric_and_haversine_is_near(lat1, lon1, lat2, lon2):
    there = float(geodesic_m(lat1, lon1, lat2, lon2))
    back = float(geodesic_m(lat2, lon2, lat1, lon1))
    assert there == pytest.approx(back, rel=1e-6, abs=1e-6)
    assert float(haversine_m(lat1, lon1, lat2, lon2)) == pytest.approx(there, rel=0.006, abs=1e-3)


def test_destination_agrees_with_pyproj():
    rng = np.random.default_rng(4)
    lat, lon = rng.uniform(-85, 85, 3000), rng.uniform(-180, 180, 3000)
    azimuth, distance = rng.uniform(0, 360, 3000), rng.uniform(0, 5e6, 3000)
    end_lat, end_lon = destination(lat, lon, azimuth, distance)
    true_lon, true_lat, _ = GEOD.fwd(lon, lat, azimuth, distance)
    assert geodesic_m(end_lat, end_lon, true_lat, true_lon).max() < 1e-3


@settings(max_examples=60, deadline=None)
@given(LAT, LON, st.floats(0, 360), st.floats(1, 1e6))
def test_destination_lies_at_its_distance(lat, lon, azimuth, distance):
    assert float(geodesic_m(lat, lon, *destination(lat, lon, azimuth, distance))) == pytest.approx(
        distance, rel=1e-9, abs=1e-4
    )


def test_stereographic_goes_there_and_back_and_keeps_scale_near_its_centre():
    rng = np.random.default_rng(5)
    lat, lon = rng.uniform(40, 56, 2000), rng.uniform(46, 88, 2000)
    x, y = stereographic(lat, lon, 48.0, 67.0)
    back_lat, back_lon = stereographic_inverse(x, y, 48.0, 67.0)
    np.testing.assert_allclose(back_lat, lat, atol=1e-10)
    np.testing.assert_allclose(back_lon, lon, atol=1e-10)
    x, y = stereographic(48.01, 67.01, 48.0, 67.0)
    assert np.hypot(x, y) == pytest.approx(haversine_m(48.01, 67.01, 48.0, 67.0), rel=1e-6)
    assert np.hypot(*stereographic(48.0, 67.0, 48.0, 67.0)) == 0.0


def test_unit_vectors_have_the_great_circles_chord():
    a, b = unit_vectors([50.0, 43.0], [70.0, 77.0])
    chord = np.linalg.norm(a - b)
    arc = 2 * np.arcsin(chord / 2) * EARTH_RADIUS_M
    assert arc == pytest.approx(float(haversine_m(50, 70, 43, 77)), rel=1e-12)


@settings(max_examples=100, deadline=None)
@given(*[st.floats(-1e5, 1e5)] * 6)
def test_no_place_of_the_segment_is_nearer(px, py, ax, ay, bx, by):
    share, distance = point_to_segment(px, py, ax, ay, bx, by)
    t = np.linspace(0, 1, 101)
    others = np.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay))
    assert 0 <= share <= 1
    assert distance <= others.min() + 1e-6


def test_lengths_along_polylines_start_anew_for_each():
    offset = np.array([0, 3, 5])
    lat = np.array([50.0, 50.1, 50.1, 40.0, 40.0])
    lon = np.array([70.0, 70.0, 70.2, 60.0, 60.5])
    along = along_polyline_m(offset, lat, lon)
    step = geodesic_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    np.testing.assert_allclose(along, [0, step[0], step[0] + step[1], 0, step[3]])
