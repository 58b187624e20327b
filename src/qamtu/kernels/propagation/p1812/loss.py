"""P.1812-8 in closed form: from the terms of a path to its basic transmission loss."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.propagation.p1812 import constants as at
from qamtu.kernels.propagation.p1812 import terms as of
from qamtu.kernels.propagation.p1812.bullington import bullington_db, bullington_root
from qamtu.kernels.propagation.p1812.ducting import ducting_db, fixed_bound_db, rough_bound_db
from qamtu.kernels.propagation.p1812.normal import inverse_normal_of_log
from qamtu.kernels.propagation.p1812.smooth import smooth_heights, smooth_root
from qamtu.kernels.propagation.p1812.sphere import sphere_db
from qamtu.kernels.propagation.p1812.zones import log_beta0

__all__ = ["loss_from_terms"]

_LN10 = 2.302585092994046
_DB10 = 10.0 / _LN10
_BURIED_DB = 45.0  # a loss this far above another changes their sum (63) by 2e-9 dB


@njit(cache=True, nogil=True, error_model="numpy")
def _mrad(slope: float) -> float:
    """Elevation [mrad] of a slope in m/km: 1000 arctan(slope / 1000)."""
    x = 0.001 * slope
    if abs(x) > 0.05:
        return 1000.0 * np.arctan(x)
    x2 = x * x
    series = 1.0 / 5.0 - x2 * (1.0 / 7.0 - x2 * (1.0 / 9.0 - x2 * (1.0 / 11.0 - x2 / 13.0)))
    return slope * (1.0 - x2 * (1.0 / 3.0 - x2 * series))


@njit(cache=True, nogil=True, error_model="numpy")
def _logistic(x: float) -> float:
    """1 - (1 + tanh x) / 2, of equations (57) and (58)."""
    return 1.0 / (1.0 + np.exp(2.0 * x)) if x < 350.0 else 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _delta_bullington_db(
    terms: NDArray[np.float64], constants: NDArray[np.float64], beta: int, full: bool
) -> float:
    """Diffraction loss, equation (39), for the median Earth (0) or that of β0 % of time (1)."""
    d = terms[of.DISTANCE_KM]
    hts, hrs = terms[of.ANTENNA_T_M], terms[of.ANTENNA_R_M]
    hte, hre = hts - terms[of.SMOOTH_T_M], hrs - terms[of.SMOOTH_R_M]  # (37)
    radius = constants[at.RADIUS_50_KM + beta]
    root = bullington_root(
        d,
        hts,
        hrs,
        terms[of.SLOPE_T_50 + 3 * beta],
        terms[of.SLOPE_R_50 + 3 * beta],
        terms[of.CLEARANCE_50 + 3 * beta],
        constants[at.CURVATURE_50 + beta],
    )
    actual = bullington_db(root * constants[at.PER_ROOT_WAVE], d)
    per_root = constants[at.PER_CUBE_ROOT_RADIUS_50 + beta]
    sphere = sphere_db(d, hte, hre, radius, per_root, terms[of.SEA_SHARE], constants)
    smooth = np.nan
    if full or sphere > 0.0:
        step = terms[of.STEP_KM]
        root = terms[of.SMOOTH_50 + beta]
        if step > 0.0:  # the vector stands for the points, which are not read then
            root = smooth_root(d, hte, hre, radius, step, terms)
        smooth = bullington_db(root * constants[at.PER_ROOT_WAVE], d)
    terms[of.BULLINGTON_50_DB + 3 * beta] = actual
    terms[of.BULLINGTON_SMOOTH_50_DB + 3 * beta] = smooth
    terms[of.SPHERE_50_DB + 3 * beta] = sphere
    return actual + max(sphere - smooth, 0.0) if sphere > 0.0 else actual


@njit(cache=True, nogil=True, error_model="numpy")
def _diffraction(
    terms: NDArray[np.float64], constants: NDArray[np.float64], fi: float, brief: bool, full: bool
) -> None:
    """Write smooth surfaces and diffraction losses, equations (37) to (41) and (85) to (90)."""
    fit_t, fit_r, terms[of.SMOOTH_T_M], terms[of.SMOOTH_R_M] = smooth_heights(terms)
    terms[of.FIT_T_M], terms[of.FIT_R_M] = fit_t, fit_r
    terms[of.DUCT_T_M] = min(fit_t, terms[of.GROUND_T_M])  # (90)
    terms[of.DUCT_R_M] = min(fit_r, terms[of.GROUND_R_M])
    median = _delta_bullington_db(terms, constants, 0, full)
    low, at_p = np.nan, median
    if not brief:
        low = _delta_bullington_db(terms, constants, 1, full)
        if constants[at.TIME_PERCENT] != 50.0:
            at_p = median + fi * (low - median)  # (41)
    terms[of.DIFFRACTION_50_DB] = median
    terms[of.DIFFRACTION_B0_DB] = low
    terms[of.DIFFRACTION_P_DB] = at_p


@njit(cache=True, nogil=True, error_model="numpy")
def _horizons(terms: NDArray[np.float64], curvature: float) -> bool:
    """Write the horizon angles, section 5 of Attachment 1; tell whether the path is clear."""
    d = terms[of.DISTANCE_KM]
    rise = (terms[of.ANTENNA_R_M] - terms[of.ANTENNA_T_M]) / d
    slope_t, slope_r = terms[of.HORIZON_T_SLOPE], terms[of.HORIZON_R_SLOPE]
    sight = not slope_t > rise - curvature * d
    if sight:
        slope_t, slope_r = rise - curvature * d, -rise - curvature * d
    theta_t, theta_r = _mrad(slope_t), _mrad(slope_r)
    terms[of.HORIZON_T_MRAD], terms[of.HORIZON_R_MRAD] = theta_t, theta_r
    terms[of.ANGLE_MRAD] = 2.0 * curvature * d + theta_t + theta_r  # (82)
    return sight


@njit(cache=True, nogil=True, error_model="numpy")
def _sight(
    terms: NDArray[np.float64],
    constants: NDArray[np.float64],
    sight: bool,
    log_b0: float,
    brief: bool,
) -> None:
    """Write free-space and line-of-sight losses, equations (8) to (11)."""
    d = terms[of.DISTANCE_KM]
    climb = 0.001 * (terms[of.ANTENNA_T_M] - terms[of.ANTENNA_R_M])
    free = constants[at.LOSS_AT_KM_DB] + _DB10 * np.log(d * d + climb * climb)
    los_p, los_b0 = free, np.nan
    if not brief:
        horizons = d if sight else terms[of.HORIZON_T_KM] + terms[of.HORIZON_R_KM]
        focus = 2.6 * (1.0 - np.exp(-0.1 * horizons))
        los_p += focus * constants[at.LOG_TIME]
        los_b0 = free + focus * (log_b0 - np.log(50.0)) / _LN10
    terms[of.LOSS_FREE_SPACE_DB] = free
    terms[of.LOSS_LOS_P_DB] = los_p
    terms[of.LOSS_LOS_B0_DB] = los_b0


@njit(cache=True, nogil=True, error_model="numpy")
def _ducted_db(
    terms: NDArray[np.float64],
    constants: NDArray[np.float64],
    sight: bool,
    log_b0: float,
    enough_db: float,
    full: bool,
) -> float:
    """Lbda, equation (61): diffraction, or ducting where that loses less.

    A ducting loss above ``enough_db`` changes nothing and is not computed unless in full.
    """
    lbd, los_p = terms[of.LOSS_DIFFRACTION_P_DB], terms[of.LOSS_LOS_P_DB]
    terms[of.LOSS_DUCTING_DB] = terms[of.LOSS_MIN_DUCTING_DB] = np.nan
    terms[of.FACTOR_DISTANCE] = np.nan
    if not full:
        fixed = fixed_bound_db(terms, constants, sight)
        if fixed - 12.0 * (constants[at.TIME_PERCENT] != 50.0) > enough_db:
            quick = 0.0
            if constants[at.TIME_PERCENT] != 50.0:
                ratio = np.log(constants[at.TIME_PERCENT]) - log_b0
                quick = (1.2 + 3.7e-3 * terms[of.DISTANCE_KM]) * ratio / _LN10
                quick -= 12.0 * (ratio < 0.0)
            if fixed + quick > enough_db:
                return lbd
        log_b0 = log_beta0(terms[of.LN_MU1], terms[of.LATITUDE_DEG])
        if np.isnan(terms[of.ROUGHNESS_M]):
            fixed += rough_bound_db(terms, constants, sight, log_b0)
            if fixed > enough_db:
                return lbd
    duct = ducting_db(terms, constants, log_b0)
    apart = abs(duct - los_p)
    least = 0.5 * (duct + los_p + apart) + 2.5 * np.log1p(np.exp(-0.4 * apart))  # (60)
    fk = _logistic(0.075 * (terms[of.DISTANCE_KM] - 20.0))  # (58)
    terms[of.LOSS_DUCTING_DB], terms[of.LOSS_MIN_DUCTING_DB] = duct, least
    terms[of.FACTOR_DISTANCE] = fk
    return lbd if least > lbd else least + (lbd - least) * fk


@njit(cache=True, nogil=True, error_model="numpy")
def loss_from_terms(
    terms: NDArray[np.float64], constants: NDArray[np.float64], full: bool
) -> float:
    """Basic transmission loss of a path from its terms; its time does not depend on the profile.

    Parameters
    ----------
    terms : float64[TERMS_SIZE]
        Input slots filled (see `qamtu.kernels.propagation.p1812.terms`); result slots are
        written.
    constants : float64[CONSTANTS_SIZE]
        From `make_constants`.
    full : bool
        True: compute every result. False: only what decides; the others become NaN, and terms
        that stay below 10⁻⁶ dB are left out.

    Returns
    -------
    float
        Loss not exceeded for the share of time and of locations, equation (69) of P.1812-8 [dB];
        NaN if a lazy slot that decides is NaN.
    """
    log_time = np.log(constants[at.TIME_PERCENT])
    brief = not full and constants[at.TIME_PERCENT] == 50.0
    log_b0, fi = np.nan, 0.0
    if not brief:
        log_b0, fi = log_beta0(terms[of.LN_MU1], terms[of.LATITUDE_DEG]), 1.0
        if log_time >= log_b0:
            fi = constants[at.NORMAL_TIME] / inverse_normal_of_log(log_b0 - 2.0 * _LN10)  # (40)
    terms[of.FACTOR_TIME], terms[of.BETA0_PERCENT] = fi, np.exp(log_b0)

    _diffraction(terms, constants, fi, brief, full)
    sight = _horizons(terms, constants[at.CURVATURE_50])
    _sight(terms, constants, sight, log_b0, brief)
    los_p, loss_p = terms[of.LOSS_LOS_P_DB], terms[of.DIFFRACTION_P_DB]
    lbd_50 = terms[of.LOSS_FREE_SPACE_DB] + terms[of.DIFFRACTION_50_DB]  # (42)
    lbd = los_p + loss_p  # (43)
    terms[of.LOSS_DIFFRACTION_50_DB], terms[of.LOSS_DIFFRACTION_P_DB] = lbd_50, lbd

    over_land = (1.0 - terms[of.SEA_SHARE]) * loss_p
    lowest = los_p + over_land  # (59)
    if brief:
        lowest = lbd_50
    elif log_time >= log_b0:
        lowest = lbd_50 + (terms[of.LOSS_LOS_B0_DB] + over_land - lbd_50) * fi
    scatter = constants[at.SCATTER_DB] + 2.0 * _DB10 * np.log(terms[of.DISTANCE_KM])
    scatter += 0.573 * terms[of.ANGLE_MRAD]  # (44)

    enough = lbd
    if lowest > scatter + _BURIED_DB:
        enough = min(lbd, scatter + _BURIED_DB)
    lbda = _ducted_db(terms, constants, sight, log_b0, enough, full)
    fj = _logistic(8.0 * (terms[of.ANGLE_MRAD] - 0.3))  # (57)
    lbam = lbda + (lowest - lbda) * fj  # (62)
    apart = abs(scatter - lbam)
    lbc = 0.5 * (scatter + lbam - apart)
    lbc -= 5.0 / _LN10 * np.log1p(np.exp(-0.2 * _LN10 * apart))  # (63)
    location = 0.0 if terms[of.RECEIVER_AT_SEA] == 1.0 else constants[at.LOCATION_DB]
    loss = lbc + location if not lbc + location < los_p else los_p  # (69), NaN kept

    terms[of.LOSS_DB] = loss
    terms[of.LOSS_TROPOSCATTER_DB] = scatter
    terms[of.LOSS_MIN_LOS_DB] = lowest
    terms[of.LOSS_DIFFRACTION_DUCTING_DB] = lbda
    terms[of.LOSS_MODIFIED_DB] = lbam
    terms[of.LOSS_MEDIAN_DB] = lbc
    terms[of.FACTOR_ANGLE] = fj
    terms[of.LOSS_LOCATION_DB] = location
    return loss
