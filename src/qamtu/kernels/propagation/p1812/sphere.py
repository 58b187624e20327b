"""Diffraction over a smooth sphere, P.1812-8 sections 4.3.2 and 4.3.3."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.propagation.p1812 import constants as at

__all__ = ["closest_km", "sphere_db", "sphere_horizon_km"]

_DB10 = 4.342944819032518  # 10 / ln 10


@njit(cache=True, nogil=True, error_model="numpy")
def sphere_horizon_km(hte_m: float, hre_m: float, radius_km: float) -> float:
    """Longest path over the sphere with line of sight [km], equation (22) of P.1812-8."""
    return np.sqrt(0.002 * radius_km) * (np.sqrt(hte_m) + np.sqrt(hre_m))


@njit(cache=True, nogil=True, error_model="numpy")
def closest_km(distance_km: float, hte_m: float, hre_m: float, radius_km: float) -> float:
    """Where a path has the least clearance over the sphere, in units of the Fresnel radius.

    Parameters
    ----------
    distance_km : float
        Length of the path [km].
    hte_m, hre_m : float
        Antennas above the sphere [m], positive.
    radius_km : float
        Effective radius [km].

    Returns
    -------
    float
        Distance from the transmitter [km], equation (24). It is at the same time the point of
        greatest nu on a profile of zeros: both are the same root of one cubic.
    """
    both = hte_m + hre_m
    c = (hte_m - hre_m) / both
    m = 250.0 * distance_km * distance_km / (radius_km * both)
    inner = 1.5 * c * np.sqrt(3.0 * m / (m + 1.0) ** 3)
    turn = np.arccos(min(1.0, max(-1.0, inner)))
    b = 2.0 * np.sqrt((m + 1.0) / (3.0 * m)) * np.cos((np.pi + turn) / 3.0)
    return 0.5 * distance_km * (1.0 + b)


@njit(cache=True, nogil=True, error_model="numpy")
def _height_gain_db(y: float, floor_db: float) -> float:
    """Equations (35) and (35a), never below 2 + 20 log10 K."""
    if y > 2.0:
        gain = 17.6 * np.sqrt(y - 1.1) - 0.5 * _DB10 * np.log(y - 1.1) - 8.0
    else:
        gain = 2.0 * _DB10 * np.log(y + 0.1 * y * y * y)
    return max(gain, floor_db)


@njit(cache=True, nogil=True, error_model="numpy")
def _first_term_db(
    distance_km: float,
    hte_m: float,
    hre_m: float,
    per_root_radius: float,
    admittance: float,
    root_f: float,
) -> float:
    """Equations (29) to (36) over one kind of ground."""
    k = admittance * per_root_radius
    k2 = k * k
    beta = (1.0 + 1.6 * k2 + 0.67 * k2 * k2) / (1.0 + 4.5 * k2 + 1.53 * k2 * k2)
    x = 21.88 * beta * root_f * per_root_radius * per_root_radius * distance_km
    y = 0.9575 * beta * beta * root_f * root_f * per_root_radius
    if x >= 1.6:
        spread = 11.0 + _DB10 * np.log(x) - 17.6 * x
    else:
        log_x = np.log(x)
        spread = -2.0 * _DB10 * log_x - 5.6488 * np.exp(1.425 * log_x)
    floor = 2.0 + 2.0 * _DB10 * np.log(k)
    return -spread - _height_gain_db(y * hte_m, floor) - _height_gain_db(y * hre_m, floor)


@njit(cache=True, nogil=True, error_model="numpy")
def _any_ground_db(
    distance_km: float,
    hte_m: float,
    hre_m: float,
    per_root_radius: float,
    sea_share: float,
    constants: NDArray[np.float64],
) -> float:
    """Equation (28)."""
    out = 0.0
    root_f = constants[at.CUBE_ROOT_F]
    if sea_share < 1.0:
        k = constants[at.ADMITTANCE_LAND]
        land = _first_term_db(distance_km, hte_m, hre_m, per_root_radius, k, root_f)
        out += (1.0 - sea_share) * land
    if sea_share > 0.0:
        k = constants[at.ADMITTANCE_SEA]
        sea = _first_term_db(distance_km, hte_m, hre_m, per_root_radius, k, root_f)
        out += sea_share * sea
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def sphere_db(
    distance_km: float,
    hte_m: float,
    hre_m: float,
    radius_km: float,
    per_root_radius: float,
    sea_share: float,
    constants: NDArray[np.float64],
) -> float:
    """Diffraction loss over a smooth sphere.

    Parameters
    ----------
    distance_km : float
        Length of the path [km].
    hte_m, hre_m : float
        Antennas above the sphere [m], positive.
    radius_km, per_root_radius : float
        Effective radius [km] and one over its cube root.
    sea_share : float
        Share of the path over sea.
    constants : float64[CONSTANTS_SIZE]
        From `make_constants`.

    Returns
    -------
    float
        Loss [dB], equations (22) to (36) of P.1812-8; beyond the horizon it may be negative.
    """
    root_t, root_r = np.sqrt(hte_m), np.sqrt(hre_m)
    if distance_km >= np.sqrt(0.002 * radius_km) * (root_t + root_r):  # (22)
        return _any_ground_db(distance_km, hte_m, hre_m, per_root_radius, sea_share, constants)
    wave = constants[at.WAVELENGTH_M]
    # the least clearance in units of the root of d1 d2 / D² is at least this (the mean of two
    # numbers is not below their geometric mean), so most clear paths need no cubic
    least = 2.0 * root_t * root_r - 250.0 * distance_km * distance_km / radius_km
    if least > 17.456 * np.sqrt(wave * distance_km):
        return 0.0
    d1 = closest_km(distance_km, hte_m, hre_m, radius_km)
    d2 = distance_km - d1
    clearance = (hte_m * d2 + hre_m * d1) / distance_km - 500.0 / radius_km * d1 * d2  # (23)
    required = 17.456 * np.sqrt(d1 * d2 * wave / distance_km)  # (25)
    if clearance > required:
        return 0.0
    marginal = distance_km / (root_t + root_r)
    radius = 500.0 * marginal * marginal  # (26)
    per_root = 1.0 / np.cbrt(radius)
    loss = _any_ground_db(distance_km, hte_m, hre_m, per_root, sea_share, constants)
    return (1.0 - clearance / required) * max(0.0, loss)  # (27)
