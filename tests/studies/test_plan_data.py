"""A user's own files laid over a pack: what reaches the line is what was given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from qamtu.core.errors import InputError
from qamtu.studies.plan_data import PlanRequest, plan_inputs, used_sources


@pytest.fixture
def request_of(madeland: Path, tmp_path: Path) -> PlanRequest:
    return PlanRequest(pack=str(madeland), out=tmp_path / "plan")


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_targets_and_years_come_from_the_pack_unless_given(request_of) -> None:
    _, inputs, _ = plan_inputs(request_of)
    assert (inputs.villages_target, inputs.people_share_target) == (10, 0.5)
    assert (inputs.first_year, inputs.params.value("price_year")) == (2031, 2024)
    given = replace(request_of, villages=-1, people_share=0.7, first_year=2040)
    _, inputs, _ = plan_inputs(given)
    assert (inputs.villages_target, inputs.people_share_target) == (None, 0.7)
    assert inputs.first_year == 2040
    _, inputs, _ = plan_inputs(replace(request_of, region="EAST"))
    assert inputs.villages_target is None  # the country's promise is not one region's


@pytest.mark.parametrize("wanted", ["EAST", "east", "Made East", "Шығыс", "восток", "Made E"])
def test_a_region_is_found_by_id_name_or_beginning(request_of, wanted) -> None:
    _, inputs, _ = plan_inputs(replace(request_of, region=wanted))
    planned = inputs.settlements[inputs.settlements["in_plan"]]
    assert set(planned["region_id"]) == {"EAST"}


def test_a_region_may_begin_at_the_fibre_of_its_neighbours(request_of) -> None:
    pack, whole, _ = plan_inputs(request_of)
    _, inputs, _ = plan_inputs(replace(request_of, region="EAST"))
    assert inputs.regions.geometry.union_all().equals(whole.regions.geometry.union_all())
    assert inputs.fibre_nodes is not None
    table = pack.tables["settlements"]
    lit = table[table["has_fibre"] & table["in_plan"] & (table["region_id"] != "EAST")]
    east = whole.regions.set_index("region_id").loc["EAST"].geometry
    places = shapely.points(lit[["lon_deg", "lat_deg"]].to_numpy(dtype=float))
    near = shapely.distance(places, east) <= 0.5
    assert near.any()
    wanted = ("settlement:" + lit.loc[near, "settlement_id"]).tolist()
    assert inputs.fibre_nodes["node_id"].tolist() == wanted


@pytest.mark.parametrize("wanted", ["Made", "", " ", "Gondor"])
def test_a_region_that_is_not_one_is_refused(request_of, wanted) -> None:
    with pytest.raises(InputError, match="EAST"):
        plan_inputs(replace(request_of, region=wanted))


def test_existing_points_lines_and_flags_are_told_apart(request_of, tmp_path) -> None:
    points = written(tmp_path / "points.csv", "id,lat,lon\nn1,50.5,60.5\n")
    wkt = written(tmp_path / "wkt.csv", 'id,wkt\nl1,"LINESTRING (60.5 50.5, 60.9 50.9)"\n')
    flags = written(tmp_path / "flags.csv", "settlement_id,has_fibre\nmade:9,yes\nmade:0,no\n")
    drawn = tmp_path / "lines.gpkg"
    line = shapely.LineString([(61.2, 50.2), (61.4, 50.4)])
    gpd.GeoDataFrame({"line_id": ["l2"]}, geometry=[line], crs=4326).to_file(drawn)
    spots = tmp_path / "spots.parquet"
    gpd.GeoDataFrame(
        {"node_id": ["n2"]}, geometry=[shapely.Point(61.5, 50.8)], crs=4326
    ).to_parquet(spots)
    given = replace(request_of, existing=(points, wkt, flags, drawn, spots))
    pack, inputs, _ = plan_inputs(given)
    assert inputs.fibre_nodes["node_id"].tolist() == ["n1", "n2"]
    assert inputs.fibre_lines["line_id"].tolist() == ["l1", "l2"]
    fibre = inputs.settlements.set_index("settlement_id")["has_fibre"]
    assert (fibre["made:9"], fibre["made:0"], fibre["made:1"]) == (True, False, True)
    sources, checksums = used_sources(given, pack)
    assert {p.name for p in given.existing} <= {s.id for s in sources}
    assert all(len(checksums[path.name]) == 64 for path in given.existing)


def test_settlements_are_changed_and_added(request_of, tmp_path) -> None:
    mine = written(
        tmp_path / "mine.csv",
        "settlement_id,name_en,lat,lon,population\nmade:5,,50.5,60.5,777\nnew,New,50.6,61.6,88\n",
    )
    before = plan_inputs(request_of)[1].settlements.set_index("settlement_id")
    after = plan_inputs(replace(request_of, settlements=mine))[1].settlements
    after = after.set_index("settlement_id")
    assert len(after) == len(before) + 1
    assert after.loc["made:5", "population"] == 777
    assert after.loc["made:5", "name_en"] == before.loc["made:5", "name_en"]
    assert (after.loc["new", "region_id"], after.loc["new", "in_plan"]) == ("EAST", True)
    untouched = before.index.drop("made:5")
    assert (after.loc[untouched, "population"] == before.loc[untouched, "population"]).all()


def test_a_table_without_rows_is_told(request_of, tmp_path) -> None:
    empty = written(tmp_path / "none.csv", "node_id,lat_deg,lon_deg\n")
    _, _, found = plan_inputs(replace(request_of, existing=(empty,)))
    assert "table-empty" in {finding.id for finding in found}
    with pytest.raises(InputError, match="table-empty"):
        plan_inputs(replace(request_of, existing=(empty,), strict=True))


def test_roads_come_from_an_extract(request_of, tmp_path) -> None:
    osmium = pytest.importorskip("osmium", reason="the extra 'osm' is not installed")
    path = tmp_path / "small.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for i, place in enumerate([(60.2, 50.2), (60.8, 50.6), (61.4, 50.3)], start=1):
            writer.add_node(osmium.osm.mutable.Node(id=i, location=place))
        way = osmium.osm.mutable.Way(id=9, nodes=[1, 2, 3], tags={"highway": "tertiary"})
        writer.add_way(way)
    _, inputs, found = plan_inputs(replace(request_of, osm=path))
    assert inputs.roads["road_id"].tolist() == ["osm:9.0"]
    assert inputs.roads["road_class"].tolist() == ["tertiary"]
    assert found.errors == ()


def test_parameters_of_the_user_hold_last(request_of, tmp_path) -> None:
    mine = written(tmp_path / "mine.toml", "exchange_rate = 250\nfibre_trench = 12000\n")
    _, inputs, _ = plan_inputs(replace(request_of, params=mine))
    assert inputs.params.value("exchange_rate") == 250
    assert inputs.params["fibre_trench"].source == str(mine)
