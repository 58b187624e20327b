"""A raster of a study for its page: sampled, whole numbers, rows evenly in the map's projection.

The page's map is a Mercator map of the sphere, so a raster of even latitudes is first taken at
rows that are even in ``ln tan(pi/4 + lat/2)``. Values become whole steps; each row is stored as
differences and packed with zlib, which the browser can open by itself.
"""

from __future__ import annotations

import base64
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from qamtu.core.errors import StorageFailure

__all__ = ["encode_raster", "pack_raster"]

_MOST_CELLS_A_SIDE: Final = 700


def encode_raster(
    path: Path, *, step: float = 1.0, most: int = _MOST_CELLS_A_SIDE
) -> dict[str, Any]:
    """Encode the first band of a raster in EPSG:4326, thinned out to what a page can show.

    Parameters
    ----------
    path
        The raster.
    step : float
        What one whole step is, in the raster's unit.
    most : int
        Most rows and columns [cells]; above, every n-th is taken, as it is.

    Returns
    -------
    raster
        ``w``, ``h`` [cells], ``box`` (west, south, east, north, deg), ``step``, ``low`` (value of
        code 1, in steps), ``wide`` (codes of two bytes) and ``data``: code 0 is no value.

    Raises
    ------
    StorageFailure
        If the raster cannot be read.
    """
    try:
        with rasterio.open(path) as raster:
            shrink = max(1.0, max(raster.shape) / most)
            shape = tuple(max(1, round(size / shrink)) for size in raster.shape)
            values = raster.read(1, out_shape=shape).astype(np.float64)
            if raster.nodata is not None and np.isfinite(raster.nodata):
                values[values == raster.nodata] = np.nan
            box = tuple(float(side) for side in raster.bounds)
    except (OSError, RasterioError) as error:
        raise StorageFailure(f"{path} could not be read ({error})") from error
    return pack_raster(values, box, step)


def pack_raster(
    values: NDArray[np.float64], box: tuple[float, ...], step: float = 1.0
) -> dict[str, Any]:
    """Encode values [rows, cols], row 0 in the north, of a box in degrees; see `encode_raster`."""
    west, south, east, north = box
    even = _mercator_rows(values, south, north)
    known = np.isfinite(even)
    steps = np.rint(np.where(known, even, 0.0) / step).astype(np.int64)
    low = int(steps[known].min()) if known.any() else 0
    codes = np.where(known, steps - low + 1, 0)
    wide = bool(codes.max(initial=0) > 255)
    data = np.ascontiguousarray(codes.astype("<u2" if wide else "u1"))
    planes = [data & 255, data >> 8] if wide else [data]
    moved = [np.diff(plane.astype(np.uint8), axis=1, prepend=np.uint8(0)) for plane in planes]
    packed = zlib.compress(b"".join(np.ascontiguousarray(part).tobytes() for part in moved), 9)
    return {
        "w": int(codes.shape[1]),
        "h": int(codes.shape[0]),
        "box": [round(side, 6) for side in (west, south, east, north)],
        "step": step,
        "low": low,
        "wide": wide,
        "data": base64.b64encode(packed).decode("ascii"),
    }


def _mercator_rows(values: NDArray[np.float64], south: float, north: float) -> NDArray[np.float64]:
    """Take the rows of even latitude that lie at rows of even Mercator height."""
    rows = values.shape[0]
    top, bottom = (np.arctanh(np.sin(np.radians(lat))) for lat in (north, south))
    height = top + (bottom - top) * (np.arange(rows) + 0.5) / rows
    lat = np.degrees(np.arcsin(np.tanh(height)))
    row = np.floor((north - lat) / (north - south) * rows).astype(np.int64)
    return np.asarray(values[np.clip(row, 0, rows - 1)])
