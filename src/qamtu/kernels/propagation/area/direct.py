"""P.1812-8 to single places, each over its own profile: what a sweep is measured against."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from qamtu.core.errors import InputError, raise_errors
from qamtu.kernels.propagation.area.frame import Frame
from qamtu.kernels.propagation.area.sweep import check_site, in_threads
from qamtu.kernels.propagation.p1812 import terms as of
from qamtu.kernels.propagation.p1812.reduce import (
    fill_zones,
    has_void,
    loss_of_profile,
    reduce_profile,
)
from qamtu.kernels.propagation.p1812.settings import Settings, make_constants
from qamtu.kernels.propagation.p1812.zones import coasts_km
from qamtu.kernels.terrain.sample import great_circle_m, sample_line
from qamtu.kernels.terrain.surface import Surface

__all__ = ["direct_losses", "direct_raster"]

_CHUNK = 4096


@njit(cache=True, nogil=True, error_model="numpy")
def _direct(
    height_m: NDArray[np.float32], clutter_m: NDArray[np.float32], zone_u1: NDArray[np.uint8],
    lat_top: float, lon_left: float, step_lat: float, step_lon: float,
    lat0: float, lon0: float, lat: NDArray[np.float64], lon: NDArray[np.float64],
    step_m: float, radius_m: float, tx_height_m: float, rx_height_m: float,
    constants: NDArray[np.float64], out: NDArray[np.float64],
) -> None:  # fmt: skip
    """Fill the losses to some places; NaN beyond the radius and across voids."""
    size = max(2, int(np.ceil(radius_m / step_m))) + 1
    d, h, c = np.empty(size), np.empty(size), np.empty(size)
    zone, terms = np.empty(size, np.uint8), np.empty(of.TERMS_SIZE)
    for i in range(lat.size):
        out[i] = np.nan
        length = great_circle_m(lat0, lon0, lat[i], lon[i])
        if not 0.0 < length <= radius_m:
            continue
        n = min(max(2, int(np.ceil(length / step_m))) + 1, size)
        sample_line(
            height_m, clutter_m, zone_u1, lat_top, lon_left, step_lat, step_lon,
            lat0, lon0, lat[i], lon[i], h[:n], c[:n], zone[:n],
        )  # fmt: skip
        if has_void(h[:n]):
            continue
        step_km = 0.001 * length / (n - 1)
        bare = True
        for j in range(n):
            d[j] = j * step_km
            bare = bare and c[j] == 0.0
            c[j] += h[j]
        terms[:] = np.nan
        reduce_profile(
            d[:n], h[:n], c[:n], bare, tx_height_m, rx_height_m, step_km, constants, terms, False
        )
        coast_t, coast_r = coasts_km(d[:n], zone[:n])
        middle = _middle_latitude(lat0, lon0, lat[i], lon[i])
        fill_zones(d[:n], zone[:n], middle, coast_t, coast_r, terms)
        out[i] = loss_of_profile(d[:n], h[:n], constants, terms, False)


@njit(cache=True, nogil=True, error_model="numpy")
def _middle_latitude(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Latitude of the middle of a great circle [deg]."""
    rad = np.pi / 180.0
    a, b, across = lat_a * rad, lat_b * rad, (lon_b - lon_a) * rad
    x = np.cos(a) + np.cos(b) * np.cos(across)
    y = np.cos(b) * np.sin(across)
    return np.arctan2(np.sin(a) + np.sin(b), np.sqrt(x * x + y * y)) / rad


def direct_losses(
    surface: Surface, lat: float, lon: float, tx_height_m: float, rx_height_m: float,
    settings: Settings, places_lat: ArrayLike, places_lon: ArrayLike, step_m: float,
    radius_m: float, *, parallel: bool = False,
) -> NDArray[np.float64]:  # fmt: skip
    """Compute P.1812-8 from a site to places, a profile each.

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
    places_lat, places_lon : float[...]
        Places [deg]; broadcast against each other.
    step_m : float
        Most distance between points of a profile [m]; short profiles have three points.
    radius_m : float
        Reach [m].
    parallel
        Whether to use a thread a processor.

    Returns
    -------
    float64[...]
        Loss [dB]; NaN beyond the radius, at the site itself and across voids.

    Raises
    ------
    InputError
        If the site or the settings cannot be used, or the step is not positive.
    """
    constants = make_constants(settings)
    raise_errors(check_site(surface, lat, lon, tx_height_m, rx_height_m), "no loss from this site")
    if not min(step_m, radius_m) > 0.0:
        raise InputError(f"step {step_m} m and radius {radius_m} m must be positive")
    there_lat, there_lon = np.broadcast_arrays(
        np.asarray(places_lat, dtype=np.float64), np.asarray(places_lon, dtype=np.float64)
    )
    flat_lat, flat_lon = (
        np.ascontiguousarray(there_lat).ravel(),
        np.ascontiguousarray(there_lon).ravel(),
    )
    out = np.empty(flat_lat.size)

    def task(first: int, last: int) -> None:
        _direct(
            *surface.grid, lat, lon, flat_lat[first:last], flat_lon[first:last], step_m, radius_m,
            tx_height_m, rx_height_m, constants, out[first:last],
        )  # fmt: skip

    in_threads(task, out.size, _CHUNK, parallel=parallel)
    return out.reshape(there_lat.shape)


def direct_raster(
    surface: Surface, lat: float, lon: float, tx_height_m: float, rx_height_m: float,
    settings: Settings, frame: Frame, radius_m: float, *, step_m: float, parallel: bool = False,
) -> NDArray[np.float32]:  # fmt: skip
    """Compute P.1812-8 at the cells of a frame, a path each; arguments as of `direct_losses`.

    Returns
    -------
    float32[rows, cols]
        Loss [dB].
    """
    losses = direct_losses(
        surface, lat, lon, tx_height_m, rx_height_m, settings, frame.lat_deg[:, None],
        frame.lon_deg[None, :], step_m, radius_m, parallel=parallel,
    )  # fmt: skip
    return losses.astype(np.float32)
