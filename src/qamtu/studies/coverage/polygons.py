"""Bands of level as polygons, for a map that knows no rasters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import rasterio.features
import shapely
from numpy.typing import NDArray

from qamtu.kernels.propagation.area import Frame
from qamtu.studies.coverage.figures import cell_areas_km2
from qamtu.studies.output.cog import frame_transform

__all__ = ["Coarse", "level_polygons"]

_MOST_CELLS: Final = 4_000_000


class Coarse:
    """Gather rows of a raster into one of at most 4·10⁶ cells: the highest of each square.

    Parameters
    ----------
    frame
        Of the raster.
    """

    def __init__(self, frame: Frame) -> None:
        """Begin with no rows."""
        self.factor = max(1, int(np.ceil(np.sqrt(frame.rows * frame.cols / _MOST_CELLS))))
        rows, cols = (-(-n // self.factor) for n in frame.shape)
        self.highest = np.full((rows, cols), np.nan, np.float32)
        step_lat, step_lon = frame.step_lat_deg, frame.step_lon_deg
        shift = (self.factor - 1) / 2.0
        self.frame = Frame(
            frame.lat_top_deg - shift * step_lat, frame.lon_left_deg + shift * step_lon,
            self.factor * step_lat, self.factor * step_lon, rows, cols,
        )  # fmt: skip

    def add(self, row: int, values: NDArray[np.float32]) -> None:
        """Take in rows."""
        n = self.factor
        at = (np.arange(row, row + values.shape[0])) // n
        for into in np.unique(at):
            rows = values[at == into]
            high = np.fmax.reduce(rows, axis=0)
            wide = np.full(self.highest.shape[1] * n, np.nan, np.float32)
            wide[: high.size] = high
            best = np.fmax.reduce(wide.reshape(-1, n), axis=1)
            self.highest[into] = np.fmax(self.highest[into], best)


def level_polygons(coarse: Coarse, levels_db: Mapping[str, float]) -> gpd.GeoDataFrame:
    """Turn bands into one row each: ``band``, ``level_from_db``, ``area_km2``, ``geometry``.

    Parameters
    ----------
    coarse
        Level above the weakest one [dB]; NaN where there is none.
    levels_db
        Least level of each band above the weakest one [dB], the highest first.
    """
    names = list(levels_db)
    band = np.zeros(coarse.highest.shape, np.int16)
    for i, name in enumerate(reversed(names)):
        with np.errstate(invalid="ignore"):
            band[coarse.highest >= levels_db[name]] = len(names) - i
    shapes: dict[int, list[Any]] = {}
    found = rasterio.features.shapes(
        band, mask=band > 0, transform=frame_transform(coarse.frame), connectivity=4
    )
    for shape, value in found:
        shapes.setdefault(int(value), []).append(shapely.geometry.shape(shape))
    area = cell_areas_km2(coarse.frame)
    rows = [
        {
            "band": name,
            "level_from_db": levels_db[name],
            "area_km2": float(((band == i + 1).sum(axis=1) * area).sum()),
            "geometry": shapely.MultiPolygon(shapes[i + 1]),
        }
        for i, name in enumerate(names)
        if i + 1 in shapes
    ]
    columns = ["band", "level_from_db", "area_km2", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=4326)
