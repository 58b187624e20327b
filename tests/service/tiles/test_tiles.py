"""Tiles: what is cut lies in its place, archives give back what was written."""

from __future__ import annotations

import gzip

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pmtiles.reader import MemorySource, Reader

from qamtu.service.tiles.archive import Archive, all_tiles, write_archive
from qamtu.service.tiles.cut import cut_tiles
from qamtu.service.tiles.layers import LAYERS, Layer

PLACES = st.integers(0, 9).flatmap(
    lambda z: st.tuples(st.just(z), st.integers(0, 2**z - 1), st.integers(0, 2**z - 1))
)


@given(tiles=st.dictionaries(PLACES, st.binary(min_size=1, max_size=40), min_size=1, max_size=60))
def test_an_archive_gives_back_every_tile(tiles, tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("archive") / "made.pmtiles"
    write_archive(path, tiles, {"name": "made"}, (46.0, 40.0, 88.0, 56.0))
    archive = Archive(path)
    assert {tile: gzip.decompress(archive.get(tile)) for tile in tiles} == tiles
    assert archive.count == len(tiles)
    assert archive.metadata == {"name": "made"}
    assert archive.bounds == (46.0, 40.0, 88.0, 56.0)
    assert archive.get((10, 0, 0)) is None
    assert archive.get((3, 8, 0)) is None
    assert archive.get((-1, 0, 0)) is None
    assert archive.get((99, 0, 0)) is None
    peer = Reader(MemorySource(path.read_bytes()))
    for tile in tiles:
        assert peer.get(*tile) == archive.get(tile)


def test_large_archives_have_leaves(tmp_path) -> None:
    tiles = {(9, x, y): f"{x} {y}".encode() for x in range(0, 512, 2) for y in range(0, 512, 7)}
    path = tmp_path / "large.pmtiles"
    write_archive(path, tiles, {}, (-180.0, -85.0, 180.0, 85.0))
    archive = Archive(path)
    assert {tile: gzip.decompress(archive.get(tile)) for tile in tiles} == tiles
    assert archive.get((9, 1, 0)) is None


@pytest.fixture(scope="module")
def tables(madeland_plan):
    names = ("plan_settlements", "plan_routes")
    return {name: gpd.read_parquet(madeland_plan.folder / f"{name}.parquet") for name in names}


@pytest.fixture(scope="module")
def tiles(tables):
    return cut_tiles(LAYERS["villages"], tables, (3, 9))


def read(content, tile, layer, tmp_path):
    """Read a layer of a tile with GDAL, in EPSG:3857."""
    path = tmp_path / "one.pmtiles"
    write_archive(path, {tile: content}, {}, (-180.0, -85.0, 180.0, 85.0))
    one = tmp_path / f"{tile[1]}-{tile[2]}.mvt"
    one.write_bytes(content)
    zoom, x, y = tile
    return pyogrio.read_dataframe(one, layer=layer, X=x, Y=y, Z=zoom)


def test_every_settlement_is_in_the_last_zoom_with_its_attributes(tables, tiles, tmp_path) -> None:
    seen = {}
    for tile, content in tiles.items():
        if tile[0] == 9 and b"settlements" in content:
            for row in read(content, tile, "settlements", tmp_path).itertuples():
                seen[row.id] = row
    table = tables["plan_settlements"].set_index("settlement_id")
    assert set(seen) == set(table.index)
    places = table.geometry.to_crs(3857)
    for name, row in seen.items():
        assert row.option == table.loc[name, "option"]
        assert row.geometry.distance(places[name]) < 40.0  # a unit is some 20 m at zoom 9


def test_first_zooms_are_brief_and_lose_no_kind(tables, tiles, tmp_path) -> None:
    shown = set()
    for tile, content in tiles.items():
        if tile[0] == 3:
            part = read(content, tile, "settlements", tmp_path)
            assert set(part.columns) - {"mvt_id"} <= {"option", "year", "estimated", "geometry"}
            shown |= set(part["option"])
    assert shown == set(tables["plan_settlements"]["option"])


def test_hostile_names_stay_text(tmp_path) -> None:
    hostile = "<script>alert(1)</script>"
    table = gpd.GeoDataFrame(
        {"name": [hostile, None]}, geometry=[shapely.Point(70, 48), shapely.Point(71, 49)], crs=4326
    )
    layer = Layer("made", ("made",), lambda tables: tables["made"])
    made = cut_tiles([layer], {"made": table}, (5, 5))
    found = [
        name
        for tile, content in made.items()
        for name in read(content, tile, "made", tmp_path).get("name", [])
    ]
    assert hostile in found


def test_layers_of_other_lines_are_cut_from_empty_and_full_tables(tmp_path) -> None:
    point = shapely.Point(70, 48)
    sites = gpd.GeoDataFrame(
        {
            "site_id": ["a", "b"], "city_id": ["c", "c"], "site_kind": ["tower", "tower"],
            "backhaul": ["fibre", "microwave"], "backhaul_to": [None, "a"], "year": [2026, 2027],
        },
        geometry=[point, shapely.Point(70.1, 48.1)], crs=4326,
    )  # fmt: skip
    cities = gpd.GeoDataFrame(
        {"city_id": ["c"], "territory_share": [0.8], "sites_needed": [2],
         "territory_source": ["circle"]},
        geometry=[point.buffer(0.2)], crs=4326,
    )  # fmt: skip
    made = cut_tiles(LAYERS["mobile"], {"sites": sites, "cities": cities}, (3, 9))
    assert any(b"mobile_hops" in content for (zoom, _, _), content in made.items() if zoom >= 8)
    fewer = cut_tiles(LAYERS["mobile"], {"sites": sites.iloc[:1], "cities": cities}, (3, 9))
    assert not any(b"mobile_hops" in content for content in fewer.values())
    path = tmp_path / "made.pmtiles"
    write_archive(path, made, {}, (69.0, 47.0, 71.0, 49.0))
    assert {tile for tile, _ in all_tiles(path)} == set(made)
