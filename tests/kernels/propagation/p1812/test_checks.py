"""What cannot be used is told with its field and a remedy, all of it at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qamtu.core.errors import InputError
from qamtu.kernels.propagation.p1812 import (
    Profile,
    Settings,
    basic_transmission_loss,
    basic_transmission_losses,
    check_profile,
    check_settings,
    location_sigma_db,
    location_variability_db,
    make_constants,
)

GOOD = Profile(np.linspace(0.0, 5.0, 50), np.full(50, 300.0), 30.0, 1.5)


def ids(findings) -> set[str]:
    return {finding.id for finding in findings}


def test_a_good_path_has_no_findings() -> None:
    assert not len(check_profile(GOOD))
    assert not len(check_settings(Settings(0.7)))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"distance_km": np.array([0.0, 5.0]), "height_m": np.zeros(2)}, "p1812-points"),
        ({"distance_km": GOOD.distance_km + 1.0}, "p1812-start"),
        ({"distance_km": GOOD.distance_km[::-1] * 1.0}, "p1812-unsorted"),
        ({"distance_km": GOOD.distance_km * 1000.0}, "p1812-long"),
        ({"distance_km": GOOD.distance_km / 100.0}, "p1812-short"),
        ({"distance_km": GOOD.distance_km * np.nan}, "p1812-distance-void"),
        ({"height_m": GOOD.height_m[1:]}, "p1812-shape"),
        ({"height_m": np.where(np.arange(50) == 9, np.nan, 300.0)}, "p1812-void"),
        ({"height_m": np.where(np.arange(50) == 9, -32768.0, 300.0)}, "p1812-height"),
        ({"clutter_m": np.full(50, -1.0)}, "p1812-clutter"),
        ({"zone": np.full(50, 2, np.uint8)}, "p1812-zone"),
        ({"tx_height_m": -2.0}, "p1812-underground"),
        ({"rx_height_m": float("nan")}, "p1812-underground"),
        ({"tx_height_m": 900.0}, "p1812-antenna-odd"),
        ({"tx_height_m": 5000.0}, "p1812-antenna"),
        ({"latitude_deg": 143.0}, "p1812-latitude"),
        ({"coast_t_km": -1.0}, "p1812-coast"),
    ],
)
def test_odd_paths(change, rule) -> None:
    findings = check_profile(replace(GOOD, **change))
    assert rule in ids(findings)
    assert all(finding.field and finding.mend for finding in findings)


def test_few_points_are_a_warning() -> None:
    few = Profile(np.array([0.0, 1.0, 2.0]), np.zeros(3), 30.0, 1.5)
    assert ids(check_profile(few).warnings) == {"p1812-few"}
    assert np.isfinite(basic_transmission_loss(few, Settings(0.7)).loss_db)


@pytest.mark.parametrize(
    ("asked", "rule", "hint"),
    [
        (Settings(700.0), "p1812-frequency", "0.7 GHz"),
        (Settings(7e8), "p1812-frequency", "0.7 GHz"),
        (Settings(26.0), "p1812-frequency", "another model"),
        (Settings(0.7, time_percent=0.5), "p1812-time", "percentage"),
        (Settings(0.7, location_percent=0.95, location_sigma_db=5.0), "p1812-location", "95"),
        (Settings(0.7, location_percent=95.0), "p1812-sigma", "location_sigma_db"),
        (Settings(0.7, location_sigma_db=-1.0), "p1812-sigma", "0 or more"),
        (Settings(0.7, polarisation="slant"), "p1812-polarisation", "horizontal"),  # type: ignore[arg-type]
        (Settings(0.7, delta_n=-45.0), "p1812-delta-n", "positive"),
        (Settings(0.7, n0=30.0), "p1812-n0", "sea-level"),
    ],
)
def test_odd_settings(asked, rule, hint) -> None:
    findings = check_settings(asked)
    assert ids(findings) == {rule}
    assert hint in findings[0].mend
    with pytest.raises(InputError):
        make_constants(asked)


def test_all_mistakes_come_at_once() -> None:
    bad = replace(GOOD, tx_height_m=-1.0, height_m=np.full(50, np.nan))
    with pytest.raises(InputError) as raised:
        basic_transmission_loss(bad, Settings(0.7))
    assert ids(raised.value.findings) == {"p1812-underground", "p1812-void"}


@pytest.mark.parametrize(
    ("distance", "heights", "more"),
    [
        (np.linspace(0, 5, 9), np.zeros((4, 10)), {}),
        (np.linspace(5, 0, 10), np.zeros((4, 10)), {}),
        (np.full((4, 1), -5.0), np.zeros((4, 10)), {}),
        (np.linspace(0, 5, 2), np.zeros((4, 2)), {}),
        (np.linspace(0, 5, 10), np.zeros((4, 10)), {"clutter_m": np.zeros((3, 10))}),
        (np.linspace(0, 5, 10), np.zeros((4, 10)), {"zone": np.full((4, 9), 4, np.uint8)}),
    ],
)
def test_many_paths_are_checked(distance, heights, more) -> None:
    with pytest.raises(InputError):
        basic_transmission_losses(Settings(0.7), distance, heights, 30.0, 1.5, **more)


def test_many_paths_with_an_antenna_under_ground() -> None:
    with pytest.raises(InputError, match="path 2"):
        heights = np.array([10.0, 10.0, -1.0])
        basic_transmission_losses(
            Settings(0.7), np.linspace(0, 5, 10), np.zeros((3, 10)), heights, 1.5
        )


def test_location_variability() -> None:
    # (0.52 + 0.024 f) w^0.28
    assert location_sigma_db(0.7, 100.0) == pytest.approx(0.5368 * 100.0**0.28)
    assert location_sigma_db(0.7, 100.0, 15.0, 10.0) == pytest.approx(0.2684 * 100.0**0.28)
    assert location_sigma_db(0.7, 100.0, 20.0, 10.0) == 0.0
    assert location_variability_db(95.0, 5.5) == pytest.approx(9.05, abs=0.01)
    assert location_variability_db(5.0, 5.5) == pytest.approx(-9.05, abs=0.01)
    assert abs(location_variability_db(50.0, 5.5)) < 1e-6
