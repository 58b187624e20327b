"""Loss by ducting and layer reflection, P.1812-8 section 4.5, and a cheap bound below it."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.propagation.p1812 import constants as at
from qamtu.kernels.propagation.p1812 import terms as of

__all__ = ["ducting_bound_db", "ducting_db"]

_LN10 = 2.302585092994046
_DB10 = 10.0 / _LN10


@njit(cache=True)
def ducting_bound_db(
    terms: NDArray[np.float64],
    constants: NDArray[np.float64],
    horizon_t_mrad: float,
    horizon_r_mrad: float,
    sight: bool,
    log_beta0: float,
) -> float:
    """Value that `ducting_db` is never below, without horizon point and roughness of a clear path.

    Site shielding (48) is not negative, coast coupling (49) not below -6 dB a terminal, mu2 and
    mu3 not above 1 and so the time variability (53) not below its value for β = β0 less its
    power term.

    Parameters
    ----------
    terms : float64[TERMS_SIZE]
        The path.
    constants : float64[CONSTANTS_SIZE]
        From `make_constants`.
    horizon_t_mrad, horizon_r_mrad : float
        Horizon elevations [mrad].
    sight : bool
        Whether the path is a line of sight.
    log_beta0 : float
        Natural logarithm of β0 in per cent; any value not below it at 50 % of time.

    Returns
    -------
    float
        The bound [dB].
    """
    d = terms[of.DISTANCE_KM]
    horizons = d if sight else terms[of.HORIZON_T_KM] + terms[of.HORIZON_R_KM]
    angle = 2.0 * constants[at.CURVATURE_50] * d
    angle += min(horizon_t_mrad, 0.0) + min(horizon_r_mrad, 0.0)
    out = constants[at.DUCT_DB] + 2.0 * _DB10 * np.log(horizons)
    out += constants[at.DUCT_DB_PER_MRAD] * angle
    if terms[of.SEA_SHARE] >= 0.75:
        out -= 12.0
    ratio = np.log(constants[at.TIME_PERCENT]) - log_beta0
    out += (1.2 + 3.7e-3 * d) * ratio / _LN10
    if ratio < 0.0:
        out -= 12.0
    return out


@njit(cache=True)
def _shielding_db(beyond_mrad: float, horizon_km: float, root_f: float, cube_f: float) -> float:
    """Equation (48)."""
    if not beyond_mrad > 0.0:
        return 0.0
    near = 1.0 + 0.361 * beyond_mrad * root_f * np.sqrt(horizon_km)
    return 2.0 * _DB10 * np.log(near) + 0.264 * beyond_mrad * cube_f


@njit(cache=True)
def _coupling_db(coast_km: float, horizon_km: float, sea_share: float, height_m: float) -> float:
    """Equation (49)."""
    if sea_share < 0.75 or coast_km > 5.0 or coast_km > horizon_km:
        return 0.0
    low = 1.0 + np.tanh(0.07 * (50.0 - height_m))
    return -3.0 * np.exp(-0.25 * coast_km * coast_km) * low


@njit(cache=True)
def ducting_db(
    terms: NDArray[np.float64],
    constants: NDArray[np.float64],
    horizon_t_mrad: float,
    horizon_r_mrad: float,
    duct_t_m: float,
    duct_r_m: float,
    log_beta0: float,
) -> float:
    """Loss not exceeded for p % of time by ducting and layer reflection.

    Parameters
    ----------
    terms : float64[TERMS_SIZE]
        The path; horizon distances and roughness must not be NaN (else the answer is).
    constants : float64[CONSTANTS_SIZE]
        From `make_constants`.
    horizon_t_mrad, horizon_r_mrad : float
        Horizon elevations [mrad].
    duct_t_m, duct_r_m : float
        Smooth-Earth surface of this model at the terminals, equation (90) [m].
    log_beta0 : float
        Natural logarithm of β0 in per cent.

    Returns
    -------
    float
        Loss [dB], equations (46) to (56) of P.1812-8.
    """
    d = terms[of.DISTANCE_KM]
    dlt, dlr = terms[of.HORIZON_T_KM], terms[of.HORIZON_R_KM]
    sea = terms[of.SEA_SHARE]
    root_f, cube_f = constants[at.ROOT_F], constants[at.CUBE_ROOT_F]
    hts, hrs = terms[of.ANTENNA_T_M], terms[of.ANTENNA_R_M]
    fixed = constants[at.DUCT_DB] + 2.0 * _DB10 * np.log(dlt + dlr)  # (47)
    fixed += _shielding_db(horizon_t_mrad - 0.1 * dlt, dlt, root_f, cube_f)
    fixed += _shielding_db(horizon_r_mrad - 0.1 * dlr, dlr, root_f, cube_f)
    fixed += _coupling_db(terms[of.COAST_T_KM], dlt, sea, hts)
    fixed += _coupling_db(terms[of.COAST_R_KM], dlr, sea, hrs)
    angle = 2.0 * constants[at.CURVATURE_50] * d  # (52)
    angle += min(horizon_t_mrad, 0.1 * dlt) + min(horizon_r_mrad, 0.1 * dlr)
    log_d = np.log(d)
    alpha = -0.6 - 3.5e-9 * np.exp(3.1 * log_d) * terms[of.TAU]  # (55a)
    roots = np.sqrt(hts - duct_t_m) + np.sqrt(hrs - duct_r_m)
    geometry = np.log(constants[at.CURVATURE_50]) + 2.0 * (log_d - np.log(roots))
    log_beta = log_beta0 + min(0.0, max(alpha, -3.4) * geometry)  # (54), (55)
    rough = terms[of.ROUGHNESS_M]
    if not rough <= 10.0:
        between = min(d - dlt - dlr, 40.0)  # (56a)
        log_beta -= 4.6e-5 * (rough - 10.0) * (43.0 + 6.0 * between)  # (56)
    log10_beta = log_beta / _LN10
    near = (9.51 - 4.8 * log10_beta + 0.198 * log10_beta * log10_beta) * 1e-6
    near *= np.exp(1.13 * log_d)
    far = 1.012 * np.log(2.0058 - log10_beta)
    gamma = 1.076 * np.exp(-near - far)  # (53a)
    ratio = np.log(constants[at.TIME_PERCENT]) - log_beta
    variability = (1.2 + 3.7e-3 * d) * ratio / _LN10 + 12.0 * np.exp(gamma * ratio) - 12.0  # (53)
    return fixed + constants[at.DUCT_DB_PER_MRAD] * angle + variability
