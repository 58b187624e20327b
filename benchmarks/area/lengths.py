"""Receivers a second along radials, against a path of its own to every one of their points."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from benchmarks.area.cases import STEP_M, radials
from numba import njit

from qamtu.kernels.propagation.area.radial import losses_along, make_work
from qamtu.kernels.propagation.area.running import zone_tables
from qamtu.kernels.propagation.p1812 import Settings, make_constants
from qamtu.kernels.propagation.p1812.reduce import fill_zones, loss_of_profile, reduce_profile
from qamtu.kernels.propagation.p1812.terms import TERMS_SIZE

TX_M, RX_M, LATITUDE_DEG = 40.0, 1.5, 43.0
FREQUENCY_GHZ = 0.7


@njit(nogil=True)
def _sweep_all(height, clutter, zone, latitude, step_km, constants, inland, work, out):
    for i in range(height.shape[0]):
        losses_along(
            height[i], clutter[i], zone, latitude, step_km, TX_M, RX_M, constants, inland, work,
            out[i],
        )  # fmt: skip


def swept(height, clutter, settings: Settings) -> Callable[[], np.ndarray]:
    """Give a function that sweeps all radials."""
    count, n = height.shape[0], height.shape[1] - 1
    step_km = STEP_M / 1000.0
    constants, inland = make_constants(settings), zone_tables(step_km, n)
    zone, latitude = np.full(n + 1, 4, np.uint8), np.full(n + 1, LATITUDE_DEG)
    work, out = make_work(n), np.empty((count, n))

    def run() -> np.ndarray:
        _sweep_all(height, clutter, zone, latitude, step_km, constants, inland, work, out)
        return out

    return run


@njit(nogil=True)
def _walk_all(height, clutter, covered, step_km, constants, out):
    count, size = height.shape
    d, top = np.arange(size) * step_km, np.empty(size)
    terms, zone = np.empty(TERMS_SIZE), np.empty(0, np.uint8)
    for i in range(count):
        for j in range(size):
            top[j] = height[i, j] + clutter[i, j]
        for k in range(2, size):
            h = height[i, : k + 1]
            terms[:] = np.nan
            reduce_profile(
                d[: k + 1], h, top[: k + 1], not covered, TX_M, RX_M, step_km, constants, terms,
                False,
            )  # fmt: skip
            fill_zones(d[: k + 1], zone, LATITUDE_DEG, 500.0, 500.0, terms)
            out[i, k - 1] = loss_of_profile(d[: k + 1], h, constants, terms, False)


def pathwise(height, clutter, settings: Settings) -> Callable[[], np.ndarray]:
    """Give a function that walks a profile for every point but the first of all radials."""
    out = np.full((height.shape[0], height.shape[1] - 1), np.nan)
    constants, covered = make_constants(settings), bool(clutter.any())

    def run() -> np.ndarray:
        _walk_all(height, clutter, covered, STEP_M / 1000.0, constants, out)
        return out

    return run


def seconds_of(run: Callable[[], np.ndarray], least_s: float) -> float:
    """CPU time of one run, the best of as many as fit into ``least_s``, three at least [s]."""
    best, spent, runs = np.inf, 0.0, 0
    while spent < least_s or runs < 3:
        start = time.process_time()
        run()
        took = time.process_time() - start
        best, spent, runs = min(best, took), spent + took, runs + 1
    return best


def measure(terrain: str, points: int, time_percent: float, least_s: float) -> dict:
    """Time one case both ways, on the same points, and compare the losses."""
    settings = Settings(FREQUENCY_GHZ, time_percent=time_percent)
    height, clutter = radials(terrain, points, max(8, 120_000 // points))
    few = max(2, 8_000_000 // points**2)
    for way in (swept, pathwise):
        way(height[:2], clutter[:2], settings)()  # compiles
    sweep_s = seconds_of(swept(height, clutter, settings), least_s)
    paths_s = seconds_of(pathwise(height[:few], clutter[:few], settings), least_s)
    ours = swept(height[:few], clutter[:few], settings)()
    theirs = pathwise(height[:few], clutter[:few], settings)()
    return {
        "terrain": terrain,
        "points": points,
        "time_percent": time_percent,
        "sweep_per_s": height.shape[0] * points / sweep_s,
        "paths_per_s": few * (points - 1) / paths_s,
        "most_apart_db": float(np.nanmax(np.abs(ours - theirs))),
    }
