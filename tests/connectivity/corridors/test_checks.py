"""Bad input: every mistake is a finding with its place and remedy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from qamtu.connectivity.corridors import run
from qamtu.connectivity.corridors.checks import check_inputs
from qamtu.core.errors import InputError

from .made import made_inputs, made_roads, made_settlements, made_surface


def rules(**changes: object) -> dict[str, str]:
    return {f.id: f"{f.what} {f.mend}" for f in check_inputs(made_inputs(**changes))}


def test_good_inputs_have_no_finding() -> None:
    assert rules() == {}


def test_roads_without_a_coordinate_system() -> None:
    assert "crs-missing" in rules(roads=made_roads().set_crs(None, allow_override=True))


def test_roads_in_other_coordinates() -> None:
    assert "crs-other" in rules(roads=made_roads().to_crs(3857))


def test_a_road_without_length_is_left_out_and_told() -> None:
    roads = made_roads()
    roads.loc[3, "length_m"] = 0.0
    assert "road-without-length" in rules(roads=roads)
    results = run(made_inputs(roads=roads))
    assert set(results.roads["road_id"]) == {"e0"}


def test_kilometres_for_metres() -> None:
    roads = made_roads()
    roads["length_m"] /= 1000.0
    assert "kilometres" in rules(roads=roads)["length-unit"]


def test_an_id_twice() -> None:
    roads = made_roads()
    roads.loc[1, "road_id"] = "e0"
    assert "id-duplicate" in rules(roads=roads)


def test_a_column_missing() -> None:
    assert "column-missing" in rules(settlements=made_settlements().drop(columns="has_fibre"))


def test_nothing_to_join_to() -> None:
    settlements = made_settlements().assign(has_fibre=False)
    assert "no-fibre-today" in rules(settlements=settlements)


@pytest.mark.parametrize("height", [-3.0, 900.0, np.nan])
def test_a_standing_site_underground_or_in_the_clouds(height: float) -> None:
    sites = pd.DataFrame(
        {"site_id": ["x"], "lat_deg": [50.4], "lon_deg": [60.5], "height_m": [height]}
    )
    found = rules(sites=sites)
    assert {"site-height", "value-missing", "value-unreadable"} & set(found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("step_m", 0.0), ("step_m", float("nan")), ("share", 0.0), ("share", 95.0),
        ("gap_km_max", 0.1), ("frequency_mhz", 0.8), ("frequency_mhz", 8000.0),
        ("place_step_km", 2000.0), ("radius_km", 0.0), ("years", 0), ("service", "fax"),
        ("budget_per_year", 0.0), ("settlement_distance_km", -1.0),
    ],
)  # fmt: skip
def test_settings_out_of_range(name: str, value: object) -> None:
    assert "setting-out-of-range" in rules(**{name: value})


@pytest.mark.parametrize("heights", [(), (2.0,), (500.0,), tuple(np.arange(10.0, 100.0, 5.0))])
def test_heights(heights: tuple[float, ...]) -> None:
    assert "heights-unusable" in rules(heights_m=heights)


def test_all_findings_come_at_once() -> None:
    with pytest.raises(InputError) as caught:
        run(made_inputs(step_m=0.0, heights_m=(), share=2.0))
    assert len(caught.value.findings) >= 3


def test_roads_elsewhere() -> None:
    roads = made_roads()
    roads = roads.set_geometry(roads.geometry.translate(xoff=20.0))
    with pytest.raises(InputError) as caught:
        run(made_inputs(roads=roads))
    assert caught.value.findings[0].id == "roads-outside"


def test_a_road_that_leaves_the_terrain_is_told_and_not_served() -> None:
    tile = made_surface()
    west, south, _, north = tile.box
    half = type(tile)((west, south, 61.0, north), tile.surface)
    results = run(made_inputs(surfaces=(half,), share=0.6, gap_km_max=None))
    assert "road-outside-terrain" in {f.id for f in results.findings}
    dark = results.stretches[results.stretches["reason"] == "no_terrain"]
    beyond = dark.geometry.bounds["minx"].min()
    assert beyond > 60.99


def test_a_gap_that_nothing_closes_is_told() -> None:
    results = run(
        made_inputs(share=0.2, radius_km=1.5, place_step_km=12.0, settlement_distance_km=0.0)
    )
    told = [f for f in results.findings if f.id == "gap-unavoidable"]
    assert told
    assert "km on end" in told[0].what
    assert results.totals.gap_km > 5.0
