"""The surface a radio path crosses: heights, clutter and zones on one regular grid of degrees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.core.errors import InputError
from qamtu.kernels.geodesy import EARTH_RADIUS_M

__all__ = [
    "ZONE_COASTAL",
    "ZONE_INLAND",
    "ZONE_SEA",
    "ClutterClass",
    "Surface",
    "burn",
    "crop",
    "inside",
    "make_surface",
    "slope",
    "void_share",
]

ZONE_SEA: Final = 1
"""Sea and other large bodies of water (Recommendation ITU-R P.1812, Table 1)."""
ZONE_COASTAL: Final = 3
"""Coastal land and shore areas."""
ZONE_INLAND: Final = 4
"""All other land."""

GridArrays = tuple[
    NDArray[np.float32], NDArray[np.float32], NDArray[np.uint8], float, float, float, float
]


class ClutterClass(IntEnum):
    """What stands on the ground (Recommendation ITU-R P.1812, Table 2).

    The table has one class for urban land and trees; trees are kept apart where the land cover
    tells them.
    """

    UNKNOWN = 0
    WATER = 1
    OPEN = 2
    SUBURBAN = 3
    URBAN_OR_TREES = 4
    DENSE_URBAN = 5
    TREES = 6


@dataclass(frozen=True, slots=True)
class Surface:
    """Ground and clutter on a regular grid; row 0 is the northernmost.

    Parameters
    ----------
    lat_top_deg, lon_left_deg : float
        Centre of the cell of row 0 and column 0 [deg].
    step_lat_deg, step_lon_deg : float
        Size of a cell [deg], both positive.
    height_m : float32[r, c]
        Ground above sea level [m]; NaN where it is not known.
    clutter_m : float32[r, c]
        Representative height of what stands on the ground, above the ground [m].
    clutter_class : uint8[r, c]
        `ClutterClass`.
    zone : uint8[r, c]
        `ZONE_SEA`, `ZONE_COASTAL` or `ZONE_INLAND`.
    resolution_arcsec : float32[r, c]
        Cell size of the raster that the height of the cell was taken from [arcsec]; NaN in voids.

    Raises
    ------
    InputError
        If the arrays do not have one shape, or a step is not positive.
    """

    lat_top_deg: float
    lon_left_deg: float
    step_lat_deg: float
    step_lon_deg: float
    height_m: NDArray[np.float32]
    clutter_m: NDArray[np.float32]
    clutter_class: NDArray[np.uint8]
    zone: NDArray[np.uint8]
    resolution_arcsec: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Refuse what no kernel could read."""
        wanted = {
            "height_m": np.float32, "clutter_m": np.float32, "clutter_class": np.uint8,
            "zone": np.uint8, "resolution_arcsec": np.float32,
        }  # fmt: skip
        shape = np.shape(self.height_m)
        if len(shape) != 2 or 0 in shape:
            raise InputError(f"a surface needs a grid of two dimensions, not the shape {shape}")
        for name, dtype in wanted.items():
            array = np.ascontiguousarray(getattr(self, name), dtype=dtype)
            if array.shape != shape:
                raise InputError(f"{name} of a surface has the shape {array.shape}, not {shape}")
            object.__setattr__(self, name, array)
        steps = (self.step_lat_deg, self.step_lon_deg)
        places = (self.lat_top_deg, self.lon_left_deg)
        if not (min(steps) > 0.0 and np.all(np.isfinite([*steps, *places]))):
            raise InputError(f"a surface needs positive steps and finite corners, not {steps}")

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, cols = self.height_m.shape
        return rows, cols

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north edge of the outer cells [deg]."""
        rows, cols = self.shape
        west = self.lon_left_deg - self.step_lon_deg / 2.0
        north = self.lat_top_deg + self.step_lat_deg / 2.0
        south, east = north - rows * self.step_lat_deg, west + cols * self.step_lon_deg
        return west, south, east, north

    @property
    def grid(self) -> GridArrays:
        """The first seven arguments of the compiled samplers."""
        return (
            self.height_m, self.clutter_m, self.zone, self.lat_top_deg, self.lon_left_deg,
            self.step_lat_deg, self.step_lon_deg,
        )  # fmt: skip

    @property
    def lat_deg(self) -> NDArray[np.float64]:
        """Latitude of each row's centre, float64[r] [deg]."""
        return self.lat_top_deg - self.step_lat_deg * np.arange(self.shape[0], dtype=np.float64)

    @property
    def lon_deg(self) -> NDArray[np.float64]:
        """Longitude of each column's centre, float64[c] [deg]."""
        return self.lon_left_deg + self.step_lon_deg * np.arange(self.shape[1], dtype=np.float64)


def make_surface(
    lat_top_deg: float, lon_left_deg: float, step_lat_deg: float, step_lon_deg: float,
    height_m: ArrayLike, *, clutter_m: ArrayLike | None = None,
    clutter_class: ArrayLike | None = None, zone: ArrayLike | None = None,
    resolution_arcsec: ArrayLike | None = None,
) -> Surface:  # fmt: skip
    """Make a surface of heights; what is not given is bare inland ground of unknown class.

    Parameters
    ----------
    lat_top_deg, lon_left_deg, step_lat_deg, step_lon_deg : float
        Centre of the first cell and the size of a cell [deg].
    height_m : float[r, c]
        Ground above sea level [m].
    clutter_m, clutter_class, zone, resolution_arcsec : float or int, broadcast to [r, c]
        As in `Surface`; the resolution defaults to the step in latitude.

    Raises
    ------
    InputError
        If the arrays do not fit together.
    """
    height = np.ascontiguousarray(height_m, dtype=np.float32)

    def whole(value: ArrayLike | None, default: float, dtype: Any) -> NDArray[Any]:
        given = default if value is None else value
        try:
            return np.array(np.broadcast_to(np.asarray(given, dtype=dtype), height.shape))
        except ValueError as error:
            raise InputError(f"grids of a surface do not fit together: {error}") from error

    return Surface(
        float(lat_top_deg), float(lon_left_deg), float(step_lat_deg), float(step_lon_deg), height,
        whole(clutter_m, 0.0, np.float32), whole(clutter_class, 0, np.uint8),
        whole(zone, ZONE_INLAND, np.uint8),
        whole(resolution_arcsec, step_lat_deg * 3600.0, np.float32),
    )  # fmt: skip


def inside(surface: Surface, lat_deg: ArrayLike, lon_deg: ArrayLike) -> NDArray[np.bool_]:
    """Tell which points lie in a cell of the surface, whether its height is known or not.

    Parameters
    ----------
    lat_deg, lon_deg : float[n]
        Points [deg].

    Returns
    -------
    bool[n]
    """
    west, south, east, north = surface.bounds
    lat, lon = np.asarray(lat_deg, dtype=np.float64), np.asarray(lon_deg, dtype=np.float64)
    middle = (west + east) / 2.0
    off = (lon - middle + 180.0) % 360.0 - 180.0
    return np.asarray((lat >= south) & (lat <= north) & (np.abs(off) <= (east - west) / 2.0))


def crop(surface: Surface, west: float, south: float, east: float, north: float) -> Surface:
    """Cut the cells that touch a rectangle out of a surface, as copies.

    Parameters
    ----------
    west, south, east, north : float
        Rectangle [deg].

    Raises
    ------
    InputError
        If the rectangle does not touch the surface.
    """
    left, bottom, right, top = surface.bounds
    rows, cols = surface.shape
    r0 = max(0, int(np.floor((top - north) / surface.step_lat_deg)))
    r1 = min(rows, int(np.ceil((top - south) / surface.step_lat_deg)))
    c0 = max(0, int(np.floor((west - left) / surface.step_lon_deg)))
    c1 = min(cols, int(np.ceil((east - left) / surface.step_lon_deg)))
    if r0 >= r1 or c0 >= c1:
        asked, had = (west, south, east, north), (left, bottom, right, top)
        raise InputError(f"the rectangle {asked} does not touch the surface {had}")
    window = (slice(r0, r1), slice(c0, c1))
    return Surface(
        surface.lat_top_deg - r0 * surface.step_lat_deg,
        surface.lon_left_deg + c0 * surface.step_lon_deg,
        surface.step_lat_deg, surface.step_lon_deg,
        surface.height_m[window].copy(), surface.clutter_m[window].copy(),
        surface.clutter_class[window].copy(), surface.zone[window].copy(),
        surface.resolution_arcsec[window].copy(),
    )  # fmt: skip


def burn(
    surface: Surface, built_share: NDArray[np.float32], built_height_m: NDArray[np.float32], *,
    share_min: float, dense_height_m: float,
) -> Surface:  # fmt: skip
    """Put buildings on the surface: their height becomes the cell's clutter where they fill it.

    Parameters
    ----------
    built_share : float32[r, c]
        Share of each cell that footprints cover, 0 .. 1.
    built_height_m : float32[r, c]
        Mean height of the buildings in the cell, weighted by their area [m]; read only where
        they fill the cell.
    share_min : float
        Least share at which buildings, and not the land around them, stand for the cell.
    dense_height_m : float
        Height from which built land is `ClutterClass.DENSE_URBAN`; half of it is taken for the
        border between suburban and urban [m].

    Returns
    -------
    Surface
        With new clutter; cells below ``share_min`` are as they were.
    """
    filled = (built_share >= share_min) & (built_height_m > 0.0)
    kind = np.where(
        built_height_m >= dense_height_m, ClutterClass.DENSE_URBAN,
        np.where(
            built_height_m >= dense_height_m / 2.0, ClutterClass.URBAN_OR_TREES,
            ClutterClass.SUBURBAN,
        ),
    )  # fmt: skip
    return replace(
        surface,
        clutter_m=np.where(filled, built_height_m, surface.clutter_m).astype(np.float32),
        clutter_class=np.where(filled, kind, surface.clutter_class).astype(np.uint8),
    )


def void_share(surface: Surface) -> float:
    """Share of the cells whose height is not known, 0 .. 1."""
    return float(np.isnan(surface.height_m).mean())


def slope(surface: Surface) -> NDArray[np.float32]:
    """Steepness of the ground by central differences, on the sphere of mean radius.

    Returns
    -------
    float32[r, c]
        Rise over run [m/m]; NaN beside voids, 0 along a dimension of one cell.
    """
    rad = np.pi / 180.0
    north_m = surface.step_lat_deg * rad * EARTH_RADIUS_M
    east_m = surface.step_lon_deg * rad * EARTH_RADIUS_M * np.cos(surface.lat_deg * rad)
    height = surface.height_m.astype(np.float64)
    rows, cols = surface.shape
    along = np.gradient(height, north_m, axis=0) if rows > 1 else np.zeros_like(height)
    across = np.zeros_like(height)
    if cols > 1:
        across = np.gradient(height, axis=1) / east_m[:, None]
    return np.hypot(along, across).astype(np.float32)
