"""Diffraction of Recommendation ITU-R P.526-15 (10/2019): Fresnel zones, knife edge, Bullington."""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray
from scipy.special import fresnel

from qamtu.kernels.propagation.p525 import SPEED_OF_LIGHT, wavelength_m

__all__ = [
    "EFFECTIVE_EARTH_M",
    "bullington_loss_db",
    "earth_bulge_m",
    "fresnel_radius_m",
    "knife_edge_exact_db",
    "knife_edge_loss_db",
    "knife_edge_nu",
]

EFFECTIVE_EARTH_M: Final = 6_371_000.0
"""Radius of the Earth that the recommendations of the P series use [m] (P.526-15 § 4.5.1)."""


def fresnel_radius_m(
    to_a_m: ArrayLike, to_b_m: ArrayLike, frequency_ghz: ArrayLike, zone: int = 1
) -> NDArray[np.float64]:
    """Radius of a Fresnel ellipsoid between its foci (P.526-15 § 2.1, equation (1)).

    Parameters
    ----------
    to_a_m, to_b_m : float[...]
        Distances of the point from the two ends [m].
    frequency_ghz : float[...]
        Frequency [GHz].
    zone
        Number of the ellipsoid, from 1.

    Returns
    -------
    float64[...]
        Radius [m]; zero at the ends.
    """
    a = np.asarray(to_a_m, dtype=np.float64)
    b = np.asarray(to_b_m, dtype=np.float64)
    return np.asarray(np.sqrt(zone * wavelength_m(frequency_ghz) * a * b / (a + b)))


def earth_bulge_m(
    to_a_m: ArrayLike, to_b_m: ArrayLike, k_factor: ArrayLike = 4.0 / 3.0
) -> NDArray[np.float64]:
    """Height of the effective Earth over the chord of a path: ``d1 d2 / (2 k a)`` [m].

    Parameters
    ----------
    to_a_m, to_b_m : float[...]
        Distances from the two ends [m].
    k_factor : float[...]
        Ratio of the effective to the true radius of the Earth [1].
    """
    a = np.asarray(to_a_m, dtype=np.float64)
    b = np.asarray(to_b_m, dtype=np.float64)
    k = np.asarray(k_factor, dtype=np.float64)
    return np.asarray(a * b / (2.0 * k * EFFECTIVE_EARTH_M))


def knife_edge_nu(
    height_m: ArrayLike, to_a_m: ArrayLike, to_b_m: ArrayLike, frequency_ghz: ArrayLike
) -> NDArray[np.float64]:
    """Dimensionless parameter of a knife edge (P.526-15 § 4.1, equation (26)).

    Parameters
    ----------
    height_m : float[...]
        Top of the edge above the straight line between the ends; negative below it [m].
    to_a_m, to_b_m : float[...]
        Distances of the edge from the ends [m].
    frequency_ghz : float[...]
        Frequency [GHz].
    """
    a = np.asarray(to_a_m, dtype=np.float64)
    b = np.asarray(to_b_m, dtype=np.float64)
    inverse = 1.0 / a + 1.0 / b
    return np.asarray(
        np.asarray(height_m, dtype=np.float64)
        * np.sqrt(2.0 * inverse / wavelength_m(frequency_ghz))
    )


def knife_edge_loss_db(nu: ArrayLike) -> NDArray[np.float64]:
    """Loss of a knife edge by the approximation of P.526-15 equation (31).

    ``J(v) = 6.9 + 20 log10(√((v − 0.1)² + 1) + v − 0.1)`` for v > −0.78, else 0 [dB].
    """
    v = np.asarray(nu, dtype=np.float64) - 0.1
    safe = np.maximum(v, -0.88)
    loss = 6.9 + 20.0 * np.log10(np.sqrt(safe * safe + 1.0) + safe)
    return np.asarray(np.where(v > -0.88, loss, 0.0 * v))


def knife_edge_exact_db(nu: ArrayLike) -> NDArray[np.float64]:
    """Loss of a knife edge by the complex Fresnel integral, P.526-15 equation (30) [dB].

    ``J(v) = −20 log10(√((1 − C − S)² + (C − S)²) / 2)``. Negative (a gain) where the edge
    stands below the line and the field swings above that of free space.
    """
    s, c = fresnel(np.asarray(nu, dtype=np.float64))
    size = np.hypot(1.0 - c - s, c - s) / 2.0
    return np.asarray(-20.0 * np.log10(size))


@njit(cache=True)
def _edge(nu: float) -> float:
    """P.526-15 equation (31) for one edge [dB]."""
    if nu <= -0.78:
        return 0.0
    v = nu - 0.1
    return float(6.9 + 20.0 * np.log10(np.sqrt(v * v + 1.0) + v))


@njit(cache=True)
def bullington_core(
    distance_m: NDArray[np.float64],
    height_m: NDArray[np.float64],
    height_a_m: float,
    height_b_m: float,
    k_factor: float,
    wavelength: float,
) -> float:
    """Bullington loss of one profile; see `bullington_loss_db`. NaN where a height is NaN."""
    n = distance_m.size
    total = distance_m[n - 1]
    curve = 1.0 / (k_factor * EFFECTIVE_EARTH_M)
    direct = (height_b_m - height_a_m) / total
    steepest = -np.inf  # P.1812-8 equation (13): greatest slope seen from a
    back = -np.inf  # (17): greatest slope seen from b
    worst = -np.inf  # (15): greatest parameter of the points themselves
    for i in range(1, n - 1):
        d = distance_m[i]
        rest = total - d
        top = height_m[i] + 0.5 * curve * d * rest
        if top != top:  # noqa: PLR0124
            return np.nan
        steepest = max(steepest, (top - height_a_m) / d)
        back = max(back, (top - height_b_m) / rest)
        line = height_a_m + direct * d
        worst = max(worst, (top - line) * np.sqrt(2.0 * total / (wavelength * d * rest)))
    if steepest < direct:
        loss = _edge(worst)  # (16)
    else:
        at = (height_b_m - height_a_m + back * total) / (steepest + back)  # (18)
        rise = height_a_m + steepest * at - (height_a_m * (total - at) + height_b_m * at) / total
        loss = _edge(rise * np.sqrt(2.0 * total / (wavelength * at * (total - at))))  # (19), (20)
    return float(loss + (1.0 - np.exp(-loss / 6.0)) * (10.0 + 0.02 * total / 1000.0))  # (21)


def bullington_loss_db(
    distance_m: NDArray[np.float64],
    height_m: NDArray[np.float64],
    height_a_m: float,
    height_b_m: float,
    frequency_ghz: float,
    k_factor: float = 4.0 / 3.0,
) -> float:
    """Diffraction loss of a whole profile by one equivalent edge (P.526-15 § 4.5.1).

    The same as P.1812-8 equations (13) to (21).

    Parameters
    ----------
    distance_m : float64[n]
        Distances from end a, rising, from 0 to the length of the path [m].
    height_m : float64[n]
        Heights of the ground with what stands on it above sea level [m].
    height_a_m, height_b_m : float
        Antennas above sea level [m].
    frequency_ghz : float
        Frequency [GHz].
    k_factor : float
        Ratio of the effective to the true radius of the Earth [1].

    Returns
    -------
    float
        Loss over free space [dB], not negative; NaN where a height between the ends is NaN. Over
        a smooth sphere it is not enough alone: the delta-Bullington method (§ 4.5.2) adds that.
    """
    if len(distance_m) < 3:
        return 0.0
    return float(
        bullington_core(
            np.ascontiguousarray(distance_m, dtype=np.float64),
            np.ascontiguousarray(height_m, dtype=np.float64),
            float(height_a_m),
            float(height_b_m),
            float(k_factor),
            SPEED_OF_LIGHT / (1e9 * float(frequency_ghz)),
        )
    )
