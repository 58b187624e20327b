"""Sea, coastal land and inland, as the propagation recommendations tell them apart.

Recommendation ITU-R P.1812, Table 1: sea is sea and other large bodies of water; coastal land is
land no farther from it than 50 km and no higher above its level than 100 m; the rest is inland.
Bodies are found on a coarse grid wider than the surface, so that a lake cut by its edge keeps its
area; lakes cut by the edge of the land cover itself count with the part that can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, label

from qamtu.core.params import Params
from qamtu.country.rasters import Frame
from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.terrain import ZONE_COASTAL, ZONE_INLAND, ZONE_SEA

__all__ = ["Seas", "find_seas", "zones_on"]

_KM_A_DEGREE: Final = np.radians(1.0) * EARTH_RADIUS_M / 1000.0
_NEIGHBOURS: Final = np.ones((3, 3), dtype=np.int64)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Seas:
    """Large bodies of water on a coarse grid.

    Parameters
    ----------
    frame
        The grid.
    distance_km : float32[r, c]
        Distance to the nearest of them [km], 0 in it; infinite where there is none.
    level_m : float32[r, c]
        Level of the nearest of them [m].
    """

    frame: Frame
    distance_km: Floats
    level_m: Floats


def find_seas(
    frame: Frame, water: NDArray[np.bool_], height_m: Floats, params: Params
) -> Seas | None:
    """Find large bodies of water; None where there is none.

    Parameters
    ----------
    frame
        A coarse grid around the surface.
    water : bool[r, c]
        Cells of water.
    height_m : float32[r, c]
        Heights [m]; a body's level is the median over its cells, 0 where none is known.
    params
        ``sea_area_min``.
    """
    numbered, count = label(water, structure=_NEIGHBOURS)
    if not count:
        return None
    cell_km2 = frame.step_lat_deg * frame.step_lon_deg * _KM_A_DEGREE**2
    areas = cell_km2 * np.cos(np.radians(frame.lat_deg))[:, None] + np.zeros(water.shape)
    area = np.bincount(numbered.ravel(), areas.ravel(), count + 1)
    area[0] = 0.0
    large = area >= params.value("sea_area_min")
    if not large.any():
        return None
    level = np.zeros(count + 1, dtype=np.float32)
    for one in np.flatnonzero(large):
        heights = height_m[(numbered == one) & np.isfinite(height_m)]
        level[one] = np.median(heights) if heights.size else 0.0
    sea = large[numbered]
    middle = float(np.cos(np.radians(frame.lat_deg.mean())))
    steps = (frame.step_lat_deg * _KM_A_DEGREE, frame.step_lon_deg * _KM_A_DEGREE * middle)
    distance, nearest = distance_transform_edt(~sea, sampling=steps, return_indices=True)
    at = level[numbered[nearest[0], nearest[1]]]
    return Seas(frame, distance.astype(np.float32), at.astype(np.float32))


def zones_on(
    frame: Frame, seas: Seas | None, water: NDArray[np.bool_], height_m: Floats, params: Params
) -> tuple[NDArray[np.uint8], Floats]:
    """Give the zone of each cell of the surface, and heights that are nowhere below the sea.

    Parameters
    ----------
    frame
        Grid of the surface.
    seas
        From `find_seas`; with None all is inland.
    water : bool[r, c]
        Cells of water on the surface; those that touch a large body on the coarse grid are sea.
    height_m : float32[r, c]
        Ground [m]; a void near the sea counts as coastal.
    params
        ``coast_distance``, ``coast_height``.

    Returns
    -------
    zone : uint8[r, c]
        `ZONE_SEA`, `ZONE_COASTAL` or `ZONE_INLAND`.
    height_m : float32[r, c]
        As given; cells of sea that have no height or one of the sea floor have the water's level.
    """
    zone = np.full((frame.rows, frame.cols), ZONE_INLAND, dtype=np.uint8)
    if seas is None:
        return zone, height_m
    coarse = seas.frame
    row = np.floor((coarse.north_deg - frame.lat_deg) / coarse.step_lat_deg).astype(np.int64)
    lon = frame.west_deg + frame.step_lon_deg * (np.arange(frame.cols) + 0.5)
    col = np.floor((lon - coarse.west_deg) / coarse.step_lon_deg).astype(np.int64)
    row = np.clip(row, 0, coarse.rows - 1)[:, None]
    col = np.clip(col, 0, coarse.cols - 1)[None, :]
    near = seas.distance_km[row.min() : row.max() + 1, col.min() : col.max() + 1]
    if near.min() > params.value("coast_distance"):
        return zone, height_m
    distance = seas.distance_km[row, col]
    touch = 1.5 * coarse.step_lat_deg * _KM_A_DEGREE
    level = seas.level_m[row, col]
    low = ~(height_m - level > params.value("coast_height"))
    zone[(distance <= params.value("coast_distance")) & low] = ZONE_COASTAL
    sea = water & (distance <= touch)
    zone[sea] = ZONE_SEA
    return zone, np.where(sea, np.fmax(height_m, level), height_m).astype(np.float32)
