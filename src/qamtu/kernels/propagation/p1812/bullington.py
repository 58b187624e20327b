"""The Bullington part of the diffraction loss, P.1812-8 section 4.3.1, from slopes."""

import numpy as np
from numba import njit

__all__ = ["bullington_db", "bullington_root"]

_DB_PER_NEPER = 8.685889638065036  # 20 / ln 10


@njit(cache=True, nogil=True, error_model="numpy")
def bullington_root(
    distance_km: float,
    hts_m: float,
    hrs_m: float,
    slope_t: float,
    slope_r: float,
    clearance: float,
    curvature: float,
) -> float:
    """Diffraction parameter nu times the root of the wavelength, whatever the frequency.

    Parameters
    ----------
    distance_km : float
        Length of the path [km].
    hts_m, hrs_m : float
        Antennas above sea level [m].
    slope_t, slope_r, clearance : float
        SLOPE_T, SLOPE_R and CLEARANCE of `terms` for this curvature.
    curvature : float
        500 / effective radius [m/km2].

    Returns
    -------
    float
        nu times the root of the wavelength [m^0.5]: equation (15) on a line-of-sight path,
        equations (17) to (20) beyond the horizon.
    """
    bulge = curvature * distance_km
    steepest_t = slope_t + bulge  # (13)
    rise = hrs_m - hts_m
    if steepest_t < rise / distance_km:  # (14)
        return clearance
    steepest_r = slope_r + bulge  # (17)
    at = (rise + steepest_r * distance_km) / (steepest_t + steepest_r)  # (18)
    above = (steepest_t - rise / distance_km) * at
    return above * np.sqrt(0.002 * distance_km / (at * (distance_km - at)))  # (20)


@njit(cache=True, nogil=True, error_model="numpy")
def bullington_db(nu: float, distance_km: float) -> float:
    """Bullington loss of a path from its diffraction parameter.

    Parameters
    ----------
    nu : float
        Diffraction parameter of the path or of its Bullington point.
    distance_km : float
        Length of the path [km].

    Returns
    -------
    float
        Loss [dB], equations (12), (16) and (21) of P.1812-8; 0 where nu is -0.78 or less.
    """
    if not nu > -0.78:
        return 0.0
    x = nu - 0.1
    edge = 6.9 + _DB_PER_NEPER * np.log(np.sqrt(x * x + 1.0) + x)
    return edge + (1.0 - np.exp(-edge / 6.0)) * (10.0 + 0.02 * distance_km)
