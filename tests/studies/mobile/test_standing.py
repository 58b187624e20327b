"""Sites that stand, from files: what is not said, and what is taken then."""

from __future__ import annotations

import math

import pytest
import shapely

from qamtu.connectivity.mobile.tasks import standing_of
from qamtu.core.findings import Severity
from qamtu.core.params import Params
from qamtu.country import load_pack
from qamtu.studies.mobile.data import mobile_params
from qamtu.studies.mobile.standing import read_standing

LAND = shapely.box(70.0, 40.0, 80.0, 50.0)


@pytest.fixture(scope="module")
def params() -> Params:
    return mobile_params(load_pack("kz"), None)


@pytest.fixture
def read(tmp_path, params):
    def make(text: str):
        path = tmp_path / "sites.csv"
        path.write_text(text, encoding="utf-8")
        table, found = read_standing(path, params, 3500.0, LAND)
        return table, {(f.id, f.field): f for f in found}

    return make


def test_power_without_gain_takes_the_gain_of_the_band(read, params) -> None:
    table, found = read(
        "site_id,lat,lon,azimuth_deg,technology,frequency_mhz,power_w,gain_dbi,feeder_loss_db\n"
        "a,43.86,77.05,0,5G,3500,100,,2\na,43.86,77.05,120,5G,3500,100,17,2\n"
    )
    # 100 W are 50 dBm
    assert table["eirp_dbm"].tolist() == [50.0 + params.value("band_3500_gain") - 2.0, 65.0]
    told = found["site-default", "gain_dbi"]
    assert "1 of 2 sectors say a power but no gain_dbi" in told.what


def test_what_is_blank_stays_so_and_is_told(read) -> None:
    table, found = read("site_id,lat,lon,azimuth_deg\na,43.86,77.05,0\n")
    assert math.isnan(table["height_m"].iloc[0])
    assert "the band's power is taken" in found["site-default", "eirp_dbm"].what
    assert "they count as 5G" in found["site-default", "technology"].what
    assert "the band asked for is taken" in found["site-default", "frequency_mhz"].what
    assert ("site-default", "load_share") not in found


def test_neither_technology_nor_frequency_serves(read) -> None:
    table, _ = read("site_id,lat,lon,azimuth_deg\na,43.86,77.05,0\n")
    (site,) = standing_of(table, 3500.0)
    assert site.serves
    table, _ = read("site_id,lat,lon,technology\na,43.86,77.05,4G\n")
    (site,) = standing_of(table, 3500.0)
    assert not site.serves


def test_swapped_coordinates_are_found(read) -> None:
    _, found = read("site_id,lat,lon\na,77.05,43.86\n")
    assert found["coordinate-swapped", "lat_deg"].severity is Severity.ERROR


def test_antennas_are_told_and_not_asked_for(read) -> None:
    _, found = read(
        "site_id,lat,lon,azimuth_deg,pattern\na,43.86,77.05,0,AQU4518\nb,43.86,77.06,0,3gpp\n"
    )
    told = found["pattern-ignored", "pattern"]
    assert told.severity is Severity.INFO
    assert "1 of 2 sectors name an antenna (AQU4518)" in told.what
    assert not [f for f in found.values() if f.severity is Severity.ERROR]


def test_coarse_terrain_is_the_countrys(params, tmp_path) -> None:
    assert params.value("coarse_terrain") == 3.0
    own = tmp_path / "own.toml"
    own.write_text("coarse_terrain = 20\n", encoding="utf-8")
    assert mobile_params(load_pack("kz"), own).value("coarse_terrain") == 20.0
