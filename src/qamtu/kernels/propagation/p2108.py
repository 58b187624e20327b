"""Clutter loss of Recommendation ITU-R P.2108-1 (09/2021) for terminals on the ground.

§ 3.1 is the height-gain model of one terminal below the clutter around it; § 3.2 the statistical
model of paths between terminals both well below the clutter, of which it is one end's loss.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.kernels.propagation.p526 import knife_edge_loss_db

__all__ = [
    "check_height_gain",
    "check_statistical",
    "height_gain_loss_db",
    "statistical_clutter_loss_db",
]

_SATURATION_KM: Final = 2.0
_SIGMA_LONG_DB: Final = 4.0
_SIGMA_SHORT_DB: Final = 6.0
_STREET_WIDTH_M: Final = 27.0


def height_gain_loss_db(
    frequency_ghz: ArrayLike,
    antenna_m: ArrayLike,
    clutter_m: ArrayLike,
    *,
    open_land: ArrayLike = False,
    street_width_m: float = _STREET_WIDTH_M,
) -> NDArray[np.float64]:
    """Loss of a terminal below its representative clutter height (P.2108-1 § 3.1).

    Equation (2a) for built or wooded land, a knife edge over the street, and (2b) for water and
    open land; both are 0 where the antenna stands above the clutter (1).

    Parameters
    ----------
    frequency_ghz : float[...]
        Frequency, 0.03 to 3 [GHz].
    antenna_m : float[...]
        Antenna above ground, above zero [m].
    clutter_m : float[...]
        Representative clutter height [m].
    open_land : bool[...]
        Whether the clutter is water, open or rural land.
    street_width_m : float
        Distance between obstacles; 27 where nothing is known of the place [m].

    Returns
    -------
    float64[...]
        Loss [dB].
    """
    f = np.asarray(frequency_ghz, dtype=np.float64)
    h, r = np.asarray(antenna_m, dtype=np.float64), np.asarray(clutter_m, dtype=np.float64)
    below = np.maximum(r - h, 0.0)
    angle_deg = np.degrees(np.arctan(below / street_width_m))  # (2d)
    nu = 0.342 * np.sqrt(f) * np.sqrt(below * angle_deg)  # (2c), (2f)
    built = knife_edge_loss_db(nu) - 6.03  # (2a)
    k_h2 = 21.8 + 6.2 * np.log10(f)  # (2e)
    bare = -k_h2 * np.log10(np.where(below > 0.0, h, 1.0) / np.where(below > 0.0, r, 1.0))  # (2b)
    return np.asarray(np.where(below > 0.0, np.where(open_land, bare, built), 0.0))


def statistical_clutter_loss_db(
    frequency_ghz: ArrayLike, distance_km: ArrayLike, location_percent: ArrayLike
) -> NDArray[np.float64]:
    """Clutter loss not exceeded at a share of locations (P.2108-1 § 3.2).

    Parameters
    ----------
    frequency_ghz : float[...]
        Frequency, 0.5 to 67 [GHz].
    distance_km : float[...]
        Length of the whole path, 0.25 and more [km]. The loss never exceeds that of 2 km.
    location_percent : float[...]
        Share of locations, above 0 and below 100 [%].

    Returns
    -------
    float64[...]
        Loss [dB], to be added once for each terminal in the clutter (not below 0.25 km, and for
        both only from 1 km).
    """
    f = np.asarray(frequency_ghz, dtype=np.float64)
    quantile = ndtri(np.asarray(location_percent, dtype=np.float64) / 100.0)
    here = _uncapped(f, np.asarray(distance_km, dtype=np.float64), quantile)
    most = _uncapped(f, np.asarray(_SATURATION_KM), quantile)
    return np.asarray(np.minimum(here, most))


def _uncapped(
    f: NDArray[np.float64], d: NDArray[np.float64], quantile: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Equation (3) with (4) and (5): the mixture of a long-path and a short-path loss [dB]."""
    long = -2.0 * np.log10(10.0 ** (-5.0 * np.log10(f) - 12.5) + 10.0**-16.5)
    short = 32.98 + 23.9 * np.log10(d) + 3.0 * np.log10(f)
    weight_long, weight_short = 10.0 ** (-0.2 * long), 10.0 ** (-0.2 * short)
    both = weight_long + weight_short
    spread = _SIGMA_LONG_DB**2 * weight_long + _SIGMA_SHORT_DB**2 * weight_short
    return np.asarray(-5.0 * np.log10(both) + np.sqrt(spread / both) * quantile)


def check_statistical(
    frequency_ghz: float, distance_km: float, location_percent: float
) -> Findings:
    """Find what is outside the range of § 3.2."""
    found = []
    if not 0.5 <= frequency_ghz <= 67.0:
        found.append(_outside("frequency_ghz", f"{frequency_ghz:g} GHz", "0.5 to 67 GHz"))
    if not distance_km >= 0.25:
        found.append(_outside("distance_km", f"{distance_km:g} km", "0.25 km and more"))
    if not 0.0 < location_percent < 100.0:
        found.append(_outside("location_percent", f"{location_percent:g} %", "above 0, below 100"))
    return Findings(tuple(found))


def check_height_gain(frequency_ghz: float, antenna_m: float, clutter_m: float) -> Findings:
    """Find what is outside the range of § 3.1."""
    found = []
    if not 0.03 <= frequency_ghz <= 3.0:
        found.append(_outside("frequency_ghz", f"{frequency_ghz:g} GHz", "0.03 to 3 GHz"))
    if not antenna_m > 0.0:
        found.append(_outside("antenna_m", f"{antenna_m:g} m", "above 0 m"))
    if not clutter_m > 0.0:
        found.append(_outside("clutter_m", f"{clutter_m:g} m", "above 0 m"))
    return Findings(tuple(found))


def _outside(field: str, value: str, valid: str) -> Finding:
    return Finding(
        "p2108-range", Severity.ERROR, f"{field} is {value}, outside P.2108-1",
        f"give {valid}, or use another model", None, None, field,
    )  # fmt: skip
