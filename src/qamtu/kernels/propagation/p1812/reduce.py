"""From the points of a profile to the terms of its path, in a few passes that vectorise."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.propagation.p1812 import constants as at
from qamtu.kernels.propagation.p1812 import terms as of
from qamtu.kernels.propagation.p1812.loss import loss_from_terms
from qamtu.kernels.propagation.p1812.order import LOWEST, from_rank, to_rank
from qamtu.kernels.propagation.p1812.smooth import fill_smooth
from qamtu.kernels.propagation.p1812.zones import (
    FAR_KM,
    INLAND,
    SEA,
    coasts_km,
    stretches,
    zone_terms,
)

__all__ = ["fill_lazy", "fill_zones", "has_void", "loss_of_profile", "reduce_profile"]

_BLOCK = 64


@njit(cache=True, nogil=True, error_model="numpy")
def has_void(values: NDArray[np.float64]) -> bool:
    """Tell whether any value is NaN or infinite."""
    count = 0
    for i in range(values.size):
        count += values[i] - values[i] != 0.0
    return count > 0


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"reassoc"})
def _fit(d: NDArray[np.float64], h: NDArray[np.float64]) -> tuple[float, float]:
    """Sums of equations (83) and (84); the order of addition is free."""
    area = moment = 0.0
    for i in range(1, d.size):
        near, far = d[i - 1], d[i]
        width = far - near
        area += width * (h[i] + h[i - 1])
        moment += width * (h[i] * (2.0 * far + near) + h[i - 1] * (far + 2.0 * near))
    return area, moment


@njit(cache=True, nogil=True, error_model="numpy")
def _slopes(
    d: NDArray[np.float64], g: NDArray[np.float64], hts: float, hrs: float, c1: float, c2: float
) -> tuple[float, float, float, float]:
    """Steepest slopes from both terminals under two curvatures: t and r of c1, t and r of c2."""
    length = d[d.size - 1]
    t1 = r1 = t2 = r2 = LOWEST
    for i in range(1, d.size - 1):
        x = d[i]
        rest = length - x
        t = (g[i] - hts) / x
        r = (g[i] - hrs) / rest
        t1 = max(t1, to_rank(t - c1 * x))
        r1 = max(r1, to_rank(r - c1 * rest))
        t2 = max(t2, to_rank(t - c2 * x))
        r2 = max(r2, to_rank(r - c2 * rest))
    return from_rank(t1), from_rank(r1), from_rank(t2), from_rank(r2)


@njit(cache=True, nogil=True, error_model="numpy")
def _highest(d: NDArray[np.float64], h: NDArray[np.float64], base: float, slope: float) -> float:
    """Greatest height of a point above a line."""
    out = LOWEST
    for i in range(1, d.size - 1):
        out = max(out, to_rank(h[i] - slope * d[i]))
    return from_rank(out) - base


@njit(cache=True, nogil=True, error_model="numpy")
def _clearance(
    d: NDArray[np.float64], g: NDArray[np.float64], hts: float, hrs: float, curvature: float
) -> float:
    """Equation (15) times the root of the wavelength where every point lies below the line."""
    length = d[d.size - 1]
    slope = (hrs - hts) / length
    least = LOWEST
    for i in range(1, d.size - 1):
        x = d[i]
        both = x * (length - x)
        below = hts + slope * x - g[i] - curvature * both
        least = max(least, to_rank(-below * below / both))
    return -np.sqrt(-0.002 * length * from_rank(least))


@njit(cache=True, nogil=True, error_model="numpy")
def _closest(
    d: NDArray[np.float64], h: NDArray[np.float64], hts: float, hrs: float, curvature: float
) -> int:
    """Point of greatest nu, of equals the one nearest the receiver."""
    length = d[d.size - 1]
    slope = (hrs - hts) / length
    least, best = np.inf, 1
    for i in range(1, d.size - 1):
        x = d[i]
        both = x * (length - x)
        below = hts + slope * x - h[i] - curvature * both
        value = below * below / both
        if value <= least:
            least, best = value, i
    return best


@njit(cache=True, nogil=True, error_model="numpy")
def _horizon_t(
    d: NDArray[np.float64], h: NDArray[np.float64], hts: float, curvature: float, steepest: float
) -> int:
    """First point from the transmitter that reaches the steepest slope."""
    last = d.size - 1
    for start in range(1, last, _BLOCK):
        reached = 0
        for i in range(start, min(start + _BLOCK, last)):
            reached += (h[i] - hts) / d[i] - curvature * d[i] >= steepest
        if reached > 0:
            for i in range(start, last):
                if (h[i] - hts) / d[i] - curvature * d[i] >= steepest:
                    return i
    return 1


@njit(cache=True, nogil=True, error_model="numpy")
def _horizon_r(
    d: NDArray[np.float64], h: NDArray[np.float64], hrs: float, curvature: float, steepest: float
) -> int:
    """First point from the receiver that reaches the steepest slope."""
    last = d.size - 1
    length = d[last]
    for stop in range(last, 1, -_BLOCK):
        reached = 0
        for i in range(max(1, stop - _BLOCK), stop):
            rest = length - d[i]
            reached += (h[i] - hrs) / rest - curvature * rest >= steepest
        if reached > 0:
            for i in range(stop - 1, 0, -1):
                rest = length - d[i]
                if (h[i] - hrs) / rest - curvature * rest >= steepest:
                    return i
    return last - 1


@njit(cache=True, nogil=True, error_model="numpy")
def reduce_profile(
    d_km: NDArray[np.float64],
    height_m: NDArray[np.float64],
    top_m: NDArray[np.float64],
    bare: bool,
    tx_height_m: float,
    rx_height_m: float,
    step_km: float,
    constants: NDArray[np.float64],
    terms: NDArray[np.float64],
    full: bool,
) -> None:
    """Fill the slots of a path that its terrain decides; lazy slots become NaN.

    Parameters
    ----------
    d_km : float64[n]
        Distances from the transmitter [km], ascending from 0; n at least 3.
    height_m : float64[n]
        Bare terrain above sea level [m], no voids.
    top_m : float64[n]
        Terrain with representative clutter [m]; its first and last values are not read.
    bare : bool
        True if there is no clutter; ``top_m`` is not read then.
    tx_height_m, rx_height_m : float
        Antennas above ground [m].
    step_km : float
        Spacing of equally spaced points [km], 0 if they are not.
    constants : float64[CONSTANTS_SIZE]
        From `make_constants`.
    terms : float64[TERMS_SIZE]
        Written: terminals, slopes, clearances, horizons, obstruction, fit, smooth.
    full : bool
        Whether the slots of β0 % of time are wanted at 50 % of time too.
    """
    last = d_km.size - 1
    length = d_km[last]
    twice = full or constants[at.TIME_PERCENT] != 50.0
    hts, hrs = height_m[0] + tx_height_m, height_m[last] + rx_height_m
    c50, cb0 = constants[at.CURVATURE_50], constants[at.CURVATURE_B0]
    terms[of.DISTANCE_KM] = length
    terms[of.GROUND_T_M], terms[of.GROUND_R_M] = height_m[0], height_m[last]
    terms[of.ANTENNA_T_M], terms[of.ANTENNA_R_M] = hts, hrs
    rise = (hrs - hts) / length

    terms[of.FIT_AREA], terms[of.FIT_MOMENT] = _fit(d_km, height_m)
    terms[of.OBSTRUCTION_M] = _highest(d_km, height_m, hts, rise)
    beyond = 0.0 if terms[of.OBSTRUCTION_M] > 0.0 or not bare else cb0
    t1, r1, t2, r2 = _slopes(d_km, height_m, hts, hrs, c50, beyond)
    terms[of.HORIZON_T_SLOPE], terms[of.HORIZON_R_SLOPE] = t1, r1
    terms[of.OBSTRUCTION_T_SLOPE], terms[of.OBSTRUCTION_R_SLOPE] = t2, r2
    if bare:
        top = height_m
        terms[of.SLOPE_T_50], terms[of.SLOPE_R_50] = t1, r1
        if beyond == 0.0 and twice:
            _, _, t2, r2 = _slopes(d_km, height_m, hts, hrs, c50, cb0)
    else:
        top = top_m
        t1, r1, t2, r2 = _slopes(d_km, top, hts, hrs, c50, cb0)
    terms[of.SLOPE_T_50], terms[of.SLOPE_R_50] = t1, r1
    terms[of.SLOPE_T_B0], terms[of.SLOPE_R_B0] = t2, r2
    if t1 + c50 * length < rise:
        terms[of.CLEARANCE_50] = _clearance(d_km, top, hts, hrs, c50)
    if t2 + cb0 * length < rise and twice:
        terms[of.CLEARANCE_B0] = _clearance(d_km, top, hts, hrs, cb0)

    terms[of.ROUGHNESS_M] = terms[of.HORIZON_T_KM] = terms[of.HORIZON_R_KM] = np.nan
    steepest = terms[of.HORIZON_T_SLOPE]
    if steepest > rise - c50 * length:
        at_t = _horizon_t(d_km, height_m, hts, c50, steepest)
        at_r = _horizon_r(d_km, height_m, hrs, c50, terms[of.HORIZON_R_SLOPE])
        terms[of.HORIZON_T_KM], terms[of.HORIZON_R_KM] = d_km[at_t], length - d_km[at_r]
    terms[of.STEP_KM] = step_km
    if step_km == 0.0:
        fill_smooth(terms, constants, d_km)


@njit(cache=True, nogil=True, error_model="numpy")
def fill_lazy(
    d_km: NDArray[np.float64],
    height_m: NDArray[np.float64],
    constants: NDArray[np.float64],
    terms: NDArray[np.float64],
) -> None:
    """Fill the slots that only the ducting loss needs: horizons of a clear path, and roughness.

    Parameters
    ----------
    d_km, height_m : float64[n]
        Profile: distances [km] and bare terrain [m].
    constants : float64[CONSTANTS_SIZE]
        From `make_constants`.
    terms : float64[TERMS_SIZE]
        From `reduce_profile`, with the results DUCT_T_M and DUCT_R_M of a first `loss_from_terms`.
    """
    length = terms[of.DISTANCE_KM]
    hts, hrs = terms[of.ANTENNA_T_M], terms[of.ANTENNA_R_M]
    if not np.isnan(terms[of.HORIZON_T_KM]):
        shy = 1e-9 * length  # the distances come back rounded
        first = np.searchsorted(d_km, terms[of.HORIZON_T_KM] - shy)
        last = np.searchsorted(d_km, length - terms[of.HORIZON_R_KM] + shy, side="right") - 1
    else:
        first = last = _closest(d_km, height_m, hts, hrs, constants[at.CURVATURE_50])
        terms[of.HORIZON_T_KM], terms[of.HORIZON_R_KM] = d_km[first], length - d_km[first]
    base = terms[of.DUCT_T_M]
    slope = (terms[of.DUCT_R_M] - base) / length  # (91)
    rough = -np.inf
    for i in range(min(first, last), max(first, last) + 1):
        rough = max(rough, height_m[i] - (base + slope * d_km[i]))  # (93)
    terms[of.ROUGHNESS_M] = rough


@njit(cache=True, nogil=True, error_model="numpy")
def fill_zones(
    d_km: NDArray[np.float64],
    zone: NDArray[np.uint8],
    latitude_deg: float,
    coast_t_km: float,
    coast_r_km: float,
    terms: NDArray[np.float64],
) -> None:
    """Fill the slots of zones and coasts.

    Parameters
    ----------
    d_km : float64[n]
        Distances from the transmitter [km].
    zone : uint8[n] or uint8[0]
        1 sea, 3 coastal land, 4 inland; empty if all is inland.
    latitude_deg : float
        Latitude of the middle of the path [deg].
    coast_t_km, coast_r_km : float
        Distances over land to the coast [km]; 0 at sea whatever is given, NaN: measured.
    terms : float64[TERMS_SIZE]
        Written.
    """
    land = inland = d_km[d_km.size - 1]
    sea = at_sea = 0.0
    measured_t = measured_r = FAR_KM
    other = 0
    for i in range(zone.size):
        other += zone[i] != INLAND
    if other > 0:
        land, inland, sea = stretches(d_km, zone)
        measured_t, measured_r = coasts_km(d_km, zone)
        if zone[0] == SEA:
            coast_t_km = 0.0
        if zone[zone.size - 1] == SEA:
            coast_r_km, at_sea = 0.0, 1.0
    if np.isnan(coast_t_km):
        coast_t_km = measured_t
    if np.isnan(coast_r_km):
        coast_r_km = measured_r
    terms[of.TAU], terms[of.LN_MU1] = zone_terms(land, inland)
    terms[of.SEA_SHARE] = sea
    terms[of.LATITUDE_DEG] = latitude_deg
    terms[of.COAST_T_KM], terms[of.COAST_R_KM] = coast_t_km, coast_r_km
    terms[of.RECEIVER_AT_SEA] = at_sea


@njit(cache=True, nogil=True, error_model="numpy")
def loss_of_profile(
    d_km: NDArray[np.float64],
    height_m: NDArray[np.float64],
    constants: NDArray[np.float64],
    terms: NDArray[np.float64],
    full: bool,
) -> float:
    """Loss of a reduced path; walks its points again only where the ducting loss asks for it.

    Parameters
    ----------
    d_km, height_m : float64[n]
        Profile: distances [km] and bare terrain [m].
    constants : float64[CONSTANTS_SIZE]
        From `make_constants`.
    terms : float64[TERMS_SIZE]
        From `reduce_profile` and `fill_zones`.
    full : bool
        Whether every result is wanted.

    Returns
    -------
    float
        Basic transmission loss [dB].
    """
    loss = loss_from_terms(terms, constants, full)
    if loss == loss:  # noqa: PLR0124
        return loss
    fill_lazy(d_km, height_m, constants, terms)
    return loss_from_terms(terms, constants, full)
