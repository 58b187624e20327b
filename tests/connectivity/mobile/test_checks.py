"""Bad input of the mobile line: every mistake is told with its remedy."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from qamtu.connectivity.mobile import run
from qamtu.connectivity.mobile.checks import check_inputs
from qamtu.core.errors import InputError
from qamtu.core.params import Params

from .made import LAT, LON, made_cities, made_inputs


def rules(**other) -> dict[str, str]:
    return {f.id: f.mend for f in check_inputs(made_inputs(**other)).errors}


@pytest.mark.parametrize(
    ("other", "rule", "mend"),
    [
        ({"territory_share_target": 75.0}, "setting-out-of-range", "0.75"),
        ({"people_share_target": -1.0}, "setting-out-of-range", "0 to 1"),
        ({"territory_share_target": 0.0, "people_share_target": None}, "nothing-asked", "above 0"),
        ({"location_share": 1.0}, "setting-out-of-range", "0.01 to 0.99"),
        ({"load_share": 50.0}, "setting-out-of-range", "0.5"),
        ({"cell_m": 0.0}, "setting-out-of-range", "20"),
        ({"rotations": 0}, "setting-out-of-range", "1"),
        ({"frequency_mhz": 3.5}, "band-unknown", "looks like GHz: give 3500"),
        ({"frequency_mhz": 3.5e9}, "band-unknown", "looks like Hz: give 3500"),
        ({"frequency_mhz": 900.0}, "band-unknown", "700, 2100, 2600, 3500"),
        ({"level_dbm_min": 105.0}, "level-out-of-range", "give -105"),
        ({"level_dbm_min": -105.0, "speed_down_mbps_min": 50.0}, "requirement-twice", "one"),
        ({"speed_down_mbps_min": 5000.0}, "throughput-out-of-reach", "at most 330"),
        ({"situation": "underground"}, "situation-unknown", "outdoor, vehicle, indoor"),
        ({"surfaces": {}}, "surface-missing", "read the surface"),
        ({"cell_m": 20.0, "cities": made_cities().set_geometry(
            [shapely.box(LON, LAT, LON + 3, LAT + 3)], crs=4326)}, "territory-large", "outline"),
        ({"cities": made_cities().iloc[:0]}, "no-city", "table of cities"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(other, rule, mend) -> None:
    found = rules(**other)
    assert rule in found
    assert mend in found[rule]


def test_outlines_that_are_none_are_told() -> None:
    cities = made_cities()
    for shape, rule in (
        (shapely.Point(LON, LAT), "territory-missing"),
        (shapely.Polygon([(LON, LAT), (LON, LAT + 1), (LON, LAT)]), "territory-zero"),
        (shapely.box(500_000, 4_000_000, 504_000, 4_004_000), "territory-off-globe"),
    ):
        assert rule in rules(cities=cities.set_geometry([shape], crs=4326))


def test_a_table_without_ids_is_told() -> None:
    assert "column-missing" in rules(cities=made_cities().drop(columns="city_id"))
    twice = gpd.GeoDataFrame(pd.concat([made_cities()] * 2, ignore_index=True))
    assert "id-duplicate" in rules(cities=twice)


def test_prices_need_an_exchange_rate() -> None:
    params = made_inputs().params
    bare = Params({k: v for k, v in params.items_by_name.items() if k != "exchange_rate"})
    assert "exchange-missing" in rules(params=bare)


@pytest.mark.parametrize(
    ("row", "severity", "rule"),
    [
        ({"lat_deg": LAT, "lon_deg": LON, "height_m": 900.0}, "errors", "site-height"),
        ({"lat_deg": 50.0, "lon_deg": 70.0}, "warnings", "site-in-no-territory"),
        ({"lat_deg": LON, "lon_deg": LAT}, "warnings", "site-in-no-territory"),
    ],
)
def test_sites_that_stand_wrong_are_told(row, severity, rule) -> None:
    table = pd.DataFrame([{"site_id": "x", **row}])
    found = getattr(check_inputs(made_inputs(existing_sites=table)), severity)
    assert rule in {f.id for f in found}


def test_all_mistakes_are_told_at_once(inputs) -> None:
    with pytest.raises(InputError) as error:
        run(replace(inputs, territory_share_target=2.0, load_share=-1.0, frequency_mhz=1.0))
    assert len(error.value.findings) >= 3


def test_a_city_in_the_sea_is_refused() -> None:
    inputs = made_inputs()
    surface = inputs.surfaces["made"]
    drowned = replace(surface, zone=surface.zone * 0 + 1)
    with pytest.raises(InputError, match="cannot be planned"):
        run(replace(inputs, surfaces={"made": drowned}))
