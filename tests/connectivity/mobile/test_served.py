"""Levels and ratios of sites that all work at once, against sums made by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from qamtu.connectivity.mobile.candidates import Heights, make_places
from qamtu.connectivity.mobile.options import Option
from qamtu.connectivity.mobile.radio import make_radio
from qamtu.connectivity.mobile.served import serve
from qamtu.connectivity.mobile.territory import make_territory

from .made import LAT, LON, made_params, made_surface

SURFACE = made_surface()
MBPS = 30.0


def served(share: float, sites: int, loss_db: float):
    def level_loss(_lat, _lon, _height, frame, _radius):
        return np.full(frame.shape, loss_db, np.float32)

    radio = make_radio(
        made_params(), frequency_mhz=3500.0, level_dbm=None, throughput=MBPS,
        situation="outdoor", location_share=share, cell_m=200.0, load=0.5,
    )  # fmt: skip
    box = shapely.box(LON - 0.002, LAT - 0.002, LON + 0.002, LAT + 0.002)
    territory = make_territory(
        box, SURFACE, cell_m=200.0, centre=(LAT, LON), population=0.0, density_centre=8000.0
    )
    # one sector to the east far west of all cells, twice at one place where two are asked for
    places, _ = make_places(
        SURFACE, np.full(sites, LAT), np.full(sites, LON - 0.05), Heights(25, 5, 35)
    )
    options = [
        Option(i, (radio.sector(LAT, LON - 0.05, 200.0, 35.0, 90.0, 0.0),), existing=False)
        for i in range(sites)
    ]
    return radio, serve(options, places, territory, radio, level_loss, 50_000.0)


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_noise_alone(share: float) -> None:
    radio, made = served(share, 1, 145.0)
    level = made.level_dbm[np.isfinite(made.level_dbm)]
    # z(0.9) = 1.2816 times 2.6628 dB (P.1812-8 section 4.8 at 3.5 GHz in cells of 200 m)
    margin = 1.2816 * 2.6628 if share == 0.9 else 0.0
    ratio = 10.0 ** ((level - radio.noise_dbm - margin) / 10.0)
    bits = radio.shannon.attenuation * np.log2(1.0 + ratio)
    assert bits.max() < radio.shannon.efficiency_max
    by_hand = bits * radio.bandwidth_mhz * radio.downlink_share
    assert made.throughput == pytest.approx(by_hand, rel=2e-3)


def test_a_neighbour_counts_with_its_median() -> None:
    # two equal sectors, the other half loaded: S / (S / 2) = 3.01 dB; at 9 in 10 locations the
    # wanted one alone is 3.41 dB weaker
    for share, ratio_db in ((0.5, 3.01), (0.9, 3.01 - 1.2816 * 2.6628)):
        radio, made = served(share, 2, 100.0)
        bits = radio.shannon.attenuation * np.log2(1.0 + 10.0 ** (ratio_db / 10.0))
        by_hand = bits * radio.bandwidth_mhz * radio.downlink_share
        assert made.throughput == pytest.approx(by_hand, rel=5e-3)
        assert made.covered.all()
        assert made.sinr_ok.all() == (by_hand >= MBPS)
