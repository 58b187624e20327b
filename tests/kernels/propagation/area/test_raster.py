"""Sweeps, rasters, models, voids and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from qamtu.core.errors import InputError
from qamtu.kernels.geodesy import EARTH_RADIUS_M, destination, haversine_m
from qamtu.kernels.propagation.area import (
    MODELS,
    Frame,
    azimuth_count,
    azimuths_deg,
    check_site,
    direct_losses,
    direct_raster,
    frame_around,
    frame_of,
    loss_raster,
    model_sweep,
    polar_to_raster,
    resampling_error,
    sweep,
    terrain_step_m,
)
from qamtu.kernels.propagation.itm import Settings as ItmSettings
from qamtu.kernels.propagation.itm import path_loss
from qamtu.kernels.propagation.p1812.settings import Settings
from qamtu.kernels.terrain import make_surface, sample_radials

SITE = (43.22, 76.95)
ENDS = (40.0, 1.5)
ASKED = Settings(0.7)


@pytest.fixture(scope="module")
def plain():
    """Give bare level ground around 50 N, 70 E with cells of about 100 m."""
    return make_surface(50.25, 69.6, 0.001, 0.0015, np.full((500, 530), 300.0))


@pytest.mark.parametrize("time", [1.0, 50.0])
def test_every_receiver_of_a_sweep_equals_its_own_path(mountains, losses_of_paths, time):
    asked = replace(ASKED, time_percent=time)
    azimuths = np.array([3.0, 118.0, 190.0, 331.0])
    polar = sweep(mountains, *SITE, *ENDS, asked, azimuths, 150.0, 30_000.0)
    assert polar.loss_db.shape == (4, 200)
    height, clutter, zone = sample_radials(mountains, *SITE, azimuths, 150.0, 200)
    assert clutter.any()
    assert (zone == 1).any()
    for i, azimuth in enumerate(azimuths):
        half, phi = 75.0 * np.arange(201) / EARTH_RADIUS_M, np.radians(SITE[0])
        north = np.cos(phi) * np.cos(np.radians(azimuth))
        middle = np.degrees(np.arcsin(np.sin(phi) * np.cos(half) + north * np.sin(half)))
        paths = losses_of_paths(height[i], clutter[i], zone[i], 0.15, *ENDS, asked, middle)
        assert np.nanmax(np.abs(polar.loss_db[i, 1:] - paths[1:])) < 2e-5  # kept as float32


def test_threads_give_the_same(mountains):
    azimuths = azimuths_deg(200)
    one = sweep(mountains, *SITE, *ENDS, ASKED, azimuths, 300.0, 20_000.0)
    two = sweep(mountains, *SITE, *ENDS, ASKED, azimuths, 300.0, 20_000.0, parallel=True)
    assert np.array_equal(one.loss_db, two.loss_db, equal_nan=True)
    assert (one.voids, one.missing) == (two.voids, two.missing)
    frame = frame_around(*SITE, 20_000.0, 0.004)
    serial = loss_raster(mountains, *SITE, *ENDS, ASKED, frame, 20_000.0)
    threaded = loss_raster(mountains, *SITE, *ENDS, ASKED, frame, 20_000.0, parallel=True)
    assert np.array_equal(serial, threaded, equal_nan=True)


def test_a_raster_of_level_ground_is_the_path_of_each_cell(plain):
    frame = frame_around(50.0, 70.0, 12_000.0, 0.002)
    raster = loss_raster(plain, 50.0, 70.0, *ENDS, ASKED, frame, 12_000.0)
    direct = direct_raster(
        plain, 50.0, 70.0, *ENDS, ASKED, frame, 12_000.0, step_m=terrain_step_m(plain, 50.0)
    )
    distance = haversine_m(50.0, 70.0, frame.lat_deg[:, None], frame.lon_deg[None, :])
    assert np.array_equal(np.isnan(raster), distance > 12_000.0)
    far = (distance > 500.0) & (distance < 12_000.0)
    assert np.abs(raster - direct)[far].max() < 0.3
    assert np.median(np.abs(raster - direct)[far]) < 0.02
    assert np.isfinite(raster[frame.rows // 2, frame.cols // 2])  # the site's own cell


def test_the_resampling_error_shrinks_with_more_radials(mountains):
    frame = frame_around(*SITE, 25_000.0, 0.004)
    errors = []
    for arc_cells in (4.0, 1.0, 0.25):
        raster = loss_raster(
            mountains, *SITE, *ENDS, ASKED, frame, 25_000.0, arc_cells=arc_cells, step_m=150.0
        )
        found = resampling_error(
            mountains, *SITE, *ENDS, ASKED, frame, 25_000.0, raster, step_m=150.0, cells=800
        )
        assert found.cells == 800
        assert found.median_db <= found.p95_db <= found.max_db
        errors.append(found)
    assert errors[0].median_db > errors[1].median_db > errors[2].median_db
    assert errors[0].p95_db > errors[1].p95_db > errors[2].p95_db


def test_a_tile_is_cut_from_the_whole(mountains):
    frame = frame_around(*SITE, 20_000.0, 0.004)
    whole = loss_raster(mountains, *SITE, *ENDS, ASKED, frame, 20_000.0)
    for row, col in ((0, 0), (20, 30), (60, 45)):
        tile = frame.crop(row, col, 25, 30)
        part = loss_raster(mountains, *SITE, *ENDS, ASKED, tile, 20_000.0)
        assert part.shape == tile.shape
        window = whole[row : row + tile.rows, col : col + tile.cols]
        assert np.allclose(part, window, rtol=0.0, atol=2e-3, equal_nan=True)


def test_sectors_join_without_a_seam(mountains, monkeypatch):
    frame = frame_around(*SITE, 15_000.0, 0.004)
    whole = loss_raster(mountains, *SITE, *ENDS, ASKED, frame, 15_000.0)
    monkeypatch.setattr("qamtu.kernels.propagation.area.raster._SECTOR_BYTES", 20_000)
    pieces = loss_raster(mountains, *SITE, *ENDS, ASKED, frame, 15_000.0)
    assert np.array_equal(whole, pieces, equal_nan=True)


def test_a_polar_becomes_the_same_raster(mountains):
    frame = frame_around(*SITE, 15_000.0, 0.004)
    step = terrain_step_m(mountains, SITE[0])
    count = azimuth_count(15_000.0, max(frame.cell_at_m(SITE[0]), step))
    polar = sweep(mountains, *SITE, *ENDS, ASKED, azimuths_deg(count), step, 15_000.0)
    whole = loss_raster(mountains, *SITE, *ENDS, ASKED, frame, 15_000.0)
    assert np.allclose(polar_to_raster(polar, frame), whole, atol=2e-3, equal_nan=True)
    sector = replace(
        polar, azimuth_deg=polar.azimuth_deg[40:81], loss_db=polar.loss_db[40:81].copy()
    )
    part = polar_to_raster(sector, frame)
    seen = np.isfinite(part)
    assert 0.0 < seen.mean() < 0.5
    assert np.allclose(part[seen], whole[seen], atol=2e-3)
    uneven = replace(polar, azimuth_deg=np.r_[0.0, 1.0, 5.0], loss_db=polar.loss_db[:3])
    for azimuth in ([0.0, 1.0, 5.0], [0.0], [0.0, 350.7]):
        with pytest.raises(InputError):
            polar_to_raster(replace(uneven, azimuth_deg=np.array(azimuth)), frame)


def test_voids_hide_what_is_behind_and_are_counted():
    height = np.full((200, 200), 100.0)
    height[95:106, 120:125] = np.nan
    surface = make_surface(43.1, 75.9, 0.001, 0.001, height)
    lat, lon = 43.0, 76.0
    east = sweep(surface, lat, lon, *ENDS, ASKED, [90.0], 100.0, 6_000.0)
    assert np.isfinite(east.loss_db[0, :15]).all()
    assert np.isnan(east.loss_db[0, 20:]).all()
    assert east.voids > 0
    assert east.missing == np.isnan(east.loss_db).sum()
    filled = sweep(surface, lat, lon, *ENDS, ASKED, [90.0], 100.0, 6_000.0, fill_voids=True)
    assert np.isfinite(filled.loss_db).all()
    assert (filled.voids, filled.missing) == (0, 0)
    over = sweep(surface, lat, lon, *ENDS, ASKED, [0.0], 100.0, 20_000.0, fill_voids=True)
    assert over.voids > 50  # beyond the surface nothing is made up
    frame = frame_of(surface)
    raster = loss_raster(surface, lat, lon, *ENDS, ASKED, frame, 6_000.0)
    whole = loss_raster(surface, lat, lon, *ENDS, ASKED, frame, 6_000.0, fill_voids=True)
    distance = haversine_m(lat, lon, frame.lat_deg[:, None], frame.lon_deg[None, :])
    assert np.isfinite(whole[distance < 5_900.0]).all()
    assert np.isnan(raster[100, 140])
    assert np.isfinite(raster[100, 60])
    assert np.isnan(
        direct_losses(surface, lat, lon, *ENDS, ASKED, 43.0, 76.04, 100.0, 6_000.0)
    ).all()


@pytest.mark.parametrize("model", [m for m in MODELS if m not in {"p1812", "itm"}])
def test_models_without_terrain_depend_on_distance_only(plain, model):
    frame = frame_around(50.0, 70.0, 4_000.0, 0.002)
    raster = loss_raster(plain, 50.0, 70.0, 25.0, 1.5, ASKED, frame, 4_000.0, model=model)
    polar = model_sweep(
        model, plain, 50.0, 70.0, 25.0, 1.5, ASKED, azimuths_deg(360), 20.0, 4_000.0
    )
    off = np.abs(polar_to_raster(polar, frame) - raster)
    distance = haversine_m(50.0, 70.0, frame.lat_deg[:, None], frame.lon_deg[None, :])
    assert np.array_equal(np.isfinite(raster), distance <= 4_000.0)
    assert np.nanmax(off[distance > 300.0]) < 0.05
    if model == "free_space":
        free = 92.45 + 20.0 * np.log10(0.7 * np.hypot(distance, 23.5) / 1000.0)
        assert np.nanmax(np.abs(raster - free)) < 0.01


def test_itm_takes_the_terrain_of_each_radial(mountains):
    azimuths = np.array([20.0, 200.0])
    polar = model_sweep("itm", mountains, *SITE, *ENDS, ASKED, azimuths, 300.0, 12_000.0)
    assert polar.loss_db.shape == (2, 40)
    height, _, _ = sample_radials(mountains, *SITE, azimuths, 300.0, 40)
    asked = ItmSettings(700.0, *ENDS, refractivity=ASKED.n0)
    for i, k in ((0, 2), (0, 40), (1, 17)):
        alone = path_loss(height[i, : k + 1], 300.0, asked)
        assert polar.loss_db[i, k - 1] == pytest.approx(alone.loss_db, abs=1e-4)
    frame = frame_around(*SITE, 5_000.0, 0.005)
    raster = loss_raster(mountains, *SITE, *ENDS, ASKED, frame, 5_000.0, model="itm")
    assert np.isfinite(raster).sum() > 50


def test_a_frame_around_a_site_holds_the_circle():
    for lat, radius in ((0.0, 1_000.0), (43.0, 60_000.0), (-70.0, 200_000.0)):
        frame = frame_around(lat, 30.0, radius, 0.01)
        edge_lat, edge_lon = destination(lat, 30.0, np.arange(0.0, 360.0, 1.0), 0.994 * radius)
        rows = (frame.lat_top_deg - edge_lat) / frame.step_lat_deg
        cols = (edge_lon - frame.lon_left_deg) / frame.step_lon_deg
        assert rows.min() > -0.5
        assert rows.max() < frame.rows - 0.5
        assert cols.min() > -0.5
        assert cols.max() < frame.cols - 0.5
        middle = frame.lat_deg[frame.rows // 2], frame.lon_deg[frame.cols // 2]
        assert middle == pytest.approx((lat, 30.0))


def test_what_cannot_be_computed_is_refused(plain, mountains):
    frame = frame_around(50.0, 70.0, 2_000.0, 0.002)
    site = (plain, 50.0, 70.0, 30.0, 1.5)
    with pytest.raises(InputError, match="hata"):
        loss_raster(*site, ASKED, frame, 2_000.0, model="hata")
    with pytest.raises(InputError, match="GHz"):
        loss_raster(*site, Settings(700.0), frame, 2_000.0)
    for radius in (0.0, -1.0, np.nan, 3e7):
        with pytest.raises(InputError):
            loss_raster(*site, ASKED, frame, radius)
    with pytest.raises(InputError):
        sweep(*site, ASKED, [0.0], 0.0, 2_000.0)
    with pytest.raises(InputError, match="site-outside-terrain"):
        sweep(mountains, 50.0, 70.0, 30.0, 1.5, ASKED, [0.0], 100.0, 2_000.0)
    for step_lat, rows in ((0.0, 5), (0.1, 0), (np.nan, 5)):
        with pytest.raises(InputError):
            Frame(50.0, 70.0, step_lat, 0.1, rows, 5)
    with pytest.raises(InputError):
        frame_around(89.9, 0.0, 50_000.0, 0.01)
    with pytest.raises(InputError):
        azimuth_count(1000.0, 0.0)


def test_findings_of_a_site_name_the_remedy(plain):
    assert not check_site(plain, 50.0, 70.0, 30.0, 1.5)
    found = check_site(plain, 43.0, 70.0, -5.0, 4000.0)
    assert [f.id for f in found] == ["antenna-height", "antenna-height", "site-outside-terrain"]
    assert all(f.mend for f in found)
