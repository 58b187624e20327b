"""Frame, windows, polygons and sums against ways of counting that are slower and plainer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.core.errors import InputError
from qamtu.kernels.geodesy import haversine_m
from qamtu.kernels.propagation.area import Frame
from qamtu.studies.coverage.figures import cell_areas_km2
from qamtu.studies.coverage.layout import lay_out, window_around
from qamtu.studies.coverage.people import spread_people
from qamtu.studies.coverage.polygons import Coarse, level_polygons


def sectors(count: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(43, 45, count // 2 + 1), rng.uniform(76, 79, count // 2 + 1)
    at = np.arange(count) // 2
    return pd.DataFrame(
        {
            "lat_deg": lat[at], "lon_deg": lon[at], "height_m": 30.0,
            "technology": np.where(np.arange(count) % 2 == 0, "lte", "nr"),
            "frequency_mhz": np.where(np.arange(count) % 2 == 0, 1800.0, 3500.0),
            "bandwidth_mhz": 20.0,
        }
    )  # fmt: skip


@settings(deadline=None)
@given(count=st.integers(1, 80), seed=st.integers(0, 50), radius=st.floats(500.0, 40_000.0))
def test_every_cell_in_reach_lies_in_its_tile(count, seed, radius) -> None:
    table = sectors(count, seed)
    layout = lay_out(table, radius, 200.0)
    seen = [i for tile in layout.tiles for group in tile.groups for i in group]
    assert sorted(seen) == list(range(count))
    frame = layout.frame
    for tile in layout.tiles:
        w = tile.window
        assert w.row >= 0
        assert w.row + w.rows <= frame.rows
        assert w.col + w.cols <= frame.cols
        for group in tile.groups:
            lat, lon = table.loc[group[0], ["lat_deg", "lon_deg"]]
            south = frame.lat_top_deg - frame.step_lat_deg * (w.row + w.rows - 1)
            north = frame.lat_top_deg - frame.step_lat_deg * w.row
            west = frame.lon_left_deg + frame.step_lon_deg * w.col
            east = frame.lon_left_deg + frame.step_lon_deg * (w.col + w.cols - 1)
            step = frame.cell_m
            assert haversine_m(lat, lon, south, lon) > radius - 1.01 * step or w.rows == frame.rows
            assert haversine_m(lat, lon, north, lon) > radius - 1.01 * step
            assert haversine_m(lat, lon, lat, west) > radius - 1.01 * step
            assert haversine_m(lat, lon, lat, east) > radius - 1.01 * step
            bounds = tile.bounds
            assert bounds[0] < west + frame.step_lon_deg
            assert bounds[3] > north - frame.step_lat_deg


def test_a_window_holds_the_circle_exactly() -> None:
    frame = Frame(43.5, 76.5, 0.002, 0.003, 300, 300)
    window = window_around(frame, 43.2, 76.9, 9000.0)
    distance = haversine_m(43.2, 76.9, frame.lat_deg[:, None], frame.lon_deg[None, :])
    row, col = np.nonzero(distance <= 9000.0)
    assert window.row <= row.min() <= window.row + 1
    assert row.max() <= window.row + window.rows - 1 <= row.max() + 1
    assert window.col <= col.min() <= window.col + 1
    assert col.max() <= window.col + window.cols - 1 <= col.max() + 1


def test_a_frame_over_half_the_world_is_refused() -> None:
    table = sectors(2, 1)
    table.loc[1, ["lat_deg", "lon_deg"]] = [-30.0, -60.0]
    with pytest.raises(InputError) as caught:
        lay_out(table, 20_000.0, 20.0)
    assert caught.value.findings[0].id == "frame-large"


def test_cells_of_the_globe_make_its_surface() -> None:
    frame = Frame(89.5, -179.5, 1.0, 1.0, 180, 360)
    whole = float(cell_areas_km2(frame).sum() * 360)
    assert whole == pytest.approx(4 * np.pi * 6371.0087714**2, rel=1e-9)


def test_polygons_have_the_area_of_their_cells() -> None:
    frame = Frame(43.5, 76.5, 0.002, 0.003, 60, 80)
    rng = np.random.default_rng(2)
    above = rng.normal(5, 12, frame.shape).astype(np.float32)
    above[:5] = np.nan
    coarse = Coarse(frame)
    for row in range(0, 60, 13):
        coarse.add(row, above[row : row + 13])
    np.testing.assert_array_equal(coarse.highest, above)
    made = level_polygons(coarse, {"strong": 20.0, "good": 10.0, "weak": 0.0})
    assert made["band"].tolist() == ["strong", "good", "weak"]
    area = np.repeat(cell_areas_km2(frame), 80).reshape(frame.shape)
    expected = [
        area[above >= 20].sum(), area[(above >= 10) & (above < 20)].sum(),
        area[(above >= 0) & (above < 10)].sum(),
    ]  # fmt: skip
    assert made["area_km2"].tolist() == pytest.approx(expected)
    assert made.to_crs("ESRI:54034").area.to_numpy() / 1e6 == pytest.approx(expected, rel=0.01)


def test_a_large_raster_is_gathered_to_its_highest(monkeypatch) -> None:
    monkeypatch.setattr("qamtu.studies.coverage.polygons._MOST_CELLS", 100)
    frame = Frame(43.5, 76.5, 0.002, 0.003, 31, 29)
    values = np.arange(31 * 29, dtype=np.float32).reshape(31, 29)
    coarse = Coarse(frame)
    for row in range(0, 31, 7):
        coarse.add(row, values[row : row + 7])
    n = coarse.factor
    assert n == 3
    assert coarse.highest[0, 0] == values[n - 1, n - 1]
    assert coarse.highest[-1, -1] == values[-1, -1]
    assert coarse.frame.lat_deg[0] == pytest.approx(frame.lat_deg[1])


def test_people_are_spread_evenly_over_their_disc() -> None:
    frame = Frame(43.5, 76.5, 0.0009, 0.00123, 1000, 1000)
    places = pd.DataFrame(
        {"lat_deg": [43.2, 43.1, 10.0], "lon_deg": [76.9, 77.0, 10.0],
         "population": pd.array([300_000, 20, pd.NA], dtype="Int64")}
    )  # fmt: skip
    homes = spread_people(places, frame, 3000.0, 100.0)
    counts = np.bincount(homes.owner)
    assert counts.tolist() == [400, 1, 1]
    assert homes.row[-1] == homes.col[-1] == -1
    lat, lon = frame.lat_deg[homes.row[:400]], frame.lon_deg[homes.col[:400]]
    away = haversine_m(43.2, 76.9, lat, lon)
    radius = np.sqrt(100.0e6 / np.pi)  # 300,000 people at 3,000 a km² have 100 km²
    assert away.max() == pytest.approx(radius, rel=0.02)
    assert (away < radius / np.sqrt(2)).mean() == pytest.approx(0.5, abs=0.02)
    assert (lat > 43.2).mean() == pytest.approx(0.5, abs=0.02)
    assert homes.share(homes.row >= 0).tolist() == [1.0, 1.0, 0.0]
