"""P.1812-8 along all radials of a site over a surface, in threads if asked."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from qamtu.core.errors import InputError, raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.propagation.area.polar import Polar
from qamtu.kernels.propagation.area.radial import losses_along, make_work
from qamtu.kernels.propagation.area.running import zone_tables
from qamtu.kernels.propagation.p1812.settings import Settings, make_constants
from qamtu.kernels.terrain.sample import ground_height, sample_ray
from qamtu.kernels.terrain.surface import Surface

__all__ = ["check_site", "fill_gaps", "radial_losses", "sweep"]

_RAD = np.pi / 180.0
_RADIUS_M = EARTH_RADIUS_M
_ANTENNAS_M = (1.0, 3000.0)
_CHUNK = 64


@njit(cache=True, nogil=True, error_model="numpy")
def fill_gaps(height: NDArray[np.float64]) -> None:
    """Fill voids between known points of a profile by a straight line, in place [m]."""
    known = -1
    for i in range(height.size):
        if np.isnan(height[i]):
            continue
        for j in range(known + 1, i):
            if known >= 0:
                share = (j - known) / (i - known)
                height[j] = height[known] + share * (height[i] - height[known])
        known = i


@njit(cache=True, nogil=True, error_model="numpy")
def middle_latitudes(
    lat: float, azimuth_deg: float, step_m: float, out: NDArray[np.float64]
) -> None:
    """Latitudes of the middles of the paths to the points of a radial [deg]."""
    phi = lat * _RAD
    sine, cosine = np.sin(phi), np.cos(phi) * np.cos(azimuth_deg * _RAD)
    for k in range(out.size):
        angle = 0.5 * k * step_m / _RADIUS_M
        out[k] = np.arcsin(sine * np.cos(angle) + cosine * np.sin(angle)) / _RAD


@njit(cache=True, nogil=True, error_model="numpy")
def _sweep(
    height_m: NDArray[np.float32], clutter_m: NDArray[np.float32], zone_u1: NDArray[np.uint8],
    lat_top: float, lon_left: float, step_lat: float, step_lon: float,
    lat: float, lon: float, azimuth_deg: NDArray[np.float64], step_m: float,
    tx_height_m: float, rx_height_m: float, constants: NDArray[np.float64],
    inland: NDArray[np.float64], fill: bool, out: NDArray[np.float32],
) -> Any:  # fmt: skip
    """Fill the losses of some radials; give the voids met and the receivers without a loss."""
    n = out.shape[1]
    work = make_work(n)
    height, clutter, zone = np.empty(n + 1), np.empty(n + 1), np.empty(n + 1, np.uint8)
    middle = np.empty(n + 1)
    voids = missing = 0
    for i in range(azimuth_deg.size):
        found = sample_ray(
            height_m, clutter_m, zone_u1, lat_top, lon_left, step_lat, step_lon,
            lat, lon, azimuth_deg[i], step_m, height, clutter, zone,
        )  # fmt: skip
        if fill and found > 0:
            fill_gaps(height)
            found = np.isnan(height).sum()
        voids += found
        middle_latitudes(lat, azimuth_deg[i], step_m, middle)
        missing += losses_along(
            height, clutter, zone, middle, 0.001 * step_m, tx_height_m, rx_height_m, constants,
            inland, work, out[i],
        )  # fmt: skip
    return voids, missing


def check_site(
    surface: Surface, lat_deg: float, lon_deg: float, tx_height_m: float, rx_height_m: float
) -> Findings:
    """Find why a site cannot be computed.

    Parameters
    ----------
    surface
        Ground and clutter.
    lat_deg, lon_deg : float
        Site [deg].
    tx_height_m, rx_height_m : float
        Antennas above ground [m], each 1 to 3000 (P.1812-8, Table 1).

    Returns
    -------
    Findings
        Errors, each with the remedy; empty if all is well.
    """
    found: list[Finding] = []

    def error(rule: str, what: str, mend: str, field: str) -> None:
        found.append(Finding(rule, Severity.ERROR, what, mend, field=field))

    low, high = _ANTENNAS_M
    for field, value in (("tx_height_m", tx_height_m), ("rx_height_m", rx_height_m)):
        if not low <= value <= high:
            what = f"antenna {value:g} m above ground"
            mend = f"give its height above ground, {low:g} to {high:g} m, not above the sea"
            error("antenna-height", what, mend, field)
    if not np.isfinite(ground_height(surface, lat_deg, lon_deg)):
        west, south, east, north = surface.bounds
        what = f"no height of the ground is known at {lat_deg:g}, {lon_deg:g}"
        mend = (
            f"the terrain reaches from {west:g} to {east:g} degrees east and {south:g} to "
            f"{north:g} north: check latitude and longitude, or give terrain that holds the site"
        )
        error("site-outside-terrain", what, mend, "lat_deg")
    return Findings(tuple(found))


def processors() -> int:
    """Count the processors that this process may use, where the system tells."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def in_threads(
    task: Callable[[int, int], Any], count: int, chunk: int, *, parallel: bool
) -> list[Any]:
    """Call a task for stretches of ``count`` things, in threads on all processors if asked."""
    spans = [(i, min(i + chunk, count)) for i in range(0, count, chunk)]
    if not parallel or len(spans) < 2:
        return [task(*span) for span in spans]
    with ThreadPoolExecutor(processors()) as pool:
        return list(pool.map(lambda span: task(*span), spans))


def sweep(
    surface: Surface, lat: float, lon: float, tx_height_m: float, rx_height_m: float,
    settings: Settings, azimuths: ArrayLike, step_m: float, radius_m: float, *,
    parallel: bool = False, fill_voids: bool = False,
) -> Polar:  # fmt: skip
    """Compute P.1812-8 at every point of every radial of a site.

    Parameters
    ----------
    surface
        Ground, clutter and zones.
    lat, lon : float
        Site [deg].
    tx_height_m, rx_height_m : float
        Antennas above ground [m].
    settings
        Frequency, shares of time and locations, air.
    azimuths : float[a]
        Directions, clockwise from north [deg].
    step_m : float
        Distance between points of a radial [m].
    radius_m : float
        Reach [m]; the last point is the first one not nearer.
    parallel
        Whether to use a thread a processor; the answer is the same.
    fill_voids
        Whether to bridge voids between known points by straight lines. Otherwise receivers at
        and behind a void have no loss.

    Returns
    -------
    Polar

    Raises
    ------
    InputError
        If the site or the settings cannot be used, or step, radius or azimuths make no radial.
    """
    constants = make_constants(settings)
    raise_errors(check_site(surface, lat, lon, tx_height_m, rx_height_m), "no loss from this site")
    azimuth = np.atleast_1d(np.asarray(azimuths, dtype=np.float64))
    n = point_count(radius_m, step_m)
    inland = zone_tables(0.001 * step_m, n)
    loss = np.empty((azimuth.size, n), np.float32)

    def task(first: int, last: int) -> tuple[int, int]:
        voids, missing = _sweep(
            *surface.grid, lat, lon, azimuth[first:last], step_m, tx_height_m, rx_height_m,
            constants, inland, fill_voids, loss[first:last],
        )  # fmt: skip
        return voids, missing

    counts = in_threads(task, azimuth.size, _CHUNK, parallel=parallel)
    return Polar(
        lat, lon, tx_height_m, rx_height_m, azimuth, step_m, radius_m, loss,
        sum(c[0] for c in counts), sum(c[1] for c in counts),
    )  # fmt: skip


def point_count(radius_m: float, step_m: float) -> int:
    """Points of a radial beyond the site.

    Raises
    ------
    InputError
        If radius or step is not positive, or the radius is not longer than one step.
    """
    if not (step_m > 0.0 and radius_m > step_m and np.isfinite(radius_m)):
        raise InputError(f"a radius of {radius_m} m in steps of {step_m} m makes no radial")
    return int(np.ceil(radius_m / step_m - 1e-9))


def radial_losses(
    height: ArrayLike, clutter: ArrayLike, zone: ArrayLike, step_km: float, tx_height_m: float,
    rx_height_m: float, settings: Settings, latitude_deg: ArrayLike,
) -> NDArray[np.float64]:  # fmt: skip
    """Compute P.1812-8 at every point of one radial.

    Parameters
    ----------
    height, clutter : float[n + 1]
        Ground above sea level and clutter above ground [m]; point 0 is the site.
    zone : uint8[n + 1]
        1 sea, 3 coastal land, 4 inland.
    step_km : float
        Distance between points [km].
    tx_height_m, rx_height_m : float
        Antennas above ground [m].
    settings
        Frequency, shares of time and locations, air.
    latitude_deg : float or float[n + 1]
        Latitude of the middle of the path to each point [deg].

    Returns
    -------
    float64[n]
        Basic transmission loss at points 1 .. n [dB]; NaN from the first void on.

    Raises
    ------
    InputError
        If the arrays do not fit together or a number is out of range.
    """
    constants = make_constants(settings)
    h = np.ascontiguousarray(height, dtype=np.float64)
    if h.ndim != 1 or h.size < 2 or not step_km > 0.0:
        raise InputError(f"a radial needs two points and a step, not {h.shape} and {step_km} km")
    try:
        c = np.array(np.broadcast_to(np.asarray(clutter, dtype=np.float64), h.shape))
        z = np.array(np.broadcast_to(np.asarray(zone, dtype=np.uint8), h.shape))
        middle = np.array(np.broadcast_to(np.asarray(latitude_deg, dtype=np.float64), h.shape))
    except ValueError as error:
        raise InputError(f"the arrays of a radial do not fit together: {error}") from error
    n = h.size - 1
    out = np.empty(n)
    losses_along(
        h, c, z, middle, step_km, tx_height_m, rx_height_m, constants, zone_tables(step_km, n),
        make_work(n), out,
    )  # fmt: skip
    return out
