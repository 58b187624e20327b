"""Antenna patterns: published closed forms, both ways to join cuts, tilt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qamtu.core.errors import InputError
from qamtu.kernels.antenna import Pattern, gain_db, omni, sector_3gpp

_ANGLES = np.arange(-180.0, 180.0)
SECTOR = sector_3gpp()


def measured() -> Pattern:
    """Give a pattern with a beam tilted by 6°, side lobes and a weak back, as one measures."""
    degree = np.arange(360)
    off = np.minimum(degree, 360 - degree)
    horizontal = 28.0 * np.sin(np.radians(off / 2.0)) ** 2
    below = (degree - 6 + 180) % 360 - 180
    vertical = np.minimum(12.0 * (below / 7.0) ** 2, 18.0 + 0.05 * np.abs(below))
    vertical[180] = horizontal[180]
    return Pattern(horizontal, vertical, 17.5, "made")


def test_the_sector_is_that_of_tr_38901_table_7_3_1() -> None:
    element = sector_3gpp(8.0, 65.0, 65.0, 30.0, 30.0)
    phi = np.array([0.0, 32.5, -32.5, 65.0, 180.0])
    assert gain_db(element, phi, 0.0) == pytest.approx([8.0, 5.0, 5.0, -4.0, -22.0], abs=1e-3)
    assert gain_db(element, 0.0, [32.5, -65.0]) == pytest.approx([5.0, -4.0], abs=1e-3)
    # A = -min(A_H + A_V, A_max)
    assert gain_db(element, 65.0, 65.0) == pytest.approx(8.0 - 24.0)
    assert gain_db(element, 100.0, 90.0) == pytest.approx(8.0 - 30.0)


def test_half_power_is_at_half_the_beamwidth() -> None:
    assert gain_db(SECTOR, 0.0, [5.0, -5.0]) == pytest.approx([14.0, 14.0])
    assert gain_db(SECTOR, [32.5, -32.5], 0.0) == pytest.approx([14.0, 14.0], abs=1e-3)


def test_electrical_tilt_lowers_the_beam_at_every_azimuth() -> None:
    assert gain_db(SECTOR, 0.0, -6.0, electrical_tilt_deg=6.0) == pytest.approx(17.0)
    ring = gain_db(SECTOR, [0.0, 40.0, 60.0], -6.0, electrical_tilt_deg=6.0)
    assert ring == pytest.approx(gain_db(SECTOR, [0.0, 40.0, 60.0], 0.0))


def test_mechanical_tilt_lowers_the_front_and_lifts_the_back() -> None:
    pencil = sector_3gpp(20.0, 360.0, 10.0, 30.0, 30.0)
    tilted = gain_db(pencil, [0.0, 90.0, 180.0], [-8.0, 0.0, 8.0], tilt_deg=8.0)
    level = gain_db(pencil, [0.0, 90.0, 180.0], 0.0)
    assert tilted == pytest.approx(level, abs=1e-9)


def test_a_projected_pattern_gives_back_both_cuts() -> None:
    pattern = measured()
    vertical = gain_db(pattern, 0.0, -np.arange(-90.0, 91.0))
    assert vertical == pytest.approx(17.5 - pattern.vertical_db[np.arange(-90, 91) % 360])
    flat = Pattern(pattern.horizontal_db, sector_3gpp(1.0).vertical_db, 17.5, "flat")
    flat.vertical_db[180] = flat.horizontal_db[180]
    around = gain_db(flat, _ANGLES, 0.0)
    assert around == pytest.approx(17.5 - flat.horizontal_db[_ANGLES.astype(int) % 360])


def test_omni_is_alike_all_around() -> None:
    assert gain_db(omni(), _ANGLES, 30.0) == pytest.approx(2.15)
    collinear = omni(8.0, 12.0)
    assert gain_db(collinear, _ANGLES, -6.0) == pytest.approx(5.0)
    assert gain_db(collinear, 180.0, 6.0) == pytest.approx(5.0)


@given(
    phi=st.floats(-720.0, 720.0),
    elevation=st.floats(-90.0, 90.0),
    tilt=st.floats(-15.0, 15.0),
    electrical=st.floats(0.0, 12.0),
)
def test_no_direction_has_more_than_the_gain(phi, elevation, tilt, electrical) -> None:
    for pattern in (SECTOR, measured()):
        value = float(gain_db(pattern, phi, elevation, tilt, electrical))
        assert np.isfinite(value)
        assert value <= pattern.gain_dbi + 1e-9
        turned = float(gain_db(pattern, phi + 360.0, elevation, tilt, electrical))
        assert turned == pytest.approx(value, abs=1e-6)


@given(phi=st.floats(0.0, 180.0), elevation=st.floats(-90.0, 90.0), tilt=st.floats(-10.0, 10.0))
def test_a_symmetric_antenna_stays_symmetric(phi, elevation, tilt) -> None:
    left, right = gain_db(SECTOR, [-phi, phi], elevation, tilt)
    assert left == pytest.approx(right, abs=1e-9)


@pytest.mark.parametrize("cut", [np.zeros(359), np.full(360, np.nan)])
def test_a_cut_that_is_not_whole_is_refused(cut) -> None:
    with pytest.raises(InputError, match="cannot be used"):
        Pattern(cut, np.zeros(360), 17.0, "broken")


def test_a_beam_without_width_is_refused() -> None:
    with pytest.raises(InputError):
        sector_3gpp(beamwidth_v_deg=0.0)
    with pytest.raises(InputError):
        omni(5.0, -1.0)
