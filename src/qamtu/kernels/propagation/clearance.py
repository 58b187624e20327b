"""Clearance of many radio hops over terrain, and the least masts that give it.

The rule is that of Recommendation ITU-R P.530-17 (12/2017) § 2.2.2.1 (antenna heights without
diversity): the line must clear the ground and what stands on it by a share of the first Fresnel
zone for the median effective Earth, and by another share for the Earth of the worst month.

Every hop is walked once along its great circle (`qamtu.kernels.terrain.sample`). The places of the
two antennas themselves do not count, only the points between them. A hop with a void, or one that
leaves the surface, is unknown: NaN, never clear.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.propagation.clearance_scan import (
    NEED,
    RATIO_1,
    RATIO_2,
    SCAN_SIZE,
    SHARE_1,
    SHARE_2,
    scan_hops,
    scan_profile,
)
from qamtu.kernels.propagation.p525 import SPEED_OF_LIGHT
from qamtu.kernels.terrain import Surface

__all__ = [
    "ClearanceRule",
    "HopClearance",
    "cell_m",
    "hop_clear",
    "least_mast_heights",
    "profile_clear",
    "worst_clearance",
    "worst_points",
]


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
        (step 2), linear between the lengths. The values approximate Figure 2 of the
        recommendation (continental temperate climate) and are to be confirmed against it. The
        figure begins near 20 km; shorter paths take its first value, which is on the safe side.
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
    return out[:, RATIO_1].copy(), out[:, SHARE_1].copy()


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
    return _held(out, rule, k_low)


def _held(
    out: NDArray[np.float64], rule: ClearanceRule, k_low: NDArray[np.float64]
) -> HopClearance:
    """Judge the table of `scan_hops` by a rule."""
    known = ~np.isnan(out[:, RATIO_1])
    with np.errstate(invalid="ignore"):
        clear = (out[:, RATIO_1] >= rule.share_median) & (out[:, RATIO_2] >= rule.share_low)
    return HopClearance(
        clear=clear & known,
        known=known,
        ratio_median=out[:, RATIO_1].copy(),
        ratio_low=out[:, RATIO_2].copy(),
        share_median=out[:, SHARE_1].copy(),
        share_low=out[:, SHARE_2].copy(),
        k_low=k_low,
    )


def profile_clear(
    height_m: ArrayLike,
    clutter_m: ArrayLike,
    length_m: float,
    height_a_m: float,
    height_b_m: float,
    frequency_ghz: float,
    rule: ClearanceRule | None = None,
) -> tuple[HopClearance, float]:
    """Hold one hop whose profile is at hand against the rule.

    Parameters
    ----------
    height_m, clutter_m : float[n]
        Ground above sea level and what stands on it [m], at equal distances, ends included.
    length_m
        Length of the path [m].
    height_a_m, height_b_m, frequency_ghz, rule
        As for `hop_clear`.

    Returns
    -------
    clearance
        Arrays of one hop.
    need_m
        Height that both antennas need more than they have; negative where they could have less
        [m], NaN where it is not known.
    """
    rule = rule or ClearanceRule()
    k_low = float(rule.k_worst_month(length_m / 1000.0))
    out = np.empty((1, SCAN_SIZE))
    scan_profile(
        np.ascontiguousarray(height_m, dtype=np.float64),
        np.ascontiguousarray(clutter_m, dtype=np.float64),
        float(length_m),
        float(height_a_m),
        float(height_b_m),
        SPEED_OF_LIGHT / (1e9 * float(frequency_ghz)),
        rule.k_median,
        k_low,
        rule.share_median,
        rule.share_low,
        out[0],
    )
    return _held(out, rule, np.array([k_low])), float(out[0, NEED])


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
    need = out[:, NEED]
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
