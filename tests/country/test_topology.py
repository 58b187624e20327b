"""Lines made a network."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from qamtu.country import read_table
from qamtu.country.topology import complete_network


def lines(*points, **columns) -> gpd.GeoDataFrame:
    made = {
        "road_id": [f"r{i}" for i in range(len(points))],
        "length_m": [None] * len(points),
        "node_from": [None] * len(points),
        "node_to": [None] * len(points),
    }
    shapes = [shapely.LineString(p) if not hasattr(p, "geoms") else p for p in points]
    made = gpd.GeoDataFrame(made | columns, geometry=shapes, crs=4326)
    return made.astype({"length_m": "float64"})


CROSS = lines([(20, 10), (21, 10), (22, 10)], [(21, 9), (21, 10), (21, 11)])


def test_lines_are_cut_where_they_touch() -> None:
    got = complete_network(CROSS, "road_id")
    assert got["road_id"].tolist() == ["r0.0", "r0.1", "r1.0", "r1.1"]
    hub = "10.000000,21.000000"
    ends = list(zip(got["node_from"], got["node_to"], strict=True))
    assert [hub in pair for pair in ends] == [True] * 4
    assert got["length_source"].eq("geodesic").all()
    # a degree along the parallel of 10 N on WGS 84: 109.64 km
    assert got["length_m"].iloc[0] == pytest.approx(109_640, rel=1e-3)


def test_a_stated_length_is_shared_among_the_pieces() -> None:
    got = complete_network(CROSS.assign(length_m=[300_000.0, None]), "road_id")
    assert got["length_m"].iloc[:2].tolist() == [150_000.0, 150_000.0]
    assert got["length_source"].tolist() == ["stated"] * 2 + ["geodesic"] * 2


def test_named_nodes_keep_lines_whole() -> None:
    named = CROSS.assign(node_from=["a", "c"], node_to=["b", "d"])
    got = complete_network(named, "road_id")
    assert got["road_id"].tolist() == ["r0", "r1"]
    assert got["node_to"].tolist() == ["b", "d"]


def test_lines_of_many_parts_become_edges() -> None:
    parts = shapely.MultiLineString([[(20, 10), (21, 10)], [(21, 10), (22, 11)]])
    got = complete_network(lines(parts, [(30, 10), (31, 10)]), "road_id")
    assert got["road_id"].tolist() == ["r0.0", "r0.1", "r1"]
    assert got.geometry.geom_type.eq("LineString").all()
    assert got["node_to"].iloc[0] == got["node_from"].iloc[1]


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=6).filter(
            lambda p: all(a != b for a, b in pairwise(p))
        ),
        min_size=1,
        max_size=6,
    )
)
def test_edges_touch_at_nodes_only_and_no_length_is_lost(points) -> None:
    table = lines(*points)
    got = complete_network(table, "road_id")
    drawn = shapely.length(got.geometry.array).sum()
    assert drawn == pytest.approx(shapely.length(table.geometry.array).sum())
    assert got["road_id"].is_unique
    inner = [tuple(c) for line in got.geometry for c in list(line.coords)[1:-1]]
    ends = {tuple(c) for line in got.geometry for c in (line.coords[0], line.coords[-1])}
    assert len(inner) == len(set(inner))
    assert not ends & set(inner)


def test_a_users_roads_are_made_a_network(tmp_path) -> None:
    path = tmp_path / "roads.gpkg"
    CROSS[["road_id", "geometry"]].to_file(path)
    got, found = read_table(path, "roads")
    assert len(found) == 0
    assert len(got) == 4
    assert got["road_class"].eq("unknown").all()
