"""P.1812-8 in closed form: from the terms of a path to its basic transmission loss."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.propagation.p1812 import constants as at
from qamtu.kernels.propagation.p1812 import terms as of
from qamtu.kernels.propagation.p1812.bullington import bullington_db, bullington_root
from qamtu.kernels.propagation.p1812.ducting import ducting_bound_db, ducting_db
from qamtu.kernels.propagation.p1812.normal import inverse_normal_of_log
from qamtu.kernels.propagation.p1812.smooth import smooth_heights, smooth_root
from qamtu.kernels.propagation.p1812.sphere import sphere_db
from qamtu.kernels.propagation.p1812.zones import log_beta0

__all__ = ["loss_from_terms"]

_LN10 = 2.302585092994046
_DB10 = 10.0 / _LN10
_HIGHEST_LOG_BETA0 = np.log(50.0)  # equation (5) stays below


@njit(cache=True)
def _mrad(slope: float) -> float:
    """Elevation [mrad] of a slope in m/km: 1000 arctan(slope / 1000)."""
    x = 0.001 * slope
    if abs(x) > 0.05:
        return 1000.0 * np.arctan(x)
    x2 = x * x
    series = 1.0 / 5.0 - x2 * (1.0 / 7.0 - x2 * (1.0 / 9.0 - x2 * (1.0 / 11.0 - x2 / 13.0)))
    return slope * (1.0 - x2 * (1.0 / 3.0 - x2 * series))


@njit(cache=True)
def _diffraction_db(
    terms: NDArray[np.float64],
    constants: NDArray[np.float64],
    hte_m: float,
    hre_m: float,
    beta: int,
    full: bool,
) -> float:
    """Delta-Bullington loss, equation (39), for the median Earth (0) or β0 % of time (1)."""
    d = terms[of.DISTANCE_KM]
    radius = constants[at.RADIUS_50_KM + beta]
    per_root = constants[at.PER_CUBE_ROOT_RADIUS_50 + beta]
    root = bullington_root(
        d,
        terms[of.ANTENNA_T_M],
        terms[of.ANTENNA_R_M],
        terms[of.SLOPE_T_50 + 3 * beta],
        terms[of.SLOPE_R_50 + 3 * beta],
        terms[of.CLEARANCE_50 + 3 * beta],
        constants[at.CURVATURE_50 + beta],
    )
    actual = bullington_db(root * constants[at.PER_ROOT_WAVE], d)
    sphere = sphere_db(d, hte_m, hre_m, radius, per_root, terms[of.SEA_SHARE], constants)
    smooth = np.nan
    if full or sphere > 0.0:
        step = terms[of.STEP_KM]
        root = terms[of.SMOOTH_50 + beta]
        if step > 0.0:  # the vector stands for the points, which are not read then
            root = smooth_root(d, hte_m, hre_m, radius, step, terms)
        smooth = bullington_db(root * constants[at.PER_ROOT_WAVE], d)
    terms[of.BULLINGTON_50_DB + 3 * beta] = actual
    terms[of.BULLINGTON_SMOOTH_50_DB + 3 * beta] = smooth
    terms[of.SPHERE_50_DB + 3 * beta] = sphere
    return actual + max(sphere - smooth, 0.0) if sphere > 0.0 else actual


@njit(cache=True)
def _logistic(x: float) -> float:
    """1 - (1 + tanh x) / 2, of equations (57) and (58)."""
    return 1.0 / (1.0 + np.exp(2.0 * x)) if x < 350.0 else 0.0


@njit(cache=True)
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
        True: compute every result. False: only what decides, the others become NaN, and at 50 %
        of time terms that stay below 10⁻⁷ dB are left out.

    Returns
    -------
    float
        Loss not exceeded for the share of time and of locations, equation (69) of P.1812-8 [dB];
        NaN if a lazy slot that decides is NaN.
    """
    d, hts, hrs = terms[of.DISTANCE_KM], terms[of.ANTENNA_T_M], terms[of.ANTENNA_R_M]
    median = constants[at.TIME_PERCENT] == 50.0
    if full or not median:
        log_b0 = log_beta0(terms[of.LN_MU1], terms[of.LATITUDE_DEG])
        fi = 1.0
        if np.log(constants[at.TIME_PERCENT]) >= log_b0:
            fi = constants[at.NORMAL_TIME] / inverse_normal_of_log(log_b0 - 2.0 * _LN10)  # (40)
    else:
        log_b0, fi = _HIGHEST_LOG_BETA0, 0.0

    fit_t, fit_r, smooth_t, smooth_r = smooth_heights(terms)
    hte, hre = hts - smooth_t, hrs - smooth_r
    loss_50 = _diffraction_db(terms, constants, hte, hre, 0, full)
    loss_b0 = loss_p = loss_50
    if full or not median:
        loss_b0 = _diffraction_db(terms, constants, hte, hre, 1, full)
    if not median:
        loss_p = loss_50 + fi * (loss_b0 - loss_50)  # (41)

    # horizons, section 5.3 of Attachment 1
    curvature = constants[at.CURVATURE_50]
    rise = (hrs - hts) / d
    slope_t = terms[of.HORIZON_T_SLOPE]
    sight = not slope_t > rise - curvature * d
    slope_r = terms[of.HORIZON_R_SLOPE]
    if sight:
        slope_t, slope_r = rise - curvature * d, -rise - curvature * d
    theta_t, theta_r = _mrad(slope_t), _mrad(slope_r)
    theta = 2.0 * curvature * d + theta_t + theta_r  # (82)
    horizons = d if sight else terms[of.HORIZON_T_KM] + terms[of.HORIZON_R_KM]

    climb = 0.001 * (hts - hrs)
    log_d = np.log(d)
    log_long = np.log(d * d + climb * climb)
    free = constants[at.LOSS_AT_KM_DB] + _DB10 * log_long  # (8)
    focus = 0.0
    if full or not median:
        focus = 2.6 * (1.0 - np.exp(-0.1 * horizons))
    los_p = free + focus * constants[at.LOG_TIME]  # (10)
    los_b0 = free + focus * (log_b0 / _LN10 - np.log10(50.0)) if full or not median else np.nan
    lbd_50 = free + loss_50  # (42)
    lbd = los_p + loss_p  # (43)

    sea = terms[of.SEA_SHARE]
    lowest = los_p + (1.0 - sea) * loss_p  # (59)
    if median and not full:
        lowest = lbd_50
    elif np.log(constants[at.TIME_PERCENT]) >= log_b0:
        lowest = lbd_50 + (los_b0 + (1.0 - sea) * loss_p - lbd_50) * fi

    # ducting, only where it can be below diffraction
    duct = min_duct = np.nan
    duct_t, duct_r = min(fit_t, terms[of.GROUND_T_M]), min(fit_r, terms[of.GROUND_R_M])  # (90)
    lbda = lbd
    fk = np.nan
    bound = ducting_bound_db(terms, constants, theta_t, theta_r, sight, log_b0)
    if full or bound <= lbd:
        if median and not full:
            log_b0 = log_beta0(terms[of.LN_MU1], terms[of.LATITUDE_DEG])
        duct = ducting_db(terms, constants, theta_t, theta_r, duct_t, duct_r, log_b0)
        apart = abs(duct - los_p)
        min_duct = 0.5 * (duct + los_p + apart) + 2.5 * np.log1p(np.exp(-0.4 * apart))  # (60)
        fk = _logistic(1.5 * (d - 20.0) / 20.0)  # (58)
        if not min_duct > lbd:
            lbda = min_duct + (lbd - min_duct) * fk  # (61)
    fj = _logistic(8.0 * (theta - 0.3))  # (57)
    lbam = lbda + (lowest - lbda) * fj  # (62)
    scatter = constants[at.SCATTER_DB] + 2.0 * _DB10 * log_d + 0.573 * theta  # (44)
    if scatter >= lbam:
        lbc = lbam - 5.0 / _LN10 * np.log1p(np.exp(-0.2 * _LN10 * (scatter - lbam)))  # (63)
    else:
        lbc = scatter - 5.0 / _LN10 * np.log1p(np.exp(-0.2 * _LN10 * (lbam - scatter)))
    location = 0.0 if terms[of.RECEIVER_AT_SEA] == 1.0 else constants[at.LOCATION_DB]
    loss = max(los_p, lbc + location)  # (69)
    if lbc != lbc:  # noqa: PLR0124
        loss = np.nan

    terms[of.LOSS_DB] = loss
    terms[of.LOSS_FREE_SPACE_DB] = free
    terms[of.LOSS_LOS_P_DB] = los_p
    terms[of.LOSS_LOS_B0_DB] = los_b0
    terms[of.DIFFRACTION_50_DB] = loss_50
    terms[of.DIFFRACTION_B0_DB] = loss_b0 if full or not median else np.nan
    terms[of.DIFFRACTION_P_DB] = loss_p
    terms[of.LOSS_DIFFRACTION_50_DB] = lbd_50
    terms[of.LOSS_DIFFRACTION_P_DB] = lbd
    terms[of.LOSS_TROPOSCATTER_DB] = scatter
    terms[of.LOSS_DUCTING_DB] = duct
    terms[of.LOSS_MIN_LOS_DB] = lowest
    terms[of.LOSS_MIN_DUCTING_DB] = min_duct
    terms[of.LOSS_DIFFRACTION_DUCTING_DB] = lbda
    terms[of.LOSS_MODIFIED_DB] = lbam
    terms[of.LOSS_MEDIAN_DB] = lbc
    terms[of.FACTOR_TIME] = fi
    terms[of.FACTOR_ANGLE] = fj
    terms[of.FACTOR_DISTANCE] = fk
    terms[of.BETA0_PERCENT] = np.exp(log_b0) if full else np.nan
    terms[of.HORIZON_T_MRAD] = theta_t
    terms[of.HORIZON_R_MRAD] = theta_r
    terms[of.ANGLE_MRAD] = theta
    terms[of.FIT_T_M] = fit_t
    terms[of.FIT_R_M] = fit_r
    terms[of.SMOOTH_T_M] = smooth_t
    terms[of.SMOOTH_R_M] = smooth_r
    terms[of.DUCT_T_M] = duct_t
    terms[of.DUCT_R_M] = duct_r
    terms[of.LOSS_LOCATION_DB] = location
    return loss
