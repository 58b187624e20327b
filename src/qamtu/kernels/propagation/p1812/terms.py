"""Named slots of the vector that holds all that P.1812-8 needs of one path, and its results.

A path's profile, however long, enters the model through these few numbers. Whoever walks the
profile (point by point for one path, or once along a radial for all its receivers) fills the
input slots; `qamtu.kernels.propagation.p1812.loss.loss_from_terms` does the rest and writes the
named results into the same vector.

Symbols: ``d`` distance from the transmitter [km], ``D`` length of the path [km], ``h`` bare
terrain above sea level [m], ``g = h + R`` terrain with representative clutter (at the terminals
``g = h``), ``hts``, ``hrs`` antennas above sea level [m], ``C = 500 / effective radius`` [m/km2]
(`constants.CURVATURE_50` for the median, ``CURVATURE_B0`` for β0 % of time). Maxima run over the
points between the terminals. None of the inputs depends on the frequency.

Lazy slots: HORIZON_T_KM and HORIZON_R_KM of a line-of-sight path, and ROUGHNESS_M of any path,
enter only the ducting loss, which seldom decides. They may be left NaN: the loss comes back NaN
exactly where one that is missing decides; then fill them and ask again. The ``_B0`` slots are not
read at 50 % of time.
"""

from typing import Final

__all__ = ["INPUT_NAMES", "RESULT_NAMES", "TERMS_SIZE"]

DISTANCE_KM: Final = 0
"""Length of the path D [km]."""
GROUND_T_M: Final = 1
"""Ground under the transmitter h(0) above sea level [m]."""
GROUND_R_M: Final = 2
"""Ground under the receiver h(n) above sea level [m]."""
ANTENNA_T_M: Final = 3
"""Transmitting antenna hts above sea level [m]."""
ANTENNA_R_M: Final = 4
"""Receiving antenna hrs above sea level [m]."""

SLOPE_T_50: Final = 5
"""max((g - hts) / d - C50 d) [m/km]; eq (13) is this plus C50 D."""
SLOPE_R_50: Final = 6
"""max((g - hrs) / (D - d) - C50 (D - d)) [m/km]; eq (17) is this plus C50 D."""
CLEARANCE_50: Final = 7
"""max of nu times the root of the wavelength over g [m^0.5], eq (15) with C50; read only where
eq (13) is below eq (14), that is on a line-of-sight path."""
SLOPE_T_B0: Final = 8
"""As SLOPE_T_50 with the curvature of β0 % of time."""
SLOPE_R_B0: Final = 9
"""As SLOPE_R_50 with the curvature of β0 % of time."""
CLEARANCE_B0: Final = 10
"""As CLEARANCE_50 with the curvature of β0 % of time."""

HORIZON_T_SLOPE: Final = 11
"""max((h - hts) / d - C50 d) [m/km] over bare terrain, eq (76), (77) before the arctangent."""
HORIZON_R_SLOPE: Final = 12
"""max((h - hrs) / (D - d) - C50 (D - d)) [m/km] over bare terrain, eq (80), (81)."""
HORIZON_T_KM: Final = 13
"""Distance of the transmitter to its horizon, eq (78): where HORIZON_T_SLOPE is met first, seen
from the transmitter. On a line-of-sight path the point of greatest nu over bare terrain with C50
(the one nearest the receiver of equals). May be NaN on a line-of-sight path."""
HORIZON_R_KM: Final = 14
"""Distance of the receiver to its horizon, eq (81a): where HORIZON_R_SLOPE is met first, seen from
the receiver; on a line-of-sight path D - HORIZON_T_KM. May be NaN on a line-of-sight path."""

OBSTRUCTION_M: Final = 15
"""max(h - (hts (D - d) + hrs d) / D) [m], eq (87a); any value below 0 will do if it is negative."""
OBSTRUCTION_T_SLOPE: Final = 16
"""max((h - hts) / d) [m/km]; eq (87b) is this plus (hts - hrs) / D. Read if OBSTRUCTION_M > 0."""
OBSTRUCTION_R_SLOPE: Final = 17
"""max((h - hrs) / (D - d)) [m/km]; eq (87c) is this plus (hrs - hts) / D. Read as the above."""

FIT_AREA: Final = 18
"""Sum of (d(i) - d(i-1)) (h(i) + h(i-1)) [m km], eq (83), terminals included, bare terrain."""
FIT_MOMENT: Final = 19
"""Sum of (d(i) - d(i-1)) (h(i) (2 d(i) + d(i-1)) + h(i-1) (d(i) + 2 d(i-1))) [m km2], eq (84)."""
ROUGHNESS_M: Final = 20
"""Terrain roughness hm [m], eq (93): max of h above the smooth-Earth line between the horizon
points, both included. May be NaN."""

TAU: Final = 21
"""Eq (3), of the longest inland stretch; from `anomalies.zone_terms`."""
LN_MU1: Final = 22
"""Natural logarithm of mu1, eq (2), of the longest stretches; from `anomalies.zone_terms`."""
LATITUDE_DEG: Final = 23
"""Latitude of the middle of the path [deg]."""
SEA_SHARE: Final = 24
"""Share of the path over sea, omega of Table 5."""
COAST_T_KM: Final = 25
"""Distance of the transmitter to the coast along the path; 0 at sea, 500 far inland [km]."""
COAST_R_KM: Final = 26
"""Distance of the receiver to the coast along the path; 0 at sea, 500 far inland [km]."""
RECEIVER_AT_SEA: Final = 27
"""1 if the receiver stands at sea (no location variability there), else 0."""

STEP_KM: Final = 28
"""Spacing of an equally spaced profile [km]; 0 if the profile is uneven, and then the four SMOOTH
slots must be filled (`smooth.fill_smooth`)."""
SMOOTH_50: Final = 29
"""nu times the root of the wavelength of the Bullington method on a profile of zeros [m^0.5],
section 4.3.4 with C50. Read only if STEP_KM is 0."""
SMOOTH_B0: Final = 30
"""As SMOOTH_50 with the curvature of β0 % of time. Read only if STEP_KM is 0."""

LOSS_DB: Final = 31
"""Basic transmission loss not exceeded for p % of time and pL % of locations, eq (69)."""
LOSS_FREE_SPACE_DB: Final = 32
"""Lbfs, eq (8)."""
LOSS_LOS_P_DB: Final = 33
"""Lb0p, eq (10)."""
LOSS_LOS_B0_DB: Final = 34
"""Lb0b, eq (11)."""
DIFFRACTION_50_DB: Final = 35
"""Ld50, eq (39)."""
DIFFRACTION_B0_DB: Final = 36
"""Ldb, eq (39) with the curvature of β0 % of time; NaN at 50 % of time unless asked in full."""
DIFFRACTION_P_DB: Final = 37
"""Ldp, eq (41)."""
LOSS_DIFFRACTION_50_DB: Final = 38
"""Lbd50, eq (42)."""
LOSS_DIFFRACTION_P_DB: Final = 39
"""Lbd, eq (43)."""
LOSS_TROPOSCATTER_DB: Final = 40
"""Lbs, eq (44)."""
LOSS_DUCTING_DB: Final = 41
"""Lba, eq (46); NaN where it does not matter and the loss was not asked in full."""
LOSS_MIN_LOS_DB: Final = 42
"""Lminb0p, eq (59)."""
LOSS_MIN_DUCTING_DB: Final = 43
"""Lminbap, eq (60)."""
LOSS_DIFFRACTION_DUCTING_DB: Final = 44
"""Lbda, eq (61)."""
LOSS_MODIFIED_DB: Final = 45
"""Lbam, eq (62)."""
LOSS_MEDIAN_DB: Final = 46
"""Lbc, eq (63): not exceeded for p % of time and 50 % of locations."""
FACTOR_TIME: Final = 47
"""Fi, eq (40)."""
FACTOR_ANGLE: Final = 48
"""Fj, eq (57)."""
FACTOR_DISTANCE: Final = 49
"""Fk, eq (58)."""
BETA0_PERCENT: Final = 50
"""β0, eq (5) [%]."""
HORIZON_T_MRAD: Final = 51
"""Elevation of the transmitter's horizon [mrad], eqs (76) to (78)."""
HORIZON_R_MRAD: Final = 52
"""Elevation of the receiver's horizon [mrad], eqs (79) to (81)."""
ANGLE_MRAD: Final = 53
"""Path angular distance theta [mrad], eq (82)."""
FIT_T_M: Final = 54
"""Smooth-Earth surface at the transmitter, uncorrected [m], eq (85)."""
FIT_R_M: Final = 55
"""Smooth-Earth surface at the receiver, uncorrected [m], eq (86)."""
SMOOTH_T_M: Final = 56
"""hstd, smooth surface of the diffraction model at the transmitter [m], eq (89)."""
SMOOTH_R_M: Final = 57
"""hsrd, smooth surface of the diffraction model at the receiver [m], eq (89)."""
DUCT_T_M: Final = 58
"""hst of the ducting model [m], eq (90a)."""
DUCT_R_M: Final = 59
"""hsr of the ducting model [m], eq (90b)."""
BULLINGTON_50_DB: Final = 60
"""Lbulla of the median Earth, eq (21)."""
BULLINGTON_SMOOTH_50_DB: Final = 61
"""Lbulls of the median Earth, eq (21); NaN where the sphere has no loss, unless in full."""
SPHERE_50_DB: Final = 62
"""Ldsph of the median Earth, eq (27)."""
BULLINGTON_B0_DB: Final = 63
"""Lbulla of β0 % of time."""
BULLINGTON_SMOOTH_B0_DB: Final = 64
"""Lbulls of β0 % of time; NaN as above."""
SPHERE_B0_DB: Final = 65
"""Ldsph of β0 % of time."""
LOSS_LOCATION_DB: Final = 66
"""Lloc, section 4.9: what the share of locations adds to the median."""

INPUTS: Final = LOSS_DB
"""Number of input slots; the results lie behind them."""
TERMS_SIZE: Final = LOSS_LOCATION_DB + 1
"""Length of the vector."""

_SLOTS: Final = {
    slot: name.lower() for name, slot in reversed(list(globals().items())) if type(slot) is int
}
INPUT_NAMES: Final[tuple[str, ...]] = tuple(_SLOTS[i] for i in range(INPUTS))
"""The input slots in order, in small letters."""
RESULT_NAMES: Final[tuple[str, ...]] = tuple(_SLOTS[i] for i in range(INPUTS, TERMS_SIZE))
"""The result slots in order, in small letters."""
