"""Rasters as Cloud-Optimised GeoTIFF: compressed, tiled, with overviews, unit and tags.

Format: OGC 21-026, *Cloud Optimized GeoTIFF Standard*, as GDAL's COG driver writes it. A raster is
first written row by row, so that it need not fit into memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.transform import Affine
from rasterio.windows import Window

from qamtu.core.errors import StorageFailure
from qamtu.kernels.propagation.area import Frame

__all__ = ["cog_writer", "frame_transform", "write_cog"]

_BLOCK: Final = 256

Writer = Callable[[int, NDArray[Any]], None]


def frame_transform(frame: Frame) -> Affine:
    """Give the affine transform of a frame's cells, corner of the first cell first."""
    return Affine(
        frame.step_lon_deg, 0.0, frame.lon_left_deg - frame.step_lon_deg / 2.0,
        0.0, -frame.step_lat_deg, frame.lat_top_deg + frame.step_lat_deg / 2.0,
    )  # fmt: skip


def write_cog(
    path: Path,
    values: NDArray[Any],
    frame: Frame,
    *,
    description: str,
    unit: str,
    tags: Mapping[str, str],
    nodata: float | None = None,
) -> None:
    """Write one raster whole or not at all.

    Parameters
    ----------
    path
        File to make; the folder is there.
    values : [rows, cols]
        float32, int32, int16 or uint8.
    frame
        Where the cells lie (EPSG:4326).
    description, unit
        What the values are, and their unit.
    tags
        What else a reader must know: model, sources, date.
    nodata : float, optional
        Value of cells without one; NaN for float32 by default.

    Raises
    ------
    StorageFailure
        If the file cannot be written.
    """
    writer = cog_writer(
        path, frame, values.dtype.name, description=description, unit=unit, tags=tags,
        nodata=nodata,
    )  # fmt: skip
    with writer as write:
        write(0, values)


@contextmanager
def cog_writer(
    path: Path,
    frame: Frame,
    dtype: str,
    *,
    description: str,
    unit: str,
    tags: Mapping[str, str],
    nodata: float | None = None,
) -> Iterator[Writer]:
    """Give a function that writes rows of a raster; the file is there when the block ends well.

    Parameters
    ----------
    path, frame, description, unit, tags, nodata
        As in `write_cog`.
    dtype
        Name of the values' type.

    Raises
    ------
    StorageFailure
        If the file cannot be written.
    """
    kind = np.dtype(dtype)
    empty = float("nan") if nodata is None and kind.kind == "f" else nodata
    plain = path.with_name(f".{path.name}.rows.tif")
    beside = path.with_name(f".{path.name}.part.tif")
    profile = {
        "driver": "GTiff", "width": frame.cols, "height": frame.rows, "count": 1, "dtype": dtype,
        "crs": "EPSG:4326", "transform": frame_transform(frame), "nodata": empty, "tiled": True,
        "blockxsize": _BLOCK, "blockysize": _BLOCK, "compress": "deflate", "zlevel": 1,
        "bigtiff": "if_safer",
    }  # fmt: skip
    try:
        with rasterio.open(plain, "w", **profile) as made:
            made.update_tags(**{key: str(value) for key, value in tags.items()})
            made.set_band_description(1, description)
            made.set_band_unit(1, unit)

            def write(row: int, values: NDArray[Any]) -> None:
                height, width = values.shape
                made.write(values.astype(kind, copy=False), 1, window=Window(0, row, width, height))

            yield write
        rasterio.shutil.copy(
            plain, beside, driver="COG", compress="DEFLATE", predictor="YES", blocksize=_BLOCK,
            resampling="NEAREST", bigtiff="IF_SAFER",
        )  # fmt: skip
        beside.replace(path)
    except (OSError, RasterioError) as error:
        raise StorageFailure(f"{path} could not be written ({error})") from error
    finally:
        for left in (plain, beside):
            left.unlink(missing_ok=True)
