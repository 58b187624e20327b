"""The study: a stopped run goes on, tiles hold their places, a wake of workers."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio import Affine

from qamtu.core.progress import Stage
from qamtu.country import load_pack
from qamtu.studies.corridors import CorridorsRequest, make_corridors
from qamtu.studies.corridors.data import corridors_params
from qamtu.studies.corridors.tiles import read_tiles


@pytest.fixture(scope="module")
def terrain(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("terrain") / "made.tif"
    step = 1.0 / 60.0
    height = np.full((300, 360), 200.0, dtype=np.float32)
    shape = {"width": 360, "height": 300, "count": 1, "dtype": "float32"}
    place = Affine(step, 0.0, 58.0, 0.0, -step, 53.0)
    with rasterio.open(
        path, "w", driver="GTiff", crs="EPSG:4326", transform=place, **shape
    ) as made:
        made.write(height, 1)
    return path


def request_of(madeland: Path, terrain: Path, out: Path, **more: object) -> CorridorsRequest:
    return CorridorsRequest(
        pack=str(madeland), out=out, terrain=(terrain,), scheduler="serial", step_m=1000.0,
        time_limit_s=600.0, join_time_limit_s=600.0, max_rounds=3, gap_limit=0.3, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_stopped_run_goes_on_and_ends_the_same(madeland, terrain, tmp_path) -> None:
    whole = make_corridors(request_of(madeland, terrain, tmp_path / "whole"))

    def stop(stage: Stage) -> None:
        if stage.name == "backhaul":
            raise KeyboardInterrupt

    out = tmp_path / "stopped"
    with pytest.raises(KeyboardInterrupt):
        make_corridors(request_of(madeland, terrain, out), stop)
    assert not out.exists()
    assert (tmp_path / ".stopped.resume").is_dir()
    told: list[str] = []
    again = make_corridors(request_of(madeland, terrain, out), lambda s: told.append(s.name))
    assert "taking up a stopped run" in told
    assert not (tmp_path / ".stopped.resume").exists()
    assert again.results.sites.equals(whole.results.sites)
    assert again.summary["totals"] == whole.summary["totals"]


def test_processes_give_the_same_answer(madeland, terrain, tmp_path) -> None:
    one = make_corridors(request_of(madeland, terrain, tmp_path / "one"))
    request = request_of(madeland, terrain, tmp_path / "two")
    two = make_corridors(
        CorridorsRequest(
            **{
                name: getattr(request, name)
                for name in request.__slots__
                if name not in {"scheduler", "workers"}
            },
            scheduler="processes",
            workers=2,
        )
    )
    assert two.results.sites.equals(one.results.sites)


def test_tiles_cover_the_roads_and_do_not_overlap(madeland, terrain) -> None:
    pack = load_pack(madeland)
    roads = gpd.GeoDataFrame(pack.tables["roads"])
    regions = gpd.GeoDataFrame(pack.tables["regions"])
    tiles, _ = read_tiles(pack, roads, regions, margin_km=40.0, terrain=[terrain])
    boxes = [shapely.box(*tile.box) for tile in tiles]
    assert shapely.union_all(boxes).contains(roads.geometry.union_all())
    for i, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[i + 1 :])
        west, south, east, north = tiles[i].surface.bounds
        box = tiles[i].box
        assert west < box[0] - 0.3
        assert south < box[1] - 0.3
        assert east > box[2] + 0.3
        assert north > box[3] + 0.3


def test_memory_coarsens_the_terrain_and_says_so(madeland, terrain) -> None:
    pack = load_pack(madeland)
    tables = (gpd.GeoDataFrame(pack.tables[name]) for name in ("roads", "regions"))
    tiles, found = read_tiles(pack, *tables, margin_km=40.0, terrain=[terrain], memory_mb=0.5)
    assert "terrain-coarsened" in {f.id for f in found}
    assert all(tile.surface.step_lat_deg > 1.0 / 60.0 for tile in tiles)


def test_the_length_promised_is_known_to_the_pack_that_ships() -> None:
    target = corridors_params(load_pack("kz"), None)["road_length_target"]
    assert (target.value, target.unit) == (40_000.0, "km")
