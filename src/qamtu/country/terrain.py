"""Terrain cells and water bodies from height grids and land cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.features import shapes as polygons_of
from scipy.ndimage import maximum_filter, minimum_filter

from qamtu.country.admin import area_km2
from qamtu.country.catalogue import SourceCatalogue
from qamtu.country.settings import PackSettings
from qamtu.country.sources import Grid, read_grid

__all__ = ["Terrain", "build_terrain", "slope_deg"]

_EARTH_M: Final = 6_371_008.8
_LEAST_SHARE: Final = 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Terrain:
    """Terrain cells, water bodies and what was measured on the way.

    Parameters
    ----------
    cells, water
        Contract tables.
    slope_factor
        Ratio of mean slopes [1], fine grid over coarse, where both cover; the slopes of cells
        without the fine grid are multiplied with it.
    """

    cells: pd.DataFrame
    water: gpd.GeoDataFrame
    slope_factor: float


def slope_deg(grid: Grid) -> Floats:
    """Give the slope of each cell from central differences [degree of slope].

    Source: Horn (1981), Proc. IEEE 69(1), without the smoothing of the 3 by 3 window.
    """
    north_m = np.radians(grid.step_deg) * _EARTH_M
    down, across = np.gradient(grid.cells)
    east_m = north_m * np.cos(np.radians(grid.lat_deg))[:, None]
    return np.asarray(np.degrees(np.arctan(np.hypot(down / north_m, across / east_m))))


def build_terrain(settings: PackSettings, catalogue: SourceCatalogue, land: Any) -> Terrain:
    """Build terrain over the land (a polygon) with a buffer, and water bodies near it."""
    have = settings.terrain
    coarse = read_grid(catalogue.path(have.height))
    fine = read_grid(catalogue.path(have.height_fine))
    cover = read_grid(catalogue.path(have.land_cover))
    near = land.buffer(settings.buffer_deg)
    lat, lon = np.meshgrid(coarse.lat_deg, coarse.lon_deg, indexing="ij")
    inside = shapely.contains_xy(near, lon, lat)
    cells, factor = _cells(coarse, fine, inside)
    points = (cells["lat_deg"].to_numpy(), cells["lon_deg"].to_numpy())
    cells["land_cover"] = _class_at(cover, *points)
    cells["water_share"] = _water_share(cover, *points, coarse.step_deg, have.water_class)
    order = ["lat_deg", "lon_deg", "height_m", "slope_deg", "relief_m", "land_cover",
             "water_share", "resolution_arcsec"]  # fmt: skip
    water = _water(cover, have.water_class, have.water_area_min_km2, near)
    return Terrain(cells[order].reset_index(drop=True), water, factor)


def _cells(coarse: Grid, fine: Grid, inside: NDArray[np.bool_]) -> tuple[pd.DataFrame, float]:
    rough = slope_deg(coarse)
    height, slope, relief, share = _aggregated(fine, coarse)
    have = share >= _LEAST_SHARE
    both = have & (rough > 0) & inside
    factor = float(slope[both].mean() / rough[both].mean()) if both.any() else 1.0
    around = maximum_filter(coarse.cells, 3) - minimum_filter(coarse.cells, 3)
    lat, lon = np.meshgrid(coarse.lat_deg, coarse.lon_deg, indexing="ij")
    table = pd.DataFrame(
        {
            "lat_deg": lat[inside].round(6),
            "lon_deg": lon[inside].round(6),
            "height_m": np.where(have, height, coarse.cells)[inside].round(0),
            "slope_deg": np.where(have, slope, rough * factor)[inside].round(2),
            "relief_m": np.where(have, relief, around)[inside].round(0),
            "resolution_arcsec": np.where(have, fine.resolution_arcsec, coarse.resolution_arcsec)[
                inside
            ].astype(np.int64),
        }
    )
    return table, factor


def _aggregated(fine: Grid, coarse: Grid) -> tuple[Floats, Floats, Floats, Floats]:
    """Give mean height, mean slope, relief and coverage of the fine grid in coarse cells."""
    shape = coarse.cells.shape
    row = np.floor((coarse.north_deg - fine.lat_deg) / coarse.step_deg).astype(np.int64)
    column = np.floor((fine.lon_deg - coarse.west_deg) / coarse.step_deg).astype(np.int64)
    rows, columns = np.meshgrid(row, column, indexing="ij")
    good = (rows >= 0) & (rows < shape[0]) & (columns >= 0) & (columns < shape[1])
    good &= np.isfinite(fine.cells)
    index = (rows * shape[1] + columns)[good]
    values, size = fine.cells[good], shape[0] * shape[1]
    count = np.bincount(index, minlength=size).astype(np.float64)
    safe = np.maximum(count, 1.0)
    height = np.bincount(index, values, size) / safe
    slope = np.bincount(index, slope_deg(fine)[good], size) / safe
    top, bottom = np.full(size, -np.inf), np.full(size, np.inf)
    np.maximum.at(top, index, values)
    np.minimum.at(bottom, index, values)
    relief = np.where(count > 0, top - bottom, 0.0)
    full = (coarse.step_deg / fine.step_deg) ** 2
    made = [array.reshape(shape) for array in (height, slope, relief, count / full)]
    return made[0], made[1], made[2], made[3]


def _class_at(cover: Grid, lat: Floats, lon: Floats) -> pd.Series[Any]:
    values = pd.Series(cover.at(lat, lon))
    return values.astype("Int64")


def _water_share(cover: Grid, lat: Floats, lon: Floats, step_deg: float, water: int) -> Floats:
    """Give the share of 9 points spread over each cell that lie in water."""
    wet = np.zeros(len(lat))
    for north in (-1, 0, 1):
        for east in (-1, 0, 1):
            found = cover.at(lat + north * step_deg / 3, lon + east * step_deg / 3)
            wet += found == water
    return np.asarray((wet / 9).round(3))


def _water(cover: Grid, water: int, least_km2: float, near: Any) -> gpd.GeoDataFrame:
    """Draw the water cells as polygons, cut to the country's surroundings."""
    mask = (cover.cells == water).astype(np.uint8)
    transform = Affine(cover.step_deg, 0, cover.west_deg, 0, -cover.step_deg, cover.north_deg)
    drawn = [
        shapely.geometry.shape(shape)
        for shape, value in polygons_of(mask, mask=mask == 1, transform=transform)
        if value == 1
    ]
    made = [(area_km2(shape), shape) for shape in drawn if shape.intersects(near)]
    made = [(area, shape) for area, shape in made if area >= least_km2]
    made.sort(key=lambda pair: (-pair[0], pair[1].bounds))
    return gpd.GeoDataFrame(
        {
            "water_id": [f"water:{i:04d}" for i in range(len(made))],
            "area_km2": [round(area, 1) for area, _ in made],
            "resolution_arcsec": np.full(len(made), cover.resolution_arcsec, dtype=np.int64),
        },
        geometry=[shape for _, shape in made],
        crs=4326,
    )
