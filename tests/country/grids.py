"""Made rasters for the tests of terrain."""

from __future__ import annotations

import warnings

import numpy as np
import rasterio
from rasterio import Affine


def write_raster(
    path, values, west, north, step, *, crs="EPSG:4326", nodata=None, south_up=False, **tags
):
    """Write a GeoTIFF; with ``south_up`` rows run from south to north, rightly placed."""
    values = np.asarray(values)
    path.parent.mkdir(parents=True, exist_ok=True)
    transform = Affine(step, 0, west, 0, -step, north)
    if south_up:
        transform = Affine(step, 0, west, 0, step, north - step * values.shape[0])
        values = values[::-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(
            path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1,
            dtype=values.dtype, crs=crs, transform=transform, nodata=nodata,
        ) as data:  # fmt: skip
            data.write(values, 1)
            if "unit" in tags:
                data.set_band_unit(1, tags["unit"])
    return path


def hills(rows, cols, seed=1, scale=300.0):
    """Smooth heights of some hundred metres, unlike themselves when turned over."""
    rng = np.random.default_rng(seed)
    y, x = np.linspace(0, 1, rows)[:, None], np.linspace(0, 1, cols)[None, :]
    made = 700.0 + scale * (y + 0.3 * np.sin(5 * x + 3 * y)) + 0 * x
    return (made + rng.normal(0, 3, (rows, cols))).astype(np.float32)
