"""Microwave hops: P.530 against itur where itur is right, and against its own limits."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.kernels.propagation.climate import (
    climate_at,
    gas_attenuation_db_per_km,
    has_maps,
    rain_coefficients,
)
from qamtu.kernels.propagation.microwave import Modulation, Radio, antenna_gain_dbi, hop_budget
from qamtu.kernels.propagation.p525 import free_space_loss_db
from qamtu.kernels.propagation.p530 import (
    multipath_percent,
    occurrence_percent,
    rain_attenuation_db,
    rain_percent,
    selective_outage,
    worst_month_to_year,
)

needs_itur = pytest.mark.skipif(not has_maps(), reason="the extra qamtu[radio] is not installed")
LADDER = (
    Modulation("QPSK", 1.6, 7.0, 0.0),
    Modulation("16QAM", 3.2, 13.5, 1.0),
    Modulation("64QAM", 4.8, 19.5, 3.0),
    Modulation("256QAM", 6.4, 25.5, 5.0),
)


def _radio(ghz=7.5, power=29.0, gain=40.0, bandwidth=28.0):
    return Radio(ghz, bandwidth, power, gain, gain, 2.0, 6.0, 90.0, 20.0, 6.3, LADDER)


@needs_itur
@pytest.mark.parametrize("ghz", [7.5, 11.0, 18.0, 38.0, 80.0])
def test_rain_agrees_with_itur(ghz):
    """P.530-17 through itur 0.4; its power law gives A(0.01 %) as 0.9984 .. 1.002 of A0.01."""
    itu530 = pytest.importorskip("itur.models.itu530")
    for km in (0.5, 3.0, 20.0, 50.0):
        mine = rain_attenuation_db(km, ghz, 90.0, 27.0)
        if ghz >= 10:
            theirs = itu530.rain_attenuation(50, 70, km, ghz, 0, 0.01, 90, 27.0).value
            assert mine == pytest.approx(theirs, rel=5e-3)
            for percent in (0.001, 0.01, 0.1, 1.0):
                loss = itu530.rain_attenuation(50, 70, km, ghz, 0, percent, 90, 27.0).value
                assert rain_percent(mine, loss, ghz) == pytest.approx(percent, rel=1e-6)


@needs_itur
def test_the_climate_of_steppe_and_mountains_is_read_from_the_maps():
    climate = climate_at([51.13, 43.24], [71.43, 76.95], [350.0, 800.0])
    assert ((climate.rain_rate_mm_per_h > 10) & (climate.rain_rate_mm_per_h < 40)).all()
    assert ((climate.temperature_k > 270) & (climate.temperature_k < 290)).all()
    assert climate.pressure_hpa[1] < climate.pressure_hpa[0] < 1013.25
    itu530 = pytest.importorskip("itur.models.itu530")
    theirs = itu530.multipath_loss_for_A(51.13, 71.43, 450, 400, 40, 7.5, 30).value
    p0 = occurrence_percent(climate.geoclimatic_factor[0], 40.0, 50 / 40, 7.5, 400.0)
    assert p0 * 10**-3.0 == pytest.approx(float(theirs), rel=1e-3)  # its map at four decimals
    gas = gas_attenuation_db_per_km(climate, 22.235)
    assert ((gas > 0.05) & (gas < 0.4)).all()


@needs_itur
def test_rain_coefficients_of_the_table():
    """P.838-3 Table 5 at 20 GHz: kH 0.09164, alphaH 1.0568, kV 0.09611, alphaV 0.9847."""
    k, alpha = rain_coefficients(20.0, [0.0, 90.0])
    np.testing.assert_allclose(k, [0.09164, 0.09611], rtol=1e-3)
    np.testing.assert_allclose(alpha, [1.0568, 0.9847], rtol=1e-3)


@settings(max_examples=60, deadline=None)
@given(p0=st.floats(1e-4, 200.0), fade=st.floats(0.5, 60.0), more=st.floats(0.01, 20.0))
def test_deeper_fades_are_rarer(p0, fade, more):
    shares = multipath_percent(p0, [fade, fade + more])
    assert shares[1] <= shares[0] * (1 + 1e-9)
    assert 0 <= shares[0] <= 100


@pytest.mark.parametrize("p0", [0.01, 1.0, 30.0, 150.0])
def test_shallow_and_deep_fading_meet_at_the_transition(p0):
    turn = 25 + 1.2 * np.log10(p0)
    beside = multipath_percent(p0, [turn - 1e-6, turn + 1e-6])
    assert beside[0] == pytest.approx(beside[1], rel=1e-3)
    assert multipath_percent(p0, 40.0) == pytest.approx(p0 * 1e-4)
    assert multipath_percent(p0, 0.0) == 100.0


def test_the_worst_month_is_worse_than_the_year():
    year = worst_month_to_year(1.0, [30.0, 45.0, 60.0], 40.0, 1.0)
    assert (year < 1.0).all()
    assert worst_month_to_year(1.0, 45.0, 1.0, 100.0) == pytest.approx(10**-1.08)


def test_wide_channels_suffer_more_from_echoes():
    assert selective_outage(10.0, 50.0, 28.0, 20.0, 6.3) < selective_outage(
        10.0, 50.0, 56.0, 20.0, 6.3
    )
    eta = 1 - np.exp(-0.2 * 0.1**0.75)
    by_hand = 100 * 2.15 * eta * 2 * 0.028 * 0.1 * 0.49 / 6.3
    assert selective_outage(10.0, 50.0, 28.0, 20.0, 6.3) == pytest.approx(by_hand)


@needs_itur
def test_a_budget_adds_up():
    climate = climate_at([50.0, 50.0], [70.0, 70.0], 400.0)
    radio = _radio()
    found = hop_budget(climate, [20e3, 50e3], 430.0, 460.0, radio, availability=0.9999)
    assert found.free_space_db[0] == pytest.approx(float(free_space_loss_db(20e3, 7.5)))
    level = 29.0 + 80.0 - 2.0 - found.free_space_db - found.gas_db
    np.testing.assert_allclose(found.received_dbm[0], level)
    noise = -173.98 + 10 * np.log10(28e6) + 6.0
    np.testing.assert_allclose(found.threshold_dbm[1], noise + 13.5)
    assert (np.diff(found.margin_db, axis=0) < 0).all()
    assert (np.diff(found.availability, axis=0) <= 0).all()
    assert found.capacity_mbps[0] >= found.capacity_mbps[1]
    best = found.best[0]
    assert found.availability[best, 0] >= 0.9999
    assert found.capacity_mbps[0] == pytest.approx(LADDER[best].efficiency_bit_per_s_hz * 28.0)


@needs_itur
def test_a_blocked_hop_carries_nothing():
    climate = climate_at(50.0, 70.0, 400.0)
    found = hop_budget(
        climate, 40e3, 430.0, 430.0, _radio(), availability=0.9999, other_loss_db=80.0
    )
    assert found.capacity_mbps[0] == 0.0
    assert found.best[0] == -1
    assert found.availability.max() == 0.0
    assert np.isfinite(found.margin_db).all()


@needs_itur
def test_short_hops_know_no_multipath_and_high_bands_fear_the_rain():
    climate = climate_at([50.0, 50.0], [70.0, 70.0], 400.0)
    short = hop_budget(climate, [3e3, 12e3], 430.0, 430.0, _radio(23.0), availability=0.9999)
    assert (short.multipath_percent[:, 0] == 0).all()
    assert (short.multipath_percent[:, 1] > 0).all()
    low = hop_budget(climate, [12e3, 12e3], 430.0, 430.0, _radio(7.5), availability=0.9999)
    assert (low.rain_001_db < short.rain_001_db.max()).all()


def test_the_gain_of_a_dish():
    assert antenna_gain_dbi(1.8, 7.5, 0.6) == pytest.approx(40.8, abs=0.1)


def test_without_the_extra_its_name_is_told():
    code = (
        "import sys; sys.modules['itur'] = None\n"
        "from qamtu.kernels.propagation.climate import climate_at, has_maps\n"
        "from qamtu.core.errors import MissingInput\n"
        "assert not has_maps()\n"
        "try:\n    climate_at(50.0, 70.0, 100.0)\n"
        "except MissingInput as error:\n    assert 'qamtu[radio]' in str(error)\n"
        "else:\n    raise SystemExit(1)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
