"""The smooth surface of P.1812-8 and the Bullington method on it, without a walk over points.

On a profile of zeros both slopes of the Bullington method and the diffraction parameter have one
maximum along the path, known in closed form; on a grid of points it lies at one of the two
neighbours of that place. For the slope C (D - d) - hte / d the place is sqrt(hte / C); for nu it is
equation (24) (`sphere.closest_km`).
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.propagation.p1812 import constants as at
from qamtu.kernels.propagation.p1812 import terms as of
from qamtu.kernels.propagation.p1812.bullington import bullington_root
from qamtu.kernels.propagation.p1812.sphere import closest_km, sphere_horizon_km

__all__ = ["fill_smooth", "smooth_heights", "smooth_root"]

_ON_LINE_M = 1e-9
"""A point so little above the line of sight lies on it, but for rounding: its slopes are 0 / 0."""


@njit(cache=True, nogil=True, error_model="numpy")
def smooth_heights(terms: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Smooth-Earth surface at the terminals, as fitted and as the diffraction model takes it.

    Parameters
    ----------
    terms : float64[TERMS_SIZE]
        The path; reads terminals, FIT and OBSTRUCTION.

    Returns
    -------
    fit_t, fit_r : float
        Least-squares surface, equations (85) and (86) of P.1812-8 [m].
    smooth_t, smooth_r : float
        hstd and hsrd, equations (87) to (89) [m].
    """
    d = terms[of.DISTANCE_KM]
    area, moment = terms[of.FIT_AREA], terms[of.FIT_MOMENT]
    fit_t = (2.0 * area * d - moment) / (d * d)
    fit_r = (moment - area * d) / (d * d)
    smooth_t, smooth_r = fit_t, fit_r
    above = terms[of.OBSTRUCTION_M]
    if above > _ON_LINE_M:
        fall = (terms[of.ANTENNA_T_M] - terms[of.ANTENNA_R_M]) / d
        from_t = terms[of.OBSTRUCTION_T_SLOPE] + fall
        from_r = terms[of.OBSTRUCTION_R_SLOPE] - fall
        smooth_t -= above * from_t / (from_t + from_r)
        smooth_r -= above * from_r / (from_t + from_r)
    return fit_t, fit_r, min(smooth_t, terms[of.GROUND_T_M]), min(smooth_r, terms[of.GROUND_R_M])


@njit(cache=True, nogil=True, error_model="numpy")
def _below(x: float, step_km: float, d_km: NDArray[np.float64], last: int) -> int:
    """Last point not beyond x, such that it and the next one are between the terminals."""
    i = int(x / step_km) if step_km > 0.0 else int(np.searchsorted(d_km, x, side="right")) - 1
    return max(1, min(i, last - 2))


@njit(cache=True, nogil=True, error_model="numpy")
def _point_km(i: int, step_km: float, d_km: NDArray[np.float64]) -> float:
    """Distance of point i from the transmitter [km]."""
    return i * step_km if step_km > 0.0 else d_km[i]


@njit(cache=True, nogil=True, error_model="numpy")
def smooth_root(
    distance_km: float,
    hte_m: float,
    hre_m: float,
    radius_km: float,
    step_km: float,
    d_km: NDArray[np.float64],
) -> float:
    """Bullington parameter of a profile of zeros, nu times the root of the wavelength.

    Parameters
    ----------
    distance_km : float
        Length of the path [km].
    hte_m, hre_m : float
        Antennas above the smooth surface [m], positive, equation (37).
    radius_km : float
        Effective radius [km].
    step_km : float
        Spacing of the points [km], or 0 if ``d_km`` holds them.
    d_km : float64[n]
        Points of an uneven profile [km]; not read (and may be empty) if ``step_km`` is positive.

    Returns
    -------
    float
        nu times the root of the wavelength [m^0.5], section 4.3.4 of P.1812-8.
    """
    last = round(distance_km / step_km) if step_km > 0.0 else d_km.size - 1
    if last < 2:
        return -np.inf
    curvature = 500.0 / radius_km
    slope_t = slope_r = -np.inf
    if distance_km >= sphere_horizon_km(hte_m, hre_m, radius_km):
        i = _below(np.sqrt(hte_m / curvature), step_km, d_km, last)
        j = _below(distance_km - np.sqrt(hre_m / curvature), step_km, d_km, last)
        for k in range(2):
            d = _point_km(min(i + k, last - 1), step_km, d_km)
            slope_t = max(slope_t, -hte_m / d - curvature * d)
            d = _point_km(min(j + k, last - 1), step_km, d_km)
            slope_r = max(slope_r, -hre_m / (distance_km - d) - curvature * (distance_km - d))
        if slope_t + curvature * distance_km >= (hre_m - hte_m) / distance_km:
            return bullington_root(distance_km, hte_m, hre_m, slope_t, slope_r, 0.0, curvature)
    i = _below(closest_km(distance_km, hte_m, hre_m, radius_km), step_km, d_km, last)
    clearance = -np.inf
    for k in range(2):
        d = _point_km(min(i + k, last - 1), step_km, d_km)
        rest = distance_km - d
        above = curvature * d * rest - (hte_m * rest + hre_m * d) / distance_km
        clearance = max(clearance, above * np.sqrt(0.002 * distance_km / (d * rest)))
    return clearance


@njit(cache=True, nogil=True, error_model="numpy")
def fill_smooth(
    terms: NDArray[np.float64], constants: NDArray[np.float64], d_km: NDArray[np.float64]
) -> None:
    """Fill SMOOTH_50 and SMOOTH_B0 of a path whose points are not equally spaced.

    Parameters
    ----------
    terms : float64[TERMS_SIZE]
        The path; terminals, FIT and OBSTRUCTION are read, STEP_KM is set to 0.
    constants : float64[CONSTANTS_SIZE]
        From `make_constants`.
    d_km : float64[n]
        Points of the profile [km], terminals included.
    """
    _, _, smooth_t, smooth_r = smooth_heights(terms)
    d = terms[of.DISTANCE_KM]
    hte, hre = terms[of.ANTENNA_T_M] - smooth_t, terms[of.ANTENNA_R_M] - smooth_r
    terms[of.STEP_KM] = 0.0
    terms[of.SMOOTH_50] = smooth_root(d, hte, hre, constants[at.RADIUS_50_KM], 0.0, d_km)
    terms[of.SMOOTH_B0] = smooth_root(d, hte, hre, constants[at.RADIUS_B0_KM], 0.0, d_km)
