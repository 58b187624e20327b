"""Slopes, aggregation and water on made grids."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from qamtu.country.sources import Grid
from qamtu.country.terrain import _aggregated, _water, slope_deg

METRES_A_DEGREE = np.radians(1.0) * 6_371_008.8


def test_the_slope_of_a_plane_is_its_angle() -> None:
    step = 0.01
    rows = np.arange(5)[:, None] * step * METRES_A_DEGREE
    plane = Grid(np.tan(np.radians(7.0)) * rows * np.ones((1, 6)), 10.0, 0.025, step)
    assert slope_deg(plane) == pytest.approx(np.full((5, 6), 7.0))


def test_the_slope_to_the_east_counts_the_parallel() -> None:
    step = 0.01
    columns = np.arange(6)[None, :] * step * METRES_A_DEGREE * np.cos(np.radians(60.0))
    plane = Grid(np.tan(np.radians(5.0)) * columns * np.ones((3, 1)), 10.0, 60.015, step)
    assert slope_deg(plane)[1] == pytest.approx(np.full(6, 5.0))


def test_fine_cells_are_gathered_in_coarse_ones() -> None:
    coarse = Grid(np.zeros((1, 2)), 0.0, 1.0, 1.0)
    fine = Grid(np.array([[0.0, 100.0], [200.0, 300.0]]), 0.0, 1.0, 0.5)
    height, _, relief, share = _aggregated(fine, coarse)
    assert height[0, 0] == 150.0
    assert relief[0, 0] == 300.0
    assert share.tolist() == [[1.0, 0.0]]


def test_a_grid_gives_nothing_outside_itself() -> None:
    grid = Grid(np.array([[1.0, 2.0], [3.0, 4.0]]), 10.0, 50.0, 1.0)
    lat, lon = np.array([49.5, 48.5, 50.5, 49.5]), np.array([10.5, 11.5, 10.5, 12.5])
    assert grid.at(lat, lon).tolist()[:2] == [1.0, 4.0]
    assert np.isnan(grid.at(lat, lon)[2:]).all()
    assert grid.resolution_arcsec == 3600


def test_water_cells_become_polygons_and_puddles_do_not() -> None:
    values = np.full((20, 20), 10.0)
    values[5:9, 5:9] = 0
    values[15, 15] = 0
    cover = Grid(values, 60.0, 50.0, 0.05)
    water = _water(cover, 0, 60.0, shapely.box(60, 49, 61, 50))
    assert len(water) == 1
    assert water["area_km2"].iloc[0] == pytest.approx(16 * 5.56 * 5.56 * 0.65, rel=0.05)
    assert water["resolution_arcsec"].tolist() == [180]
