"""Variability of the Irregular Terrain Model: time, location and situation.

Source: G. A. Hufford, *The ITS Irregular Terrain Model, version 1.2.2, the Algorithm* (1995),
section 5 (equations 5.1 to 5.16), with the climate constants of NTIA's version 1.4.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["normal_deviate", "variability"]

Floats = NDArray[np.float64]

# One row a curve, one column a climate: equatorial, continental subtropical, maritime subtropical,
# desert, continental temperate, maritime temperate over land, maritime temperate over sea.
# A curve is b1 [dB], b2 [dB], x1, x2, x3 [m] of Algorithm 5.7.
_MEDIAN: Final = np.array([
    [-9.67, -0.62, 1.26, -9.21, -0.62, -0.39, 3.15],
    [12.7, 9.19, 15.5, 9.05, 9.19, 2.86, 857.9],
    [144.9e3, 228.9e3, 262.6e3, 84.1e3, 228.9e3, 141.7e3, 2222e3],
    [190.3e3, 205.2e3, 185.2e3, 101.1e3, 205.2e3, 315.9e3, 164.8e3],
    [133.8e3, 143.6e3, 99.8e3, 98.6e3, 143.6e3, 167.4e3, 116.3e3],
])  # fmt: skip
_MINUS: Final = np.array([
    [2.13, 2.66, 6.11, 1.98, 2.68, 6.86, 8.51],
    [159.5, 7.67, 6.65, 13.11, 7.16, 10.38, 169.8],
    [762.2e3, 100.4e3, 138.2e3, 139.1e3, 93.7e3, 187.8e3, 609.8e3],
    [123.6e3, 172.5e3, 242.2e3, 132.7e3, 186.8e3, 169.6e3, 119.9e3],
    [94.5e3, 136.4e3, 178.6e3, 193.5e3, 133.5e3, 108.9e3, 106.6e3],
])  # fmt: skip
_PLUS: Final = np.array([
    [2.11, 6.87, 10.08, 3.68, 4.75, 8.58, 8.43],
    [102.3, 15.53, 9.60, 159.3, 8.12, 13.97, 8.19],
    [636.9e3, 138.7e3, 165.3e3, 464.4e3, 93.2e3, 216.0e3, 136.2e3],
    [134.8e3, 143.7e3, 225.7e3, 93.1e3, 135.9e3, 152.0e3, 188.5e3],
    [95.6e3, 98.6e3, 129.7e3, 94.2e3, 113.4e3, 122.7e3, 122.9e3],
])  # fmt: skip
_DUCT: Final = np.array([
    [1.224, 0.801, 1.380, 1.000, 1.224, 1.518, 1.518],
    [1.282, 2.161, 1.282, 20.0, 1.282, 1.282, 1.282],
])  # fmt: skip
_FREQUENCY_MINUS: Final = np.array([
    [1.0, 1.0, 1.0, 1.0, 0.92, 1.0, 1.0],
    [0.0, 0.0, 0.0, 0.0, 0.25, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 1.77, 0.0, 0.0],
])  # fmt: skip
_FREQUENCY_PLUS: Final = np.array([
    [1.0, 0.93, 1.0, 0.93, 0.93, 1.0, 1.0],
    [0.0, 0.31, 0.0, 0.19, 0.31, 0.0, 0.0],
    [0.0, 2.0, 0.0, 1.79, 2.0, 0.0, 0.0],
])  # fmt: skip
_WAVE = 47.7  # MHz · m


def normal_deviate(share: float) -> float:
    """Deviate that a standard normal variable exceeds with the given share.

    Parameters
    ----------
    share
        Between 0 and 1, both excluded.

    Returns
    -------
    float
        Rational approximation 26.2.23 of Abramowitz and Stegun, the one that the model is
        defined with (error below 4.5e-4).
    """
    t = np.sqrt(-2.0 * np.log(0.5 - abs(0.5 - share)))
    above = (0.010328 * t + 0.802853) * t + 2.515516
    below = ((0.001308 * t + 0.189269) * t + 1.432788) * t + 1.0
    value = float(t - above / below)
    return value if share <= 0.5 else -value


@njit(cache=True, nogil=True)
def curve(table: Floats, climate: int, distance: float) -> float:
    """Value of a climate's curve at an effective distance [dB] (Algorithm, 5.7)."""
    away = (distance - table[3, climate]) / table[4, climate]
    near = (distance / table[2, climate]) ** 2
    return (table[0, climate] + table[1, climate] / (1.0 + away * away)) * near / (1.0 + near)


@njit(cache=True, nogil=True)
def variability(
    z_time: float,
    z_location: float,
    z_situation: float,
    effective_a: float,
    effective_b: float,
    rough: float,
    f: float,
    distance: float,
    reference: float,
    climate: int,
    mode: int,
) -> float:
    """Attenuation relative to free space at the quantiles asked for (Algorithm, 5.1 to 5.16).

    Parameters
    ----------
    z_time, z_location, z_situation
        Normal deviates of the three quantiles.
    effective_a, effective_b
        Effective heights [m].
    rough
        Terrain irregularity [m].
    f
        Frequency [MHz].
    distance
        Path [m].
    reference
        Reference attenuation [dB].
    climate
        Column of the tables, 0 to 6.
    mode
        0 single message, 1 accidental, 2 mobile, 3 broadcast; plus 10 without location
        variability, plus 20 without situation variability.

    Returns
    -------
    float
        [dB].
    """
    wave = f / _WAVE
    horizon = np.sqrt(2.0 * 9000e3 * effective_a) + np.sqrt(2.0 * 9000e3 * effective_b)
    horizon += np.cbrt(575.7e12 / wave)
    if distance < horizon:
        effective = 130e3 * distance / horizon
    else:
        effective = 130e3 + distance - horizon
    no_situation, no_location = mode >= 20, mode % 20 >= 10
    kind = mode % 10
    if kind == 0:
        z_time, z_location = z_situation, z_situation
    elif kind == 1:
        z_location = z_situation
    elif kind == 2:
        z_location = z_time
    sigma_location = 0.0
    if not no_location:
        q = (1.0 - 0.8 * np.exp(-distance / 50e3)) * rough * wave
        sigma_location = 10.0 * q / (q + 13.0)
    extra = 0.0 if no_situation else (5.0 + 3.0 * np.exp(-effective / 100e3)) ** 2
    sigma_time = _sigma_time(z_time, np.log(0.133 * wave), climate, effective)
    own = z_situation * z_situation
    extra += (sigma_time * z_time) ** 2 / (7.8 + own)
    extra += (sigma_location * z_location) ** 2 / (24.0 + own)
    if kind == 0:
        gain = 0.0
        sigma = np.sqrt(sigma_time**2 + sigma_location**2 + extra)
    elif kind == 1:
        gain = sigma_time * z_time
        sigma = np.sqrt(sigma_location**2 + extra)
    elif kind == 2:
        gain = np.sqrt(sigma_time**2 + sigma_location**2) * z_time
        sigma = np.sqrt(extra)
    else:
        gain = sigma_time * z_time + sigma_location * z_location
        sigma = np.sqrt(extra)
    loss = reference - curve(_MEDIAN, climate, effective) - gain - sigma * z_situation
    if loss < 0.0:
        loss *= (29.0 - loss) / (29.0 - 10.0 * loss)
    return loss


@njit(cache=True, nogil=True)
def _sigma_time(z: float, q: float, climate: int, distance: float) -> float:
    """Standard deviation over time at a deviate [dB] (Algorithm, 5.8 to 5.12)."""
    table = _FREQUENCY_MINUS if z < 0.0 else _FREQUENCY_PLUS
    factor = table[0, climate] + table[1, climate] / ((table[2, climate] * q) ** 2 + 1.0)
    if z < 0.0:
        return curve(_MINUS, climate, distance) * factor
    plus = curve(_PLUS, climate, distance) * factor
    if z <= _DUCT[1, climate]:
        return plus
    duct = plus * _DUCT[0, climate]
    return duct + (plus - duct) * _DUCT[1, climate] / z
