"""Surfaces read from made rasters and from the pack."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import rasterio
from tests.country.grids import hills, write_raster

from qamtu.core.errors import InputError, MissingInput
from qamtu.country import Pack, check_points, load_pack, read_surface, resolution_shares
from qamtu.country.rasters import describe
from qamtu.kernels.terrain import (
    ZONE_COASTAL,
    ZONE_INLAND,
    ZONE_SEA,
    ClutterClass,
    ground_height,
    nearest,
)


def bare(tables=None, rasters=()):
    """A pack with nothing but rasters."""
    return Pack("xx", "Nowhere", "EUR", 2025, tables or {}, {}, (), {}, {}, None, tuple(rasters))


BOX = (20.0, 10.0, 21.0, 11.0)


def ids(findings):
    return {f.id for f in findings}


def test_a_raster_on_its_own_grid_keeps_its_values(tmp_path):
    values = hills(120, 120)
    path = write_raster(tmp_path / "h.tif", values, 20.0, 11.0, 1 / 120)
    surface, found = read_surface(bare(), BOX, step_arcsec=30, heights=path)
    assert surface.shape == (120, 120)
    assert surface.height_m == pytest.approx(values, abs=1e-3)
    assert surface.bounds == pytest.approx(BOX)
    assert ids(found) == {"terrain-coarse"}
    part, _ = read_surface(bare(), (20.21, 10.3, 20.5, 10.52), step_arcsec=30, heights=[path])
    lat, lon = np.array([10.35, 10.5]), np.array([20.3, 20.42])
    assert ground_height(part, lat, lon) == pytest.approx(
        ground_height(surface, lat, lon), abs=1e-2
    )
    west, south, east, north = part.bounds
    assert west <= 20.21 < west + 1 / 120
    assert (south, east) <= (10.3, 20.51)
    assert north >= 10.52


def test_the_finest_raster_counts_and_says_so(tmp_path):
    coarse = write_raster(tmp_path / "a" / "coarse.tif", hills(60, 60), 20.0, 11.0, 1 / 60)
    fine = write_raster(
        tmp_path / "a" / "fine.tif", np.full((180, 180), 900, np.int16), 20.25, 10.75, 1 / 360
    )
    surface, found = read_surface(bare(), BOX, heights=tmp_path / "a")
    assert surface.step_lat_deg == pytest.approx(1 / 360)
    shares = resolution_shares(surface)
    assert shares == pytest.approx({10.0: 0.25, 60.0: 0.75}, abs=0.01)
    assert ground_height(surface, 10.5, 20.5) == pytest.approx(900.0)
    assert nearest(surface, surface.resolution_arcsec, 10.9, 20.1, 0.0) == 60.0
    (told,) = [f for f in found if f.id == "terrain-coarse"]
    assert "25% at 10 arcsec" in told.what
    other, _ = read_surface(bare(), BOX, heights=[fine, coarse])
    assert other.height_m == pytest.approx(surface.height_m, nan_ok=True)


def test_heights_are_averaged_onto_coarser_cells(tmp_path):
    values = np.tile(np.array([[0.0, 100.0], [200.0, 300.0]], np.float32), (60, 60))
    path = write_raster(tmp_path / "h.tif", values, 20.0, 11.0, 1 / 120)
    surface, _ = read_surface(bare(), BOX, step_arcsec=60, heights=path)
    assert surface.height_m == pytest.approx(150.0)


def test_averaged_heights_do_not_claim_the_raster_s_cells(tmp_path):
    box = (20.0, 10.8, 20.2, 11.0)
    path = write_raster(tmp_path / "h.tif", hills(720, 720), 20.0, 11.0, 1 / 3600)
    plain, found = read_surface(bare(), box, heights=path)
    assert resolution_shares(plain) == {1.0: 1.0}
    assert not ids(found) & {"terrain-coarse", "terrain-coarsened"}
    wide, found = read_surface(bare(), box, step_arcsec=60, heights=path)
    assert resolution_shares(wide) == {60.0: 1.0}
    assert "terrain-coarse" in ids(found)
    small, found = read_surface(bare(), box, heights=path, memory_mb=1)
    assert resolution_shares(small) == {5.0: 1.0}
    assert ids(found) >= {"terrain-coarse", "terrain-coarsened"}


def test_another_coordinate_system_is_brought_to_degrees(tmp_path):
    rows = np.repeat(np.arange(400, dtype=np.float32)[::-1, None], 400, axis=1)
    path = write_raster(tmp_path / "utm.tif", rows, 500_000, 4_800_000, 100.0, crs="EPSG:32643")
    with rasterio.open(path) as data:
        lon, lat = rasterio.warp.transform("EPSG:32643", "EPSG:4326", [520_000], [4_780_050])
        assert data.crs.to_epsg() == 32643
    box = (lon[0] - 0.05, lat[0] - 0.05, lon[0] + 0.05, lat[0] + 0.05)
    surface, found = read_surface(bare(), box, step_arcsec=3, heights=path)
    assert ground_height(surface, lat[0], lon[0]) == pytest.approx(200.0, abs=0.6)
    assert not any(f.severity == "error" for f in found)


def test_rows_from_the_south_are_turned(tmp_path):
    values = hills(120, 120)
    path = write_raster(tmp_path / "s.tif", values, 20.0, 11.0, 1 / 120, south_up=True)
    surface, found = read_surface(bare(), BOX, step_arcsec=30, heights=path)
    assert surface.height_m == pytest.approx(values, abs=1e-2)
    assert "raster-turned" in ids(found)


def test_a_raster_that_lies_upside_down_is_seen_by_the_coarser_one(tmp_path):
    coarse = write_raster(tmp_path / "c.tif", hills(60, 60), 20.0, 11.0, 1 / 60)
    wrong = write_raster(tmp_path / "w.tif", hills(240, 240)[::-1], 20.0, 11.0, 1 / 240)
    with pytest.raises(InputError) as caught:
        read_surface(bare(), BOX, heights=[coarse, wrong])
    assert ids(caught.value.findings) == {"raster-upside-down"}


def test_feet_are_seen_and_named_feet_are_converted(tmp_path):
    coarse = write_raster(tmp_path / "c.tif", hills(60, 60), 20.0, 11.0, 1 / 60)
    feet = (hills(240, 240) / 0.3048).astype(np.float32)
    wrong = write_raster(tmp_path / "feet.tif", feet, 20.0, 11.0, 1 / 240)
    with pytest.raises(InputError, match="heights-in-feet"):
        read_surface(bare(), BOX, heights=[coarse, wrong])
    named = write_raster(tmp_path / "named.tif", feet, 20.0, 11.0, 1 / 240, unit="ft")
    surface, found = read_surface(bare(), BOX, heights=[coarse, named])
    assert np.median(surface.height_m) == pytest.approx(850.0, abs=60)
    assert "heights-in-feet-converted" in ids(found)
    tall = write_raster(tmp_path / "tall.tif", feet + 8000, 20.0, 11.0, 1 / 240)
    with pytest.raises(InputError, match=r"above 8,900 m"):
        read_surface(bare(), BOX, heights=tall)


def test_single_impossible_heights_and_sea_floor_are_voids(tmp_path):
    values = hills(120, 120)
    values[10, 10], values[50, 60] = 9999.0, -4000.0
    values[70, 70] = np.nan
    path = write_raster(tmp_path / "h.tif", values, 20.0, 11.0, 1 / 120)
    surface, found = read_surface(bare(), BOX, step_arcsec=30, heights=path)
    assert np.isnan(surface.height_m[[10, 50, 70], [10, 60, 70]]).all()
    assert np.isnan(surface.height_m).sum() == 3
    assert {"heights-impossible", "heights-below-land", "terrain-void"} <= ids(found)


def test_named_voids_are_filled_from_the_coarser_raster(tmp_path):
    coarse = write_raster(tmp_path / "c.tif", hills(60, 60), 20.0, 11.0, 1 / 60)
    values = hills(120, 120).astype(np.int16)
    values[30:40, 30:40] = -9999
    fine = write_raster(tmp_path / "f.tif", values, 20.0, 11.0, 1 / 120, nodata=-9999)
    surface, _ = read_surface(bare(), BOX, step_arcsec=30, heights=[coarse, fine])
    assert np.isfinite(surface.height_m).all()
    assert surface.resolution_arcsec[35, 35] == 60.0
    assert surface.height_m.min() > 500


def test_everything_wrong_with_the_files_is_told_at_once(tmp_path):
    values = hills(60, 60)
    nocrs = write_raster(tmp_path / "nocrs.tif", values, 20.0, 11.0, 1 / 60, crs=None)
    noplace = write_raster(tmp_path / "noplace.tif", values, 0.0, 0.0, -1.0)
    swapped = write_raster(tmp_path / "swapped.tif", values, 10.0, 121.0, 1 / 60)
    broken = tmp_path / "broken.tif"
    broken.write_bytes(b"II*\x00no raster at all")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as caught:
        read_surface(
            bare(), BOX,
            heights=[nocrs, swapped, broken, tmp_path / "none.tif", tmp_path / "empty"],
        )  # fmt: skip
    found = {f.file.rsplit("/", 1)[-1]: f.id for f in caught.value.findings}
    assert found == {
        "nocrs.tif": "raster-crs-missing", "swapped.tif": "raster-swapped",
        "broken.tif": "raster-unreadable", "none.tif": "raster-missing", "empty": "raster-missing",
    }  # fmt: skip
    assert "EPSG:4326" in next(f.mend for f in caught.value.findings if "crs" in f.id)
    assert noplace.is_file()


def test_rasters_beside_the_area_are_told(tmp_path):
    coarse = write_raster(tmp_path / "c.tif", hills(60, 60), 20.0, 11.0, 1 / 60)
    swapped = write_raster(tmp_path / "swapped.tif", hills(60, 60), 10.0, 21.0, 1 / 60)
    away = write_raster(tmp_path / "away.tif", hills(60, 60), 70.0, 51.0, 1 / 60)
    pack = bare(rasters=[describe(coarse, "height", [])])
    with pytest.raises(InputError, match="raster-axes-swapped"):
        read_surface(pack, BOX, heights=swapped)
    _, found = read_surface(pack, BOX, heights=away)
    assert "raster-outside" in ids(found)
    _, found = read_surface(pack, BOX, heights=[away, coarse])
    assert "raster-outside" not in ids(found)


@pytest.mark.parametrize("step", [None, 30.0, 200.0])
def test_a_truncated_file_is_told(tmp_path, step):
    path = write_raster(tmp_path / "h.tif", hills(400, 400), 20.0, 11.0, 1 / 400)
    path.write_bytes(path.read_bytes()[:300_000])
    with pytest.raises(InputError, match="raster-unreadable"):
        read_surface(bare(), BOX, step, heights=path)


def test_without_heights_there_is_no_surface():
    with pytest.raises(InputError, match="terrain-missing"):
        read_surface(bare(), BOX)


@pytest.mark.parametrize(
    ("bounds", "rule"),
    [
        ((21.0, 10.0, 20.0, 11.0), "bounds-empty"),
        ((20.0, 10.0, 21.0, float("nan")), "bounds-empty"),
        ((20.0, 89.0, 21.0, 95.0), "bounds-outside"),
    ],
)
def test_bounds_that_are_no_rectangle_are_refused(bounds, rule):
    with pytest.raises(InputError, match=rule):
        read_surface(bare(), bounds)


def test_swapped_bounds_are_known_by_the_pack():
    pack = load_pack("kz")
    with pytest.raises(InputError, match="bounds-swapped"):
        read_surface(pack, (43.0, 76.0, 44.0, 77.0))
    with pytest.raises(InputError, match="terrain-missing"):
        read_surface(pack, (2.0, 48.0, 3.0, 49.0))


def test_what_would_not_fit_is_made_coarser_and_told(tmp_path):
    path = write_raster(tmp_path / "h.tif", hills(240, 240), 20.0, 11.0, 1 / 240)
    surface, found = read_surface(bare(), BOX, heights=path, memory_mb=1.0)
    assert surface.height_m.size * 40 <= 1.05e6
    assert "terrain-coarsened" in ids(found)
    with pytest.raises(InputError, match="step"):
        read_surface(bare(), BOX, step_arcsec=0.0, heights=path)


def test_points_outside_on_voids_and_swapped_are_told_with_their_rows(tmp_path):
    values = hills(60, 60)
    values[:5] = np.nan
    path = write_raster(tmp_path / "h.tif", values, 20.0, 11.0, 1 / 60)
    surface, _ = read_surface(bare(), BOX, step_arcsec=60, heights=path)
    found = check_points(
        surface, [10.5, 10.99, 20.5, 50.0], [20.5, 20.5, 10.5, 50.0], list("abcd"), "sites.csv"
    )
    told = [(f.row, f.id) for f in found]
    assert told == [
        (3, "site-terrain-void"), (4, "site-terrain-swapped"), (5, "site-terrain-outside"),
    ]  # fmt: skip


def test_a_surface_model_carries_no_clutter_twice(tmp_path):
    name = "Copernicus_DSM_COG_10_N10_00_E020_00_DEM.tif"
    path = write_raster(tmp_path / name, hills(120, 120), 20.0, 11.0, 1 / 120)
    cover = write_raster(
        tmp_path / "lc.tif", np.full((800, 800), 10, np.uint8), 20.0, 11.0, 1 / 800
    )
    surface, found = read_surface(bare(), BOX, heights=path, land_cover=cover, step_arcsec=30)
    assert surface.clutter_m.max() == 0.0
    assert (surface.clutter_class == ClutterClass.TREES).all()
    assert "heights-are-roofs" in ids(found)
    both, _ = read_surface(
        bare(), BOX, heights=path, land_cover=cover, step_arcsec=30, roofs_and_clutter=True
    )  # fmt: skip
    assert (both.clutter_m == 15.0).all()


def test_land_cover_becomes_clutter_by_its_legend_or_the_users_table(tmp_path):
    height = write_raster(tmp_path / "h.tif", hills(60, 60), 20.0, 11.0, 1 / 60)
    codes = np.full((60, 60), 30, np.uint8)
    codes[:, 30:] = 50
    cover = write_raster(tmp_path / "lc.tif", codes, 20.0, 11.0, 1 / 60)
    surface, _ = read_surface(bare(), BOX, step_arcsec=60, heights=height, land_cover=cover)
    assert (surface.clutter_class[:, :30] == ClutterClass.OPEN).all()
    assert (surface.clutter_class[:, 30:] == ClutterClass.SUBURBAN).all()
    table = tmp_path / "own.csv"
    table.write_text("code,clutter_class,clutter_m\n30,trees,22\n50,dense_urban,35\n")
    own, _ = read_surface(
        bare(), BOX, step_arcsec=60, heights=height, land_cover=cover, clutter_table=table
    )
    assert (own.clutter_m[:, :30] == 22).all()
    assert (own.clutter_class[:, 30:] == ClutterClass.DENSE_URBAN).all()


def test_a_users_table_changes_single_codes_of_a_legend(tmp_path):
    table = tmp_path / "own.csv"
    table.write_text("code,clutter_class,clutter_m\n13,dense_urban,25\n")
    box = (76.7, 43.0, 77.2, 43.4)
    plain, _ = read_surface(load_pack("kz"), box, built_up=False)
    own, found = read_surface(load_pack("kz"), box, built_up=False, clutter_table=table)
    city = plain.clutter_class == ClutterClass.URBAN_OR_TREES
    assert city.any()
    assert (own.clutter_m[city] == 25).all()
    assert (own.clutter_m[~city] == plain.clutter_m[~city]).all()
    assert "land-cover-unknown" not in ids(found)


def test_codes_of_no_legend_are_refused_with_the_remedy(tmp_path):
    height = write_raster(tmp_path / "h.tif", hills(60, 60), 20.0, 11.0, 1 / 60)
    cover = write_raster(tmp_path / "lc.tif", np.full((60, 60), 211, np.uint8), 20.0, 11.0, 1 / 60)
    with pytest.raises(InputError, match="clutter-table"):
        read_surface(bare(), BOX, heights=height, land_cover=cover)
    table = tmp_path / "t.csv"
    table.write_text("code,clutter_class,clutter_m\n1,open,0\n")
    _, found = read_surface(bare(), BOX, heights=height, land_cover=cover, clutter_table=table)
    assert "land-cover-unknown" in ids(found)
    with pytest.raises(MissingInput):
        read_surface(bare(), BOX, heights=height, clutter_table=tmp_path / "none.csv")


def test_the_pack_gives_a_surface_everywhere_in_the_country():
    pack = load_pack("kz")
    assert {one.kind for one in pack.rasters} == {"height", "land_cover"}
    assert all(
        one.path.is_file() and one.source in {s.id for s in pack.sources} for one in pack.rasters
    )
    almaty, found = read_surface(pack, (76.7, 43.0, 77.2, 43.4))
    assert ground_height(almaty, 43.2567, 76.9286) == pytest.approx(800, abs=100)
    assert almaty.height_m.max() > 3500  # the ridge south of the city
    assert resolution_shares(almaty) == {15.0: 1.0}
    assert nearest(almaty, almaty.clutter_class, 43.2567, 76.9286, 0) >= ClutterClass.SUBURBAN
    assert {"terrain-coarse", "built-up-estimated"} <= ids(found)
    assert (almaty.zone == ZONE_INLAND).all()
    plain, _ = read_surface(pack, (71.0, 50.9, 71.8, 51.4), built_up=False)
    assert resolution_shares(plain) == {300.0: 1.0}


def test_the_caspian_is_sea_with_a_coast_and_the_steppe_is_inland():
    surface, _ = read_surface(load_pack("kz"), (50.0, 43.0, 54.0, 45.0), step_arcsec=60)
    assert nearest(surface, surface.zone, 43.5, 50.3, 0) == ZONE_SEA
    assert int(nearest(surface, surface.zone, 43.65, 51.3, 0)) in {ZONE_COASTAL, ZONE_SEA}
    assert nearest(surface, surface.zone, 43.5, 53.9, 0) == ZONE_INLAND


def test_estimated_ground_is_off_where_land_cover_is_fine(tmp_path):
    height = write_raster(tmp_path / "h.tif", hills(60, 60), 20.0, 11.0, 1 / 60)
    towns = pd.DataFrame({"lat_deg": [10.5], "lon_deg": [20.5], "population": [60_000]})
    pack = bare({"settlements": towns})
    rough, found = read_surface(pack, BOX, heights=height)
    assert nearest(rough, rough.clutter_class, 10.5, 20.5, 0) == ClutterClass.URBAN_OR_TREES
    assert "built-up-estimated" in ids(found)
    cover = write_raster(
        tmp_path / "lc.tif", np.full((360, 360), 30, np.uint8), 20.0, 11.0, 1 / 360
    )
    fine, found = read_surface(pack, BOX, heights=height, land_cover=cover)
    assert (fine.clutter_class == ClutterClass.OPEN).all()
    assert "built-up-estimated" not in ids(found)


def test_a_filled_pack_finds_its_rasters(exampleland):
    write_raster(exampleland / "rasters" / "height" / "h.tif", hills(240, 480), 20.0, 12.0, 1 / 120)
    cover = np.full((40, 80), 40, np.uint8)
    write_raster(exampleland / "rasters" / "land_cover" / "lc.tif", cover, 20.0, 12.0, 1 / 20)
    pack = load_pack(exampleland)
    assert [one.kind for one in pack.rasters] == ["height", "land_cover"]
    surface, _ = read_surface(pack, BOX)
    assert np.isfinite(surface.height_m).all()
    assert (surface.clutter_class >= ClutterClass.OPEN).all()
    write_raster(
        exampleland / "rasters" / "height" / "n.tif", hills(9, 9), 20.0, 12.0, 1.0, crs=None
    )
    with pytest.raises(InputError, match="raster-crs-missing"):
        load_pack(exampleland)


def test_layers_of_a_built_pack_lie_in_its_folder():
    pack = load_pack("kz")
    moved = replace(pack.rasters[0], source="other")
    assert moved.path == pack.rasters[0].path
    assert "rasters/height/dem_fine.tif" in pack.checksums
