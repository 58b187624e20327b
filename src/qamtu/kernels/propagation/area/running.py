"""What runs along a radial: for every receiver, the terms that only grow with the terrain passed.

Column ``k`` of the table holds the terms of the path from the site (point 0) to point ``k``.
Seen from the transmitter a point keeps its slope whatever the receiver, but for the bulge of the
Earth, and that parts into ``C D`` and ``-C d`` (Recommendation ITU-R P.1812-8, equations (13) and
(77)): so the greatest slope is a running maximum. Sums of the smooth-Earth fit (equations (83)
and (84)) and the stretches of zones (section 3.6) run anyway.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.propagation.p1812.zones import FAR_KM, INLAND, SEA, zone_terms

__all__ = ["RUNNING", "first_void", "run_along", "zone_tables"]

SLOPE_T_50: Final = 0
"""Greatest (g - hts) / d - C50 d of the points passed [m/km]."""
SLOPE_T_B0: Final = 1
"""The same with the curvature of β0 % of time [m/km]."""
HORIZON_T: Final = 2
"""Greatest (h - hts) / d - C50 d [m/km]."""
HORIZON_T_AT: Final = 3
"""Index of the first point that meets HORIZON_T; 0 if none was passed."""
OBSTRUCTION_T: Final = 4
"""Greatest (h - hts) / d [m/km]."""
FIT_AREA: Final = 5
"""Equation (83) [m km]."""
FIT_MOMENT: Final = 6
"""Equation (84) [m km2]."""
TAU: Final = 7
"""Equation (3)."""
LN_MU1: Final = 8
"""Logarithm of equation (2)."""
SEA_SHARE: Final = 9
"""Share of the path over sea."""
COAST_T_KM: Final = 10
"""Transmitter to the coast along the path [km]."""
COAST_R_KM: Final = 11
"""Receiver to the coast along the path [km]."""
RUNNING: Final = 12
"""Rows of the table."""


@njit(cache=True, error_model="numpy")
def first_void(height: NDArray[np.float64]) -> int:
    """Index of the first point without a height; the number of points if there is none."""
    for i in range(height.size):
        if np.isnan(height[i]):
            return i
    return height.size


@njit(cache=True, error_model="numpy")
def zone_tables(step_km: float, n: int) -> NDArray[np.float64]:
    """Tau and the logarithm of mu1 of wholly inland paths of 0 .. n steps, float64[2, n + 1]."""
    table = np.empty((2, n + 1))
    for k in range(n + 1):
        table[0, k], table[1, k] = zone_terms(k * step_km, k * step_km)
    return table


@njit(cache=True, error_model="numpy")
def run_along(
    height: NDArray[np.float64], clutter: NDArray[np.float64], zone: NDArray[np.uint8],
    step_km: float, antenna_m: float, c50: float, cb0: float, inland: NDArray[np.float64],
    table: NDArray[np.float64],
) -> None:  # fmt: skip
    """Fill the table of a radial.

    Parameters
    ----------
    height, clutter : float64[n + 1]
        Ground above sea level and clutter above the ground [m]; point 0 is the site.
    zone : uint8[n + 1]
        1 sea, 3 coastal land, 4 inland.
    step_km : float
        Distance between points [km].
    antenna_m : float
        Transmitting antenna above sea level [m].
    c50, cb0 : float
        500 / effective radius of the Earth, median and for β0 % of time [m/km2].
    inland : float64[2, n + 1]
        Of `zone_tables`.
    table : float64[RUNNING, n + 1]
        Filled from column 1 on.
    """
    s50 = sb0 = horizon = flat = -np.inf
    at = 0.0
    area = moment = 0.0
    for k in range(1, height.size):
        table[SLOPE_T_50, k], table[SLOPE_T_B0, k] = s50, sb0
        table[HORIZON_T, k], table[HORIZON_T_AT, k] = horizon, at
        table[OBSTRUCTION_T, k] = flat
        d, before = k * step_km, (k - 1) * step_km
        area += (d - before) * (height[k] + height[k - 1])
        moment += (d - before) * (height[k] * (2 * d + before) + height[k - 1] * (d + 2 * before))
        table[FIT_AREA, k], table[FIT_MOMENT, k] = area, moment
        bare = (height[k] - antenna_m) / d
        covered = (height[k] + clutter[k] - antenna_m) / d
        s50 = max(s50, covered - c50 * d)
        sb0 = max(sb0, covered - cb0 * d)
        flat = max(flat, bare)
        if bare - c50 * d > horizon:
            horizon, at = bare - c50 * d, float(k)
    _run_zones(zone, step_km, inland, table, height.size)


@njit(cache=True, error_model="numpy")
def _run_zones(
    zone: NDArray[np.uint8], step_km: float, inland: NDArray[np.float64],
    table: NDArray[np.float64], n: int,
) -> None:  # fmt: skip
    """Fill the rows of zones, by the sums of `zones.stretches` and `zones.coasts_km`."""
    land = level = longest_land = longest_level = sea = 0.0
    coast_t = 0.0 if zone[0] == SEA else FAR_KM
    sea_end = -1.0
    whole = zone[0] == INLAND
    for k in range(1, n):
        d, before = k * step_km, (k - 1) * step_km
        half = 0.5 * (d - before)
        for j in (k - 1, k):
            land = land + half if zone[j] != SEA else 0.0
            level = level + half if zone[j] == INLAND else 0.0
            longest_land = max(longest_land, land)
            longest_level = max(longest_level, level)
            sea += half if zone[j] == SEA else 0.0
        whole = whole and zone[k] == INLAND
        if whole:
            table[TAU, k], table[LN_MU1, k] = inland[0, k], inland[1, k]
        else:
            table[TAU, k], table[LN_MU1, k] = zone_terms(longest_land, longest_level)
        if zone[k - 1] == SEA:
            sea_end = 0.5 * (before + d)
        if zone[k] == SEA:
            coast_t = min(coast_t, 0.5 * (before + d))
        table[SEA_SHARE, k] = sea / d
        table[COAST_T_KM, k] = coast_t
        coast_r = min(d - sea_end, FAR_KM) if sea_end >= 0.0 else FAR_KM
        table[COAST_R_KM, k] = 0.0 if zone[k] == SEA else coast_r
