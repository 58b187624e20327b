"""The loop over pairs of mast and point of a road: P.1812 for all mast heights at once.

Each pair's profile is sampled once and used for all heights; no profile is kept. Its points lie as
far apart as stated, neither the cells of the terrain nor the length of the path having a say: with
clutter the loss depends on it. Within 250 m of the mast, where P.1812 does not hold, a point counts
as served.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.propagation.p1812.constants import LOSS_AT_KM_DB
from qamtu.kernels.propagation.p1812.reduce import (
    fill_zones,
    has_void,
    loss_of_profile,
    reduce_profile,
)
from qamtu.kernels.propagation.p1812.terms import TERMS_SIZE
from qamtu.kernels.terrain import great_circle_m, sample_line

__all__ = ["serve_pairs"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_NEAR_M: Final = 250.0
_COAST_FAR_KM: Final = 500.0
_POINTS_MIN: Final = 3
_BARE: Final = False
_FULL: Final = False
_LOSS_AT_KM: Final = LOSS_AT_KM_DB


@njit(cache=True)
def _pattern_db(azimuths: Floats, azimuth: float, beamwidth: float, most: float) -> float:
    """Loss of the nearer of two sectors below its maximum, 3GPP TR 36.942 section 4.2.1 [dB]."""
    least = most
    for i in range(azimuths.size):
        off = abs((azimuth - azimuths[i] + 180.0) % 360.0 - 180.0)
        least = min(least, 12.0 * (off / beamwidth) ** 2)
    return least


@njit(cache=True)
def _azimuth_deg(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Initial azimuth of the great circle [deg]."""
    rad = np.pi / 180.0
    turn = (lon_b - lon_a) * rad
    ca, cb = np.cos(lat_a * rad), np.cos(lat_b * rad)
    x = ca * np.sin(lat_b * rad) - np.sin(lat_a * rad) * cb * np.cos(turn)
    return float(np.arctan2(np.sin(turn) * cb, x) / rad)


@njit(cache=True, nogil=True)
def _masts(
    d: Floats, g: Floats, top: Floats, heights: Floats, device_m: float, step_km: float,
    constants: Floats, terms: Floats, allowed_db: float,
) -> np.uint8:  # fmt: skip
    """Set a bit for each height whose loss over one profile is allowed."""
    mask = np.uint8(0)
    for i in range(heights.size):
        reduce_profile(d, g, top, _BARE, heights[i], device_m, step_km, constants, terms, _FULL)
        if loss_of_profile(d, g, constants, terms, _FULL) <= allowed_db:
            mask |= np.uint8(1 << i)
    return mask


@njit(cache=True, nogil=True)
def serve_pairs(
    height_m: NDArray[np.float32], clutter_m: NDArray[np.float32], zone: NDArray[np.uint8],
    lat_top: float, lon_left: float, step_lat: float, step_lon: float, step_m: float,
    place_lat: Floats, place_lon: Floats, azimuths: Floats,
    sample_lat: Floats, sample_lon: Floats, offset: Ints, point: Ints,
    heights: Floats, device_m: float, constants: Floats,
    budget_db: float, beamwidth: float, most_db: float,
) -> NDArray[np.uint8]:  # fmt: skip
    """Try each pair of place and point.

    Parameters
    ----------
    height_m, clutter_m, zone, lat_top, lon_left, step_lat, step_lon
        `Surface.grid`.
    step_m : float
        Most distance between the points of a profile [m].
    place_lat, place_lon, azimuths : float64[p], float64[p], float64[p, 2]
        Places, and the azimuths of their sectors [deg].
    sample_lat, sample_lon : float64[s]
        Points of roads [deg].
    offset, point : int64[p + 1], int64[k]
        Place ``i`` is tried on the points ``point[offset[i]:offset[i + 1]]``.
    heights : float64[h]
        Antenna heights [m], 8 at most.
    device_m : float
        Height of the device [m].
    constants : float64[CONSTANTS_SIZE]
        Constants of P.1812.
    budget_db : float
        Greatest loss at the antenna's maximum [dB].
    beamwidth, most_db : float
        Half-power beamwidth of each sector [deg], 0 for an antenna alike at all azimuths, and the
        greatest loss below the maximum [dB].

    Returns
    -------
    uint8[k]
        Bit ``i`` is set where the mast of the ``i``-th height serves the point; 0 where the
        terrain has a void.
    """
    mask = np.zeros(point.size, np.uint8)
    room = 512
    d, g, top = np.empty(room), np.empty(room), np.empty(room)
    stands, kind = np.empty(room), np.empty(room, np.uint8)
    terms = np.zeros(TERMS_SIZE)
    everyone = np.uint8((1 << heights.size) - 1)
    free_at_km = constants[_LOSS_AT_KM]
    for p in range(place_lat.size):
        for k in range(offset[p], offset[p + 1]):
            s = point[k]
            length = great_circle_m(place_lat[p], place_lon[p], sample_lat[s], sample_lon[s])
            if length <= _NEAR_M:
                mask[k] = everyone
                continue
            allowed = budget_db
            if beamwidth > 0.0:
                towards = _azimuth_deg(place_lat[p], place_lon[p], sample_lat[s], sample_lon[s])
                allowed -= _pattern_db(azimuths[p], towards, beamwidth, most_db)
            if free_at_km + 20.0 * np.log10(length / 1000.0) > allowed:
                continue
            n = max(_POINTS_MIN, int(np.ceil(length / step_m)) + 1)
            if n > room:
                room = 2 * n
                d, g, top = np.empty(room), np.empty(room), np.empty(room)
                stands, kind = np.empty(room), np.empty(room, np.uint8)
            sample_line(
                height_m, clutter_m, zone, lat_top, lon_left, step_lat, step_lon,
                place_lat[p], place_lon[p], sample_lat[s], sample_lon[s],
                g[:n], stands[:n], kind[:n],
            )  # fmt: skip
            if has_void(g[:n]):
                continue
            step_km = length / (n - 1) / 1000.0
            for i in range(n):
                d[i] = i * step_km
                top[i] = g[i] + stands[i]
            middle = 0.5 * (place_lat[p] + sample_lat[s])
            fill_zones(d[:n], kind[:n], middle, _COAST_FAR_KM, _COAST_FAR_KM, terms)
            mask[k] = _masts(
                d[:n], g[:n], top[:n], heights, device_m, step_km, constants, terms, allowed
            )
    return mask
