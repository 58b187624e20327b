"""Sea, coast and inland on made water."""

from __future__ import annotations

import numpy as np

from qamtu.country.clutter import terrain_params
from qamtu.country.rasters import Frame
from qamtu.country.zones import find_seas, zones_on
from qamtu.kernels.terrain import ZONE_COASTAL, ZONE_INLAND, ZONE_SEA

PARAMS = terrain_params()
FRAME = Frame(50.0, 46.0, 0.05, 0.05, 80, 80)  # cells of about 5.6 by 4 km


def _sea(cols):
    water = np.zeros((80, 80), bool)
    water[:, :cols] = True
    return water


def test_a_lake_is_no_sea_and_a_large_body_is():
    ground = np.full((80, 80), 10.0, np.float32)
    assert find_seas(FRAME, _sea(2), ground, PARAMS) is None  # about 3,500 km2
    assert find_seas(FRAME, np.zeros((80, 80), bool), ground, PARAMS) is None
    assert find_seas(FRAME, _sea(20), ground, PARAMS) is not None


def test_the_coast_reaches_fifty_kilometres_and_a_hundred_metres():
    ground = np.full((80, 80), 10.0, np.float32)
    ground[:40] = 300.0
    water = _sea(20)
    ground[water] = -28.0
    zone, _ = zones_on(FRAME, find_seas(FRAME, water, ground, PARAMS), water, ground, PARAMS)
    assert (zone[:, :20] == ZONE_SEA).all()
    assert (zone[:40, 20:] == ZONE_INLAND).all()  # 328 m above the water
    assert (zone[40:, 20:30] == ZONE_COASTAL).all()
    assert (zone[40:, 34:] == ZONE_INLAND).all()  # past 50 km


def test_pools_by_the_sea_are_land_and_without_sea_all_is_inland():
    ground = np.full((80, 80), 10.0, np.float32)
    water = _sea(20)
    seas = find_seas(FRAME, water, ground, PARAMS)
    water[60, 28] = True
    assert zones_on(FRAME, seas, water, ground, PARAMS)[0][60, 28] == ZONE_COASTAL
    assert (zones_on(FRAME, None, water, ground, PARAMS)[0] == ZONE_INLAND).all()


def test_the_sea_has_its_level_where_heights_are_of_its_floor_or_unknown():
    ground = np.full((80, 80), 10.0, np.float32)
    water = _sea(20)
    ground[water] = -28.0
    seas = find_seas(FRAME, water, ground, PARAMS)
    ground[5, 5], ground[6, 6], ground[7, 7], ground[50, 50] = -300.0, np.nan, -20.0, np.nan
    _, height = zones_on(FRAME, seas, water, ground, PARAMS)
    assert height[[5, 6, 7], [5, 6, 7]].tolist() == [-28.0, -28.0, -20.0]
    assert np.isnan(height[50, 50])
