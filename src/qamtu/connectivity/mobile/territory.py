"""The cells of a city's territory: which count, their area, and where its people live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from qamtu.kernels.geodesy import EARTH_RADIUS_M, haversine_m
from qamtu.kernels.propagation.area import Frame
from qamtu.kernels.terrain import ZONE_SEA, Surface

__all__ = [
    "Territory",
    "cell_indices",
    "cell_side_m",
    "make_frame",
    "make_territory",
    "spread_people",
]

_METRES_PER_DEGREE: Final = EARTH_RADIUS_M * np.pi / 180.0


@dataclass(frozen=True, eq=False)
class Territory:
    """The cells of one territory on a frame; ``d`` of them count.

    Parameters
    ----------
    frame
        The grid of cells.
    number : int32[rows, cols]
        Number of each cell that counts, -1 elsewhere.
    lat_deg, lon_deg : float64[d]
        Middle of each cell that counts [deg].
    area_km2, people : float64[d]
        Area [km2] and people of each cell that counts.
    ground_m : float32[rows, cols]
        Ground above sea level [m]; NaN where not known.
    sea_share
        Share of the outline that is sea or large water and does not count [1].
    resolution_arcsec
        Median resolution of the terrain under the cells that count [arcsec].
    """

    frame: Frame
    number: NDArray[np.int32]
    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    area_km2: NDArray[np.float64]
    people: NDArray[np.float64]
    ground_m: NDArray[np.float32]
    sea_share: float
    resolution_arcsec: float

    @property
    def total_km2(self) -> float:
        """Area of all cells that count [km2]."""
        return float(self.area_km2.sum())


def make_frame(outline: Any, cell_m: float) -> Frame:
    """Lay a grid of nearly square cells over the box of an outline, its middle on the box's.

    Parameters
    ----------
    outline
        Polygon in EPSG:4326.
    cell_m
        Side of a cell [m].
    """
    west, south, east, north = shapely.bounds(outline)
    step_lat = cell_m / _METRES_PER_DEGREE
    step_lon = step_lat / float(np.cos(np.radians((south + north) / 2.0)))
    rows = max(int(np.ceil((north - south) / step_lat - 1e-9)), 1)
    cols = max(int(np.ceil((east - west) / step_lon - 1e-9)), 1)
    top = (south + north) / 2.0 + (rows - 1) / 2.0 * step_lat
    left = (west + east) / 2.0 - (cols - 1) / 2.0 * step_lon
    return Frame(float(top), float(left), step_lat, step_lon, rows, cols)


def cell_side_m(frame: Frame) -> float:
    """Side of a frame's nearly square cells, from north to south [m]."""
    return float(frame.step_lat_deg * _METRES_PER_DEGREE)


def cell_indices(
    surface: Surface, lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and column of the surface's cell nearest to each point, clipped to its edge."""
    rows, cols = surface.shape
    row = np.rint((surface.lat_top_deg - lat_deg) / surface.step_lat_deg).astype(np.int64)
    col = np.rint((lon_deg - surface.lon_left_deg) / surface.step_lon_deg).astype(np.int64)
    return np.clip(row, 0, rows - 1), np.clip(col, 0, cols - 1)


def outline_km2(outline: Any) -> float:
    """Area of an outline on the sphere of mean radius [km2], by an equal-area projection."""

    def plane(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = np.radians(points[:, 0]), np.sin(np.radians(points[:, 1]))
        return np.column_stack([x, y])

    return float(shapely.area(shapely.transform(outline, plane))) * (EARTH_RADIUS_M / 1000.0) ** 2


def make_territory(
    outline: Any, surface: Surface, *, cell_m: float, centre: tuple[float, float],
    population: float, density_centre: float,
) -> Territory:  # fmt: skip
    """Cut a territory into cells.

    A cell counts when its middle lies in the outline and not on the sea or another large body of
    water (`ZONE_SEA`). The cells share the outline's area without that water, whatever their edges
    make of it.

    Parameters
    ----------
    outline
        Polygon in EPSG:4326.
    surface
        Ground under it.
    cell_m
        Side of a cell [m].
    centre
        Latitude and longitude of the city's centre [deg].
    population
        People of the city.
    density_centre
        Density at the centre [people/km2]; see `spread_people`.
    """
    frame = make_frame(outline, cell_m)
    lat, lon = np.meshgrid(frame.lat_deg, frame.lon_deg, indexing="ij")
    shapely.prepare(outline)
    within = np.asarray(shapely.contains_xy(outline, lon, lat))
    row, col = cell_indices(surface, lat.ravel(), lon.ravel())
    sea = (surface.zone[row, col] == ZONE_SEA).reshape(frame.shape)
    counts = within & ~sea
    number = np.full(frame.shape, -1, np.int32)
    number[counts] = np.arange(int(counts.sum()), dtype=np.int32)
    sea_share = float((within & sea).sum() / max(int(within.sum()), 1))
    area = np.cos(np.radians(lat[counts]))
    area *= (1.0 - sea_share) * outline_km2(outline) / max(float(area.sum()), 1e-9)
    ground = surface.height_m[row, col].reshape(frame.shape)
    resolution = surface.resolution_arcsec[row, col].reshape(frame.shape)[counts]
    known = resolution[np.isfinite(resolution)]
    people = spread_people(lat[counts], lon[counts], area, centre, population, density_centre)
    return Territory(
        frame=frame,
        number=number,
        lat_deg=lat[counts],
        lon_deg=lon[counts],
        area_km2=area,
        people=people,
        ground_m=np.ascontiguousarray(ground, np.float32),
        sea_share=sea_share,
        resolution_arcsec=float(np.median(known)) if known.size else float("nan"),
    )


def spread_people(
    lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64], area_km2: NDArray[np.float64],
    centre: tuple[float, float], population: float, density_centre: float,
) -> NDArray[np.float64]:  # fmt: skip
    """Spread a city's people over its cells: density falls off exponentially from the centre.

    D(r) = D0·exp(-r/b) with b = sqrt(N / (2π D0)), so that a city without an edge holds N people;
    what the edge cuts off is put back in proportion. Source: C. Clark, "Urban population
    densities", Journal of the Royal Statistical Society A 114 (1951).

    Parameters
    ----------
    lat_deg, lon_deg : float64[d]
        Cells [deg].
    area_km2 : float64[d]
        Their area [km2].
    centre
        Latitude and longitude [deg].
    population
        People N.
    density_centre
        Density D0 [people/km2].

    Returns
    -------
    float64[d]
        People of each cell; they sum to ``population`` where there is a cell.
    """
    if population <= 0.0 or area_km2.size == 0:
        return np.zeros(area_km2.size)
    away_km = haversine_m(centre[0], centre[1], lat_deg, lon_deg) / 1000.0
    scale_km = np.sqrt(population / (2.0 * np.pi * density_centre))
    weight = area_km2 * np.exp(-away_km / scale_km)
    if weight.sum() <= 0.0:  # the centre is far outside
        weight = area_km2
    return np.asarray(population * weight / weight.sum())
