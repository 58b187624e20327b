"""Received power, servers, SINR, throughput and margins against sums done another way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.core.errors import InputError
from qamtu.kernels.antenna import gain_db, omni, sector_3gpp
from qamtu.kernels.coverage import (
    SectorSpec,
    Shannon,
    add_level,
    add_sector,
    eirp_dbm,
    location_margin_db,
    merge_servers,
    new_servers,
    noise_dbm,
    normal_loss_db,
    received_power,
    resource_blocks,
    rsrp_offset_db,
    share_of_locations,
    sinr_db,
    sinr_for,
    throughput_mbps,
)
from qamtu.kernels.geodesy import destination

_LAT = np.linspace(43.3, 43.1, 21)
_LON = np.linspace(76.8, 77.0, 17)
_GROUND = (800.0 + 50.0 * np.outer(np.arange(21), np.ones(17))).astype(np.float32)
_LOSS = np.full((21, 17), 120.0, np.float32)


def sector(azimuth: float = 90.0, tilt: float = 0.0, pattern=None, eirp: float = 60.0):
    return SectorSpec(
        43.2, 76.9, 30.0, 1300.0, azimuth, tilt, 0.0, eirp, 1800.0, 20.0, 0.5,
        pattern or sector_3gpp(),
    )  # fmt: skip


def test_the_eirp_is_that_of_a_hand_calculation() -> None:
    assert eirp_dbm(40.0, 17.0, 2.0) == pytest.approx(46.0206 + 15.0, abs=1e-4)
    with pytest.raises(InputError):
        eirp_dbm(0.0, 17.0)


def test_rsrp_lies_below_the_carrier_by_its_subcarriers() -> None:
    assert rsrp_offset_db("lte", 1800.0, 20.0) == pytest.approx(30.79, abs=0.01)
    assert resource_blocks("nr", 3500.0, 100.0) == 273
    assert resource_blocks("nr", 700.0, 10.0) == 52
    assert resource_blocks("nr", 3500.0, 37.0) == int(0.9 * 37000 / 360)
    assert rsrp_offset_db("gsm", 900.0, 0.2) == 0.0
    assert noise_dbm(9e6, 7.0) == pytest.approx(-97.43, abs=0.01)


def test_an_omni_gives_eirp_less_loss() -> None:
    power = received_power(
        _LOSS, _LAT, _LON, _GROUND, sector(pattern=omni()), rx_height_m=1.5, offset_db=-3.0
    )
    assert power == pytest.approx(60.0 - 120.0 - 3.0)


def test_a_sector_is_strongest_where_it_points() -> None:
    for azimuth in (0.0, 90.0, 225.0):
        lat, lon = destination(43.2, 76.9, azimuth + np.array([0.0, 65.0, 180.0]), 8000.0)
        pattern = sector_3gpp(beamwidth_v_deg=90.0)
        level = [
            received_power(
                _LOSS[:1, :1], np.array([a]), np.array([b]), np.full((1, 1), 1330.0, np.float32),
                sector(azimuth, pattern=pattern), rx_height_m=0.0,
            )[0, 0]
            for a, b in zip(lat, lon, strict=True)
        ]  # fmt: skip
        assert level == pytest.approx([-60.0, -72.0, -90.0], abs=0.1)


def test_the_elevation_counts_height_and_curvature() -> None:
    lat, lon = destination(43.2, 76.9, 90.0, 2000.0)
    ground = np.full((1, 1), 1300.0 + 30.0 - 150.0, np.float32)
    one = sector(90.0, 0.0)
    level = received_power(
        _LOSS[:1, :1], np.array([float(lat)]), np.array([float(lon)]), ground, one, rx_height_m=0.0
    )
    below = np.degrees(np.arctan(-150.0 / 2000.0 - 2000.0 / (2.0 * 4.0 / 3.0 * 6371008.8)))
    expected = 60.0 - 120.0 + float(gain_db(one.pattern, 0.0, below)) - one.pattern.gain_dbi
    assert level[0, 0] == pytest.approx(expected, abs=0.02)  # sphere for ellipsoid


def test_no_loss_no_level() -> None:
    loss = _LOSS.copy()
    loss[3, 4] = np.nan
    power = received_power(loss, _LAT, _LON, _GROUND, sector(), rx_height_m=1.5)
    assert np.argwhere(np.isnan(power)).tolist() == [[3, 4]]


def stacked(levels: np.ndarray, load: np.ndarray):
    """Work out servers from all rasters at once."""
    filled = np.where(np.isnan(levels), -np.inf, levels).astype(np.float64)
    order = np.sort(filled, axis=0)
    server = np.where(np.isneginf(order[-1]), -1, np.argmax(filled, axis=0))
    power = load[:, None, None] * 10.0 ** (filled / 10.0)
    own = np.take_along_axis(power, np.maximum(server, 0)[None], 0)[0]
    second = order[-2] if len(levels) > 1 else np.full(order[-1].shape, -np.inf)
    return order[-1], second, server, power.sum(axis=0) - np.where(server < 0, 0.0, own)


levels_of = st.integers(2, 6).flatmap(
    lambda n: st.lists(
        st.one_of(st.floats(-140.0, -50.0), st.just(float("nan"))), min_size=6 * n, max_size=6 * n
    ).map(lambda v: np.array(v, np.float32).reshape(n, 2, 3))
)


@settings(deadline=None)
@given(levels=levels_of, seed=st.integers(0, 99))
def test_streamed_servers_are_those_of_the_stack(levels, seed) -> None:
    load = np.random.default_rng(seed).uniform(0, 1, len(levels)).astype(np.float32)
    best, second, server, other = stacked(levels, load)
    whole = new_servers(2, 3)
    halves = new_servers(2, 3), new_servers(2, 3)
    for i, level in enumerate(levels):
        add_level(whole, level, i, load)
        add_level(halves[i % 2], level, i, load)
    merged = new_servers(2, 3)
    for half in halves[::-1]:
        merge_servers(merged, half, load)
    for made in (whole, merged):
        np.testing.assert_array_equal(made.best_dbm, best)
        np.testing.assert_array_equal(made.second_dbm, second)
        np.testing.assert_array_equal(made.server, server)
        np.testing.assert_allclose(made.other_mw, other, rtol=1e-4, atol=1e-20)


def test_adding_a_sector_in_one_pass_is_the_same() -> None:
    load = np.array([0.3, 0.8], np.float32)
    one, two = new_servers(25, 20), new_servers(25, 20)
    for i, each in enumerate((sector(20.0, 4.0), sector(140.0, 2.0))):
        level = received_power(_LOSS, _LAT, _LON, _GROUND, each, rx_height_m=1.5, offset_db=-20.0)
        add_level(one, level, i, load, row=2, col=3)
        add_sector(
            two, _LOSS, _LAT, _LON, _GROUND, each, i, load,
            rx_height_m=1.5, offset_db=-20.0, row=2, col=3,
        )  # fmt: skip
    for name in ("best_dbm", "second_dbm", "server", "other_mw"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert (two.server[:2] == -1).all()
    with pytest.raises(ValueError, match="does not lie"):
        add_level(one, _LOSS, 0, load, row=10)


def test_sinr_is_signal_over_loaded_others_and_noise() -> None:
    load = np.array([1.0, 0.5, 0.0], np.float32)
    made = new_servers(1, 2)
    for i, value in enumerate((-80.0, -90.0, -85.0)):
        add_level(made, np.array([[value, np.nan]], np.float32), i, load)
    noise = 10.0 ** (-100.0 / 10.0)
    expected = -80.0 - 10.0 * np.log10(0.5 * 1e-9 + noise)
    ratio = sinr_db(made, -100.0)
    assert ratio[0, 0] == pytest.approx(expected, abs=1e-4)
    assert np.isnan(ratio[0, 1])


def test_throughput_is_the_truncated_shannon_bound_of_tr_36942() -> None:
    sinr = np.array([np.nan, -10.1, -10.0, 0.0, 10.0, 25.0], np.float32)
    rate = throughput_mbps(sinr, 10.0, Shannon())
    assert np.isnan(rate[0])
    assert rate[1:] == pytest.approx(
        [0.0, 6.0 * np.log2(1.1), 6.0, 6.0 * np.log2(11.0), 44.0], rel=1e-5
    )
    half = throughput_mbps(sinr, 10.0, Shannon(), share=0.75, layers=2.0)
    assert half[3] == pytest.approx(9.0)


@given(rate=st.floats(0.5, 43.0))
def test_the_sinr_for_a_throughput_gives_it(rate) -> None:
    needed = sinr_for(rate, 10.0, Shannon())
    again = throughput_mbps(np.array([needed + 1e-4], np.float32), 10.0, Shannon())
    assert again[0] >= rate - 0.01
    assert sinr_for(100.0, 10.0, Shannon()) == np.inf
    assert sinr_for(0.0, 10.0, Shannon()) == -10.0


def test_margins_are_normal_quantiles() -> None:
    assert location_margin_db(50.0, 5.5) == pytest.approx(0.0, abs=1e-12)
    assert location_margin_db(95.0, 5.5) == pytest.approx(9.0467, abs=1e-3)
    assert normal_loss_db(9.0, 5.0, 50.0) == 9.0
    share = share_of_locations(np.array([-90.0, -95.0]), -95.0, 5.0)
    assert share == pytest.approx([0.84134, 0.5], abs=1e-4)
