"""OpenStreetMap extracts, small ones written here."""

from __future__ import annotations

from pathlib import Path

import pytest

from qamtu.core.errors import InputError, MissingInput
from qamtu.country import TABLES, check_table, read_osm
from qamtu.country import osm as osm_module

osmium = pytest.importorskip("osmium", reason="the extra 'osm' is not installed")

NODES = {1: (20.0, 10.0), 2: (20.1, 10.0), 3: (20.2, 10.0), 4: (20.1, 10.1), 5: (20.1, 9.9),
         6: (20.5, 10.5), 7: (20.6, 10.5)}  # fmt: skip
WAYS = [
    (100, [1, 2, 3], {"highway": "primary"}),
    (101, [4, 2, 5], {"highway": "track"}),
    (102, [6, 7], {"power": "line", "voltage": "220000;110000"}),
    (103, [1, 4], {"highway": "footway"}),
    (104, [3, 7], {"highway": "motorway_link"}),
    (105, [1, 3, 1], {"highway": "residential", "area": "yes"}),
]


def write(path: Path, nodes=NODES, ways=WAYS) -> Path:
    node, way = osmium.osm.mutable.Node, osmium.osm.mutable.Way
    with osmium.SimpleWriter(str(path)) as writer:
        for i, location in nodes.items():
            writer.add_node(node(id=i, location=location))
        writer.add_node(node(id=8, location=(20.3, 10.3), tags={"man_made": "mast"}))
        writer.add_node(node(id=9, location=(20.4, 10.3), tags={"power": "tower"}))
        tags = {"place": "village", "name": "Бета", "name:en": "Beta", "population": "1 200"}
        writer.add_node(node(id=10, location=(20.05, 10.05), tags=tags))
        writer.add_node(node(id=11, location=(20.06, 10.05), tags={"place": "farm"}))
        for i, refs, tags in ways:
            writer.add_way(way(id=i, nodes=refs, tags=tags))
    return path


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    return write(tmp_path / "small.osm.pbf")


def test_roads_are_split_where_they_meet(extract) -> None:
    got = read_osm(extract)
    roads = got.roads
    assert roads["road_id"].tolist() == [
        "osm:100.0", "osm:100.1", "osm:101.0", "osm:101.1", "osm:104.0",
    ]  # fmt: skip
    assert roads["road_class"].tolist() == ["primary"] * 2 + ["track"] * 2 + ["motorway"]
    assert set(zip(roads["node_from"], roads["node_to"], strict=True)) == {
        ("osm:1", "osm:2"), ("osm:2", "osm:3"), ("osm:4", "osm:2"), ("osm:2", "osm:5"),
        ("osm:3", "osm:7"),
    }  # fmt: skip
    assert len(got.findings) == 0
    # a tenth of a degree on the parallel of 10 N: 10.96 km
    assert roads["length_m"].iloc[0] == pytest.approx(10_964, rel=0.001)


def test_power_lines_towers_and_places_are_read(extract) -> None:
    got = read_osm(extract)
    assert got.power_lines["line_id"].tolist() == ["osm:102"]
    assert got.power_lines["voltage_kv"].tolist() == [220.0]
    assert got.towers["tower_kind"].tolist() == ["man_made=mast", "power=tower"]
    places = got.places.set_index("settlement_id")
    assert places.loc["osm:10", "name_en"] == "Beta"
    assert places.loc["osm:10", "population"] == 1200
    assert places["kind"].to_dict() == {"osm:10": "village", "osm:11": "isolated"}


def test_what_is_read_holds_the_contracts(extract) -> None:
    got = read_osm(extract)
    for name, table in (("roads", got.roads), ("power_lines", got.power_lines),
                        ("towers", got.towers)):  # fmt: skip
        assert name in TABLES
        assert check_table(table, name, extract.name).errors == ()


def test_a_loop_and_a_road_that_meets_itself_are_cut(tmp_path) -> None:
    ways = [(100, [1, 2, 4, 5, 2, 3], {"highway": "secondary"})]
    got = read_osm(write(tmp_path / "loop.osm.pbf", ways=ways))
    ends = list(zip(got.roads["node_from"], got.roads["node_to"], strict=True))
    assert ends == [("osm:1", "osm:2"), ("osm:2", "osm:2"), ("osm:2", "osm:3")]


def test_nodes_outside_the_extract_are_told(tmp_path) -> None:
    ways = [(100, [1, 2, 99], {"highway": "secondary"})]
    got = read_osm(write(tmp_path / "cut.osm.pbf", ways=ways))
    assert [f.id for f in got.findings] == ["nodes-missing"]
    assert got.roads["node_to"].tolist() == ["osm:2"]


def test_an_extract_without_roads_is_told(tmp_path) -> None:
    got = read_osm(write(tmp_path / "empty.osm.pbf", ways=[]))
    assert [f.id for f in got.findings] == ["roads-missing"]
    assert len(got.roads) == len(got.power_lines) == 0


@pytest.mark.parametrize("damage", ["cut", "noise"])
def test_a_damaged_extract_is_an_error_with_a_remedy(extract, damage) -> None:
    content = extract.read_bytes()
    half = len(content) // 2
    extract.write_bytes(content[:half] if damage == "cut" else b"\x00\xff" * 200)
    with pytest.raises(InputError) as caught:
        read_osm(extract)
    assert [f.id for f in caught.value.findings] == ["pbf-corrupt"]
    assert caught.value.findings[0].mend


def test_a_missing_extract_says_so(tmp_path) -> None:
    with pytest.raises(MissingInput):
        read_osm(tmp_path / "none.osm.pbf")


def test_without_osmium_the_message_says_how_to_install_it(extract, monkeypatch) -> None:
    monkeypatch.setattr(osm_module, "_HAS_OSMIUM", False)
    with pytest.raises(InputError, match="osmium-missing") as caught:
        read_osm(extract)
    assert "qamtu[osm]" in caught.value.findings[0].mend
