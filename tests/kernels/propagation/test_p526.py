"""Free space and diffraction against published values and against each other."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.kernels.propagation.p525 import free_space_loss_core, free_space_loss_db, wavelength_m
from qamtu.kernels.propagation.p526 import (
    bullington_loss_db,
    earth_bulge_m,
    fresnel_radius_m,
    knife_edge_exact_db,
    knife_edge_loss_db,
    knife_edge_nu,
)

ROOT = Path(__file__).resolve().parents[3]


def _folder() -> Path | None:
    given_ = os.environ.get("QAMTU_REFERENCE")
    places = [ROOT / "tests" / "reference", ROOT.parent / "shared" / "reference"]
    for place in ([Path(given_)] if given_ else []) + places:
        if list((place / "p1812").glob("*_log.csv")):
            return place / "p1812"
    return None


def test_free_space_is_the_rounded_form_of_the_recommendation():
    rounded = 32.4 + 20 * np.log10(np.array([150.0, 7500.0])) + 20 * np.log10([3.0, 40.0])
    exact = free_space_loss_db(np.array([3e3, 40e3]), np.array([0.15, 7.5]))
    np.testing.assert_allclose(exact, rounded, atol=0.05)
    assert free_space_loss_core(40e3, 7.5) == pytest.approx(exact[1], abs=1e-12)


def test_free_space_of_the_published_profiles():
    """P.1812-8 logs have Lbfs, equation (8): 92.4 and the slant distance."""
    assert free_space_loss_db(96.2e3, 0.0982) == pytest.approx(111.9057, abs=0.06)


def test_wavelength_and_zone_radius_at_a_known_point():
    assert wavelength_m(0.299792458) == pytest.approx(1.0)
    assert fresnel_radius_m(20e3, 20e3, 7.5) == pytest.approx(17.3 * np.sqrt(10 / 7.5), rel=2e-3)
    assert fresnel_radius_m(1e3, 3e3, 10.0, 4) == pytest.approx(
        2 * float(fresnel_radius_m(1e3, 3e3, 10.0))
    )
    assert earth_bulge_m(25e3, 25e3, 1.0) == pytest.approx(49.05, abs=0.01)


def test_the_knife_edge_takes_six_decibels_at_grazing():
    assert knife_edge_loss_db(0.0) == pytest.approx(6.03, abs=0.01)
    assert knife_edge_exact_db(0.0) == pytest.approx(20 * np.log10(2.0), abs=1e-12)
    assert knife_edge_loss_db([-0.78, -2.0]).tolist() == [0.0, 0.0]


def test_the_approximation_of_the_knife_edge_is_near_the_exact_form():
    nu = np.linspace(-0.7, 20.0, 400)
    assert np.abs(knife_edge_loss_db(nu) - knife_edge_exact_db(nu)).max() < 0.35
    deep = np.linspace(3.0, 30.0, 50)
    np.testing.assert_allclose(knife_edge_exact_db(deep), 20 * np.log10(deep) + 13.0, atol=0.15)


def test_sixty_percent_of_the_zone_is_as_good_as_free_space():
    to_a, to_b, ghz = 10e3, 30e3, 7.5
    height = -0.6 * fresnel_radius_m(to_a, to_b, ghz)
    assert knife_edge_nu(height, to_a, to_b, ghz) == pytest.approx(-0.6 * np.sqrt(2.0))
    assert abs(knife_edge_exact_db(knife_edge_nu(height, to_a, to_b, ghz))) < 0.5


def _profiles():
    folder = _folder()
    if folder is None:
        return []
    return sorted(path.name for path in folder.glob("*_log.csv"))


@pytest.mark.parametrize("name", _profiles() or [None])
def test_bullington_of_the_published_profiles(name):
    """Lbulla of the P.1812-8 validation logs, equation (21), on the profile with clutter."""
    folder = _folder()
    if folder is None or name is None:
        pytest.skip("the published P.1812 profiles are not here (set QAMTU_REFERENCE)")
    with (folder / name).open(encoding="utf-8") as stream:
        log = {row[0].split(" (")[0].strip(): row[3] for row in csv.reader(stream) if len(row) > 3}
    stem = name.rsplit("_", 2)[0]
    lines = (folder / f"profile_{stem}.csv").read_text(encoding="utf-8").splitlines()
    start = lines.index(next(line for line in lines if line.startswith("{Begin of Profile")))
    end = lines.index(next(line for line in lines if line.startswith("{End of Profile")))
    rows = [line.split(",") for line in lines[start + 2 : end]]
    distance, ground, clutter = (np.array([float(row[i]) for row in rows]) for i in (0, 1, 3))
    with_clutter = ground + clutter
    a, b = ground[0] + float(log["htg"]), ground[-1] + float(log["hrg"])
    k = 3.0  # P.1812-8 section 4.3.5: the logs keep the last value, that of the raised Earth
    loss = bullington_loss_db(distance * 1000, with_clutter, a, b, float(log["f"]), k)
    assert loss == pytest.approx(float(log["Lbulla"]), abs=2e-3)  # their light is 2.998e8 m/s


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), lift=st.floats(0.1, 50.0))
def test_bullington_is_reciprocal_and_falls_as_antennas_rise(seed, lift):
    rng = np.random.default_rng(seed)
    n = 60
    distance = np.linspace(0, 30e3, n)
    height = 200 + rng.normal(0, 20, n).cumsum()
    a, b = height[0] + 20, height[-1] + 35
    one = bullington_loss_db(distance, height, a, b, 1.8)
    back = bullington_loss_db(distance, height[::-1], b, a, 1.8)
    assert one == pytest.approx(back, abs=1e-9)
    assert one >= 0.0
    assert bullington_loss_db(distance, height, a + lift, b + lift, 1.8) <= one + 1e-9


def test_one_edge_alone_is_a_knife_edge_and_a_void_is_unknown():
    distance, height = np.array([0.0, 10e3, 30e3]), np.array([0.0, 100.0, 0.0])
    loss = bullington_loss_db(distance, height, 30.0, 30.0, 1.0, 1e9)
    nu = knife_edge_nu(70.0, 10e3, 20e3, 1.0)
    single = float(knife_edge_loss_db(nu))
    assert loss == pytest.approx(single + (1 - np.exp(-single / 6)) * (10 + 0.02 * 30))
    height[1] = np.nan
    assert np.isnan(bullington_loss_db(distance, height, 30.0, 30.0, 1.0))
    assert bullington_loss_db(distance[[0, 2]], height[[0, 2]], 30.0, 30.0, 1.0) == 0.0
