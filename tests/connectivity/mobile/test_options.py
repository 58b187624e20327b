"""Sites that stand, sector by sector."""

from __future__ import annotations

import numpy as np
import pytest

from qamtu.connectivity.mobile.candidates import Heights, make_places
from qamtu.connectivity.mobile.options import Standing, standing_options
from qamtu.connectivity.mobile.radio import make_radio

from .made import LAT, LON, made_params, made_surface

RADIO = make_radio(
    made_params(), frequency_mhz=3500.0, level_dbm=None, throughput=None, situation="outdoor",
    location_share=0.9, cell_m=200.0, load=0.5,
)  # fmt: skip


def sectors_of(azimuths, tilts, powers):
    places, _ = make_places(
        made_surface(), np.array([LAT]), np.array([LON]), Heights(25, 5, 35),
        height_m=np.array([30.0]),
    )  # fmt: skip
    site = Standing("s", LAT, LON, 30.0, azimuths, tilts, powers)
    (option,) = standing_options(places, [site], RADIO, 570.0, 0)
    return [(s.azimuth_deg, s.electrical_tilt_deg, s.eirp_dbm) for s in option.sectors]


def test_each_sector_keeps_its_own_tilt_and_power() -> None:
    made = sectors_of((np.nan, 120.0, 240.0), (2.0, 4.0, 6.0), (50.0, 60.0, 70.0))
    assert made == [(120.0, 4.0, 60.0), (240.0, 6.0, 70.0)]


def test_what_is_not_known_comes_from_height_and_band() -> None:
    # 30 m up and 570 m far: atan(30 / 570) = 3.01 degrees
    made = sectors_of((10.0, 190.0), (np.nan, 5.0), (55.0, np.nan))
    assert made == [(10.0, 3.0, 55.0), (190.0, 5.0, RADIO.eirp_dbm)]


def test_without_azimuths_three_sectors_share_what_is_known() -> None:
    made = sectors_of((np.nan, np.nan), (np.nan, 4.0), (52.0, np.nan))
    assert made == [(0.0, 4.0, 52.0), (120.0, 4.0, 52.0), (240.0, 4.0, 52.0)]


def test_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        sectors_of((0.0, 120.0), (2.0,), (50.0, 60.0))
