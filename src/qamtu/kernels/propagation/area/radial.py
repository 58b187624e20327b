"""P.1812-8 at every point of a radial in one walk: n log n instead of n² steps.

The walk goes outwards. At receiver ``k`` the points 1 .. k-1 have been passed; what the model
needs of them is looked up:

- greatest slopes from the transmitter, sums and zones in the `running` table;
- greatest slopes from the receiver as tangents to upper hulls (`envelope`) of the terrain with
  the bulge ``C d²`` taken off, in which lines of sight are straight for every receiver;
- the clearance of a line of sight by bounds on blocks (`blocks`);
- horizon points of lines of sight and the roughness only where the loss depends on them.

Four profiles are kept: bare terrain; bare terrain less the median bulge; covered terrain less the
median bulge and less that of β0 % of time. Without clutter the second serves as the third.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.propagation.area import running as run
from qamtu.kernels.propagation.area.blocks import (
    BLOCK,
    cover_block,
    highest_above,
    nearest_to_sight,
)
from qamtu.kernels.propagation.area.envelope import extreme, push, tangent
from qamtu.kernels.propagation.p1812 import constants as at
from qamtu.kernels.propagation.p1812 import terms as of
from qamtu.kernels.propagation.p1812.loss import loss_from_terms
from qamtu.kernels.propagation.p1812.zones import SEA

__all__ = ["losses_along", "make_work"]

Work = tuple[
    NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64],
    NDArray[np.float64], NDArray[np.int64], NDArray[np.float64],
]  # fmt: skip

_FLAT: Final = 0
_BARE_50: Final = 1
_COVER_50: Final = 2
_COVER_B0: Final = 3
_PROFILES: Final = 4

_SEEN: Final = 4
_HIGHEST: Final = 8
_SIGHT: Final = 9
_MARKS: Final = 13
"""Marks: sizes of the hulls, last tangents, last highest point, last points nearest to sight."""

_CLOSE: Final = 1e-9
_NU_NONE: Final = -0.78 * (1.0 + 1e-9)


@njit(cache=True, nogil=True, error_model="numpy")
def make_work(n: int) -> Work:
    """Allocate what `losses_along` needs for radials of n points beyond the site."""
    root = np.zeros(n + 1)
    for i in range(1, n + 1):
        root[i] = 1.0 / np.sqrt(float(i))
    return (
        np.empty((_PROFILES, n + 1)),
        np.empty((_PROFILES, 4, n + 1)),
        np.empty((_PROFILES, 2, n // BLOCK + 1)),
        np.zeros((run.RUNNING, n + 1)),
        root,
        np.zeros(_MARKS, np.int64),
        np.empty(of.TERMS_SIZE),
    )


@njit(cache=True, nogil=True, error_model="numpy")
def _lay_profiles(
    height: NDArray[np.float64], clutter: NDArray[np.float64], step_km: float, c50: float,
    cb0: float, y: NDArray[np.float64], lines: NDArray[np.float64],
) -> bool:  # fmt: skip
    """Fill the four profiles and the lines over their blocks; tell whether there is clutter."""
    n = height.size
    b50, bb0 = c50 * step_km * step_km, cb0 * step_km * step_km
    covered = False
    for i in range(n):
        h, g, square = height[i], height[i] + clutter[i], float(i) * i
        y[_FLAT, i] = h
        y[_BARE_50, i] = h - b50 * square
        y[_COVER_50, i] = g - b50 * square
        y[_COVER_B0, i] = g - bb0 * square
        covered |= clutter[i] != 0.0
    for p in range(_PROFILES):
        for b in range(n // BLOCK):
            cover_block(y[p], b, lines[p])
    return covered


@njit(cache=True, nogil=True, error_model="numpy")
def _fill_running(
    k: int, ground_m: float, rx_height_m: float, zone: int, latitude_deg: float, step_km: float,
    table: NDArray[np.float64], terms: NDArray[np.float64],
) -> None:  # fmt: skip
    """Fill the terms of the receiver itself and those that the table has."""
    terms[of.DISTANCE_KM], terms[of.LATITUDE_DEG] = k * step_km, latitude_deg
    terms[of.GROUND_R_M], terms[of.ANTENNA_R_M] = ground_m, ground_m + rx_height_m
    terms[of.FIT_AREA], terms[of.FIT_MOMENT] = table[run.FIT_AREA, k], table[run.FIT_MOMENT, k]
    terms[of.TAU], terms[of.LN_MU1] = table[run.TAU, k], table[run.LN_MU1, k]
    terms[of.SEA_SHARE] = table[run.SEA_SHARE, k]
    terms[of.COAST_T_KM], terms[of.COAST_R_KM] = table[run.COAST_T_KM, k], table[run.COAST_R_KM, k]
    terms[of.RECEIVER_AT_SEA] = 1.0 if zone == SEA else 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _pass_point(i: int, covered: bool, y: NDArray[np.float64], hulls: NDArray[np.float64],
                marks: NDArray[np.int64]) -> None:  # fmt: skip
    """Add a point to the hulls."""
    for p in range(_PROFILES):
        if p != _COVER_50 or covered:
            marks[p] = push(hulls[p], marks[p], float(i), y[p, i])


@njit(cache=True, nogil=True, error_model="numpy")
def _slope_to_receiver(
    p: int, k: int, y_r: float, step_km: float, hulls: NDArray[np.float64],
    marks: NDArray[np.int64],
) -> float:  # fmt: skip
    """Greatest slope of the points of a profile as the receiver sees them [m/km]."""
    v = tangent(hulls[p], marks[p], float(k), y_r, marks[_SEEN + p])
    marks[_SEEN + p] = v
    return (hulls[p, 1, v] - y_r) / ((k - hulls[p, 0, v]) * step_km)


@njit(cache=True, nogil=True, error_model="numpy")
def _fill_earth(
    p: int, k: int, step_km: float, curvature: float, slope_t: float, first: int,
    per_root_wave: float, y: NDArray[np.float64], hulls: NDArray[np.float64],
    lines: NDArray[np.float64], root: NDArray[np.float64], marks: NDArray[np.int64],
    terms: NDArray[np.float64],
) -> None:  # fmt: skip
    """Fill the three terms of the Bullington method for one curvature of the Earth."""
    d = k * step_km
    hts, hrs = terms[of.ANTENNA_T_M], terms[of.ANTENNA_R_M]
    terms[first], terms[first + 1], terms[first + 2] = slope_t, -np.inf, -np.inf
    if k < 2:
        return
    direct = (hrs - hts) / d
    over = slope_t + curvature * d - direct
    shy = _CLOSE * (1.0 + abs(direct))
    y_r = hrs - curvature * d * d
    if over > -shy:
        seen = _slope_to_receiver(p, k, y_r, step_km, hulls, marks)
        terms[first + 1] = seen - 2.0 * curvature * d
    if over < shy:
        scale = np.sqrt(0.002 * k / step_km)
        value, where = nearest_to_sight(
            y[p], lines[p], k // BLOCK, k, hts, y_r, root,
            _NU_NONE / (per_root_wave * scale), marks[_SIGHT + p],
        )  # fmt: skip
        marks[_SIGHT + p] = where
        terms[first + 2] = value * scale


@njit(cache=True, nogil=True, error_model="numpy")
def _fill_bare(
    k: int, step_km: float, c50: float, hulls: NDArray[np.float64], marks: NDArray[np.int64],
    table: NDArray[np.float64], terms: NDArray[np.float64],
) -> None:  # fmt: skip
    """Fill horizons and obstructions of the bare terrain, but for the lazy slots."""
    d = k * step_km
    hts, hrs = terms[of.ANTENNA_T_M], terms[of.ANTENNA_R_M]
    direct = (hrs - hts) / d
    slope_t, flat_t = table[run.HORIZON_T, k], table[run.OBSTRUCTION_T, k]
    terms[of.HORIZON_T_SLOPE], terms[of.HORIZON_R_SLOPE] = slope_t, -np.inf
    terms[of.HORIZON_T_KM], terms[of.HORIZON_R_KM] = np.nan, np.nan
    terms[of.OBSTRUCTION_M], terms[of.OBSTRUCTION_T_SLOPE] = -1.0, flat_t
    terms[of.OBSTRUCTION_R_SLOPE] = -np.inf
    terms[of.ROUGHNESS_M] = np.nan
    if k < 2:
        return
    if slope_t > direct - c50 * d:
        y_r = hrs - c50 * d * d
        seen = _slope_to_receiver(_BARE_50, k, y_r, step_km, hulls, marks)
        terms[of.HORIZON_R_SLOPE] = seen - 2.0 * c50 * d
        terms[of.HORIZON_T_KM] = table[run.HORIZON_T_AT, k] * step_km
        terms[of.HORIZON_R_KM] = (k - hulls[_BARE_50, 0, marks[_SEEN + _BARE_50]]) * step_km
    if flat_t > direct:
        seen = _slope_to_receiver(_FLAT, k, hrs, step_km, hulls, marks)
        terms[of.OBSTRUCTION_R_SLOPE] = seen
        v = extreme(hulls[_FLAT], marks[_FLAT], direct * step_km, marks[_HIGHEST])
        marks[_HIGHEST] = v
        above = hulls[_FLAT, 1, v] - hts - direct * step_km * hulls[_FLAT, 0, v]
        if above > _CLOSE:  # else the point lies on the line, but for rounding
            terms[of.OBSTRUCTION_M] = above


@njit(cache=True, nogil=True, error_model="numpy")
def _fill_lazy(
    k: int, step_km: float, c50: float, y: NDArray[np.float64], lines: NDArray[np.float64],
    root: NDArray[np.float64], marks: NDArray[np.int64], table: NDArray[np.float64],
    terms: NDArray[np.float64],
) -> None:  # fmt: skip
    """Fill the horizon of a line of sight and the roughness, eqs (78) and (93) of P.1812-8."""
    d = k * step_km
    hts, hrs = terms[of.ANTENNA_T_M], terms[of.ANTENNA_R_M]
    if k < 2:  # no point between the terminals: one halfway on the line of sight would do
        terms[of.HORIZON_T_KM] = terms[of.HORIZON_R_KM] = 0.5 * d
        terms[of.ROUGHNESS_M] = 0.0
        return
    if np.isnan(terms[of.HORIZON_T_KM]):
        _, first = nearest_to_sight(
            y[_BARE_50], lines[_BARE_50], k // BLOCK, k, hts, hrs - c50 * d * d, root, -np.inf,
            marks[_SIGHT + _BARE_50],
        )  # fmt: skip
        marks[_SIGHT + _BARE_50] = last = first
        terms[of.HORIZON_T_KM] = first * step_km
        terms[of.HORIZON_R_KM] = d - first * step_km
    else:
        first = int(table[run.HORIZON_T_AT, k])
        last = k - round(terms[of.HORIZON_R_KM] / step_km)
    area, moment = terms[of.FIT_AREA], terms[of.FIT_MOMENT]
    smooth_t = min((2.0 * area * d - moment) / (d * d), terms[of.GROUND_T_M])
    smooth_r = min((moment - area * d) / (d * d), terms[of.GROUND_R_M])
    slope = (smooth_r - smooth_t) / k
    top = highest_above(y[_FLAT], lines[_FLAT], k // BLOCK, first, last, slope)
    terms[of.ROUGHNESS_M] = top - smooth_t


@njit(cache=True, nogil=True, error_model="numpy")
def losses_along(
    height: NDArray[np.float64], clutter: NDArray[np.float64], zone: NDArray[np.uint8],
    latitude_deg: NDArray[np.float64], step_km: float, tx_height_m: float, rx_height_m: float,
    constants: NDArray[np.float64], inland: NDArray[np.float64], work: Work,
    loss_db: NDArray[np.float32] | NDArray[np.float64],
) -> int:  # fmt: skip
    """Compute P.1812-8 from the site to every point of a radial; no allocation.

    Parameters
    ----------
    height, clutter : float64[n + 1]
        Ground above sea level, NaN where it is not known, and clutter above ground [m]; point 0
        is the site. Clutter stands between the terminals only.
    zone : uint8[n + 1]
        1 sea, 3 coastal land, 4 inland.
    latitude_deg : float64[n + 1]
        Latitude of the middle of the path to each point [deg].
    step_km : float
        Distance between points [km].
    tx_height_m, rx_height_m : float
        Antennas above ground [m].
    constants : float64[CONSTANTS_SIZE]
        Of `p1812.make_constants`.
    inland : float64[2, n + 1]
        Of `running.zone_tables` for this step.
    work
        Of `make_work` for n points or more.
    loss_db : float32[n] or float64[n]
        Filled with the loss at points 1 .. n [dB]; NaN from the first void on.

    Returns
    -------
    int
        Receivers without a loss.
    """
    y, hulls, lines, table, root, marks, terms = work
    n = height.size - 1
    loss_db[:] = np.nan
    reach = run.first_void(height)
    if reach < 2:
        return n
    c50, cb0 = constants[at.CURVATURE_50], constants[at.CURVATURE_B0]
    hts = height[0] + tx_height_m
    run.run_along(
        height[:reach], clutter[:reach], zone[:reach], step_km, hts, c50, cb0, inland, table
    )
    covered = _lay_profiles(height[:reach], clutter[:reach], step_km, c50, cb0, y, lines)
    marks[:] = 0
    median = constants[at.TIME_PERCENT] == 50.0
    p50 = _COVER_50 if covered else _BARE_50
    wave = constants[at.PER_ROOT_WAVE]
    terms[:] = np.nan
    terms[of.GROUND_T_M], terms[of.ANTENNA_T_M], terms[of.STEP_KM] = height[0], hts, step_km
    missing = n - (reach - 1)
    eager = False
    for k in range(1, reach):
        _fill_running(k, height[k], rx_height_m, zone[k], latitude_deg[k], step_km, table, terms)
        _fill_earth(
            p50, k, step_km, c50, table[run.SLOPE_T_50, k], of.SLOPE_T_50, wave, y, hulls, lines,
            root, marks, terms,
        )  # fmt: skip
        if not median:
            _fill_earth(
                _COVER_B0, k, step_km, cb0, table[run.SLOPE_T_B0, k], of.SLOPE_T_B0, wave, y,
                hulls, lines, root, marks, terms,
            )  # fmt: skip
        _fill_bare(k, step_km, c50, hulls, marks, table, terms)
        if eager:
            _fill_lazy(k, step_km, c50, y, lines, root, marks, table, terms)
        loss = loss_from_terms(terms, constants, False)
        if np.isnan(loss):
            _fill_lazy(k, step_km, c50, y, lines, root, marks, table, terms)
            loss = loss_from_terms(terms, constants, False)
        eager = not np.isnan(terms[of.LOSS_DUCTING_DB])  # what mattered here may at the next
        loss_db[k - 1] = loss
        missing += np.isnan(loss)
        _pass_point(k, covered, y, hulls, marks)
    return missing
