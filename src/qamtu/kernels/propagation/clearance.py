"""Clearance of many radio hops over terrain, and the least masts that give it.

The rule is that of Recommendation ITU-R P.530-17 (12/2017) § 2.2.2.1 (antenna heights without
diversity): the line must clear the ground and what stands on it by a share of the first Fresnel
zone for the median effective Earth, and by another share for the Earth of the worst month.

Every hop is walked once along its great circle (`qamtu.kernels.terrain.sample`). The places of the
two antennas themselves do not count, only the points between them. A hop with a void, or one that
leaves the surface, is unknown: NaN, never clear.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.propagation.p525 import SPEED_OF_LIGHT
from qamtu.kernels.propagation.p526 import EFFECTIVE_EARTH_M
from qamtu.kernels.terrain import Surface, great_circle_m, sample_line

__all__ = [
    "ClearanceRule",
    "HopClearance",
    "hop_clear",
    "least_mast_heights",
    "worst_clearance",
    "worst_points",
]

_POINTS_MIN: Final = 16
_LENGTH_MIN_M: Final = 1.0
_RATIO_1, _SHARE_1, _RATIO_2, _SHARE_2, _NEED, _LENGTH = range(6)


@dataclass(frozen=True, slots=True)
class ClearanceRule:
    """What a hop has to clear (P.530-17 § 2.2.2.1).

    Parameters
    ----------
    k_median
        Median effective Earth radius factor [1]; 4/3 in absence of local data (step 1).
    share_median
        Share of the first Fresnel radius that must be free with ``k_median`` [1] (step 1).
    k_low_km, k_low
        Lengths of path [km] and the factor exceeded for about 99.9 % of the worst month [1]
        (step 2): read from Figure 2 of the recommendation (continental temperate climate) to about
        0.03, linear between the lengths. The figure begins near 20 km; shorter paths take its
        first value, which is on the safe side.
    share_low
        Share of the first Fresnel radius that must be free with that factor [1] (step 3): 0 or 0.3
        in a temperate climate (one obstacle alone, or an extended one), 0.6 in a tropical one.
        The default is the most careful, as terrain from afar is not surveyed.
    """

    k_median: float = 4.0 / 3.0
    share_median: float = 1.0
    k_low_km: tuple[float, ...] = (20.0, 30.0, 40.0, 50.0, 70.0, 100.0, 150.0, 200.0)
    k_low: tuple[float, ...] = (0.55, 0.66, 0.74, 0.80, 0.88, 0.95, 1.01, 1.05)
    share_low: float = 0.6

    def k_worst_month(self, length_km: ArrayLike) -> NDArray[np.float64]:
        """Factor of the worst month [1] for lengths of path [km]."""
        length = np.asarray(length_km, dtype=np.float64)
        return np.asarray(np.interp(length, self.k_low_km, self.k_low))


@dataclass(frozen=True, slots=True)
class HopClearance:
    """What stands in the way of each of k hops.

    Parameters
    ----------
    clear : bool[k]
        Whether both parts of the rule hold; false where it is not known.
    known : bool[k]
        Whether the surface covers the hop without a void.
    ratio_median, ratio_low : float64[k]
        Least clearance over first Fresnel radius [1] for the median Earth and for that of the
        worst month; NaN where unknown, infinite for a hop of no length.
    share_median, share_low : float64[k]
        Where those stand, as a share of the way from a to b [1].
    k_low : float64[k]
        The factor of the worst month used [1].
    """

    clear: NDArray[np.bool_]
    known: NDArray[np.bool_]
    ratio_median: NDArray[np.float64]
    ratio_low: NDArray[np.float64]
    share_median: NDArray[np.float64]
    share_low: NDArray[np.float64]
    k_low: NDArray[np.float64]


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
    out = np.empty((ends.shape[0], 6))
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


def worst_points(
    surface: Surface,
    lat_a: ArrayLike,
    lon_a: ArrayLike,
    height_a_m: ArrayLike,
    lat_b: ArrayLike,
    lon_b: ArrayLike,
    height_b_m: ArrayLike,
    frequency_ghz: ArrayLike,
    k_factor: ArrayLike = 4.0 / 3.0,
    step_m: float | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least clearance of each hop over its first Fresnel radius, and where it stands.

    Parameters
    ----------
    surface
        Ground and clutter.
    lat_a, lon_a, lat_b, lon_b : float[k]
        Ends of the hops [deg]; everything is broadcast against each other.
    height_a_m, height_b_m : float[k]
        Antennas above ground [m].
    frequency_ghz : float[k]
        Frequency [GHz].
    k_factor : float[k]
        Effective Earth radius factor [1].
    step_m
        Most distance between points of a path [m]; the surface's own step if None.

    Returns
    -------
    ratio : float64[k]
        Clearance over radius [1]: 1 and more leaves the first Fresnel zone free, below 0 the line
        of sight is blocked; NaN where it is not known, infinite for a hop of no length.
    share : float64[k]
        Place of the worst point as a share of the way from a to b [1].
    """
    ends = _ends(lat_a, lon_a, height_a_m, lat_b, lon_b, height_b_m, frequency_ghz, k_factor)
    k, free = ends[:, 7], np.zeros(len(ends))
    settings = np.column_stack([SPEED_OF_LIGHT / (1e9 * ends[:, 6]), k, k, free, free])
    out = _scan(surface, ends, settings, step_m)
    return out[:, _RATIO_1].copy(), out[:, _SHARE_1].copy()


def worst_clearance(
    surface: Surface,
    lat_a: ArrayLike,
    lon_a: ArrayLike,
    height_a_m: ArrayLike,
    lat_b: ArrayLike,
    lon_b: ArrayLike,
    height_b_m: ArrayLike,
    frequency_ghz: ArrayLike,
    k_factor: ArrayLike = 4.0 / 3.0,
    step_m: float | None = None,
) -> NDArray[np.float64]:
    """Least clearance of each hop over its first Fresnel radius [1]; see `worst_points`."""
    return worst_points(
        surface, lat_a, lon_a, height_a_m, lat_b, lon_b, height_b_m, frequency_ghz, k_factor, step_m
    )[0]


def hop_clear(
    surface: Surface,
    lat_a: ArrayLike,
    lon_a: ArrayLike,
    height_a_m: ArrayLike,
    lat_b: ArrayLike,
    lon_b: ArrayLike,
    height_b_m: ArrayLike,
    frequency_ghz: ArrayLike,
    rule: ClearanceRule | None = None,
    step_m: float | None = None,
) -> HopClearance:
    """Hold hops against the clearance rule of P.530-17 § 2.2.2.1.

    Parameters
    ----------
    surface, lat_a, lon_a, height_a_m, lat_b, lon_b, height_b_m, frequency_ghz, step_m
        As for `worst_points`.
    rule
        What has to be clear; `ClearanceRule()` if None.
    """
    rule = rule or ClearanceRule()
    ends = _ends(lat_a, lon_a, height_a_m, lat_b, lon_b, height_b_m, frequency_ghz, 1.0)
    out, k_low = _ruled(surface, ends, rule, step_m)
    known = ~np.isnan(out[:, _RATIO_1])
    with np.errstate(invalid="ignore"):
        clear = (out[:, _RATIO_1] >= rule.share_median) & (out[:, _RATIO_2] >= rule.share_low)
    return HopClearance(
        clear=clear & known, known=known, ratio_median=out[:, _RATIO_1].copy(),
        ratio_low=out[:, _RATIO_2].copy(), share_median=out[:, _SHARE_1].copy(),
        share_low=out[:, _SHARE_2].copy(), k_low=k_low,
    )  # fmt: skip


def least_mast_heights(
    surface: Surface,
    lat_a: ArrayLike,
    lon_a: ArrayLike,
    lat_b: ArrayLike,
    lon_b: ArrayLike,
    frequency_ghz: ArrayLike,
    ladder_m: ArrayLike,
    rule: ClearanceRule | None = None,
    step_m: float | None = None,
) -> NDArray[np.float64]:
    """Least height of two equal masts that clears each hop.

    Raising both antennas raises the line by the same everywhere, so one walk along the hop gives
    the height needed, and the ladder the next that can be bought.

    Parameters
    ----------
    surface, lat_a, lon_a, lat_b, lon_b, frequency_ghz, rule, step_m
        As for `hop_clear`.
    ladder_m : float[l]
        Antenna heights above ground that can be had [m].

    Returns
    -------
    float64[k]
        Height [m]; infinite where the highest does not do, NaN where it is not known.
    """
    ladder = np.sort(np.atleast_1d(np.asarray(ladder_m, dtype=np.float64)))
    ends = _ends(lat_a, lon_a, 0.0, lat_b, lon_b, 0.0, frequency_ghz, 1.0)
    out, _ = _ruled(surface, ends, rule or ClearanceRule(), step_m)
    need = out[:, _NEED]
    rung = np.searchsorted(ladder, np.where(np.isnan(need), -np.inf, need), side="left")
    found = np.append(ladder, np.inf)[rung]
    return np.asarray(np.where(np.isnan(need), np.nan, found))


def _ends(*columns: ArrayLike) -> NDArray[np.float64]:
    """Give the arguments of hops as the columns of one table."""
    arrays = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in columns)
    )
    return np.ascontiguousarray(np.column_stack([array.ravel() for array in arrays]))


def _ruled(
    surface: Surface, ends: NDArray[np.float64], rule: ClearanceRule, step_m: float | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Walk hops under a rule: the table of `scan_hops`, and the factor of the worst month."""
    k_low = rule.k_worst_month(_length_km(ends))
    full = np.ones(len(ends))
    settings = np.column_stack(
        [SPEED_OF_LIGHT / (1e9 * ends[:, 6]), full * rule.k_median, k_low,
         full * rule.share_median, full * rule.share_low]
    )  # fmt: skip
    return _scan(surface, ends, settings, step_m), k_low


def _length_km(ends: NDArray[np.float64]) -> NDArray[np.float64]:
    lat_a, lon_a, lat_b, lon_b = np.radians(ends[:, [0, 1, 3, 4]]).T
    chord = np.sin((lat_b - lat_a) / 2.0) ** 2
    chord += np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2.0) ** 2
    return np.asarray(2e-3 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(chord, 1.0))))


def _scan(
    surface: Surface,
    ends: NDArray[np.float64],
    settings: NDArray[np.float64],
    step_m: float | None,
) -> NDArray[np.float64]:
    step = step_m if step_m is not None else cell_m(surface)
    ends6 = np.ascontiguousarray(ends[:, :6])
    return np.asarray(scan_hops(*surface.grid, ends6, settings, float(step)))


def cell_m(surface: Surface) -> float:
    """Shorter side of the surface's cells at its middle latitude [m]."""
    degree = np.pi / 180.0 * EARTH_RADIUS_M
    middle = float(surface.lat_deg.mean())
    across = degree * surface.step_lon_deg * float(np.cos(np.radians(middle)))
    return float(min(degree * surface.step_lat_deg, across))
