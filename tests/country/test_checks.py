"""Each rule finds what it is for, with file, row and remedy, all at once."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from qamtu.core.findings import Severity
from qamtu.country import check_table, check_tables
from qamtu.country.rules import Rule, flagged

GOOD = {
    "settlement_id": ["a", "b", "c"],
    "name_en": ["Alpha", "Beta", "Gamma"],
    "kind": ["city", "village", "village"],
    "urban": [True, False, False],
    "region_id": ["west", "west", "east"],
    "lat_deg": [10.5, 10.9, 11.0],
    "lon_deg": [20.5, 20.9, 22.1],
    "population": [12000, 800, 453],
    "households": [3000, 200, 110],
}


def settlements(**changes) -> gpd.GeoDataFrame:
    made = pd.DataFrame(GOOD | changes)
    lat = pd.to_numeric(made["lat_deg"], errors="coerce")
    lon = pd.to_numeric(made["lon_deg"], errors="coerce")
    return gpd.GeoDataFrame(made, geometry=gpd.points_from_xy(lon, lat, crs=4326))


def ids(table, regions, name: str = "settlements") -> list[tuple[str, int | None]]:
    tables = {"regions": regions}
    return [(f.id, f.row) for f in check_table(table, name, "mine.csv", tables)]


def test_a_good_table_has_no_findings(regions) -> None:
    assert ids(settlements(), regions) == []
    assert len(check_tables({"settlements": settlements(), "regions": regions})) == 0


@pytest.mark.parametrize(
    ("changes", "rule", "row"),
    [
        ({"settlement_id": ["a", "b", "a"]}, "id-duplicate", 4),
        ({"lat_deg": [20.5, 10.9, 11.5], "lon_deg": [10.5, 20.9, 22.7]}, "coordinate-swapped", 2),
        ({"lat_deg": [10.5, 95.0, 11.5]}, "coordinate-range", 3),
        ({"lat_deg": [10.5, 10.9, 45.0]}, "place-outside", 4),
        ({"population": [12000, -5, 453]}, "population-negative", 3),
        ({"population": [12000, 13_500, 453]}, "population-absurd", 3),
        ({"households": [3000, 900, 110]}, "households-odd", 3),
        ({"region_id": ["west", "wset", "east"]}, "region-unknown", 3),
        ({"name_en": ["Alpha", None, "Gamma"]}, "name-missing", 3),
        ({"kind": ["city", "kishlak", "village"]}, "value-unreadable", 3),
        ({"population": [12000, np.nan, 453]}, "value-missing", 3),
        ({"lat_deg": [10.5, np.inf, 11.5]}, "value-unreadable", 3),
    ],
)
def test_a_bad_row_is_found(regions, changes, rule, row) -> None:
    assert (rule, row) in ids(settlements(**changes), regions)


def test_everything_is_found_at_once(regions) -> None:
    table = settlements(
        settlement_id=["a", "a", "c"], population=[12000, -1, 453], region_id=["west", "x", "east"]
    )
    found = check_table(table, "settlements", "mine.csv", {"regions": regions})
    assert {"id-duplicate", "population-negative", "region-unknown"} <= {f.id for f in found}
    for finding in found:
        assert finding.file == "mine.csv"
        assert finding.mend


def test_a_missing_column_is_found(regions) -> None:
    table = settlements().drop(columns="population")
    found = check_table(table, "settlements", "mine.csv", {"regions": regions})
    assert [(f.id, f.row, f.field) for f in found] == [("column-missing", 1, "population")]


def test_sums_that_are_not_official_are_found(regions) -> None:
    found = check_tables({"settlements": settlements(population=[12000, 801, 453]),
                          "regions": regions})  # fmt: skip
    assert [(f.id, f.row, f.field) for f in found] == [("sum-not-official", 2, "population_rural")]
    assert "801" in found[0].what


def test_a_far_settlement_is_found() -> None:
    found = check_table(settlements(lat_deg=[10.5, 10.9, 19.0]), "settlements", "mine.csv")
    assert [f.id for f in found] == ["settlement-far"]
    assert found[0].severity is Severity.WARNING


def test_districts_must_exist_and_lie_in_the_region(regions) -> None:
    districts = pd.DataFrame({"district_id": ["d1", "d2"], "region_id": ["west", "east"]})
    table = settlements().assign(district_id=["d1", "d9", "d1"])
    tables = {"regions": regions, "districts": districts}
    got = [(f.id, f.row) for f in check_table(table, "settlements", "mine.csv", tables)]
    assert got == [("district-unknown", 3), ("district-elsewhere", 4)]


def test_missing_tables_are_found() -> None:
    assert {f.file for f in check_tables({})} == {"settlements", "regions"}


def roads(**changes) -> gpd.GeoDataFrame:
    lines = [
        shapely.LineString([(20, 10), (21, 10)]),
        shapely.LineString([(21, 10), (22, 10)]),
    ]
    made = {"road_id": ["r1", "r2"], "road_class": ["primary"] * 2, "length_m": [110e3] * 2,
            "node_from": ["n1", "n2"], "node_to": ["n2", "n3"]}  # fmt: skip
    geometry = changes.pop("geometry", lines)
    return gpd.GeoDataFrame(made | changes, geometry=geometry, crs=4326)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"length_m": [110e3, 50e3]}, "length-short"),
        ({"length_m": [110e3, -1.0]}, "length-negative"),
        ({"node_from": ["n1", "n1"]}, "node-scattered"),
        ({"geometry": [None, shapely.LineString([(21, 10), (22, 10)])]}, "geometry-missing"),
        ({"geometry": [shapely.Point(1, 1), shapely.LineString([(0, 0), (1, 0)])]},
         "geometry-kind"),
        ({"geometry": [shapely.LineString([(7e5, 5e6), (7.1e5, 5e6)])] * 2},
         "geometry-off-globe"),
    ],
)  # fmt: skip
def test_a_bad_road_is_found(changes, rule) -> None:
    assert rule in {f.id for f in check_table(roads(**changes), "roads", "roads.gpkg")}


def test_good_roads_have_no_findings() -> None:
    assert len(check_table(roads(), "roads", "roads.gpkg")) == 0


def test_bad_terrain_is_found() -> None:
    cells = pd.DataFrame(
        {"lat_deg": [1.0, 1.0, 2.0], "lon_deg": [1.0, 1.0, 2.0], "height_m": [0.0, 0.0, 9500.0],
         "slope_deg": [0.0, 0.0, 95.0], "resolution_arcsec": [300] * 3}
    )  # fmt: skip
    found = {f.id for f in check_table(cells, "terrain", "terrain.csv")}
    assert found == {"cell-twice", "height-absurd", "slope-absurd"}


def test_many_rows_of_one_rule_are_summed_up() -> None:
    rule = Rule("some-rule", Severity.WARNING, "mend it")
    found = flagged(rule, np.ones(10, dtype=bool), str, "f.csv", shown=3)
    assert [f.row for f in found] == [2, 3, 4, None]
    assert "7 more" in found[-1].what


def test_exchanged_lines_are_found(regions) -> None:
    swapped = [
        shapely.LineString([(10.5, 20.5), (11, 21)]),
        shapely.LineString([(20, 11), (21, 11)]),
    ]
    table = roads(geometry=swapped, node_to=["a", "b"], node_from=["c", "d"])
    found = check_table(table, "roads", "roads.gpkg", {"regions": regions})
    assert [(f.id, f.row) for f in found] == [("line-swapped", 2)]


def test_fibre_points_must_name_known_settlements(regions) -> None:
    nodes = pd.DataFrame(
        {"node_id": ["n1", "n2"], "settlement_id": ["a", "zz"], "lat_deg": [10.5, 10.9],
         "lon_deg": [20.5, 20.9]}
    )  # fmt: skip
    tables = {"regions": regions, "settlements": settlements()}
    found = check_table(nodes, "fibre_nodes", "nodes.csv", tables)
    assert [(f.id, f.row) for f in found] == [("settlement-unknown", 3)]
