"""Points of a radial as paths of their own, and terrain to test on."""

from pathlib import Path

import numpy as np
import pytest
import rasterio

from qamtu.kernels.propagation.p1812 import terms as of
from qamtu.kernels.propagation.p1812.loss import loss_from_terms
from qamtu.kernels.propagation.p1812.reduce import fill_lazy, fill_zones, reduce_profile
from qamtu.kernels.propagation.p1812.settings import make_constants
from qamtu.kernels.propagation.p1812.zones import coasts_km
from qamtu.kernels.terrain import make_surface

DEM = Path(__file__).parents[4] / "packs/kz/sources/gebco2023_15s_south_kazakhstan.tif"


@pytest.fixture(scope="session")
def losses_of_paths():
    """Give a function that computes every point of a radial from its whole profile."""

    def compute(height, clutter, zone, step_km, tx, rx, settings, latitude, *, full=False):
        constants = make_constants(settings)
        n = height.size - 1
        out = np.full(n, np.nan)
        for k in range(2, n + 1):
            if np.isnan(height[: k + 1]).any():
                break
            d, h = step_km * np.arange(k + 1), np.ascontiguousarray(height[: k + 1])
            terms = np.full(of.TERMS_SIZE, np.nan)
            top = h + clutter[: k + 1]
            bare = not clutter[1:k].any()
            reduce_profile(d, h, top, bare, tx, rx, step_km, constants, terms, full)
            fill_zones(d, zone[: k + 1], latitude[k], *coasts_km(d, zone[: k + 1]), terms)
            loss_from_terms(terms, constants, full)
            fill_lazy(d, h, constants, terms)
            first = round(terms[of.HORIZON_T_KM] / step_km)
            last = k - round(terms[of.HORIZON_R_KM] / step_km)
            low, slope = terms[of.DUCT_T_M], (terms[of.DUCT_R_M] - terms[of.DUCT_T_M]) / k
            between = np.arange(first, last + 1)
            terms[of.ROUGHNESS_M] = (h[between] - low - slope * between).max()
            out[k - 1] = loss_from_terms(terms, constants, full)
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
