"""Free-space attenuation of Recommendation ITU-R P.525-4 (08/2019)."""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

__all__ = ["SPEED_OF_LIGHT", "free_space_loss_db", "wavelength_m"]

SPEED_OF_LIGHT: Final = 299_792_458.0
"""Speed of light in vacuum [m/s] (exact, SI)."""


def wavelength_m(frequency_ghz: ArrayLike) -> NDArray[np.float64]:
    """Wavelength in vacuum [m] of a frequency [GHz], of any shape."""
    return np.asarray(SPEED_OF_LIGHT / (1e9 * np.asarray(frequency_ghz, dtype=np.float64)))


@njit(cache=True)
def free_space_loss_core(distance_m: float, frequency_ghz: float) -> float:
    """Give equation (3) of P.525-4, 20 log10(4 π d / λ) [dB], for one path."""
    wavelength = SPEED_OF_LIGHT / (1e9 * frequency_ghz)
    return float(20.0 * np.log10(4.0 * np.pi * distance_m / wavelength))


def free_space_loss_db(distance_m: ArrayLike, frequency_ghz: ArrayLike) -> NDArray[np.float64]:
    """Free-space basic transmission loss between isotropic antennas.

    Equation (3) of P.525-4, ``20 log10(4 π d / λ)``; the form (4) with its constant 32.4 rounds it.

    Parameters
    ----------
    distance_m : float[...]
        Length of the path, above zero [m].
    frequency_ghz : float[...]
        Frequency [GHz]; broadcast against the distance.

    Returns
    -------
    float64[...]
        Loss [dB]; at distances of less than a wavelength the formula is not meant to be used.
    """
    turns = 4.0 * np.pi * np.asarray(distance_m, dtype=np.float64) / wavelength_m(frequency_ghz)
    return np.asarray(20.0 * np.log10(turns))
