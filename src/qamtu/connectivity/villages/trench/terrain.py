"""The ground along polylines: shares of flat, hilly, mountain and wetland."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.connectivity.villages.trench.graph import Terrain
from qamtu.core.errors import InputError
from qamtu.kernels.geodesy import haversine_m

__all__ = ["Ground", "read_ground"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_WETLAND = 11
"""Permanent wetlands in the IGBP legend (MCD12C1 user guide)."""
_STEPS_A_CELL = 2.0
_CHUNK = 2_000_000
_CELLS_MAX = 200_000_000


@dataclass(frozen=True, slots=True)
class _Grid:
    """Terrain class of the cells of one resolution; -1 where there is none."""

    lat: float
    lon: float
    step_lat: float
    step_lon: float
    cells: NDArray[np.int8]
    resolution: int

    def look_up(self, lat: Floats, lon: Floats) -> NDArray[np.int8]:
        i = np.floor((lat - self.lat) / self.step_lat + 0.5).astype(np.int64)
        j = np.floor((lon - self.lon) / self.step_lon + 0.5).astype(np.int64)
        rows, columns = self.cells.shape
        inside = (i >= 0) & (i < rows) & (j >= 0) & (j < columns)
        return np.where(inside, self.cells[i.clip(0, rows - 1), j.clip(0, columns - 1)], -1)


@dataclass(frozen=True, slots=True)
class Ground:
    """Terrain grids, finest data first.

    Parameters
    ----------
    grids
        The grids; none if no terrain is known.
    """

    grids: tuple[_Grid, ...]

    @property
    def step_m(self) -> float:
        """Distance between samples along a line [m]: half the smallest cell."""
        if not self.grids:
            return np.inf
        return min(g.step_lat for g in self.grids) * 111_195.0 / _STEPS_A_CELL

    def shares(self, offset: Ints, lat: Floats, lon: Floats) -> tuple[Floats, NDArray[np.int32]]:
        """Take the length-weighted shares of the terrain classes along polylines.

        Parameters
        ----------
        offset, lat, lon
            Polylines [deg], e of them.

        Returns
        -------
        shares : float64[e, 4]
            Share of each `Terrain`, summing to 1; all flat where nothing is known.
        resolution : int32[e]
            Coarsest data used [arc seconds], 0 where nothing is known.
        """
        n = len(offset) - 1
        weight = np.zeros((n, len(Terrain)))
        worst = np.zeros(n, dtype=np.int32)
        for line, at_lat, at_lon, length in self._samples(offset, lat, lon):
            found = np.full(len(line), -1, dtype=np.int8)
            for grid in self.grids:
                open_ = np.flatnonzero(found < 0)
                found[open_] = grid.look_up(at_lat[open_], at_lon[open_])
                hit = open_[found[open_] >= 0]
                np.maximum.at(worst, line[hit], grid.resolution)
            known = found >= 0
            key = line[known] * len(Terrain) + found[known]
            weight += np.bincount(key, weights=length[known], minlength=n * len(Terrain)).reshape(
                weight.shape
            )
        total = weight.sum(axis=1)
        weight[total == 0, Terrain.FLAT] = 1.0
        return weight / np.where(total > 0, total, 1.0)[:, None], worst

    def _samples(
        self, offset: Ints, lat: Floats, lon: Floats
    ) -> Iterator[tuple[Ints, Floats, Floats, Floats]]:
        """Give lines, places and lengths that stand for samples, some million at a time."""
        if not self.grids or len(lat) < 2:
            return
        line = np.repeat(np.arange(len(offset) - 1), np.diff(offset) - 1)
        begin = np.delete(np.arange(len(lat)), offset[1:] - 1)
        length = haversine_m(lat[begin], lon[begin], lat[begin + 1], lon[begin + 1])
        count = np.maximum(1, np.ceil(length / self.step_m)).astype(np.int64)
        done = np.cumsum(count)
        inner = np.searchsorted(done, np.arange(_CHUNK, done[-1], _CHUNK)) + 1
        bounds = np.unique(np.concatenate([[0], inner, [len(begin)]]))
        for low, high in pairwise(bounds):
            n = count[low:high]
            segment = np.repeat(np.arange(low, high), n)
            share = (np.arange(len(segment)) - np.repeat(np.cumsum(n) - n, n) + 0.5) / n.repeat(n)
            v = begin[segment]
            yield (
                line[segment],
                lat[v] + share * (lat[v + 1] - lat[v]),
                lon[v] + share * (lon[v + 1] - lon[v]),
                length[segment] / count[segment],
            )


def read_ground(terrain: pd.DataFrame | None, slope_hilly: float, slope_mountain: float) -> Ground:
    """Class the cells of the terrain table by slope, and as wetland by land cover.

    Parameters
    ----------
    terrain
        Table of regular cells: lat_deg, lon_deg, slope_deg, resolution_arcsec and, where known,
        land_cover; or None.
    slope_hilly, slope_mountain
        Slopes from which ground is hilly, and mountain [degree of slope].
    """
    if terrain is None or not len(terrain):
        return Ground(())
    slope = terrain["slope_deg"].to_numpy(dtype=np.float64, na_value=np.nan)
    kind = np.full(len(terrain), Terrain.FLAT, dtype=np.int8)
    kind[slope >= slope_hilly] = Terrain.HILLY
    kind[slope >= slope_mountain] = Terrain.MOUNTAIN
    if "land_cover" in terrain.columns:
        cover = pd.to_numeric(terrain["land_cover"]).to_numpy(dtype=np.float64, na_value=np.nan)
        kind[(cover == _WETLAND) & (kind != Terrain.MOUNTAIN)] = Terrain.WETLAND
    kind[~np.isfinite(slope)] = -1
    lat = terrain["lat_deg"].to_numpy(dtype=np.float64)
    lon = terrain["lon_deg"].to_numpy(dtype=np.float64)
    resolution = terrain["resolution_arcsec"].to_numpy(dtype=np.int64)
    made = []
    for value in np.unique(resolution):
        rows = resolution == value
        made.append(_grid(lat[rows], lon[rows], kind[rows], int(value)))
    return Ground(tuple(made))


def _grid(lat: Floats, lon: Floats, kind: NDArray[np.int8], resolution: int) -> _Grid:
    step_lat, step_lon = _step(lat, resolution), _step(lon, resolution)
    south, west = float(lat.min()), float(lon.min())
    i = np.round((lat - south) / step_lat).astype(np.int64)
    j = np.round((lon - west) / step_lon).astype(np.int64)
    shape = (int(i.max()) + 1, int(j.max()) + 1)
    if shape[0] * shape[1] > _CELLS_MAX:
        msg = f"the terrain cells of {resolution} arc seconds do not lie on a regular grid"
        raise InputError(msg)
    cells = np.full(shape, -1, dtype=np.int8)
    cells[i, j] = kind
    return _Grid(south, west, step_lat, step_lon, cells, resolution)


def _step(values: Floats, resolution: int) -> float:
    """Distance of neighbouring rows or columns of a regular grid [deg]."""
    levels = np.unique(np.round(values, 7))
    if len(levels) < 2:
        return resolution / 3600.0
    extent = float(levels[-1] - levels[0])
    return extent / round(extent / float(np.min(np.diff(levels))))
