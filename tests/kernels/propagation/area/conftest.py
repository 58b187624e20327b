"""Points of a radial as paths of their own, and terrain to test on."""

from pathlib import Path

import numpy as np
import pytest
import rasterio

from qamtu.kernels.propagation.p1812 import basic_transmission_losses
from qamtu.kernels.terrain import make_surface

DEM = Path(__file__).parents[4] / "packs/kz/sources/gebco2023_15s_south_kazakhstan.tif"


@pytest.fixture(scope="session")
def losses_of_paths():
    """Give a function that computes every point of a radial from its whole profile."""

    def compute(height, clutter, zone, step_km, tx, rx, settings, latitude):
        out = np.full(height.size - 1, np.nan)
        for k in range(2, height.size):
            out[k - 1] = basic_transmission_losses(
                settings, step_km * np.arange(k + 1), height[None, : k + 1], tx, rx,
                clutter_m=clutter[None, : k + 1], zone=zone[None, : k + 1],
                latitude_deg=latitude[k],
            )[0]  # fmt: skip
        return out

    return compute


@pytest.fixture(scope="session")
def dem():
    """Heights of southern Kazakhstan, plains to the Tian Shan, and where they lie."""
    with rasterio.open(DEM) as data:
        return data.read(1).astype(np.float64), data.transform


@pytest.fixture(scope="session")
def mountains(dem):
    """Give the country around Almaty as a surface, with made clutter in blocks and a made sea."""
    heights, t = dem
    rows, cols = slice(200, 500), slice(2450, 2800)
    shape = heights[rows, cols].shape
    blocks = np.random.default_rng(5).random((shape[0] // 10 + 1, shape[1] // 10 + 1))
    clutter = np.kron(np.where(blocks < 0.3, 15.0, 0.0), np.ones((10, 10)))[: shape[0], : shape[1]]
    zone = np.where(heights[rows, cols] < 640.0, 1, 4)
    return make_surface(
        t.f + t.e * (rows.start + 0.5), t.c + t.a * (cols.start + 0.5), -t.e, t.a,
        heights[rows, cols], clutter_m=clutter, zone=zone,
    )  # fmt: skip
