"""The raster a loss is asked for: a regular grid of degrees, row 0 northernmost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.core.errors import InputError
from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.terrain.surface import Surface

__all__ = ["Frame", "frame_around", "frame_of"]

_METRES_PER_DEGREE = EARTH_RADIUS_M * np.pi / 180.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A regular grid of receivers.

    Parameters
    ----------
    lat_top_deg, lon_left_deg : float
        Centre of the cell of row 0 and column 0 [deg].
    step_lat_deg, step_lon_deg : float
        Size of a cell [deg], both positive.
    rows, cols : int
        Cells from north to south and from west to east.

    Raises
    ------
    InputError
        If a step is not positive, there is no cell, or a number is not finite.
    """

    lat_top_deg: float
    lon_left_deg: float
    step_lat_deg: float
    step_lon_deg: float
    rows: int
    cols: int

    def __post_init__(self) -> None:
        """Refuse a frame without cells."""
        numbers = (self.lat_top_deg, self.lon_left_deg, self.step_lat_deg, self.step_lon_deg)
        if not np.all(np.isfinite(numbers)):
            raise InputError(f"a frame needs finite numbers, not {numbers}")
        if not min(self.step_lat_deg, self.step_lon_deg) > 0.0 or min(self.rows, self.cols) < 1:
            raise InputError(f"a frame needs positive steps and a cell at least, not {self}")

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.cols

    @property
    def lat_deg(self) -> NDArray[np.float64]:
        """Latitude of each row's centre, float64[rows] [deg]."""
        return self.lat_top_deg - self.step_lat_deg * np.arange(self.rows, dtype=np.float64)

    @property
    def lon_deg(self) -> NDArray[np.float64]:
        """Longitude of each column's centre, float64[cols] [deg]."""
        return self.lon_left_deg + self.step_lon_deg * np.arange(self.cols, dtype=np.float64)

    @property
    def cell_m(self) -> float:
        """Smaller side of a cell at the frame's middle latitude [m]."""
        return self.cell_at_m(self.lat_top_deg - 0.5 * (self.rows - 1) * self.step_lat_deg)

    def cell_at_m(self, lat_deg: float) -> float:
        """Smaller side of a cell at a latitude [m], the same for all tiles of a grid."""
        east_deg = self.step_lon_deg * float(np.cos(np.radians(lat_deg)))
        return float(_METRES_PER_DEGREE * min(self.step_lat_deg, east_deg))

    def crop(self, row: int, col: int, rows: int, cols: int) -> Frame:
        """Cut a window out of the frame, clipped to it.

        Raises
        ------
        InputError
            If nothing is left.
        """
        top, left = max(row, 0), max(col, 0)
        bottom, right = min(row + rows, self.rows), min(col + cols, self.cols)
        return Frame(
            self.lat_top_deg - top * self.step_lat_deg,
            self.lon_left_deg + left * self.step_lon_deg,
            self.step_lat_deg, self.step_lon_deg, bottom - top, right - left,
        )  # fmt: skip


def frame_of(surface: Surface) -> Frame:
    """Give the frame of a surface's own cells."""
    rows, cols = surface.shape
    return Frame(
        surface.lat_top_deg, surface.lon_left_deg, surface.step_lat_deg, surface.step_lon_deg,
        rows, cols,
    )  # fmt: skip


def frame_around(
    lat_deg: float, lon_deg: float, radius_m: float, step_lat_deg: float,
    step_lon_deg: float | None = None,
) -> Frame:  # fmt: skip
    """Give the least frame, centred on a site, whose cells hold a circle around it.

    Parameters
    ----------
    lat_deg, lon_deg : float
        Site [deg].
    radius_m : float
        Radius of the circle [m].
    step_lat_deg, step_lon_deg : float
        Size of a cell [deg]; by default cells are as wide as they are high on the ground.

    Raises
    ------
    InputError
        If the circle reaches a pole, or a number makes no frame.
    """
    reach = radius_m / _METRES_PER_DEGREE
    if not (radius_m > 0.0 and abs(lat_deg) + reach < 90.0):
        raise InputError(f"no frame holds {radius_m} m around {lat_deg}, {lon_deg}")
    across = float(np.cos(np.radians(lat_deg)))
    wide = step_lat_deg / across if step_lon_deg is None else step_lon_deg
    # the easternmost point of a circle on a sphere: sin(dlon) = sin(reach) / cos(lat)
    east = float(np.degrees(np.arcsin(np.sin(np.radians(reach)) / across)))
    north = int(np.ceil(reach / step_lat_deg - 0.5 - 1e-9))
    side = int(np.ceil(east / wide - 0.5 - 1e-9))
    return Frame(
        lat_deg + north * step_lat_deg, lon_deg - side * wide, step_lat_deg, wide,
        2 * north + 1, 2 * side + 1,
    )  # fmt: skip
