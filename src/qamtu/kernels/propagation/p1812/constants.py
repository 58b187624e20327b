"""Named slots of the vector of all that P.1812-8 computes once for any number of paths."""

from typing import Final

__all__ = ["CONSTANTS_SIZE"]

FREQUENCY_GHZ: Final = 0
"""Frequency f [GHz]."""
WAVELENGTH_M: Final = 1
"""Wavelength [m], with the recommendation's 0.2998 m GHz."""
PER_ROOT_WAVE: Final = 2
"""One over the root of the wavelength [m^-0.5]: times a CLEARANCE slot it gives nu."""
RADIUS_50_KM: Final = 3
"""Median effective radius of the Earth, eq (7a) [km]."""
RADIUS_B0_KM: Final = 4
"""Effective radius exceeded for β0 % of time, eq (7b) [km]."""
CURVATURE_50: Final = 5
"""C50 = 500 / RADIUS_50_KM [m/km2]."""
CURVATURE_B0: Final = 6
"""500 / RADIUS_B0_KM [m/km2]."""
TIME_PERCENT: Final = 7
"""Share of time p [%]."""
LOG_TIME: Final = 8
"""log10(p / 50)."""
NORMAL_TIME: Final = 9
"""Inverse normal of p / 100, the numerator of eq (40)."""
LOSS_AT_KM_DB: Final = 10
"""Free-space loss at one kilometre, eq (8)."""
SCATTER_DB: Final = 11
"""What of eq (44) does not depend on the path."""
DUCT_DB: Final = 12
"""What of eq (47) does not depend on the path, eq (47a) included."""
ROOT_F: Final = 13
"""Root of the frequency [GHz^0.5]."""
CUBE_ROOT_F: Final = 14
"""Cube root of the frequency [GHz^(1/3)]."""
DUCT_DB_PER_MRAD: Final = 15
"""Specific attenuation of the ducting model, eq (51) [dB/mrad]."""
LOCATION_DB: Final = 16
"""Lloc of a receiver on land, section 4.9."""
ADMITTANCE_LAND: Final = 17
"""Eq (29) over land times the cube root of the radius in km."""
ADMITTANCE_SEA: Final = 18
"""Eq (29) over sea times the cube root of the radius in km."""
PER_CUBE_ROOT_RADIUS_50: Final = 19
"""One over the cube root of RADIUS_50_KM."""
PER_CUBE_ROOT_RADIUS_B0: Final = 20
"""One over the cube root of RADIUS_B0_KM."""

CONSTANTS_SIZE: Final = 21
"""Length of the vector."""
