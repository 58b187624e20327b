"""Places where a site may stand: a hexagonal grid, denser where the ground is built up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from qamtu.connectivity.mobile.territory import cell_indices
from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.terrain import ZONE_SEA, ClutterClass, Surface, slope

__all__ = [
    "EXISTING",
    "KINDS",
    "ROOFTOP",
    "TOWER",
    "UPGRADE",
    "Heights",
    "Places",
    "hexagonal_points",
    "join_places",
    "make_places",
]

KINDS: Final = ("tower", "rooftop", "existing", "upgrade")
"""What carries antennas, by the number in `Places.kind`."""

TOWER, ROOFTOP, EXISTING, UPGRADE = range(4)

_METRES_PER_DEGREE: Final = EARTH_RADIUS_M * np.pi / 180.0
_BUILT: Final = (
    int(ClutterClass.SUBURBAN), int(ClutterClass.URBAN_OR_TREES), int(ClutterClass.DENSE_URBAN),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heights:
    """How high antennas stand, and on how steep ground a site is built at most.

    Parameters
    ----------
    rooftop_min, rooftop_above
        Of a rooftop site: above ground at least, and above what stands around at least [m].
    tower
        Of a tower, above ground [m].
    slope_most_deg
        Steepest ground [degree of slope].
    """

    rooftop_min: float
    rooftop_above: float
    tower: float
    slope_most_deg: float = 90.0


@dataclass(frozen=True, eq=False)
class Places:
    """Places for sites, arrays of one value a place.

    Parameters
    ----------
    lat_deg, lon_deg : float64[k]
        Where [deg].
    ground_m, height_m : float64[k]
        Ground above sea level and antenna above ground [m].
    clutter : int64[k]
        What stands around, a `ClutterClass`.
    built : bool[k]
        Whether that is built-up ground.
    kind : int64[k]
        What carries the antennas, a number in `KINDS`; new sites stand on a roof in built-up
        ground, else on a tower.
    resolution_arcsec : float64[k]
        Resolution of the terrain under it [arcsec].
    """

    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    ground_m: NDArray[np.float64]
    height_m: NDArray[np.float64]
    clutter: NDArray[np.int64]
    built: NDArray[np.bool_]
    kind: NDArray[np.int64]
    resolution_arcsec: NDArray[np.float64]

    def __len__(self) -> int:
        """Count the places."""
        return int(self.lat_deg.size)

    def take(self, which: NDArray[Any]) -> Places:
        """Give some of the places, by flags or numbers."""
        return Places(
            self.lat_deg[which], self.lon_deg[which], self.ground_m[which],
            self.height_m[which], self.clutter[which], self.built[which], self.kind[which],
            self.resolution_arcsec[which],
        )  # fmt: skip


def join_places(*parts: Places) -> Places:
    """Give several places as one."""
    return Places(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in Places.__dataclass_fields__
        )
    )


def hexagonal_points(
    outline: Any, spacing_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lay a hexagonal grid over an outline and keep the points within it.

    Parameters
    ----------
    outline
        Polygon in EPSG:4326.
    spacing_m
        Distance between neighbours [m].

    Returns
    -------
    lat_deg, lon_deg : float64[k]
        Points [deg], row by row from the south; the middle of the outline's box where the grid
        has no point within.
    """
    west, south, east, north = shapely.bounds(outline)
    row_step = spacing_m * np.sqrt(3.0) / 2.0 / _METRES_PER_DEGREE
    col_step = spacing_m / _METRES_PER_DEGREE / np.cos(np.radians((south + north) / 2.0))
    rows = int((north - south) / row_step) + 1
    cols = int((east - west) / col_step) + 2
    lat0 = (south + north - (rows - 1) * row_step) / 2.0
    lon0 = (west + east - (cols - 1) * col_step) / 2.0
    row, col = np.meshgrid(np.arange(rows), np.arange(cols), indexing="ij")
    lat = (lat0 + row * row_step).ravel()
    lon = (lon0 + (col + 0.5 * (row % 2) - 0.25) * col_step).ravel()
    shapely.prepare(outline)
    within = np.asarray(shapely.contains_xy(outline, lon, lat))
    if not within.any():
        point = shapely.point_on_surface(outline)
        return np.array([point.y]), np.array([point.x])
    return lat[within], lon[within]


def make_places(
    surface: Surface, lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64],
    heights: Heights, *, height_m: NDArray[np.float64] | None = None,
) -> tuple[Places, NDArray[np.bool_]]:  # fmt: skip
    """Read the ground at points and say how high the antennas stand.

    Parameters
    ----------
    surface
        Ground and clutter.
    lat_deg, lon_deg : float64[k]
        Points [deg].
    heights
        Heights of new sites.
    height_m : float64[k], optional
        Heights that are known [m]; NaN where not.

    Returns
    -------
    places
        All of them.
    usable : bool[k]
        Whether a site can stand there: known ground, neither sea nor water, not too steep.
    """
    row, col = cell_indices(surface, lat_deg, lon_deg)
    kind = surface.clutter_class[row, col].astype(np.int64)
    built = np.isin(kind, _BUILT)
    ground = surface.height_m[row, col].astype(np.float64)
    around = np.nan_to_num(surface.clutter_m[row, col].astype(np.float64))
    roof = np.maximum(heights.rooftop_min, around + heights.rooftop_above)
    height = np.where(built, roof, heights.tower)
    if height_m is not None:
        height = np.where(np.isfinite(height_m), height_m, height)
    usable = np.isfinite(ground) & (surface.zone[row, col] != ZONE_SEA)
    usable &= kind != int(ClutterClass.WATER)
    usable &= ~(slope(surface)[row, col] > np.tan(np.radians(heights.slope_most_deg)))
    places = Places(
        np.asarray(lat_deg, np.float64), np.asarray(lon_deg, np.float64), ground, height, kind,
        built, np.where(built, ROOFTOP, TOWER).astype(np.int64),
        surface.resolution_arcsec[row, col].astype(np.float64),
    )  # fmt: skip
    return places, usable
