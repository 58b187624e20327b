"""Terrain the area engine is timed on: mountains as measured, and a made plain."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from qamtu.kernels.terrain import Surface, make_surface

DEM = Path(__file__).parents[2] / "packs/kz/sources/gebco2023_15s_south_kazakhstan.tif"
STEP_M = 100.0
TERRAINS = ("mountains", "mountains with clutter", "plain")


@lru_cache(maxsize=1)
def surface() -> Surface:
    """Southern Kazakhstan at 15 arc seconds, with made clutter of 15 m in blocks of 5 km."""
    with rasterio.open(DEM) as data:
        height, t = data.read(1).astype(np.float32), data.transform
    blocks = np.random.default_rng(1).random((height.shape[0] // 11 + 1, height.shape[1] // 11 + 1))
    clutter = np.kron(np.where(blocks < 0.3, 15.0, 0.0), np.ones((11, 11)))
    clutter = clutter[: height.shape[0], : height.shape[1]].astype(np.float32)
    return make_surface(t.f + t.e / 2, t.c + t.a / 2, -t.e, t.a, height, clutter_m=clutter)


def sites(count: int, seed: int = 0) -> NDArray[np.float64]:
    """Places at least 60 km inside the terrain, float64[count, 2]: latitude and longitude [deg]."""
    west, south, east, north = surface().bounds
    rng = np.random.default_rng(seed)
    lat = rng.uniform(south + 0.6, north - 0.6, count)
    return np.column_stack([lat, rng.uniform(west + 0.8, east - 0.8, count)])


def radials(
    terrain: str, points: int, count: int, seed: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Heights and clutter of radials, float64[count, points + 1] each [m]."""
    rng = np.random.default_rng(seed)
    if terrain == "plain":
        height = 200.0 + rng.normal(0.0, 1.0, (count, points + 1))
        return height, np.zeros_like(height)
    ground = surface()
    cells = ground.step_lon_deg * 111_195.0 * np.cos(np.radians(42.6)) / STEP_M
    x = np.arange(points + 1) / cells
    width = int(x[-1]) + 2
    height = np.empty((count, points + 1))
    clutter = np.zeros_like(height)
    for i in range(count):
        row = rng.integers(0, ground.shape[0])
        col = rng.integers(0, ground.shape[1] - width)
        known = ground.height_m[row, col : col + width].astype(np.float64)
        height[i] = np.interp(x, np.arange(width), known)
        if terrain.endswith("clutter"):
            clutter[i] = ground.clutter_m[row, col + np.rint(x).astype(np.int64)]
    return height, clutter
