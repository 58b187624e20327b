"""Footprints: heights as people tag them, reading, burning."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from qamtu.core.errors import InputError, MissingInput
from qamtu.country.buildings import burn_buildings, height_of, read_buildings
from qamtu.country.clutter import terrain_params
from qamtu.kernels.terrain import ClutterClass, make_surface

PARAMS = terrain_params()
BOX = (70.0, 50.0, 70.01, 50.01)


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("12", 12.0), ("12 m", 12.0), ("12,5", 12.5), ("40 ft", 12.192), ("40'", 12.192),
        (9, 9.0), (9.5, 9.5), ("tall", np.nan), (None, np.nan), (0, np.nan), ("5000", np.nan),
        (True, np.nan), ("3;4", np.nan),
    ],
)  # fmt: skip
def test_heights_are_read_as_people_write_them(text, metres):
    assert height_of(text) == pytest.approx(metres, nan_ok=True)


def _footprints():
    boxes = [shapely.box(70.001 + 0.002 * i, 50.001, 70.002 + 0.002 * i, 50.009) for i in range(4)]
    return gpd.GeoDataFrame(
        {"height": ["30", None, None, "12 m"], "building:levels": ["2", "5", None, None]},
        geometry=boxes, crs=4326,
    )  # fmt: skip


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "parquet"])
def test_heights_come_from_height_then_storeys_then_the_default(tmp_path, suffix):
    path = tmp_path / f"b.{suffix}"
    table = _footprints()
    table.to_parquet(path) if suffix == "parquet" else table.to_file(path)
    made, found = read_buildings(path, BOX, PARAMS)
    assert sorted(made["height_m"]) == [6.0, 12.0, 15.0, 30.0]
    assert "2 with a height, 1 by their storeys, 1 with neither" in found[0].what
    none, found = read_buildings(path, (0.0, 0.0, 1.0, 1.0), PARAMS)
    assert len(none) == 0
    assert found[0].id == "buildings-missing"


def test_footprints_of_another_system_are_brought_to_degrees(tmp_path):
    path = tmp_path / "utm.gpkg"
    _footprints().to_crs(32642).to_file(path)
    made, _ = read_buildings(path, BOX, PARAMS)
    assert made.total_bounds == pytest.approx([70.001, 50.001, 70.008, 50.009], abs=1e-6)


def test_files_that_cannot_be_used_say_why(tmp_path):
    with pytest.raises(MissingInput):
        read_buildings(tmp_path / "none.gpkg", BOX, PARAMS)
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"nothing of the kind")
    with pytest.raises(InputError, match="file-unreadable"):
        read_buildings(broken, BOX, PARAMS)
    nameless = tmp_path / "nameless.parquet"
    _footprints().set_crs(None, allow_override=True).to_parquet(nameless)
    with pytest.raises(InputError, match="crs-missing"):
        read_buildings(nameless, BOX, PARAMS)


def test_buildings_of_an_extract_are_read_with_their_tags(tmp_path):
    path = tmp_path / "b.osm"
    corners = [(50.002, 70.002), (50.002, 70.004), (50.004, 70.004), (50.004, 70.002)]
    nodes = "".join(
        f'<node id="{i}" version="1" lat="{lat}" lon="{lon}"/>'
        for i, (lat, lon) in enumerate(corners, 1)
    )
    refs = "".join(f'<nd ref="{i}"/>' for i in (1, 2, 3, 4, 1))
    path.write_text(
        f'<osm version="0.6">{nodes}<way id="9" version="1">{refs}'
        '<tag k="building" v="yes"/><tag k="building:levels" v="4"/></way></osm>'
    )
    made, _ = read_buildings(path, BOX, PARAMS)
    assert made["height_m"].tolist() == [12.0]
    assert made.geometry.iloc[0].area == pytest.approx(4e-6)


def test_cells_that_buildings_fill_take_their_height():
    step = 0.001
    surface = make_surface(
        50.0095, 70.0005, step, step, np.zeros((10, 10)), clutter_class=2, clutter_m=1.0
    )
    shapes = [
        shapely.box(70.000, 50.000, 70.005, 50.005),
        shapely.box(70.000, 50.000, 70.002, 50.002),
        shapely.box(70.0085, 50.0085, 70.0087, 50.0087),
    ]
    table = gpd.GeoDataFrame({"height_m": [12.0, 40.0, 99.0]}, geometry=shapes, crs=4326)
    made, found = burn_buildings(surface, table, PARAMS)
    assert (made.clutter_m[5:, :5] >= 12.0).all()
    assert (made.clutter_m[8:, :2] == 40.0).all()  # the taller of two that overlap
    assert (made.clutter_m[:5] == 1.0).all()  # a hut does not fill its cell
    assert made.clutter_class[9, 0] == ClutterClass.DENSE_URBAN
    assert made.clutter_class[6, 3] == ClutterClass.URBAN_OR_TREES
    assert "fill 25 cells" in found[0].what
