"""Walking hops over a surface: the least clearance of each and the height it needs; compiled.

The places of the two antennas themselves do not count, only the points between them.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.propagation.p526 import EFFECTIVE_EARTH_M
from qamtu.kernels.terrain import great_circle_m, sample_line

__all__ = [
    "LENGTH",
    "NEED",
    "RATIO_1",
    "RATIO_2",
    "SCAN_SIZE",
    "SHARE_1",
    "SHARE_2",
    "scan_hops",
    "scan_profile",
]

RATIO_1, SHARE_1, RATIO_2, SHARE_2, NEED, LENGTH = range(6)
SCAN_SIZE: Final = 6
"""Columns of a scan: least ratio and its place for two Earths, height needed, length."""

_POINTS_MIN: Final = 16
_LENGTH_MIN_M: Final = 1.0


@njit(cache=True)
def scan_profile(
    height: NDArray[np.float64],
    clutter: NDArray[np.float64],
    length_m: float,
    height_a: float,
    height_b: float,
    wavelength: float,
    k_1: float,
    k_2: float,
    share_1: float,
    share_2: float,
    out: NDArray[np.float64],
) -> None:
    """Hold the line between two antennas against one profile; compiled core of everything here.

    Parameters
    ----------
    height, clutter : float64[n]
        Ground above sea level and what stands on it [m], at equal distances, ends included.
    length_m : float
        Length of the path [m].
    height_a, height_b : float
        Antennas above ground [m].
    wavelength : float
        Wavelength [m].
    k_1, k_2, share_1, share_2 : float
        Two effective Earths [1] and the share of the first Fresnel radius asked for with each [1].
    out : float64[6]
        Receives: least ratio and its place for each Earth, the height that both antennas need
        more than they have (negative: could have less) [m], and the length [m].
    """
    n = height.size - 1
    out[:] = np.nan
    out[5] = length_m
    top_a, top_b = height[0] + height_a, height[n] + height_b
    if not np.isfinite(top_a + top_b + length_m):
        return
    out[0] = out[2] = np.inf
    out[1] = out[3] = 0.5
    out[4] = -np.inf
    if length_m < _LENGTH_MIN_M:
        return
    for i in range(1, n):
        share = i / n
        part = share * (1.0 - share) * length_m
        bulge = part * length_m / (2.0 * EFFECTIVE_EARTH_M)
        radius = np.sqrt(wavelength * part)
        free = top_a + (top_b - top_a) * share - height[i] - clutter[i]
        if np.isnan(free):
            out[:5] = np.nan
            return
        ratio, other = (free - bulge / k_1) / radius, (free - bulge / k_2) / radius
        if ratio < out[0]:
            out[0], out[1] = ratio, share
        if other < out[2]:
            out[2], out[3] = other, share
        out[4] = max(out[4], (share_1 - ratio) * radius, (share_2 - other) * radius)


@njit(cache=True, nogil=True)
def scan_hops(
    height: NDArray[np.float32],
    clutter: NDArray[np.float32],
    zone: NDArray[np.uint8],
    lat_top: float,
    lon_left: float,
    step_lat: float,
    step_lon: float,
    ends: NDArray[np.float64],
    settings: NDArray[np.float64],
    step_m: float,
) -> NDArray[np.float64]:
    """Walk many hops over a surface; see `scan_profile`.

    Parameters
    ----------
    height, clutter, zone, lat_top, lon_left, step_lat, step_lon
        `Surface.grid`.
    ends : float64[k, 6]
        Latitude, longitude [deg] and antenna height [m] of a, then of b.
    settings : float64[k, 5]
        Wavelength [m], both factors of the Earth [1] and both shares asked for [1].
    step_m : float
        Most distance between points [m].

    Returns
    -------
    float64[k, 6]
        A row a hop.
    """
    out = np.empty((ends.shape[0], SCAN_SIZE))
    ground, stands = np.empty(_POINTS_MIN + 1), np.empty(_POINTS_MIN + 1)
    kind = np.empty(_POINTS_MIN + 1, np.uint8)
    for i in range(ends.shape[0]):
        e, s = ends[i], settings[i]
        length = great_circle_m(e[0], e[1], e[3], e[4])
        n = _POINTS_MIN
        if np.isfinite(length):
            n = max(n, int(np.ceil(length / step_m)))
        if n + 1 > ground.size:
            ground, stands = np.empty(2 * n), np.empty(2 * n)
            kind = np.empty(2 * n, np.uint8)
        g, c = ground[: n + 1], stands[: n + 1]
        sample_line(
            height, clutter, zone, lat_top, lon_left, step_lat, step_lon,
            e[0], e[1], e[3], e[4], g, c, kind[: n + 1],
        )  # fmt: skip
        scan_profile(g, c, length, e[2], e[5], s[0], s[1], s[2], s[3], s[4], out[i])
    return out
