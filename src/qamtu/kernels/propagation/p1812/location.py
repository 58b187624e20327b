"""How losses differ between places that the terrain does not tell apart, P.1812-8 section 4.8."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.kernels.propagation.p1812.normal import inverse_normal

__all__ = ["location_sigma_db", "location_variability_db"]


def location_sigma_db(
    frequency_ghz: ArrayLike,
    resolution_m: ArrayLike,
    rx_height_m: ArrayLike = 0.0,
    clutter_m: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Standard deviation of location variability.

    Parameters
    ----------
    frequency_ghz : float[...]
        Frequency [GHz].
    resolution_m : float[...]
        Width of the square over which places vary [m], usually the raster's resolution.
    rx_height_m : float[...]
        Receiving antenna above ground [m].
    clutter_m : float[...]
        Representative clutter height at the receiver [m].

    Returns
    -------
    float64[...]
        Standard deviation [dB], equations (64) to (66) of P.1812-8: full below the clutter's top,
        0 from 10 m above it.
    """
    width = np.asarray(resolution_m, dtype=np.float64)
    above = np.asarray(rx_height_m, dtype=np.float64) - np.asarray(clutter_m, dtype=np.float64)
    share = np.clip(1.0 - above / 10.0, 0.0, 1.0)
    slope = 0.52 + 0.024 * np.asarray(frequency_ghz, dtype=np.float64)
    return np.asarray(slope * width**0.28 * share)


def location_variability_db(location_percent: float, sigma_db: float) -> float:
    """What a share of locations adds to the median loss.

    Parameters
    ----------
    location_percent
        Share of locations in which the loss is not exceeded [%], 1 .. 99.
    sigma_db
        Standard deviation [dB].

    Returns
    -------
    float
        Loss to add [dB]: positive above 50 %; section 4.9 of P.1812-8 with the inverse normal of
        its Attachment 2.
    """
    return float(-inverse_normal(location_percent / 100.0) * sigma_db)
