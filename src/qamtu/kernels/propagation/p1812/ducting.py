"""Loss by ducting and layer reflection, P.1812-8 section 4.5, and cheap bounds below it."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.propagation.p1812 import constants as at
from qamtu.kernels.propagation.p1812 import terms as of

__all__ = ["ducting_db", "fixed_bound_db", "rough_bound_db"]

_LN10 = 2.302585092994046
_DB10 = 10.0 / _LN10


@njit(cache=True, nogil=True, error_model="numpy")
def fixed_bound_db(
    terms: NDArray[np.float64], constants: NDArray[np.float64], sight: bool
) -> float:
    """Bound below all of the ducting loss but its variability with time, equation (53).

    It needs neither the horizon point of a clear path nor the roughness: site shielding (48) is
    not negative and coast coupling (49) not below -6 dB a terminal.

    Parameters
    ----------
    terms : float64[TERMS_SIZE]
        The path, with the results HORIZON_T_MRAD and HORIZON_R_MRAD.
    constants : float64[CONSTANTS_SIZE]
        From `make_constants`.
    sight : bool
        Whether the path is a line of sight.

    Returns
    -------
    float
        The bound [dB].
    """
    d = terms[of.DISTANCE_KM]
    horizons = d if sight else terms[of.HORIZON_T_KM] + terms[of.HORIZON_R_KM]
    angle = 2.0 * constants[at.CURVATURE_50] * d
    angle += min(terms[of.HORIZON_T_MRAD], 0.0) + min(terms[of.HORIZON_R_MRAD], 0.0)
    out = constants[at.DUCT_DB] + 2.0 * _DB10 * np.log(horizons)
    out += constants[at.DUCT_DB_PER_MRAD] * angle
    return out - 12.0 if terms[of.SEA_SHARE] >= 0.75 else out


@njit(cache=True, nogil=True, error_model="numpy")
def _variability_db(distance_km: float, log_time: float, log_beta: float) -> float:
    """Equation (53) of the logarithms of p and β [%], (53a) included."""
    x = log_beta / _LN10
    near = (9.51 - 4.8 * x + 0.198 * x * x) * 1e-6 * np.exp(1.13 * np.log(distance_km))
    gamma = 1.076 * np.exp(-near - 1.012 * np.log(2.0058 - x))
    ratio = log_time - log_beta
    slow = (1.2 + 3.7e-3 * distance_km) * ratio / _LN10
    return slow + 12.0 * np.exp(gamma * ratio) - 12.0


@njit(cache=True, nogil=True, error_model="numpy")
def _log_beta(
    terms: NDArray[np.float64], constants: NDArray[np.float64], log_beta0: float
) -> float:
    """Logarithm of β0 mu2 [%], equations (54) and (55)."""
    d = terms[of.DISTANCE_KM]
    log_d = np.log(d)
    alpha = max(-3.4, -0.6 - 3.5e-9 * np.exp(3.1 * log_d) * terms[of.TAU])  # (55a)
    roots = np.sqrt(terms[of.ANTENNA_T_M] - terms[of.DUCT_T_M])
    roots += np.sqrt(terms[of.ANTENNA_R_M] - terms[of.DUCT_R_M])
    geometry = np.log(constants[at.CURVATURE_50]) + 2.0 * (log_d - np.log(roots))
    return log_beta0 + min(0.0, alpha * geometry)


@njit(cache=True, nogil=True, error_model="numpy")
def _log_mu3(roughness_m: float, between_km: float) -> float:
    """Logarithm of mu3, equation (56); NaN roughness gives NaN."""
    if roughness_m <= 10.0:
        return 0.0
    return -4.6e-5 * (roughness_m - 10.0) * (43.0 + 6.0 * between_km)


@njit(cache=True, nogil=True, error_model="numpy")
def _roughness_bound_m(
    terms: NDArray[np.float64], curvature: float, first_km: float, last_km: float
) -> float:
    """Bound above the roughness between two places, from the horizon slopes of both terminals.

    No terrain is above hts + (slope + C d) d; less a line this is convex, so greatest at an end.
    """
    d = terms[of.DISTANCE_KM]
    base = terms[of.DUCT_T_M]
    slope = (terms[of.DUCT_R_M] - base) / d
    from_t = from_r = -np.inf
    for k in range(2):
        x = first_km if k == 0 else last_km
        rest = d - x
        line = base + slope * x
        rise = (terms[of.HORIZON_T_SLOPE] + curvature * x) * x
        from_t = max(from_t, terms[of.ANTENNA_T_M] + rise - line)
        rise = (terms[of.HORIZON_R_SLOPE] + curvature * rest) * rest
        from_r = max(from_r, terms[of.ANTENNA_R_M] + rise - line)
    return min(from_t, from_r) + 1e-6


@njit(cache=True, nogil=True, error_model="numpy")
def rough_bound_db(
    terms: NDArray[np.float64], constants: NDArray[np.float64], sight: bool, log_beta0: float
) -> float:
    """Bound below the variability of the ducting loss with time that needs no roughness.

    With u the logarithm of p / β, the exponent of equation (53) rises with u to one maximum and
    falls behind it, so over a range of roughness it is least at an end of the range.

    Parameters
    ----------
    terms : float64[TERMS_SIZE]
        The path, with the results DUCT_T_M and DUCT_R_M.
    constants : float64[CONSTANTS_SIZE]
        From `make_constants`.
    sight : bool
        Whether the path is a line of sight.
    log_beta0 : float
        Natural logarithm of β0 in per cent.

    Returns
    -------
    float
        The bound [dB].
    """
    d = terms[of.DISTANCE_KM]
    log_time = np.log(constants[at.TIME_PERCENT])
    smooth = _log_beta(terms, constants, log_beta0)
    coefficient = (1.2 + 3.7e-3 * d) / _LN10
    least = coefficient * (log_time - smooth)
    if least < 0.0:
        return least - 12.0
    first, last, between = 0.0, d, 0.0
    if not sight:
        first, last = terms[of.HORIZON_T_KM], d - terms[of.HORIZON_R_KM]
        between = min(last - first, 40.0)
    roughest = _roughness_bound_m(terms, constants[at.CURVATURE_50], first, last)
    rough = smooth + _log_mu3(roughest, between)
    over = coefficient * (log_time - rough) - least
    at_smooth = _variability_db(d, log_time, smooth)
    return min(at_smooth, _variability_db(d, log_time, rough) - over)


@njit(cache=True, nogil=True, error_model="numpy")
def _shielding_db(beyond_mrad: float, horizon_km: float, root_f: float, cube_f: float) -> float:
    """Equation (48)."""
    if not beyond_mrad > 0.0:
        return 0.0
    near = 1.0 + 0.361 * beyond_mrad * root_f * np.sqrt(horizon_km)
    return 2.0 * _DB10 * np.log(near) + 0.264 * beyond_mrad * cube_f


@njit(cache=True, nogil=True, error_model="numpy")
def _coupling_db(coast_km: float, horizon_km: float, sea_share: float, height_m: float) -> float:
    """Equation (49)."""
    if sea_share < 0.75 or coast_km > 5.0 or coast_km > horizon_km:
        return 0.0
    low = 1.0 + np.tanh(0.07 * (50.0 - height_m))
    return -3.0 * np.exp(-0.25 * coast_km * coast_km) * low


@njit(cache=True, nogil=True, error_model="numpy")
def ducting_db(
    terms: NDArray[np.float64], constants: NDArray[np.float64], log_beta0: float
) -> float:
    """Loss not exceeded for p % of time by ducting and layer reflection.

    Parameters
    ----------
    terms : float64[TERMS_SIZE]
        The path, with the results HORIZON_T_MRAD, HORIZON_R_MRAD, DUCT_T_M and DUCT_R_M.
    constants : float64[CONSTANTS_SIZE]
        From `make_constants`.
    log_beta0 : float
        Natural logarithm of β0 in per cent.

    Returns
    -------
    float
        Loss [dB], equations (46) to (56) of P.1812-8; NaN if a horizon distance or the roughness
        is NaN.
    """
    d = terms[of.DISTANCE_KM]
    dlt, dlr = terms[of.HORIZON_T_KM], terms[of.HORIZON_R_KM]
    theta_t, theta_r = terms[of.HORIZON_T_MRAD], terms[of.HORIZON_R_MRAD]
    sea = terms[of.SEA_SHARE]
    root_f, cube_f = constants[at.ROOT_F], constants[at.CUBE_ROOT_F]
    fixed = constants[at.DUCT_DB] + 2.0 * _DB10 * np.log(dlt + dlr)  # (47)
    fixed += _shielding_db(theta_t - 0.1 * dlt, dlt, root_f, cube_f)
    fixed += _shielding_db(theta_r - 0.1 * dlr, dlr, root_f, cube_f)
    fixed += _coupling_db(terms[of.COAST_T_KM], dlt, sea, terms[of.ANTENNA_T_M])
    fixed += _coupling_db(terms[of.COAST_R_KM], dlr, sea, terms[of.ANTENNA_R_M])
    angle = 2.0 * constants[at.CURVATURE_50] * d  # (52)
    angle += min(theta_t, 0.1 * dlt) + min(theta_r, 0.1 * dlr)
    between = min(d - dlt - dlr, 40.0)  # (56a)
    log_beta = _log_beta(terms, constants, log_beta0)
    log_beta += _log_mu3(terms[of.ROUGHNESS_M], between)
    slow = _variability_db(d, np.log(constants[at.TIME_PERCENT]), log_beta)
    return fixed + constants[at.DUCT_DB_PER_MRAD] * angle + slow  # (50)
